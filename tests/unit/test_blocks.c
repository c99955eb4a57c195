/* Nodes that come and go. Oracles: Parsl's own example, times by hand, invariants. */
#include "core/blocks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct given given(const char *sets, const char *platform)
{
    char text[1000];
    snprintf(text, sizeof text, "{'task_sets': [%s]}", sets);
    struct given g = { given_workflow(text), given_platform(platform), given_middleware("{}"),
                       { .seed = 11 } };
    g.scenario = (struct scenario){ .workflow = g.workflow,
                                    .platform = g.platform,
                                    .middleware = g.middleware,
                                    .mode = MODE_ASYNCHRONOUS,
                                    .seed = 11 };
    g.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, g.middleware);
    return g;
}

static void clear(struct given *g)
{
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

/* Starts of the tasks in order of time, and the end. */
static struct replica run(const char *sets, const char *platform, double *starts_s,
                          uint32_t replica)
{
    struct error err = { "" };
    struct replica out;
    struct given g = given(sets, platform);
    struct simulator *s = simulator_new(&g.scenario, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    /* a second replica begins without nodes too */
    simulator_run(s, 0, NULL, &out);
    simulator_run(s, replica, t, &out);
    for (size_t i = 0; starts_s && i < t->n; i++)
        starts_s[i] = t->records[i].started_s;
    timeline_free(t);
    simulator_free(s);
    clear(&g);
    return out;
}

/* min:init:max = 0:0:4, two workers a block: the example in parsl/jobs/strategy.py. */
static void the_strategy_is_parsls(void)
{
    struct block_rule r = { .nodes = 1, .parallelism = 1 };
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 0, 2, 0), 0);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 0, 2, 2), 1);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 1, 2, 2), 0);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 1, 2, 5), 2);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 1, 2, 100), 3);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 4, 2, 100), 0);
    r.parallelism = 0.5;
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 1, 2, 4), 0);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 1, 2, 5), 1);
    r.parallelism = 0;
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 0, 2, 50), 1);
    CU_ASSERT_EQUAL(blocks_wanted(&r, 4, 1, 2, 50), 0);
}

static void a_node_takes_tasks_once_it_has_joined(void)
{
    double at[5];
    struct replica out = run("{'name': 'a', 'tasks': 5, 'duration': 10}",
                             "{'nodes': [{'cores': 1}, {'cores': 1, 'joins': 30}]}", at, 1);
    static const double expected[] = { 0, 10, 20, 30, 30 };
    for (int i = 0; i < 5; i++)
        unit_near(at[i], expected[i], 1e-9);
    unit_near(out.last_stop_s, 40, 1e-9);
}

/* One block from 12 s on; the strategy sees 16 tasks and two workers at 5 s, and asks for the other
 * three. */
static void blocks_come_as_tasks_wait(void)
{
    double at[16];
    struct replica out =
        run("{'name': 'a', 'tasks': 16, 'duration': 10}",
            "{'nodes': [{'count': 4, 'cores': 2}], 'blocks': {'nodes': 1, 'start': 12}}", at, 3);
    static const double expected[] = { 12, 12, 17, 17, 17, 17, 17, 17, 22, 22, 27, 27, 27, 27, 27,
                                       27 };
    for (int i = 0; i < 16; i++)
        unit_near(at[i], expected[i], 1e-9);
    unit_near(out.last_stop_s, 37, 1e-9);
}

/* No more than `max`; half a worker a task: one block is enough for four tasks. */
static void no_more_than_are_asked_for(void)
{
    double at[8];
    unit_near(
        run("{'name': 'a', 'tasks': 8, 'duration': 10}",
            "{'nodes': [{'count': 4, 'cores': 2}], 'blocks': {'nodes': 1, 'init': 2, 'max': 2}}",
            at, 1)
            .last_stop_s,
        20, 1e-9);
    unit_near(
        run("{'name': 'a', 'tasks': 4, 'duration': 10}",
            "{'nodes': [{'count': 4, 'cores': 2}], 'blocks': {'nodes': 1, 'parallelism': 0.5}}", at,
            1)
            .last_stop_s,
        20, 1e-9);
    unit_near(run("{'name': 'a', 'tasks': 8, 'duration': 10}",
                  "{'nodes': [{'count': 4, 'cores': 2}], 'blocks': {'nodes': 1, 'workers': 1, "
                  "'init': 0}}",
                  at, 1)
                  .last_stop_s,
              5 + 10, 1e-9);
}

/* Released at 300 s: the block of the first task has gone by then (120 s without a task), and the
 * next comes a look and 12 s later. */
static void idle_blocks_go(void)
{
    static const char sets[] = "{'name': 'a', 'tasks': 1, 'duration': 10}, {'name': 'b', 'tasks': "
                               "1, 'duration': 10, 'release': 301}";
    double at[2];
    run(sets, "{'nodes': [{'count': 1, 'cores': 2}], 'blocks': {'nodes': 1, 'start': 12}}", at, 1);
    unit_near(at[0], 12, 1e-9);
    unit_near(at[1], 305 + 12, 1e-9);
    run(sets,
        "{'nodes': [{'count': 1, 'cores': 2}], 'blocks': {'nodes': 1, 'start': 12, 'min': 1}}", at,
        1);
    unit_near(at[1], 301, 1e-9);
    run(sets,
        "{'nodes': [{'count': 1, 'cores': 2}], 'blocks': {'nodes': 1, 'start': 12, 'idle': '10m'}}",
        at, 1);
    unit_near(at[1], 301, 1e-9);
}

/* Starts are drawn: other replicas, other times; the same one, the same. */
static void starts_are_drawn(void)
{
    static const char set[] = "{'name': 'a', 'tasks': 4, 'duration': 10}";
    static const char platform[] =
        "{'nodes': [{'count': 2, 'cores': 2}], 'blocks': {'nodes': 1, 'init': 2, "
        "'start': {'distribution': 'exponential', 'mean': 50}}}";
    double first[4], again[4], other[4], sum = 0;
    run(set, platform, first, 1);
    run(set, platform, again, 1);
    run(set, platform, other, 2);
    CU_ASSERT_EQUAL(memcmp(first, again, sizeof first), 0);
    CU_ASSERT_NOT_EQUAL(first[0], other[0]);
    for (uint32_t r = 0; r < 2000; r++) {
        run("{'name': 'a', 'duration': 10}",
            "{'nodes': [{'cores': 2}], 'blocks': {'nodes': 1, 'start': "
            "{'distribution': 'exponential', 'mean': 50}}}",
            first, r);
        sum += first[0];
    }
    unit_near(sum / 2000, 50, 4 * 50 / sqrt(2000));
}

/* A queue of half a year, looked at every second: looks while nothing changes are left out. */
static void a_long_wait_takes_no_time(void)
{
    double at[4];
    run("{'name': 'a', 'tasks': 4, 'duration': 10}",
        "{'nodes': [{'count': 2, 'cores': 1}], 'blocks': {'nodes': 1, 'start': 16000000, "
        "'period': 1}}",
        at, 1);
    static const double expected[] = { 16e6, 16e6 + 1, 16e6 + 10, 16e6 + 11 };
    for (int i = 0; i < 4; i++)
        unit_near(at[i], expected[i], 1e-6);
}

/* Six nodes are not two blocks of four; on the last two, which none has, the fat task would fit.
 * What never starts is cancelled, what does is done. */
static void tasks_that_no_block_holds_are_left(void)
{
    static const char *const sets[] = {
        "{'name': 'a', 'ranks': 6, 'duration': 10}, {'name': 'b', 'duration': 7}",
        "{'name': 'a', 'memory_mib': 2000, 'duration': 10}, {'name': 'b', 'duration': 7}",
    };
    for (size_t i = 0; i < 2; i++) {
        struct replica out =
            run(sets[i],
                "{'nodes': [{'count': 4, 'cores': 1, 'memory_mib': 1000}, {'count': 2, 'cores': 1, "
                "'memory_mib': 2000}], 'blocks': {'nodes': 4}}",
                NULL, 1);
        CU_ASSERT_EQUAL(out.n_done, 1);
        CU_ASSERT_EQUAL(out.n_cancelled, 1);
        CU_ASSERT_FALSE(out.complete);
    }
}

static void refuses(const char *platform, const char *why)
{
    struct error err = { "" };
    struct given g = given("{'name': 'a', 'duration': 10}", platform);
    CU_ASSERT_PTR_NULL(simulator_new(&g.scenario, &err));
    if (!strstr(err.text, why))
        printf("  '%s' is not in: %s\n", why, err.text);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, why));
    clear(&g);
}

static void what_does_not_go_together_is_refused(void)
{
    refuses("{'nodes': [{'cores': 1}], 'blocks': {'nodes': 2}}",
            "a block has 2 nodes and the platform 1");
    refuses("{'nodes': [{'cores': 1, 'joins': 3}], 'blocks': {'nodes': 1}}", "not both");
    refuses("{'nodes': [{'cores': 1, 'joins': 3}], 'failures': {'mtbf': 100}}",
            "leave out `failures` or `joins`");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_strategy_is_parsls),
        UNIT_TEST(a_node_takes_tasks_once_it_has_joined),
        UNIT_TEST(blocks_come_as_tasks_wait),
        UNIT_TEST(no_more_than_are_asked_for),
        UNIT_TEST(idle_blocks_go),
        UNIT_TEST(starts_are_drawn),
        UNIT_TEST(a_long_wait_takes_no_time),
        UNIT_TEST(tasks_that_no_block_holds_are_left),
        UNIT_TEST(what_does_not_go_together_is_refused),
        { NULL, NULL },
    };
    return unit_run("blocks", tests);
}
