/* A task from its placement to free slots (sim/execute*.c), in simulations whose stations take
 * constant times. Oracle: times worked out by hand. */
#include "sim/simulate.h"

#include <math.h>

#include "core/durations.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

/* Four slots on the one node let four run; the launcher lets one. Placed at once, they start one
 * after the other. */
static void a_launcher_runs_one_task_a_node(void)
{
    struct ran r =
        ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 4, 'durations': [10, 20, 30, 40]}]}",
                        "{'stations': {'launch': {'alone': 'nodes'}, 'startup': {'warm': 0.5}}}",
                        MODE_ASYNCHRONOUS, 0);
    const double start_s[] = { 0.5, 11, 31.5, 62 };
    for (uint32_t t = 0; t < 4; t++) {
        unit_near(ran_record(&r, t)->scheduled_s, 0, 1e-9);
        unit_near(ran_record(&r, t)->started_s, start_s[t], 1e-9);
    }
    unit_near(r.out.makespan_s, 62 + 40 - 0.5, 1e-9);
    ran_clear(&r);
    r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 4, 'durations': [10, 20, 30, 40]}]}",
            "{'stations': {'launch': {'alone': 'nodes', 'random': true}}}", MODE_ASYNCHRONOUS, 0);
    unit_near(r.out.makespan_s, 100, 1e-9);
    for (uint32_t t = 1; t < 4; t++)
        unit_is(ran_record(&r, t)->started_s, >, 0);
    ran_clear(&r);
}

/* Whoever has no GPU waits for all that runs there, and keeps others away. */
static void a_launcher_runs_tasks_without_gpus_alone(void)
{
    struct ran r =
        ran_on_one_node("{'task_sets': [{'name': 'g', 'gpus': 1, 'duration': 30}, {'name': 'c', "
                        "'tasks': 3, 'duration': 5}]}",
                        "{'stations': {'launch': {'alone': 'without_gpu'}}}", MODE_ASYNCHRONOUS, 0);
    unit_near(ran_record(&r, 0)->started_s, 0, 1e-9);
    for (uint32_t t = 1; t < 4; t++) {
        unit_near(ran_record(&r, t)->scheduled_s, 0, 1e-9);
        unit_near(ran_record(&r, t)->started_s, 30 + 5 * (t - 1), 1e-9);
    }
    ran_clear(&r);
    r = ran_on_one_node(
        "{'task_sets': [{'name': 'c', 'duration': 5}, {'name': 'g', 'gpus': 1, 'duration': 30}]}",
        "{'stations': {'launch': {'alone': 'without_gpu'}}}", MODE_ASYNCHRONOUS, 0);
    unit_near(ran_record(&r, 0)->started_s, 0, 1e-9);
    unit_near(ran_record(&r, 1)->started_s, 5, 1e-9);
    ran_clear(&r);
}

/* Two threads a core: neighbours wait for each other, others do not. Killed at the walltime, who
 * waits has never run. */
static void a_launcher_runs_one_task_a_core(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 4, 'threads': 1, 'duration': 10}]}");
    struct platform *p = given_platform(
        "{'slots': 'threads', 'nodes': [{'count': 1, 'cores': 2, 'threads_per_core': 2}]}");
    struct middleware *m = given_middleware("{'stations': {'launch': {'alone': 'core'}}}");
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .walltime_s = 15,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct timeline *t = timeline_new(w, p);
    struct simulator *sim = simulator_new(&s, NULL);
    struct replica out;
    simulator_run(sim, 0, t, &out);
    unit_near((double)out.n_done, 2, 0);
    unit_near((double)out.n_killed, 2, 0);
    unit_is(timeline_check(t, NULL), ==, 0);
    for (size_t i = 0; i < t->n; i++) /* threads 0 and 1 are one core, 2 and 3 the other */
        unit_near(t->records[i].started_s, t->records[i].task % 2 ? 10 : 0, 1e-9);
    simulator_free(sim);
    timeline_free(t);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* Sub-agents come up once, for the first tasks; the pilot ends before the session does. */
static void launch_servers_come_up_once(void)
{
    struct ran r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': 10}, "
                                   "{'name': 'b', 'duration': 5, 'after': ['a']}]}",
                                   "{'stations': {'bootstrap': 20, 'launch': {'up': 7, "
                                   "'service': 0.25}, 'drain': 9, 'pilot': {'end': 4}}}",
                                   MODE_SEQUENTIAL, 0);
    unit_near(ran_record(&r, 0)->scheduled_s, 20, 1e-9);
    unit_near(ran_record(&r, 0)->started_s, 27.25, 1e-9);
    unit_near(ran_record(&r, 1)->started_s, 27.5, 1e-9);
    unit_near(ran_record(&r, 2)->started_s, 37.5 + 0.25, 1e-9);
    unit_near(r.out.session_s, 42.75 + 9, 1e-9);
    unit_near(r.out.span_s, 42.75 + 4, 1e-9);
    unit_near(r.out.makespan_s, 42.75 - 27.25, 1e-9);
    ran_clear(&r);
    r = ran_on_one_node("{'task_sets': [{'name': 'a', 'duration': 10}]}",
                        "{'stations': {'drain': 9}}", MODE_SEQUENTIAL, 0);
    /* nothing is known of the pilot's end: the session's */
    unit_near(r.out.span_s, 19, 1e-9);
    ran_clear(&r);
}

static void a_poll_lets_all_go_together(void)
{
    struct ran r = ran_on_one_node(
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'durations': [10, 10.1, 10.2, 10.3]}]}",
        "{'stations': {'detect': {'poll': 8}}}", MODE_ASYNCHRONOUS, 0);
    double freed = ran_record(&r, 0)->freed_s;
    unit_is(freed, >=, 10);
    unit_is(freed, <=, 18);
    int together = 0;
    for (uint32_t t = 0; t < 4; t++) {
        double late = (ran_record(&r, t)->freed_s - freed) / 8;
        unit_is(ran_record(&r, t)->freed_s, >=, ran_record(&r, t)->stopped_s);
        unit_near(late, round(late), 1e-9);
        together += ran_record(&r, t)->freed_s == freed;
    }
    unit_is(together, >=, 1);
    ran_clear(&r);
}

static void a_cap_on_live_tasks_holds_launches_back(void)
{
    struct ran r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 4, 'duration': 10}]}",
                                   "{'stations': {'launch': {'cap': 2}}}", MODE_ASYNCHRONOUS, 0);
    unit_near(ran_record(&r, 1)->started_s, 0, 1e-9);
    unit_near(ran_record(&r, 2)->started_s, 10, 1e-9);
    unit_near(r.out.makespan_s, 20, 1e-9);
    unit_near(ran_record(&r, 3)->scheduled_s, 0, 1e-9);
    ran_clear(&r);
}

static void the_first_on_a_node_starts_cold(void)
{
    struct ran r = ran_on_one_node(
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 4, 'duration': 1}]}",
        "{'stations': {'startup': {'cold': 5, 'warm': 0.5, 'rule': 'first_on_node'}}}",
        MODE_ASYNCHRONOUS, 0);
    unit_near(ran_record(&r, 0)->started_s, 5, 1e-9);
    unit_near(ran_record(&r, 1)->started_s, 6.5, 1e-9);
    unit_near(r.out.last_stop_s, 10.5, 1e-9);
    ran_clear(&r);
}

static void the_walltime_kills_what_runs(void)
{
    struct ran r =
        ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 6, 'cores': 2, 'duration': 10}, "
                        "{'name': 'b', 'duration': 1, 'after': ['a']}]}",
                        "{}", MODE_ASYNCHRONOUS, 24);
    unit_near((double)r.out.n_done, 4, 0);
    unit_near((double)r.out.n_killed, 2, 0);
    unit_near((double)r.out.n_cancelled, 1, 0);
    CU_ASSERT_FALSE(r.out.complete);
    CU_ASSERT_FALSE(r.out.in_time);
    unit_near(r.out.lost_slot_s, 2 * 4 * 2, 1e-9);
    unit_near(r.out.last_stop_s, 24, 1e-9);
    ran_clear(&r);
    r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 6, 'cores': 2, 'duration': 10}]}",
                        "{}", MODE_ASYNCHRONOUS, 30);
    CU_ASSERT(r.out.complete);
    CU_ASSERT(r.out.in_time);
    ran_clear(&r);
}

static void failures_are_tried_again_and_then_cancel_what_follows(void)
{
    struct ran r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10, "
                                   "'failure_probability': 1, 'retries': 2}, "
                                   "{'name': 'b', 'tasks': 5, 'duration': 1, 'after': ['a']}, "
                                   "{'name': 'c', 'tasks': 2, 'duration': 1}]}",
                                   "{}", MODE_ASYNCHRONOUS, 0);
    unit_near((double)r.out.n_failed, 3, 0);
    unit_near((double)r.out.n_retries, 6, 0);
    unit_near((double)r.out.n_cancelled, 5, 0);
    unit_near((double)r.out.n_done, 2, 0);
    CU_ASSERT_FALSE(r.out.complete);
    unit_near((double)r.timeline->n, 9 + 5 + 2, 0);
    unit_is(r.out.lost_slot_s, >, 0);
    unit_is(r.out.lost_slot_s, <, 90);
    ran_clear(&r);
}

/* Second method: the draws asked for by name. */
static void an_attempt_lasts_as_long_as_its_own_draws_say(void)
{
    struct ran r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 7, "
                                   "'duration': {'distribution': 'uniform', 'min': 5, 'max': 90}, "
                                   "'failure_probability': 0.6, 'retries': 3}]}",
                                   "{}", MODE_ASYNCHRONOUS, 0);
    struct durations *d = durations_new(r.workflow);
    durations_begin(d, 7, 0);
    unit_is(r.out.n_retries, >=, 7);
    unit_near((double)r.timeline->n, 7 + (double)r.out.n_retries, 0);
    for (size_t i = 0; i < r.timeline->n; i++) {
        const struct timeline_record *t = &r.timeline->records[i];
        unsigned attempt = timeline_attempt(r.timeline, i);
        double share = 1;
        bool fails = durations_fails(d, 0, t->task, attempt, &share);
        unit_near(t->stopped_s - t->started_s,
                  durations_at(d, 0, t->task, attempt) * (fails ? share : 1), 1e-9);
        unit_is(r.timeline->status[i], ==, fails ? TASK_FAILED : TASK_DONE);
    }
    durations_free(d);
    ran_clear(&r);
}

static void some_failures_happen_as_often_as_they_should(void)
{
    struct ran r = ran_on_one_node("{'task_sets': [{'name': 'a', 'tasks': 4000, 'duration': 1, "
                                   "'failure_probability': 0.25, 'retries': 9}]}",
                                   "{}", MODE_ASYNCHRONOUS, 0);
    double expected = 4000 / 3.0,
           sd = sqrt(4000 * 0.25) / 0.75; /* retries a task: geometric, mean 1/3 */
    unit_is(fabs((double)r.out.n_retries - expected), <, 4 * sd);
    ran_clear(&r);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_launcher_runs_one_task_a_node),
        UNIT_TEST(a_launcher_runs_tasks_without_gpus_alone),
        UNIT_TEST(a_launcher_runs_one_task_a_core),
        UNIT_TEST(launch_servers_come_up_once),
        UNIT_TEST(a_poll_lets_all_go_together),
        UNIT_TEST(a_cap_on_live_tasks_holds_launches_back),
        UNIT_TEST(the_first_on_a_node_starts_cold),
        UNIT_TEST(the_walltime_kills_what_runs),
        UNIT_TEST(failures_are_tried_again_and_then_cancel_what_follows),
        UNIT_TEST(some_failures_happen_as_often_as_they_should),
        UNIT_TEST(an_attempt_lasts_as_long_as_its_own_draws_say),
        { NULL, NULL },
    };
    return unit_run("execute", tests);
}
