/* EASY's promise: with constant durations nothing that overtakes delays the first task. Oracle: the
 * same scenario under `none` starts the first blocked task at some instant; under `easy` it must
 * start no later, however much passes it. */
#include "scheduling/dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/scenario.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

static struct platform *two_nodes(void)
{
    return given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 16, 'gpus': 2}]}");
}

/* Sets of one task each, in order of arrival. Their instants of placement are returned in start_s.
 */
static void run_on(const struct workflow *w, const struct platform *p, const char *overtake,
                   double *start_s)
{
    struct ran r = ran_parts(
        workflow_copy(w), platform_copy(p), middleware_ideal(),
        &(struct ran_scenario){ .mode = MODE_ASYNCHRONOUS, .seed = 3,
                                      .scheduler = { .overtake = overtake } });
    for (size_t i = 0; i < r.timeline->n; i++)
        start_s[r.timeline->records[i].task] = r.timeline->records[i].scheduled_s;
    ran_clear(&r);
}

static void run(const struct workflow *w, const char *overtake, double *start_s)
{
    struct platform *p = two_nodes();
    run_on(w, p, overtake, start_s);
    platform_free(p);
}

static struct workflow *bag(const int (*tasks)[3], size_t n)
{
    struct workflow *w = workflow_new("bag", n);
    for (size_t i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "t%zu", i);
        w->sets[i].name = strcpy(malloc(strlen(name) + 1), name);
        task_traits_own(&w->sets[i])->demand.cores = tasks[i][0];
        task_traits_own(&w->sets[i])->demand.gpus = tasks[i][1];
        w->sets[i].duration = dist_constant(tasks[i][2]);
    }
    struct error err;
    unit_must_be(workflow_finish(w, &err), ==, 0);
    return w;
}

static void short_tasks_pass_and_long_ones_wait(void)
{
    /* 12 cores busy to 100 on one node and 50 on the other; t2 needs a whole node: reserved for t
     * = 50. */
    static const int tasks[][3] = { { 12, 0, 100 }, { 12, 0, 50 }, { 16, 0, 10 }, { 4, 0, 50 },
                                    { 4, 0, 60 }, { 4, 0, 51 } };
    struct workflow *w = bag(tasks, 6);
    double start[6];
    run(w, "easy", start);
    unit_is(start[2], ==, 50);
    unit_is(start[3], ==, 0); /* ends by 50 */
    /* would still hold 4 of the reserved node's cores at 50: waits for t3's */
    unit_is(start[4], ==, 50);
    unit_is(start[5], ==, 60);
    run(w, "backfill", start);
    unit_is(start[2], >, 50); /* without a reservation it is starved */
    workflow_free(w);
}

static void check_starts(const double *start_s, const double *expected_s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (start_s[i] != expected_s[i])
            printf("t%zu: expected to start at %g s, got %g s\n", i, expected_s[i], start_s[i]);
        unit_is(start_s[i], ==, expected_s[i]);
    }
}

/* Two nodes of 16 cores. t0 holds node 0 until 100, t1 12 cores of node 1 until 40. t2 wants 16
 * cores: reserved node 1 from 40. Tasks of 2 cores follow: t3 would run until 60 on node 1, the
 * only one with room, and take what is reserved: it waits. t4, of the same demand, ends by 40 and
 * passes it; so does t6 behind t5, which is too long again. */
static void each_task_of_a_demand_is_looked_at(void)
{
    static const int tasks[][3] = { { 16, 0, 100 }, { 12, 0, 40 }, { 16, 0, 10 }, { 2, 0, 60 },
                                    { 2, 0, 40 }, { 2, 0, 41 }, { 2, 0, 25 } };
    static const double expected[] = { 0, 0, 40, 50, 0, 50, 0 };
    struct workflow *w = bag(tasks, 7);
    double start[7];
    run(w, "easy", start);
    check_starts(start, expected, 7);
    workflow_free(w);
}

/* t0 holds 10 cores of node 0 until 50, t1 8 of node 1 until 90. t2 wants 16: reserved node 0
 * from 50. t3, 4 cores for 200 s, fits on node 0, which first_fit would take, but may not stay
 * there; on node 1 it takes nothing that is reserved. t4 ends in time: node 0. */
static void a_task_may_pass_on_a_node_that_is_not_reserved(void)
{
    static const int tasks[][3] = { { 10, 0, 50 }, { 8, 0, 90 }, { 16, 0, 10 }, { 4, 0, 200 },
                                    { 4, 0, 50 } };
    static const double expected[] = { 0, 0, 50, 0, 0 };
    struct workflow *w = bag(tasks, 5);
    double start[5];
    run(w, "easy", start);
    check_starts(start, expected, 5);
    workflow_free(w);
}

/* Two tasks share the only GPU of a node, to 30 and to 50 s; the next wants all of it and gets it
 * at 50, though others want a half. */
static void shares_of_a_gpu_are_counted(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, "
                       "'gpus': 0.5, 'duration': 30},"
                       "{'name': 'b', 'tasks': 1, 'cores': 1, 'gpus': 0.5, 'duration': 50},"
                       "{'name': 'c', 'tasks': 1, 'cores': 1, 'gpus': 1, 'duration': 5},"
                       "{'name': 'd', 'tasks': 1, 'cores': 1, 'gpus': 0.5, 'duration': 21},"
                       "{'name': 'e', 'tasks': 1, 'cores': 1, 'gpus': 0.5, 'duration': 20}]}");
    struct platform *p =
        given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 8, 'gpus': 1}]}");
    static const double expected[] = { 0, 0, 50, 55, 30 };
    double start[5];
    run_on(w, p, "easy", start);
    check_starts(start, expected, 5);
    platform_free(p);
    workflow_free(w);
}

/* Every task in turn becomes the first that waits; none may start later than if all behind it did
 * not exist. */
static void no_reservation_is_ever_delayed(void)
{
    srand(11);
    for (int round = 0; round < 200; round++) {
        int tasks[24][3];
        for (int i = 0; i < 24; i++) {
            tasks[i][0] = 1 + rand() % 16;
            tasks[i][1] = rand() % 3;
            tasks[i][2] = 1 + rand() % 90;
        }
        double all[24], ahead[24];
        struct workflow *w = bag((const int(*)[3])tasks, 24);
        run(w, "easy", all);
        workflow_free(w);
        int first = 1;                           /* the first task that had to wait */
        while (first < 24 && all[first] == 0)
            first++;
        if (first == 24)
            continue;
        w = bag((const int(*)[3])tasks, (size_t)first + 1);
        run(w, "easy", ahead);
        unit_is(all[first], <=, ahead[first]);
        workflow_free(w);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(short_tasks_pass_and_long_ones_wait),
                                              UNIT_TEST(each_task_of_a_demand_is_looked_at),
                                              UNIT_TEST(
                                                  a_task_may_pass_on_a_node_that_is_not_reserved),
                                              UNIT_TEST(shares_of_a_gpu_are_counted),
                                              UNIT_TEST(no_reservation_is_ever_delayed),
                                              { NULL, NULL } };
    return unit_run("easy", tests);
}
