#include "model/bounds.h"

#include <string.h>

#include "scheduling/dispatch.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct bounds bounds_of(const char *workflow, const char *platform)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform(platform);
    struct bounds_work *b = bounds_new(w, p, MODE_ASYNCHRONOUS, NULL);
    struct bounds out;
    bounds_run(b, NULL, 1, &out);
    bounds_free(b);
    platform_free(p);
    workflow_free(w);
    return out;
}

/* 10 tasks of 3 slots and 7 s on 2 nodes of 8 slots: 210 / 16 slot-seconds, but only 4 at once. */
static void packing_makes_the_bound_of_a_demand(void)
{
    struct bounds b = bounds_of(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 10, 'cores': 3, 'duration': 7}]}",
        "{'name': 'p', 'nodes': [{'count': 2, 'cores': 8}]}");
    CU_ASSERT_EQUAL(b.of_s[BOUND_PATH], 7);
    CU_ASSERT_EQUAL(b.of_s[BOUND_SLOTS], 210.0 / 16);
    CU_ASSERT_EQUAL(b.of_s[BOUND_CLASS], 70.0 / 4);
    unit_is(b.of_s[BOUND_GPUS], ==, 0);
    unit_is(b.of_s[BOUND_MEMORY], ==, 0);
    unit_is(b.best, ==, BOUND_CLASS);
    unit_is(b.best_s, ==, 17.5);
}

/* Two demands that share GPUs: neither alone takes as long as both. */
static void areas_add_up_over_demands(void)
{
    struct bounds b = bounds_of(
        "{'name': 'w', 'task_sets': ["
        "{'name': 'a', 'tasks': 6, 'cores': 1, 'gpus': 0.5, 'ranks': 2, 'duration': 5, "
        "'memory_mib': 30},"
        "{'name': 'b', 'tasks': 4, 'cores': 2, 'gpus': 3, 'duration': 2.5, 'memory_mib': 10}]}",
        "{'name': 'p', 'nodes': [{'count': 1, 'cores': 64, 'gpus': 4, 'memory_mib': 1000}]}");
    unit_alike(b.of_s[BOUND_GPUS], (6 * 5 + 4 * 2.5 * 3) / 4, 1e-15);
    unit_alike(b.of_s[BOUND_SLOTS], (6 * 5 * 2 + 4 * 2.5 * 2) / 64, 1e-15);
    unit_alike(b.of_s[BOUND_MEMORY], (6 * 5 * 60 + 4 * 2.5 * 10) / 1000, 1e-15);
    CU_ASSERT_EQUAL(b.of_s[BOUND_CLASS], 10);    /* b: one at a time */
    unit_is(b.best, ==, BOUND_GPUS);
}

static void memory_without_limit_bounds_nothing(void)
{
    struct bounds b = bounds_of("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 9, 'cores': 1, "
                                "'memory_mib': 30, 'duration': 5}]}",
                                "{'name': 'p', 'nodes': [{'count': 1, 'cores': 3, 'memory_mib': "
                                "60}, {'count': 1, 'cores': 1}]}");
    CU_ASSERT_EQUAL(b.of_s[BOUND_MEMORY], 0);
    /* two by memory on the first node, one on the second */
    CU_ASSERT_EQUAL(b.best_s, 45.0 / 3);
}

static void a_demand_that_fits_no_node_is_refused(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'wide', 'tasks': 1, 'cores': 9, 'duration': 5}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 8}]}");
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(bounds_new(w, p, MODE_PIPELINED, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "wide"));
    platform_free(p);
    workflow_free(w);
}

static const char *one_of(bool (*at)(size_t, struct setting_name *), size_t number)
{
    struct setting_name policy;
    size_t n = 0;
    while (at(n, &policy))
        n++;
    at(number % n, &policy);
    return policy.name;
}

/* Replicas of any workflow under any policy, on their own draws; some tasks fail and are tried
 * again. */
static void no_simulated_run_is_below_its_bound(void)
{
    static const struct given_limits limits = { .max_sets = 9, .max_tasks = 14, .varying = true };
    struct middleware *ideal = middleware_ideal();
    size_t n_tight = 0, n_complete = 0;
    for (uint64_t number = 0; number < 1000; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        task_traits_own(&w->sets[0])->failure_probability = number % 4 == 0 ? 0.25 : 0;
        task_traits_own(&w->sets[0])->retries = 4;
        struct durations *d = durations_new(w);
        for (int m = 0; m < MODES; m++) {
            struct scenario s = { .workflow = w, .platform = p, .middleware = ideal,
                                  .mode = (enum mode)m, .seed = number };
            s.scheduler =
                (struct scheduler_options){ .order = one_of(dispatch_order_at, number),
                                            .overtake = one_of(dispatch_overtake_at, number / 3),
                                            .placement =
                                                one_of(dispatch_placement_at, number / 7) };
            struct simulator *sim = simulator_new(&s, NULL);
            struct bounds_work *work = bounds_new(w, p, s.mode, NULL);
            struct replica replica;
            struct bounds b;
            simulator_run(sim, 3, NULL, &replica);
            durations_begin(d, number, 3);
            bounds_run(work, d, 1, &b);
            if (replica.complete)
                unit_is(replica.makespan_s, >=, b.best_s * (1 - 1e-9));
            n_complete += replica.complete;
            n_tight += replica.complete && unit_close(replica.makespan_s, b.best_s, 1e-9);
            bounds_free(work);
            simulator_free(sim);
        }
        durations_free(d);
        platform_free(p);
        workflow_free(w);
    }
    /* and the bound is reached again and again */
    unit_is(n_complete, >, 2900);
    unit_is(n_tight, >, 100);
    middleware_free(ideal);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(packing_makes_the_bound_of_a_demand),
        UNIT_TEST(areas_add_up_over_demands),
        UNIT_TEST(memory_without_limit_bounds_nothing),
        UNIT_TEST(a_demand_that_fits_no_node_is_refused),
        UNIT_TEST(no_simulated_run_is_below_its_bound),
        { NULL, NULL },
    };
    return unit_run("bounds", tests);
}
