/* One replica through every station. Oracle: times worked out by hand from constant parameters. */
#include "sim/simulate.h"

#include <math.h>
#include <stdlib.h>

#include "core/durations.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

static void each_station_adds_its_time(void)
{
    struct ran r = ran_on_one_node(
        "{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': 10}, {'name': 'b', 'duration': 5, "
        "'after': ['a']}]}",
        "{'stations': {'bootstrap': 20, 'client': {'base': 2, 'per_task': 0.5, 'first_bulk': 4, "
        "'next_stage': 3}, "
        "'agent': {'latency': 1.5}, 'launch': {'service': 0.25}, 'startup': {'warm': 0.125}, "
        "'execute': {'offset': 0.0625}, "
        "'detect': {'base': 0.5}, 'free': {'base': 0.25}, 'notify': {'base': 1}, 'drain': 6}}",
        MODE_SEQUENTIAL, 0);
    const struct timeline_record *first = ran_record(&r, 0), *second = ran_record(&r, 1),
                                 *last = ran_record(&r, 2);
    unit_near(first->submitted_s, 20, 1e-9);
    unit_near(first->arrived_s, 20 + 2 + 2 * 0.5 + 4 + 1.5, 1e-9);
    unit_near(first->scheduled_s, 28.5, 1e-9);
    unit_near(first->started_s, 28.5 + 0.25 + 0.125, 1e-9);
    /* the launcher serves one after the other */
    unit_near(second->started_s, first->started_s + 0.25, 1e-9);
    unit_near(second->stopped_s, second->started_s + 10.0625, 1e-9);
    unit_near(second->freed_s, second->stopped_s + 0.75, 1e-9);
    unit_near(second->notified_s, second->freed_s + 1, 1e-9);
    unit_near(last->submitted_s, second->notified_s + 3, 1e-9);
    unit_near(last->arrived_s, last->submitted_s + 2 + 0.5 + 1.5, 1e-9);
    unit_near(r.out.makespan_s, last->stopped_s - first->started_s, 1e-9);
    unit_near(r.out.session_s, last->notified_s + 6, 1e-9);
    unit_near(r.out.wait_s[WAIT_LAUNCH], 3 * 0.375 + 0.25, 1e-9);
    unit_near(r.out.wait_s[WAIT_NOTIFY], 3, 1e-9);
    ran_clear(&r);
}

/* Ends are booked one after another, and the next stage's tasks are created one after another,
 * before the bulk's own cost. */
static void the_client_books_and_creates_one_by_one(void)
{
    struct ran r =
        ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 4, 'durations': [10, 10, 10, 25]}, "
                        "{'name': 'b', 'tasks': 3, 'duration': 5, 'after': ['a']}]}",
                        "{'stations': {'client': {'base': 2, 'next_stage': 0.5, "
                        "'close_task': 1.25, 'open_task': 1.5}}}",
                        MODE_SEQUENTIAL, 0);
    const struct timeline_record *first = ran_record(&r, 0), *last = ran_record(&r, 3),
                                 *next = ran_record(&r, 4);
    unit_near(first->submitted_s, 4 * 1.5, 1e-9);
    unit_near(first->started_s, 4 * 1.5 + 2, 1e-9);
    unit_near(last->stopped_s, first->started_s + 25, 1e-9);
    unit_near(last->notified_s, last->stopped_s, 1e-9);
    /* the other three were booked by then */
    unit_near(next->submitted_s, last->stopped_s + 1.25 + 0.5 + 3 * 1.5, 1e-9);
    unit_near(r.out.session_s, next->stopped_s + 3 * 1.25, 1e-9);
    unit_near(r.out.wait_s[WAIT_NOTIFY], 1.25 * (1 + 2 + 3 + 1 + 1 + 2 + 3), 1e-9);
    ran_clear(&r);
}

/* Two pipelines share one client: who ends with the other waits for the other's tasks to be booked,
 * and to be created. */
static void pipelines_share_the_client(void)
{
    struct ran r = ran_on_one_node(
        "{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': 10}, {'name': 'b', 'tasks': 1, "
        "'duration': 5}, "
        "{'name': 'c', 'tasks': 2, 'duration': 10}, {'name': 'd', 'tasks': 1, 'duration': 5}], "
        "'pipelines': "
        "[{'name': 'p', 'stages': [['a'], ['b']]}, {'name': 'q', 'stages': [['c'], ['d']]}]}",
        "{'stations': {'client': {'close_task': 1.25, 'open_task': 0.5}}}", MODE_PIPELINED, 0);
    unit_near(ran_record(&r, 0)->stopped_s, 12, 1e-9);
    unit_near(ran_record(&r, 3)->stopped_s, 12, 1e-9);
    unit_near(ran_record(&r, 2)->submitted_s, 12 + 2 * 1.25 + 0.5, 1e-9);
    unit_near(ran_record(&r, 5)->submitted_s, 12 + 4 * 1.25 + 0.5, 1e-9);
    ran_clear(&r);
}

static void what_waits_for_tasks_is_submitted_later(void)
{
    struct ran r = ran_on_one_node(
        "{'task_sets': [{'name': 'a', 'tasks': 3, 'durations': [10, 20, 5]}, "
        "{'name': 'b', 'tasks': 3, 'duration': 7, 'after': [{'set': 'a', 'kind': 'each'}]}]}",
        "{'stations': {'client': {'next_task': 2.5}, 'notify': {'base': 0.5}}}", MODE_ASYNCHRONOUS,
        0);
    unit_near(ran_record(&r, 0)->submitted_s, 0, 1e-9);
    unit_near(ran_record(&r, 3)->started_s, 10 + 0.5 + 2.5, 1e-9);
    unit_near(ran_record(&r, 4)->submitted_s, 23, 1e-9);
    unit_near(r.out.makespan_s, 20 + 3 + 7, 1e-9);
    ran_clear(&r);
}

/* One server between an end and the next submission takes up all results that are there: base +
 * per_task a result. */
static double served_in_batches(const double *duration, int n, int window, double base,
                                double per_task)
{
    double end[200], idle_s = 0, last_s = 0;
    int started = 0;
    bool taken[200] = { false };
    for (; started < window && started < n; started++)
        last_s = fmax(last_s, end[started] = duration[started]);
    while (started < n) {
        int batch = 0;
        double first_s = INFINITY;
        for (int i = 0; i < started; i++)
            first_s = taken[i] ? first_s : fmin(first_s, end[i]);
        double from_s = fmax(first_s, idle_s);
        for (int i = 0; i < started; i++) {
            bool there = !taken[i] && end[i] <= from_s && started + batch < n;
            taken[i] |= there;
            batch += there;
        }
        idle_s = from_s + base + per_task * batch;
        for (; batch > 0; batch--, started++)
            last_s = fmax(last_s, end[started] = idle_s + duration[started]);
    }
    return last_s;
}

static void a_window_is_a_server_between_an_end_and_the_next_submission(void)
{
    for (int window = 1; window <= 5; window += 2) {
        struct ran r = ran_on_one_node(
            "{'task_sets': [{'name': 'a', 'tasks': 60, "
            "'duration': {'distribution': 'uniform', 'min': 1.5, 'max': 9}}]}",
            window == 1 ? "{'stations': {'client': {'base': 0.75, 'per_task': 0.7, 'window': 1}}}"
            : window == 3
                ? "{'stations': {'client': {'base': 0.75, 'per_task': 0.7, 'window': 3}}}"
                : "{'stations': {'client': {'base': 0.75, 'per_task': 0.7, 'window': 4}}}",
            MODE_ASYNCHRONOUS, 0);
        double duration[60];
        for (uint32_t t = 0; t < 60; t++)
            duration[t] = ran_record(&r, t)->stopped_s - ran_record(&r, t)->started_s;
        unit_near(r.out.makespan_s,
                  served_in_batches(duration, 60, window == 5 ? 4 : window, 0.75, 0.7), 1e-6);
        unit_is(r.out.n_done, ==, 60);
        ran_clear(&r);
    }
}

static void releases_hold_tasks_back(void)
{
    struct ran r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 1, "
                                   "'release': [5, 0, 2]}, {'name': 'b', 'duration': 1, "
                                   "'release': 30}]}",
                                   "{}", MODE_ASYNCHRONOUS, 0);
    unit_near(ran_record(&r, 0)->started_s, 5, 1e-9);
    unit_near(ran_record(&r, 1)->started_s, 0, 1e-9);
    unit_near(ran_record(&r, 2)->started_s, 2, 1e-9);
    unit_near(ran_record(&r, 3)->started_s, 30, 1e-9);
    ran_clear(&r);
}

static void a_session_is_one_of_the_profile(void)
{
    static const char profile[] =
        "{'stations': {'agent': {'latency': 3}}, 'sessions': [{'name': 'x', 'agent.latency': 2}, "
        "{'name': 'y', 'agent.latency': 7}]}";
    struct workflow *w = given_workflow("{'task_sets': [{'name': 'a', 'duration': 1}]}");
    struct platform *p = given_platform("{'nodes': [{'cores': 1}]}");
    struct middleware *m = given_middleware(profile);
    struct scheduler_options options = { 0 };
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .seed = 1,
                          .scheduler = scheduler_options_resolve(&options, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    int of_x = 0, of_y = 0;
    for (uint32_t i = 0; i < 200; i++) {
        struct replica out;
        simulator_run(sim, i, NULL, &out);
        of_x += fabs(out.first_start_s - 2) < 1e-9;
        of_y += fabs(out.first_start_s - 7) < 1e-9;
    }
    unit_near(of_x + of_y, 200, 0);
    unit_is(of_x, >, 60);
    unit_is(of_y, >, 60);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* Told to stop, a run ends after some events; told no longer, the same workspace gives the whole
 * run again. */
static void a_run_ends_early_when_told(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 100000, 'duration': 1.5}]}");
    struct platform *p = given_platform("{'nodes': [{'cores': 4}]}");
    struct middleware *m = middleware_ideal();
    struct scheduler_options options = { 0 };
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .seed = 1,
                          .scheduler = scheduler_options_resolve(&options, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    struct timeline *t = timeline_new(w, p);
    struct replica out;
    atomic_bool stop;
    atomic_init(&stop, true);
    simulator_stop_on(sim, &stop);
    simulator_run(sim, 0, t, &out);
    unit_is(out.n_done, <, 5000);
    CU_ASSERT_FALSE(out.complete);
    atomic_store(&stop, false);
    simulator_run(sim, 0, t, &out);
    CU_ASSERT_EQUAL(out.n_done, 100000);
    unit_near(out.makespan_s, 37500, 1e-6);
    timeline_free(t);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* Three pipelines after the first, of five tasks on four cores: the client takes 1 to 90 s until it
 * calls run() again. All three leave in one bulk, in file order: each replica's submissions,
 * arrivals and placements say so. */
static void a_run_submits_its_pipelines_at_once_in_file_order(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'duration': 1}, {'name': 'b', 'duration': 2, 'cores': 4}, "
        "{'name': 'c', 'duration': 3, 'cores': 4}, {'name': 'd', 'duration': 4, 'cores': 4}], "
        "'pipelines': [{'name': 'p', 'stages': [['a']]}, "
        "{'name': 'q', 'stages': [['b']], 'after': ['p']}, "
        "{'name': 'r', 'stages': [['c']], 'after': ['p']}, "
        "{'name': 's', 'stages': [['d']], 'after': ['p']}]}");
    struct platform *p = given_platform("{'nodes': [{'cores': 4}]}");
    struct middleware *m =
        given_middleware("{'stations': {'client': {'base': 0.5, "
                         "'next_run': {'distribution': 'uniform', 'min': 1, 'max': 90}}}}");
    struct scheduler_options options = { 0 };
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_PIPELINED,
                          .seed = 3,
                          .scheduler = scheduler_options_resolve(&options, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    struct ran r = { .timeline = timeline_new(w, p) };
    double least_s = INFINITY, most_s = 0;
    for (uint32_t i = 0; i < 50; i++) {
        simulator_run(sim, i, r.timeline, &r.out);
        double submitted_s = ran_record(&r, 1)->submitted_s;
        unit_near(ran_record(&r, 2)->submitted_s, submitted_s, 0);
        unit_near(ran_record(&r, 3)->submitted_s, submitted_s, 0);
        unit_near(ran_record(&r, 3)->arrived_s, submitted_s + 0.5, 1e-9);
        unit_near(ran_record(&r, 2)->started_s, ran_record(&r, 1)->stopped_s, 1e-9);
        unit_near(ran_record(&r, 3)->started_s, ran_record(&r, 2)->stopped_s, 1e-9);
        least_s = fmin(least_s, submitted_s);
        most_s = fmax(most_s, submitted_s);
    }
    /* the draw itself varies from replica to replica */
    unit_is(least_s, <, 20);
    unit_is(most_s, >, 70);
    simulator_free(sim);
    timeline_free(r.timeline);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_run_submits_its_pipelines_at_once_in_file_order),
        UNIT_TEST(each_station_adds_its_time),
        UNIT_TEST(the_client_books_and_creates_one_by_one),
        UNIT_TEST(pipelines_share_the_client),
        UNIT_TEST(what_waits_for_tasks_is_submitted_later),
        UNIT_TEST(a_window_is_a_server_between_an_end_and_the_next_submission),
        UNIT_TEST(releases_hold_tasks_back),
        UNIT_TEST(a_session_is_one_of_the_profile),
        UNIT_TEST(a_run_ends_early_when_told),
        { NULL, NULL },
    };
    return unit_run("simulate", tests);
}
