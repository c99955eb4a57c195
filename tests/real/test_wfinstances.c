/* The WfInstances beside the checkout simulate on their own machines, without middleware. Oracles:
 * the bounds that hold for any schedule (critical path; work over cores), and the recorded
 * makespan, which also holds what is not modelled. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "sim/simulate.h"
#include "tests/support/unit.h"
#include "traces/importer.h"
#include "traces/importer/wfformat.h"
#include "traces/task_edges.h"
#include "traces/wfformat_write.h"

/* Facts of the files: tasks, edges, recorded seconds; counted with jq. */
static const struct instance {
    const char *name;
    uint32_t tasks;
    double edges, recorded_s;
} instances[] = {
    { "1000genome-chameleon-4ch-250k-001", 164, 212, 2924 },
    { "bacass-dirt02-001", 11, 14, 4243 },
    { "blast-chameleon-small-004", 43, 120, 1196.62 },
    { "helloworld-chain-5-chameleon", 5, 4, 661 },
    { "helloworld-forkjoin-10-chameleon", 10, 16, 437 },
    { "montage-chameleon-2mass-01d-001", 103, 231, 1362 },
    { "seismology-chameleon-100p-001", 101, 100, 354 },
    { "srasearch-chameleon-10a-005", 22, 30, 1486 },
};
enum { INSTANCES = sizeof instances / sizeof *instances };

/* NULL: skipped. */
static struct session *instance_session(const struct instance *x)
{
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return NULL;
    }
    char *path = str_format("%s/wfinstances/%s.json", unit_shared_dir(), x->name);
    struct error err = { "" };
    struct session *s = file_exists(path) ? importer_load(path, NULL, &err) : NULL;
    if (!file_exists(path))
        unit_skip("an instance is not there");
    else if (!s)
        CU_FAIL(err.text);
    free(path);
    return s;
}

/* Makespan on the instance's own machines, nothing but runtimes, dependencies and cores. */
static double simulated(const struct session *s)
{
    struct middleware *ideal = middleware_ideal();
    struct scheduler_options options = { 0 };
    struct scenario scenario = { .workflow = s->workflow, .platform = s->platform,
                                 .middleware = ideal, .mode = MODE_ASYNCHRONOUS,
                                 .seed = 1,
                                 .scheduler = scheduler_options_resolve(&options, ideal) };
    struct error err = { "" };
    struct simulator *sim = simulator_new(&scenario, &err);
    struct replica out = { .makespan_s = NAN };
    if (!sim)
        CU_FAIL_FATAL(err.text);
    simulator_run(sim, 0, NULL, &out);
    CU_ASSERT(out.complete);
    simulator_free(sim);
    middleware_free(ideal);
    return out.makespan_s;
}

static double work_s(const struct workflow *w)
{
    double sum = 0;
    for (size_t k = 0; k < w->n_sets; k++)
        for (uint32_t i = 0; i < w->sets[k].n_tasks; i++)
            sum +=
                (w->sets[k].durations ? w->sets[k].durations[i] : dist_mean(w->sets[k].duration)) *
                w->sets[k].traits->demand.cores;
    return sum;
}

static void each_instance_simulates_on_its_own_machines(void)
{
    printf("\n  %-36s %10s %10s %6s\n", "instance", "recorded_s", "simulated", "ratio");
    for (size_t i = 0; i < INSTANCES; i++) {
        struct session *s = instance_session(&instances[i]);
        if (!s)
            return;
        double makespan = simulated(s), path = session_critical_path_s(s);
        double area = work_s(s->workflow) / (double)platform_usable_slots(s->platform);
        unit_is(makespan, >=, fmax(path, area) * (1 - 1e-9));
        /* Graham: one core a task, a greedy schedule */
        unit_is(makespan, <=, (path + area) * (1 + 1e-9));
        unit_is(s->recorded_makespan_s, ==, instances[i].recorded_s);
        unit_is(s->recorded_makespan_s, >, makespan);
        printf("  %-36s %10.1f %10.1f %6.2f\n", instances[i].name, s->recorded_makespan_s, makespan,
               s->recorded_makespan_s / makespan);
        session_free(s);
    }
    puts("  not modelled: queues of the batch and workflow systems, transfers of files, speeds of "
         "machines, which machine ran what");
}

static void nothing_of_them_is_lost_on_the_way_in(void)
{
    for (size_t i = 0; i < INSTANCES; i++) {
        struct session *s = instance_session(&instances[i]);
        if (!s)
            return;
        CU_ASSERT_EQUAL(s->workflow->n_tasks, instances[i].tasks);
        unit_is(task_edges_count(s->workflow), ==, instances[i].edges);
        session_free(s);
    }
}

/* To WfFormat and back: the same workflow file, to the byte, but for where it came from. */
static void they_come_back_when_written(void)
{
    for (size_t i = 0; i < INSTANCES; i++) {
        struct session *s = instance_session(&instances[i]);
        if (!s)
            return;
        struct notes losses = { 0 };
        struct error err = { "" };
        cJSON *json = wfformat_write(s->workflow, s->platform, s, &losses, &err);
        char *text = json_print(json);
        struct json_document *doc = json_parse(text, strlen(text), "again", &err);
        struct session *again = wfformat_session(doc, "again", &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(again);
        cJSON *first = workflow_to_json(s->workflow), *second = workflow_to_json(again->workflow);
        CU_ASSERT(cJSON_Compare(first, second, true));
        unit_is(again->recorded_makespan_s, ==, s->recorded_makespan_s);
        cJSON_Delete(first);
        cJSON_Delete(second);
        cJSON_Delete(json);
        session_free(again);
        session_free(s);
        free(text);
        notes_clear(&losses);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_instance_simulates_on_its_own_machines),
        UNIT_TEST(nothing_of_them_is_lost_on_the_way_in),
        UNIT_TEST(they_come_back_when_written),
        { NULL, NULL },
    };
    return unit_run("wfinstances", tests);
}
