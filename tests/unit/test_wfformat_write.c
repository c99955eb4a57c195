/* Written and read again. Oracle: the workflow that was written: names, demands, durations,
 * priorities, every edge; runs: their timeline. */
#include "traces/wfformat_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"
#include "traces/importer/wfformat.h"
#include "traces/task_edges.h"

/* What is written is read again as text, so that the JSON itself is tested. */
static struct session *read_again(cJSON *json)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    char *text = json_print(json);
    struct json_document *doc = json_parse(text, strlen(text), "again", &err);
    struct session *s = doc ? wfformat_session(doc, "again", &err) : NULL;
    if (!s)
        CU_FAIL_FATAL(err.text);
    free(text);
    cJSON_Delete(json);
    return s;
}

static int compare_edges(const void *a, const void *b)
{
    const struct task_edge *x = a, *y = b;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return (x->child > y->child) - (x->child < y->child);
}

static void check_edges(const struct workflow *a, const struct workflow *b)
{
    size_t n, m;
    struct task_edge *x = task_edges_expand(a, &n), *y = task_edges_expand(b, &m);
    unit_must_be(n, ==, m);
    qsort(x, n, sizeof *x, compare_edges);
    qsort(y, n, sizeof *y, compare_edges);
    for (size_t i = 0; i < n; i++)
        unit_is(compare_edges(&x[i], &y[i]), ==, 0);
    free(x);
    free(y);
}

static double duration_of(const struct task_set *set, uint32_t i)
{
    return set->durations ? set->durations[i] : dist_mean(set->duration);
}

static void check_workflow(const struct workflow *a, const struct workflow *b)
{
    unit_must_be(a->n_sets, ==, b->n_sets);
    unit_must_be(a->n_tasks, ==, b->n_tasks);
    for (size_t k = 0; k < a->n_sets; k++) {
        const struct task_set *x = &a->sets[k], *y = &b->sets[k];
        CU_ASSERT_STRING_EQUAL(x->name, y->name);
        unit_must_be(x->n_tasks, ==, y->n_tasks);
        CU_ASSERT(demand_equal(&x->traits->demand, &y->traits->demand));
        CU_ASSERT_EQUAL(x->priority, y->priority);
        for (uint32_t i = 0; i < x->n_tasks; i++)
            unit_alike(duration_of(x, i), duration_of(y, i), 1e-12);
        unit_must_be(x->traits->n_command, ==, y->traits->n_command);
        for (size_t c = 0; c < x->traits->n_command; c++)
            CU_ASSERT_STRING_EQUAL(x->traits->command[c], y->traits->command[c]);
    }
    check_edges(a, b);
}

static void check_platform(const struct platform *a, const struct platform *b)
{
    unit_must_be(a->n_nodes, ==, b->n_nodes);
    CU_ASSERT_EQUAL(a->slot_kind, b->slot_kind);
    for (size_t i = 0; i < a->n_nodes; i++) {
        const struct node_shape *x = platform_node(a, i), *y = platform_node(b, i);
        char *x_name = platform_node_name(a, i), *y_name = platform_node_name(b, i);
        CU_ASSERT_STRING_EQUAL(x_name, y_name);
        unit_is(x->n_slots, ==, y->n_slots);
        unit_is(x->cores, ==, y->cores);
        unit_is(x->n_gpus, ==, y->n_gpus);
        unit_is(x->memory_mib, ==, y->memory_mib);
        free(x_name);
        free(y_name);
    }
}

static void random_workflows_come_back(void)
{
    for (uint64_t number = 0; number < 100; number++) {
        const struct given_limits limits = { .max_sets = 8, .max_tasks = 12,
                                             .varying = number % 2 };
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct notes losses = { 0 };
        struct error err = { "" };
        struct session *s = read_again(wfformat_write(w, p, NULL, &losses, &err));
        check_workflow(w, s->workflow);
        check_platform(p, s->platform);
        CU_ASSERT(isnan(s->recorded_makespan_s));
        session_free(s);
        notes_clear(&losses);
        platform_free(p);
        workflow_free(w);
    }
}

static size_t lost(const struct notes *losses, const char *why)
{
    size_t n = 0;
    for (size_t i = 0; i < losses->n; i++)
        n += strstr(losses->at[i].why, why) != NULL;
    return n;
}

static void all_that_has_a_place_comes_back_and_the_rest_is_said(void)
{
    struct workflow *w = given_workflow(
        "{'session_sd': 0.1, 'iterations': 2, 'task_sets': [{'name': 'strange: "
        "name, x', 'tasks': 3, 'ranks': 2, 'threads': 6, "
        "'gpus': 0.25, 'memory_mib': 100,'one_node': true, 'priority': 9, "
        "'command': ['sleep', '2.5'], 'durations': [2.5, 3.25, 1e-7], "
        "'retries': 2},{'name': 'y', 'cores': 0, 'gpus': 2, "
        "'duration': {'distribution': 'normal', 'mean': 34, 'sd': 1}, 'release': 5, 'timeout': 60,"
        "'failure_probability': 0.1, 'after_previous': ['y']}], "
        "'stages': [['strange: name, x.1'], ['y.1'], ['strange: name, x.2'], "
        "['y.2']]}");
    struct platform *p =
        given_platform("{'slots': 'threads', 'nodes': [{'count': 2, 'cores': 10, "
                       "'threads_per_core': 4, 'gpus': 4, 'memory_mib': 9000,"
                       "'blocked': [7, 8]}, {'name': 'fat', 'cores': 20, 'gpus': 1}]}");
    struct notes losses = { 0 };
    struct error err = { "" };
    struct session *s = read_again(wfformat_write(w, p, NULL, &losses, &err));
    check_workflow(w, s->workflow);
    check_platform(p, s->platform);
    static const char *const reasons[] = { "is the mean", "set_sd", "releases", "probabilities",
                                           "retries", "timeouts", "iterations",
                                           "only the dependencies", "have no place" };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        unit_is(lost(&losses, reasons[i]), >=, 1);
    CU_ASSERT_EQUAL(losses.n, sizeof reasons / sizeof *reasons);
    session_free(s);
    notes_clear(&losses);
    platform_free(p);
    workflow_free(w);
}

static void a_run_gives_its_runtimes_and_machines(void)
{
    struct world world = world_new("{\"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"cores\": 2, "
                                   "\"duration\": 5, \"retries\": 1}]}",
                                   "{\"nodes\": [{\"name\": \"n\", \"count\": 2, \"cores\": 8}]}");
    struct session *s = session_new("run", "run", "test");
    struct notes losses = { 0 };
    struct error err = { "" };
    world_ran_on(&world, 0, 0, 1.5, 7.75, (struct world_place){ 0, 0, 2, -1 });
    world_ran_on(&world, 0, 2, 2.5, 9, (struct world_place){ 1, 4, 2, -1 });
    timeline_add(world.timeline,
                 &(struct timeline_record){ 1, NAN, NAN, 2, NAN, NAN, NAN, .task = 1 }, TASK_CUT,
                 0);
    s->timeline = world.timeline;
    s->workflow = world.workflow;
    s->platform = world.platform;
    s->zero_epoch_s = 1700000000;
    cJSON *json = wfformat_write(world.workflow, world.platform, s, &losses, &err);
    char *text = json_print(json);
    unit_has(text, "\"executedAt\": \"2023-11-14T22:13:20Z\"");
    unit_has(text, "\"machines\": [\"n1\"]");
    free(text);
    struct session *again = read_again(json);
    unit_is(again->recorded_makespan_s, ==, 7.5);
    unit_is(again->workflow->sets[0].durations[0], ==, 6.25);
    unit_is(again->workflow->sets[0].durations[2], ==, 6.5);
    CU_ASSERT_EQUAL(lost(&losses, "did not end"), 1);
    CU_ASSERT_EQUAL(lost(&losses, "retries"), 1);
    session_free(again);
    timeline_clear(world.timeline);
    timeline_add(world.timeline,
                 &(struct timeline_record){ 1, NAN, NAN, NAN, NAN, NAN, NAN, .task = 1 },
                 TASK_CANCELLED, 0);
    CU_ASSERT_PTR_NULL(wfformat_write(world.workflow, world.platform, s, &losses, &err));
    unit_has(err.text, "no task has both");
    session_free(s);
    notes_clear(&losses);
}

static void too_many_edges_are_refused(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 3000, 'duration': 5}, {'name': 'b', "
                       "'tasks': 3000, 'duration': 5, 'after': ['a']}]}");
    struct notes losses = { 0 };
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(wfformat_write(w, NULL, NULL, &losses, &err));
    unit_has(err.text, "9000000 edges");
    notes_clear(&losses);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(random_workflows_come_back),
        UNIT_TEST(all_that_has_a_place_comes_back_and_the_rest_is_said),
        UNIT_TEST(a_run_gives_its_runtimes_and_machines),
        UNIT_TEST(too_many_edges_are_refused),
        { NULL, NULL },
    };
    return unit_run("wfformat_write", tests);
}
