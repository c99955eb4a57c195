/* When the launcher lets tasks begin. Oracle: starts worked out from constant parameters. */
#include "sim/simulate.h"

#include <math.h>
#include <stdio.h>

#include "study/adaptive.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { MOST_TASKS = 4 };

struct ran {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct adaptive_session session;
    struct timeline *timeline;
    struct replica out;
};

static struct ran ran(const char *workflow, const char *platform, const char *middleware,
                      const uint32_t *begins_after, uint32_t replica)
{
    struct ran r = { .workflow = given_workflow(workflow), .platform = given_platform(platform),
                     .middleware = given_middleware(middleware) };
    struct scenario s = { .workflow = r.workflow, .platform = r.platform,
                          .middleware = r.middleware, .mode = MODE_ASYNCHRONOUS,
                          .begins_after = begins_after,
                          .scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 },
                                                                 r.middleware) };
    CU_ASSERT_EQUAL_FATAL(adaptive_session(&s, replica, NULL, &r.session, NULL), 0);
    r.timeline = timeline_new(r.session.scenario.workflow, r.platform);
    struct simulator *sim = simulator_new(&r.session.scenario, NULL);
    simulator_run(sim, replica, r.timeline, &r.out);
    simulator_free(sim);
    return r;
}

static void ran_clear(struct ran *r)
{
    timeline_free(r->timeline);
    adaptive_session_clear(&r->session);
    middleware_free(r->middleware);
    platform_free(r->platform);
    workflow_free(r->workflow);
}

/* start_s[] of each task, in the order of the file */
static void starts_in_order_are(const char *workflow, const char *platform, const char *middleware,
                                const uint32_t *begins_after, const double start_s[MOST_TASKS])
{
    struct ran r = ran(workflow, platform, middleware, begins_after, 0);
    unit_must_be(r.timeline->n, <=, MOST_TASKS);
    for (size_t i = 0; i < r.timeline->n; i++)
        unit_near(r.timeline->records[i].started_s, start_s[r.timeline->records[i].task], 1e-9);
    ran_clear(&r);
}

static void starts_are(const char *workflow, const char *platform, const char *middleware,
                       const double start_s[MOST_TASKS])
{
    starts_in_order_are(workflow, platform, middleware, NULL, start_s);
}

/* `first` ends at 10 s. `waits` was launched before and looks again `retry` later; `comes`, with a
 * GPU, is launched 0.2 s after the end. Whoever is late waits for the other. */
static void who_waits_looks_again_only_after_a_while(void)
{
    static const struct { const char *retry; double start_s[MOST_TASKS]; } cases[] = {
        { "0.5", { 0, 10.2 + 30 + 0.5, 10.2 } },
        { "0.1", { 0, 10.1, 10.1 + 5 + 0.1 } },
        { "0", { 0, 10, 15 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char profile[160];
        snprintf(profile, sizeof profile,
                 "{'stations': {'client': {'next_task': 0.2}, 'launch': {'alone': 'without_gpu', "
                 "'retry': %s}}}",
                 cases[i].retry);
        starts_are("{'task_sets': [{'name': 'first', 'duration': 10}, {'name': 'waits', "
                   "'duration': 5}, {'name': 'comes', 'gpus': 1, 'duration': 30, 'after': "
                   "['first']}]}",
                   "{'nodes': [{'cores': 4, 'gpus': 1}]}", profile, cases[i].start_s);
    }
}

/* The same race, of which the winner is known; d, with a GPU too, is known to come behind c, and
 * begins beside it. Else b would be first, and with no retries it would be b whatever is known. */
static void a_known_order_decides_the_race(void)
{
    static const uint32_t order[] = { UINT32_MAX, 3, 0, 2 };
    static const char workflow[] =
        "{'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', 'duration': 5}, "
        "{'name': 'c', 'gpus': 1, 'duration': 30, 'after': ['a']}, "
        "{'name': 'd', 'gpus': 1, 'duration': 20, 'after': ['a']}]}";
    static const struct { const char *retry; double start_s[MOST_TASKS]; } cases[] = {
        { "0.1", { 0, 40.2 + 0.1, 10.2, 10.2 } },
        { "0", { 0, 40.2, 10.2, 10.2 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char profile[160];
        snprintf(profile, sizeof profile,
                 "{'stations': {'client': {'next_task': 0.2}, 'launch': {'alone': 'without_gpu', "
                 "'retry': %s}}}",
                 cases[i].retry);
        starts_in_order_are(workflow, "{'nodes': [{'cores': 4, 'gpus': 2}]}", profile, order,
                            cases[i].start_s);
    }
}

/* A replica of a workflow, and when the last task of `set` begins. */
static struct replica run_once(const char *workflow, const char *platform, const char *middleware,
                               uint32_t replica, int set, double *last_s)
{
    struct ran r = ran(workflow, platform, middleware, NULL, replica);
    *last_s = -INFINITY;
    for (size_t i = 0; i < r.timeline->n; i++)
        if (workflow_set_of_task(r.session.scenario.workflow, r.timeline->records[i].task) == set)
            *last_s = fmax(*last_s, r.timeline->records[i].started_s);
    ran_clear(&r);
    return r.out;
}

/* a and b have their slots on one node, c on the other. Where the launcher finds nodes itself, b
 * need not wait. */
static void one_task_a_node_on_its_own_nodes_or_any(void)
{
    static const struct { const char *rule; double start_s[MOST_TASKS]; } cases[] = {
        { "'never'", { 0, 0, 0 } },
        { "'nodes'", { 0, 0, 5 } },
        { "'own_nodes'", { 0, 10, 0 } },
        { "{'own_nodes': 2}", { 0, 10, 0 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char profile[80];
        snprintf(profile, sizeof profile, "{'stations': {'launch': {'alone': %s}}}", cases[i].rule);
        starts_are("{'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', 'duration': 5},"
                   "{'name': 'c', 'node': 'second', 'duration': 7}]}",
                   "{'nodes': [{'cores': 4}, {'name': 'second', 'cores': 4}]}", profile,
                   cases[i].start_s);
    }
}

/* Sessions differed: one in four replicas is as one in four of them. */
static void a_replica_draws_one_of_the_sessions(void)
{
    enum { REPLICAS = 400 };
    int waits = 0;
    for (uint32_t replica = 0; replica < REPLICAS; replica++) {
        double start_s;
        run_once("{'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', 'duration': 5}]}",
                 "{'nodes': [{'count': 2, 'cores': 4}]}",
                 "{'stations': {'launch': {'alone': {'nodes': 3, 'own_nodes': 1}}}}", replica, 1,
                 &start_s);
        waits += start_s > 0;
    }
    unit_near(waits, REPLICAS / 4.0, 4 * sqrt(REPLICAS * 0.25 * 0.75));
}

/* Threads 0, 1, 2 and 3-6 of one node with four threads a core: each shares a core with the one
 * before it, so that they take 38.9 s together, where the longest takes 16.9 s. */
static void tasks_on_one_core_run_one_after_another(void)
{
    static const struct { const char *rule; double start_s[MOST_TASKS]; } cases[] = {
        { "never", { 0, 0, 0, 0 } },
        { "core", { 0, 16.9, 16.9 + 6.5, 38.9 - 8 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char profile[80];
        snprintf(profile, sizeof profile, "{'stations': {'launch': {'alone': '%s'}}}",
                 cases[i].rule);
        starts_are("{'task_sets': [{'name': 'a', 'threads': 1, 'duration': 16.9},"
                   "{'name': 'b', 'threads': 1, 'duration': 6.5},"
                   "{'name': 'c', 'threads': 1, 'duration': 7.5},"
                   "{'name': 'd', 'threads': 4, 'duration': 8}]}",
                   "{'slots': 'threads', 'nodes': [{'cores': 2, 'threads_per_core': 4}]}", profile,
                   cases[i].start_s);
    }
}

/* a on both nodes; b on that of a's second task, c there again. */
static void a_launch_on_another_node_starts_cold(void)
{
    const double start_s[MOST_TASKS] = { 0.5, 5, 6 + 0.5, 7.5 + 0.5 };
    starts_are("{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 4, 'duration': 1},"
               "{'name': 'b', 'node': 'second', 'cores': 4, 'duration': 1, 'after': ['a']},"
               "{'name': 'c', 'node': 'second', 'cores': 4, 'duration': 1, 'after': ['b']}]}",
               "{'nodes': [{'cores': 4}, {'name': 'second', 'cores': 4}]}",
               "{'stations': {'startup': {'cold': 5, 'warm': 0.5, 'rule': 'node_change'}}}",
               start_s);
}

/* 4 s of a after its slots are free: b runs meanwhile, c waits. */
static void staging_may_take_a_time_of_its_own(void)
{
    const double start_s[MOST_TASKS] = { 0, 3, 7 };
    starts_are("{'task_sets': [{'name': 'a', 'cores': 4, 'phases': [{'compute': 3}, {'compute': 4, "
               "'staging': 'outside'}]}, {'name': 'b', 'cores': 4, 'duration': 2}, "
               "{'name': 'c', 'duration': 1, 'after': ['a']}]}",
               "{'nodes': [{'cores': 4}]}", "{}", start_s);
}

/* `goes` ends at 10 s and cancels `rest`, of whose tasks some run and some wait; of `last`
 * both tasks begin then, one after the other, or once the agent has seen the ends. */
static void the_cancelled_are_not_waited_for(void)
{
    static const struct { const char *platform, *middleware; double start_s; } cases[] = {
        { "{'nodes': [{'count': 2, 'cores': 4}]}", "{'launch': {'alone': 'nodes'}}", 10 },
        { "{'nodes': [{'cores': 8}]}", "{'launch': {'alone': 'nodes'}}", 15 },
        { "{'nodes': [{'cores': 8}]}", "{'launch': {'alone': 'without_gpu', 'retry': 0.5}}", 15.5 },
        { "{'nodes': [{'cores': 8}]}", "{'launch': {'alone': 'without_gpu'}}", 15 },
        { "{'nodes': [{'cores': 8}]}", "{'launch': {'cap': 2}, 'detect': {'base': 1}}", 12 },
    };
    static const char workflow[] =
        "{'task_sets': [{'name': 'goes', 'duration': 10, 'cancels': ['rest']}, {'name': 'rest', "
        "'tasks': 3, 'duration': 100}, {'name': 'last', 'tasks': 2, 'duration': 5, 'after': "
        "['goes']}]}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char profile[160];
        snprintf(profile, sizeof profile, "{'stations': %s}", cases[i].middleware);
        double last_s;
        struct replica out = run_once(workflow, cases[i].platform, profile, 0, 2, &last_s);
        unit_near(last_s, cases[i].start_s, 1e-9);
        CU_ASSERT_EQUAL(out.n_done, 3);
        CU_ASSERT_EQUAL(out.n_killed + out.n_cancelled, 3);
    }
}

/* Polls every 10 s: `goes` is seen to end at the second and cancels `rest`, whose ends would have
 * been seen at the fifth. Then those of `last` are seen, whose attempts have the numbers of `rest`:
 * each counts once, and `final` begins. */
static void an_end_that_no_longer_comes_counts_for_nobody_else(void)
{
    double last_s;
    struct replica out = run_once(
        "{'task_sets': [{'name': 'goes', 'duration': 9, 'cancels': ['rest']}, {'name': 'rest', "
        "'tasks': 2, 'duration': 39}, {'name': 'last', 'tasks': 3, 'duration': 29, 'after': "
        "['goes']}, {'name': 'final', 'tasks': 3, 'duration': 9, 'after': ['last']}]}",
        "{'nodes': [{'cores': 3}]}",
        "{'stations': {'launch': {'cap': 3}, 'detect': {'poll': 10}}}", 0, 3, &last_s);
    unit_is(last_s, >=, 40);
    unit_is(last_s, <, 50);
    CU_ASSERT_EQUAL(out.n_done, 7);
    CU_ASSERT_EQUAL(out.n_killed, 2);
}

/* What ran on a node that failed is in nobody's way: all tasks are done in every replica. */
static void the_lost_are_not_waited_for(void)
{
    static const char *const rules[] = { "nodes", "own_nodes", "without_gpu", "core" };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char profile[160];
        snprintf(profile, sizeof profile, "{'stations': {'launch': {'alone': '%s'}}}", rules[i]);
        for (uint32_t replica = 0; replica < 20; replica++) {
            double last_s;
            struct replica out =
                run_once("{'task_sets': [{'name': 'a', 'tasks': 12, 'duration': 10}]}",
                         "{'nodes': [{'count': 2, 'cores': 4}], 'failures': {'mtbf': '60s', "
                         "'repair': '5s'}}",
                         profile, replica, 0, &last_s);
            CU_ASSERT_EQUAL(out.n_done, 12);
        }
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(who_waits_looks_again_only_after_a_while),
        UNIT_TEST(a_known_order_decides_the_race),
        UNIT_TEST(one_task_a_node_on_its_own_nodes_or_any),
        UNIT_TEST(a_replica_draws_one_of_the_sessions),
        UNIT_TEST(tasks_on_one_core_run_one_after_another),
        UNIT_TEST(a_launch_on_another_node_starts_cold),
        UNIT_TEST(staging_may_take_a_time_of_its_own),
        UNIT_TEST(the_cancelled_are_not_waited_for),
        UNIT_TEST(an_end_that_no_longer_comes_counts_for_nobody_else),
        UNIT_TEST(the_lost_are_not_waited_for),
        { NULL, NULL },
    };
    return unit_run("alone", tests);
}
