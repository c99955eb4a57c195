/* Parsl's executor with prefetch. Oracles: times by hand, and that each node takes its tasks in
 * order of arrival. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct ran { size_t n; double makespan_s, start_s[64]; int node[64]; };

/* The tasks in order of arrival, in one replica. */
static struct ran run(const char *sets, const char *platform, uint32_t replica)
{
    char text[1000];
    struct error err = { "" };
    struct replica out;
    struct ran r = { 0 };
    snprintf(text, sizeof text, "{'task_sets': [%s]}", sets);
    struct workflow *w = given_workflow(text);
    struct platform *p = given_platform(platform);
    struct middleware *m = given_middleware("{}");
    struct scenario s = { .workflow = w, .platform = p, .middleware = m, .mode = MODE_ASYNCHRONOUS,
                          .seed = 3 };
    s.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ .scheduler = "parsl_prefetch" }, m);
    struct simulator *sim = simulator_new(&s, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    struct timeline *t = timeline_new(w, p);
    simulator_run(sim, replica, t, &out);
    CU_ASSERT_EQUAL_FATAL(t->n, w->n_tasks);
    r.n = t->n;
    r.makespan_s = out.last_stop_s;
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots slots;
        CU_ASSERT_TRUE(timeline_slots_first(t, i, &slots));
        r.start_s[t->records[i].task] = t->records[i].started_s;
        r.node[t->records[i].task] = (int)slots.node;
    }
    timeline_free(t);
    simulator_free(sim);
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
    return r;
}

static const char two_nodes[] = "{'nodes': [{'count': 2, 'cores': 2}]}";

/* Four tasks, four workers: each goes to a random node, so that two a node is one case of 16 / 6.
 */
static void tasks_that_arrive_go_to_random_nodes(void)
{
    int even = 0;
    for (uint32_t replica = 0; replica < 800; replica++) {
        struct ran r = run("{'name': 'a', 'tasks': 4, 'duration': 10}", two_nodes, replica);
        int on_second = r.node[0] + r.node[1] + r.node[2] + r.node[3];
        unit_near(r.makespan_s, on_second == 2 ? 10 : 20, 1e-9);
        even += on_second == 2;
    }
    unit_near(even, 300, 55);                            /* sd 13.7 */
}

/* Tasks that wait for their nodes: the first manager is sent all four, and the other node stays
 * idle. */
static void what_has_waited_fills_one_node_wholly(void)
{
    int on_first = 0;
    for (uint32_t replica = 0; replica < 200; replica++) {
        struct ran r = run("{'name': 'a', 'tasks': 4, 'duration': 10}",
                           "{'nodes': [{'count': 2, 'cores': 2, 'joins': 5}]}", replica);
        unit_near(r.makespan_s, 25, 1e-9);
        unit_is(r.node[0], ==, r.node[1]);
        unit_is(r.node[1], ==, r.node[2]);
        unit_is(r.node[2], ==, r.node[3]);
        on_first += r.node[0] == 0;
    }
    unit_near(on_first, 100, 30);                        /* sd 7 */
}

/* Eight: four each, as many as workers and as many again. A ninth waits in the queue for the first
 * that comes free. */
static void what_is_bound_waits_for_its_node(void)
{
    unit_near(run("{'name': 'a', 'tasks': 8, 'duration': 10}", two_nodes, 1).makespan_s, 20, 1e-9);
    unit_near(run("{'name': 'a', 'tasks': 9, 'duration': 10}", two_nodes, 1).makespan_s, 30, 1e-9);
    /* One long task: what is bound behind it does not go to the other node, which is free from 2 s
     * on. */
    struct ran r = run("{'name': 'a', 'tasks': 4, 'durations': [100, 1, 1, 1]}",
                       "{'nodes': [{'count': 2, 'cores': 1}]}", 1);
    int with_it = 0;
    for (int i = 1; i < 4; i++) {
        with_it += r.node[i] == r.node[0];
        CU_ASSERT(r.node[i] != r.node[0] ? r.start_s[i] <= 1 : fabs(r.start_s[i] - 100) < 1e-9);
    }
    CU_ASSERT_EQUAL(with_it, 1);
    unit_near(r.makespan_s, 101, 1e-9);
}

static void each_node_keeps_the_order(void)
{
    struct ran r = run(
        "{'name': 'a', 'tasks': 60, 'duration': {'distribution': 'uniform', 'min': 1, 'max': 20}}",
        "{'nodes': [{'count': 3, 'cores': 4}]}", 5);
    double last[3] = { 0 };
    for (size_t i = 0; i < r.n; i++) {
        unit_is(r.start_s[i], >=, last[r.node[i]]);
        last[r.node[i]] = r.start_s[i];
    }
}

static void a_task_over_several_nodes_is_refused(void)
{
    struct error err = { "" };
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'ranks': 3, 'duration': 1}]}");
    struct platform *p = given_platform(two_nodes);
    struct middleware *m = given_middleware("{}");
    struct scenario s = { .workflow = w, .platform = p, .middleware = m, .mode = MODE_ASYNCHRONOUS,
                          .seed = 3 };
    s.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ .scheduler = "parsl_prefetch" }, m);
    CU_ASSERT_PTR_NULL(simulator_new(&s, &err));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(err.text, "gives each task to one node; task set 'a' needs several"));
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(tasks_that_arrive_go_to_random_nodes),
        UNIT_TEST(what_has_waited_fills_one_node_wholly),
        UNIT_TEST(what_is_bound_waits_for_its_node),
        UNIT_TEST(each_node_keeps_the_order),
        UNIT_TEST(a_task_over_several_nodes_is_refused),
        { NULL, NULL },
    };
    return unit_run("prefetch", tests);
}
