/* Named resources. Oracle: how many hold a licence at once, second by second; waves by hand. */
#include "model/predict.h"
#include "sim/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static const char machine[] = "{'nodes': [{'name': 'fat', 'count': 2, 'cores': 8}, {'name': "
                              "'thin', 'count': 2, 'cores': 8}], 'resources': ["
                              "{'name': 'licence', 'amount': 3, 'per': 'machine'}, {'name': "
                              "'buffer', 'amount': 100, 'node': 'fat'}, "
                              "{'name': 'scratch', 'amount': 50}]}";

struct run {
    struct workflow *workflow;
    struct platform *platform;
    struct timeline *timeline;
    struct replica out;
};

static struct run run_with(const char *workflow, const char *platform,
                           const struct scheduler_options *options)
{
    struct run r = { .workflow = given_workflow(workflow), .platform = given_platform(platform) };
    struct middleware *m = middleware_ideal();
    struct error err = { "" };
    struct scenario s = { .workflow = r.workflow,
                          .platform = r.platform,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 3,
                          .scheduler = scheduler_options_resolve(options, m) };
    CU_ASSERT_EQUAL(platform_check(r.platform, r.workflow, &err), 0);
    struct simulator *sim = simulator_new(&s, &err);
    if (!sim)
        CU_FAIL_FATAL(err.text);
    r.timeline = timeline_new(r.workflow, r.platform);
    simulator_run(sim, 0, r.timeline, &r.out);
    CU_ASSERT_EQUAL(timeline_check(r.timeline, &err), 0);
    CU_ASSERT(r.out.complete);
    simulator_free(sim);
    middleware_free(m);
    return r;
}

static void clear(struct run *r)
{
    timeline_free(r->timeline);
    platform_free(r->platform);
    workflow_free(r->workflow);
}

/* The most of a resource that is held at once: of all nodes together, or (node >= 0) on one. */
static double most_held(const struct run *r, const char *name, int node)
{
    double most = 0;
    for (size_t i = 0; i < r->timeline->n; i++) {
        double at_s = r->timeline->records[i].started_s, held = 0;
        for (size_t k = 0; k < r->timeline->n; k++) {
            const struct timeline_record *x = &r->timeline->records[k];
            const struct demand *d =
                &r->workflow->sets[workflow_set_of_task(r->workflow, x->task)].traits->demand;
            struct timeline_slots part;
            timeline_slots_first(r->timeline, k, &part);
            for (size_t q = 0; q < d->n_named; q++)
                if (x->started_s <= at_s && at_s < x->stopped_s &&
                    str_equal(d->named[q].name, name) && (node < 0 || part.node == (uint32_t)node))
                    held += (double)d->named[q].amount * d->ranks;
        }
        most = fmax(most, held);
    }
    return most;
}

static void licences_are_shared_by_the_machine(void)
{
    static const char *const placements[] = { "first_fit", "best_fit", "worst_fit", "pack_gpu" };
    for (size_t i = 0; i < 4; i++) {
        struct run r = run_with("{'task_sets': [{'name': 'a', 'tasks': 10, 'duration': 10, "
                                "'resources': [{'name': 'licence'}]}, "
                                "{'name': 'b', 'tasks': 64, 'duration': 5}]}",
                                machine, &(struct scheduler_options){ .placement = placements[i] });
        unit_near(r.out.makespan_s, 40, 1e-9); /* three at a time: four waves */
        unit_near(most_held(&r, "licence", -1), 3, 0);
        clear(&r);
    }
    struct run r = run_with("{'task_sets': [{'name': 'a', 'tasks': 10, 'duration': 10, "
                            "'resources': [{'name': 'licence'}]}]}",
                            machine, &(struct scheduler_options){ .scheduler = "radical" });
    unit_near(r.out.makespan_s, 40, 1e-9);
    clear(&r);
}

/* Two ranks that span nodes take two licences; with three there is one such task at a time. */
static void each_rank_takes_its_own(void)
{
    struct run r =
        run_with("{'task_sets': [{'name': 'a', 'tasks': 3, 'ranks': 2, 'cores': 5, 'duration': 10, "
                 "'resources': [{'name': 'licence'}]}]}",
                 machine, &(struct scheduler_options){ 0 });
    unit_near(r.out.makespan_s, 30, 1e-9);
    unit_near(most_held(&r, "licence", -1), 2, 0);
    clear(&r);
}

/* Buffers of 100 on two nodes: two tasks of 40 each on each. */
static void a_nodes_buffer_limits_what_runs_there(void)
{
    struct run r = run_with("{'task_sets': [{'name': 'a', 'tasks': 8, 'duration': 10, 'resources': "
                            "[{'name': 'buffer', 'amount': 40}]}]}",
                            machine, &(struct scheduler_options){ 0 });
    unit_near(r.out.makespan_s, 20, 1e-9);
    unit_near(most_held(&r, "buffer", 0), 80, 0);
    unit_near(most_held(&r, "buffer", 1), 80, 0);
    unit_near(most_held(&r, "buffer", 2), 0, 0);
    clear(&r);
}

/* More kinds than a pool tracks: what is freed on one node lets a task start on another. */
static void many_kinds_of_demand_share_licences(void)
{
    struct str text = { 0 };
    str_add(&text, "{'task_sets': [");
    for (int i = 0; i < 40; i++)
        str_addf(&text,
                 "%s{'name': 's%d', 'cores': %d, 'duration': %d, 'tasks': 3, 'resources': "
                 "[{'name': 'licence', 'amount': %d}, "
                 "{'name': 'scratch', 'amount': %d}]}",
                 i ? ", " : "", i, 1 + i % 8, 5 + i % 7, 1 + i % 3, 1 + i);
    str_add(&text, "]}");
    struct run r = run_with(text.text, machine, &(struct scheduler_options){ 0 });
    unit_is(most_held(&r, "licence", -1), <=, 3);
    unit_is(most_held(&r, "licence", -1), >=, 2);
    for (int n = 0; n < 4; n++)
        unit_is(most_held(&r, "scratch", n), <=, 50);
    clear(&r);
    str_clear(&text);
}

static void check_refused(const char *resources, const char *why)
{
    struct error err = { "" };
    char *text = str_format(
        "{'task_sets': [{'name': 'a', 'ranks': 2, 'resources': [%s], 'duration': 1}]}", resources);
    struct workflow *w = given_workflow(text);
    struct platform *p = given_platform(machine);
    CU_ASSERT_EQUAL(platform_check(p, w, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, why);
    platform_free(p);
    workflow_free(w);
    free(text);
}

static void what_is_not_there_is_refused_by_name(void)
{
    check_refused("{'name': 'license'}",
                  "task set 'a': asks for 'license', which platform without a name does "
                  "not have; its "
                  "resources: licence, buffer, scratch");
    check_refused(
        "{'name': 'licence', 'amount': 2}",
        "task set 'a': a task asks for 4 of 'licence', and the whole of platform without a "
        "name has 3");
    check_refused(
        "{'name': 'scratch', 'amount': 51}",
        "task set 'a': a task asks for 51 of 'scratch', and a node of platform without a "
        "name has 50");
}

/* The closed form counts waves of three, the lower bound as many. */
static void closed_forms_know_them(void)
{
    struct workflow *w = given_workflow("{'task_sets': [{'name': 'a', 'tasks': 9, 'duration': 10, "
                                        "'resources': [{'name': 'licence'}]}]}");
    struct platform *p = given_platform(machine);
    struct middleware *m = middleware_ideal();
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct prediction out;
    CU_ASSERT_EQUAL_FATAL(predict(&s, &out, NULL), 0);
    unit_near(out.mode[MODE_ASYNCHRONOUS].mean.makespan_s, 30, 1e-9);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

static void rules_that_reserve_are_refused(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'resources': [{'name': 'licence'}], 'duration': 1}]}");
    struct platform *p = given_platform(machine);
    struct middleware *m = middleware_ideal();
    struct error err = { "" };
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .scheduler = scheduler_options_resolve(
                              &(struct scheduler_options){ .overtake = "easy" }, m) };
    CU_ASSERT_PTR_NULL(simulator_new(&s, &err));
    CU_ASSERT_STRING_EQUAL(
        err.text,
        "overtake easy reserves no named resources, and task sets ask for some; use another one");
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(licences_are_shared_by_the_machine),
        UNIT_TEST(each_rank_takes_its_own),
        UNIT_TEST(a_nodes_buffer_limits_what_runs_there),
        UNIT_TEST(many_kinds_of_demand_share_licences),
        UNIT_TEST(what_is_not_there_is_refused_by_name),
        UNIT_TEST(closed_forms_know_them),
        UNIT_TEST(rules_that_reserve_are_refused),
        { NULL, NULL },
    };
    return unit_run("named_resources", tests);
}
