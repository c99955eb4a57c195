/* Nodes that fail. Oracles: the restart formula, Daly's, and invariants. */
#include "core/failures.h"

#include <math.h>
#include <stdio.h>

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
    struct simulator *simulator;
    struct timeline *timeline;
};

static struct given given(const char *sets, const char *platform, const char *middleware)
{
    char text[1000];
    snprintf(text, sizeof text, "{'task_sets': [%s]}", sets);
    struct given g = { given_workflow(text), given_platform(platform), given_middleware(middleware),
                       { .seed = 11 }, NULL, NULL };
    struct error err = { "" };
    g.scenario = (struct scenario){ .workflow = g.workflow, .platform = g.platform,
                                    .middleware = g.middleware, .mode = MODE_ASYNCHRONOUS,
                                    .seed = 11 };
    g.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, g.middleware);
    g.simulator = simulator_new(&g.scenario, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    g.timeline = timeline_new(g.workflow, g.platform);
    return g;
}

static void clear(struct given *g)
{
    simulator_free(g->simulator);
    timeline_free(g->timeline);
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

/* Mean time from the start to the last stop, and its standard error. */
static double mean_s(struct given *g, uint32_t replicas, double *se_s)
{
    double sum = 0, squares = 0;
    for (uint32_t r = 0; r < replicas; r++) {
        struct replica out;
        simulator_run(g->simulator, r, NULL, &out);
        CU_ASSERT(out.complete);
        sum += out.session_s;
        squares += out.session_s * out.session_s;
    }
    double mean = sum / replicas;
    *se_s = sqrt((squares / replicas - mean * mean) / replicas);
    return mean;
}

static void agrees(const char *sets, const char *platform, double expected_s)
{
    double se_s;
    struct given g = given(sets, platform, "{}");
    double mean = mean_s(&g, 20000, &se_s);
    unit_near(mean, expected_s, 4 * se_s);
    unit_is(4 * se_s, <, 0.05 * expected_s);
    clear(&g);
}

/* One node that is back at once: (e^(l d) - 1) / l; with repair R: (1 / l + R) (e^(l d) - 1). */
static void restart_from_scratch(void)
{
    agrees("{'name': 'a', 'duration': 300}",
           "{'nodes': [{'cores': 1}], 'failures': {'mtbf': 200, 'repair': 0}}",
           200 * expm1(1.5));
    agrees("{'name': 'a', 'duration': 300}",
           "{'nodes': [{'cores': 1}], 'failures': {'mtbf': 200, 'repair': 50}}",
           250 * expm1(1.5));
}

/* A task on four nodes fails four times as often; each restart waits for the one that failed. */
static void a_task_of_many_nodes_fails_with_any(void)
{
    agrees("{'name': 'a', 'ranks': 4, 'cores': 1, 'duration': 100}",
           "{'nodes': [{'count': 4, 'cores': 1}], 'failures': {'mtbf': 400, 'repair': 0}}",
           100 * expm1(1));
}

/* Mean time until `work_s` of computing are done under exponential failures at `rate` a second,
 * each followed by `repair_s`: sum over segments of (1 / rate + repair) (e^(rate x segment) - 1)
 * (Daly 2006, eq. 13, exact for whole segments). */
static double expected_s(const struct checkpoint_rule *c, double work_s, double rate,
                             double repair_s)
{
    double n = checkpoints_in(c, 0, work_s), last_s = work_s - n * c->interval_s;
    if (rate <= 0)
        return work_s + n * c->cost_s;
    return (1 / rate + repair_s) * (n * expm1(rate * (c->interval_s + c->cost_s)) +
                                    expm1(rate * last_s));
}

static void checkpoints_follow_daly(void)
{
    const struct checkpoint_rule rule = { 60, 5 };
    unit_near(expected_s(&rule, 300, 1 / 200.0, 50),
              250 * (4 * expm1(65 / 200.0) + expm1(60 / 200.0)), 1e-9);
    agrees("{'name': 'a', 'duration': 300, 'checkpoint': {'interval': 60, 'cost': 5}}",
           "{'nodes': [{'cores': 1}], 'failures': {'mtbf': 200, 'repair': 50}}",
           expected_s(&rule, 300, 1 / 200.0, 50));
    agrees("{'name': 'a', 'duration': 330, 'checkpoint': {'interval': 60, 'cost': 5}}",
           "{'nodes': [{'cores': 1}], 'failures': {'mtbf': 200, 'repair': 0}}",
           200 * (5 * expm1(65 / 200.0) + expm1(30 / 200.0)));
}

/* No interval does better than the one that Daly's formula gives, but for 1 %. */
static void the_best_interval_is_best(void)
{
    double best_s = checkpoint_best_s(5, 200), work_s = 1e6;
    double at_best =
        expected_s(&(struct checkpoint_rule){ best_s, 5 }, work_s, 1 / 200.0, 0);
    for (double t = 5; t < 200; t *= 1.05)
        unit_is(at_best, <=,
                1.01 * expected_s(&(struct checkpoint_rule){ t, 5 }, work_s, 1 / 200.0, 0));
}

static void checkpoints_without_failures_only_cost(void)
{
    struct given g =
        given("{'name': 'a', 'duration': 300, 'checkpoint': {'interval': 60, 'cost': 5}}",
              "{'nodes': [{'cores': 1}]}", "{}");
    struct replica out;
    simulator_run(g.simulator, 0, NULL, &out);
    unit_near(out.makespan_s, 320, 1e-9);
    clear(&g);
}

/* Through a launcher, with a cap, phases and several sets: every record is possible, every task is
 * done, no retry is used. */
static void what_happens_is_possible(void)
{
    static const char *const middleware[] = {
        "{}",
        "{'stations': {'launch': {'service': 0.2, 'cap': 7}, 'startup': {'warm': 1}, "
        "'detect': {'base': 0.5}, 'free': {'base': 0.25}}}"
    };
    for (size_t m = 0; m < 2; m++) {
        struct given g =
            given("{'name': 'a', 'tasks': 60, 'cores': 2, 'duration': 40, "
                  "'input': {'flow': 'fs', "
                  "'amount': 900}, 'checkpoint': {'interval': 10, 'cost': 1}}, {'name': 'b', "
                  "'tasks': 5, 'ranks': 2, "
                  "'cores': 4, 'duration': 30, 'after': ['a']}",
                  "{'nodes': [{'count': 3, 'cores': 4}], 'failures': {'mtbf': 150, "
                  "'shape': 0.7, "
                  "'repair': 20}, 'flows': [{'name': 'fs', 'rate': 200}]}",
                  middleware[m]);
        for (uint32_t r = 0; r < 40; r++) {
            struct error err = { "" };
            struct replica out;
            simulator_run(g.simulator, r, g.timeline, &out);
            CU_ASSERT(out.complete);
            CU_ASSERT_EQUAL(out.n_retries, 0);
            CU_ASSERT_EQUAL(timeline_check(g.timeline, &err), 0);
            CU_ASSERT_STRING_EQUAL(err.text, "");
            unit_is(g.timeline->n, >=, 65);
        }
        clear(&g);
    }
}

/* Two nodes that never come back: the run ends, and says what it did not do. */
static void without_repair_the_last_node_ends_it(void)
{
    struct given g =
        given("{'name': 'a', 'tasks': 100, 'duration': 50}",
              "{'nodes': [{'count': 2, 'cores': 1}], 'failures': {'mtbf': 500}}", "{}");
    struct replica out;
    struct error err;
    for (uint32_t r = 0; r < 20; r++) {
        simulator_run(g.simulator, r, g.timeline, &out);
        CU_ASSERT_EQUAL(timeline_check(g.timeline, &err), 0);
        CU_ASSERT_FALSE(out.complete);
        CU_ASSERT_EQUAL(out.n_done + out.n_failed + out.n_killed + out.n_cancelled, 100);
    }
    clear(&g);
}

/* The mean of Weibull times is what is asked for. */
static void times_have_their_mean(void)
{
    const struct failure_rule rule = { .mtbf_s = 40, .shape = 0.7 };
    double sum = 0;
    for (int i = 0; i < 100000; i++)
        sum += failure_time_s(&rule, (i + 0.5) / 100000);
    unit_near(sum / 100000, 40, 0.1);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(restart_from_scratch),
        UNIT_TEST(a_task_of_many_nodes_fails_with_any),
        UNIT_TEST(checkpoints_follow_daly),
        UNIT_TEST(the_best_interval_is_best),
        UNIT_TEST(checkpoints_without_failures_only_cost),
        UNIT_TEST(what_happens_is_possible),
        UNIT_TEST(without_repair_the_last_node_ends_it),
        UNIT_TEST(times_have_their_mean),
        { NULL, NULL },
    };
    return unit_run("failures", tests);
}
