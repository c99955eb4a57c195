/* The driver (drive/driver.h) from ready to over, in a virtual world of fixed durations with a
 * script of failures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/durations.h"
#include "tests/support/driven.h"
#include "tests/support/unit.h"

struct world {
    struct driven session;               /* starts: "TIME SET.TASK#ATTEMPT " */
    /* attempts of the first set that fail before one does not */
    unsigned failures;
    double client_s;                     /* a bulk is this long on its way; 0: there at once */
    size_t n_stops;
    struct str arrivals;                 /* "TIME SET.FIRST+COUNT " */
};

static enum start_result start(void *world, uint32_t id)
{
    struct world *w = world;
    struct attempt *a = &w->session.drive.attempts.at[id];
    a->fails = a->set == 0 && a->number < w->failures;
    a->started_s = w->session.drive.engine.now_s;
    a->stopped_s =
        a->started_s + durations_expected(w->session.workflow, (int)a->set, a->task);
    driver_push(&w->session.drive, a->stopped_s, EVENT_FREED, id);
    str_addf(&w->session.starts, "%g %u.%u#%u ", a->started_s, a->set, a->task, a->number);
    return START_STARTED;
}

static void on_event(void *world, struct event ev)
{
    struct world *w = world;
    if (ev.rank == EVENT_BULK_LEFT) {
        driver_client_idle(&w->session.drive);
        driver_push(&w->session.drive, ev.time_s, EVENT_ARRIVED, ev.subject);
        return;
    }
    driver_ended(&w->session.drive);
    driver_freed(&w->session.drive, ev.subject);
    driver_over(&w->session.drive, ev.subject);
}

static void stop(void *world)
{
    struct world *w = world;
    w->n_stops++;
    for (size_t i = 0; i < w->session.drive.attempts.n; i++)
        w->session.drive.count.n_killed += w->session.drive.attempts.at[i].live;
}

static const struct world_ops ops = { .event = on_event, .start = start, .stop = stop,
                                      .tick = NULL };

static double delay(void *world, const struct ready_run *run)
{
    (void)world, (void)run;
    return 0;
}

static void note(void *world, const struct submission *part, enum submission_step step)
{
    struct world *w = world;
    if (step == STEP_ARRIVED)
        str_addf(&w->arrivals, "%g %u.%u+%u ", w->session.drive.engine.now_s, part->set,
                 part->first, part->count);
}

static bool carry(void *world, const struct bulk *open)
{
    struct world *w = world;
    (void)open;
    if (w->client_s <= 0)
        return false;
    driver_push(&w->session.drive, w->session.drive.engine.now_s + w->client_s, EVENT_BULK_LEFT,
                driver_take_bulk(&w->session.drive));
    return true;
}

static const struct client_ops client = { .delay = delay, .note = note, .carry = carry };

static struct world *world_new(const char *text, double walltime_s, const int *pipeline_order)
{
    struct world *w = calloc(1, sizeof *w);
    const struct scenario how = { .mode = pipeline_order ? MODE_PIPELINED : MODE_ASYNCHRONOUS,
                                  .walltime_s = walltime_s, .pipeline_order = pipeline_order };
    driven_init(&w->session, text, &how, &ops, &client);
    return w;
}

static void world_run(struct world *w)
{
    driven_run(&w->session);
}

static void world_free(struct world *w)
{
    driven_clear(&w->session);
    str_clear(&w->arrivals);
    free(w);
}

static void tasks_are_held_until_their_release(void)
{
    struct world *w = world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'cores': 1, "
                                "'duration': 0.5, 'release': "
                                "[2.25, 7.5, 2.25]}]}",
                                0, NULL);
    world_run(w);
    driven_same_text(&w->session.starts, "2.25 0.0#0 2.25 0.2#0 7.5 0.1#0 ");
    unit_near(w->session.drive.count.n_done, 3, 0);
    world_free(w);
}

static void a_busy_client_submits_in_order(void)
{
    struct world *w = world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, "
                                "'duration': 4}, {'name': 'b', "
                                "'tasks': 2, 'cores': 1, 'duration': 3.5}, {'name': 'c', 'tasks': "
                                "2, 'cores': 1, 'duration': 1, "
                                "'after': ['a']}, {'name': 'd', 'tasks': 2, 'cores': 1, "
                                "'duration': 1, 'after': ['b']}, {'name': "
                                "'e', 'tasks': 1, 'cores': 1, 'duration': 0.25}, {'name': 'f', "
                                "'tasks': 1, 'cores': 1, 'duration': "
                                "0.125, 'after': ['e']}]}",
                                0, NULL);
    w->client_s = 2.5;
    world_run(w);
    /* f is ready at 2.75; d at 6, and c at 6.5, while the client is busy with d until 8.5 */
    driven_same_text(&w->arrivals, "2.5 0.0+1 2.5 1.0+2 2.5 4.0+1 5.25 5.0+1 8.5 3.0+2 11 2.0+2 ");
    world_free(w);
}

static void parts_of_one_bulk_are_sorted_and_joined(void)
{
    struct world *w =
        world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, 'duration': "
                  "1}, {'name': 'b', "
                  "'tasks': 1, 'cores': 1, 'duration': 1.5}, {'name': 'c', 'tasks': 2, 'cores': 1, "
                  "'duration': 1, "
                  "'after': ['b']}, {'name': 'd', 'tasks': 2, 'cores': 1, 'duration': 1, 'after': "
                  "['a']}, {'name': "
                  "'e', 'tasks': 4, 'cores': 1, 'duration': 1, 'release': [3.5, 3.5, 4.5, 4.5]}]}",
                  0, NULL);
    w->client_s = 2.5;
    world_run(w);
    /* d and two of e are ready at 3.5; c at 4, and the rest of e at 4.5, while the client is busy
     * until 6 */
    driven_same_text(&w->arrivals, "2.5 0.0+1 2.5 1.0+1 6 3.0+2 6 4.0+2 8.5 2.0+2 8.5 4.2+2 ");
    world_free(w);
}

static void pipelines_submit_in_the_order_asked_for(void)
{
    static const int order[] = { 1, 0 };
    struct world *w = world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'cores': 1, "
                                "'duration': 2}, {'name': 'b', "
                                "'tasks': 3, 'cores': 1, 'duration': 2}], 'pipelines': [{'stages': "
                                "[['a']]}, {'stages': [['b']]}]}",
                                0, order);
    world_run(w);
    driven_same_text(&w->session.starts, "0 1.0#0 0 1.1#0 0 1.2#0 0 0.0#0 2 0.1#0 2 0.2#0 ");
    world_free(w);
}

static void a_failed_attempt_is_followed_by_the_next(void)
{
    struct world *w =
        world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, 'duration': "
                  "2.5, 'retries': 2}, "
                  "{'name': 'b', 'tasks': 1, 'cores': 1, 'duration': 1, 'after': ['a']}]}",
                  0, NULL);
    w->failures = 2;
    world_run(w);
    driven_same_text(&w->session.starts, "0 0.0#0 2.5 0.0#1 5 0.0#2 7.5 1.0#0 ");
    unit_near(w->session.drive.count.n_retries, 2, 0);
    unit_near(w->session.drive.count.n_done, 2, 0);
    unit_near(w->session.drive.count.n_again, 0, 0);
    world_free(w);
}

static void a_failure_for_good_cancels_its_descendants(void)
{
    struct world *w = world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, "
                                "'duration': 2.5, 'retries': 1}, "
                                "{'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 1, 'after': "
                                "['a']}, {'name': 'c', 'tasks': 5, "
                                "'cores': 1, 'duration': 1, 'after': ['b']}, {'name': 'd', "
                                "'tasks': 2, 'cores': 1, 'duration': 1}]}",
                                0, NULL);
    w->failures = 9;
    world_run(w);
    unit_near(w->session.drive.count.n_failed, 1, 0);
    unit_near(w->session.drive.count.n_cancelled, 8, 0);
    unit_near(w->session.drive.count.n_done, 2, 0);
    CU_ASSERT(readiness_complete(w->session.drive.readiness));
    world_free(w);
}

/* Two of set a run at a time: two fail at 2.5 and wait behind the other two, which run until the
 * end. */
static void the_walltime_ends_all_that_is_left(void)
{
    struct world *w =
        world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 2, 'duration': "
                  "2.5, 'retries': 3}, "
                  "{'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 1, 'after': ['a']}]}",
                  3.75, NULL);
    w->failures = 1;
    world_run(w);
    unit_near(w->n_stops, 1, 0);
    unit_near(w->session.drive.engine.now_s, 3.75, 0);
    unit_near(w->session.drive.count.n_killed, 2, 0);            /* two run */
    /* two have failed and wait for their next attempt */
    unit_near(w->session.drive.count.n_failed, 2, 0);
    unit_near(w->session.drive.count.n_cancelled, 3, 0);
    CU_ASSERT(w->session.drive.stopping);
    world_free(w);
}

static void a_resumed_session_repeats_nothing(void)
{
    struct world *w =
        world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'cores': 1, 'duration': "
                  "2.5, 'retries': 1}, "
                  "{'name': 'b', 'tasks': 1, 'cores': 1, 'duration': 1, 'after': ['a']}]}",
                  0, NULL);
    struct timeline *before = timeline_new(w->session.workflow, w->session.platform);
    const struct timeline_record done = { .task = 0 }, failed = { .task = 2 };
    timeline_add(before, &done, TASK_DONE, 0);
    timeline_add(before, &failed, TASK_FAILED, 0);
    driver_keep_records(&w->session.drive, true);
    driver_resume(&w->session.drive, before);
    world_run(w);
    driven_same_text(&w->session.starts, "0 0.1#0 0 0.2#1 2.5 1.0#0 ");
    unit_near(w->session.drive.count.n_done, 4, 0);
    unit_near(w->session.drive.count.n_retries, 0, 0);
    timeline_free(before);
    world_free(w);
}

static void what_never_ran_is_recorded_once(void)
{
    struct world *w = world_new(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 1, 'duration': 2.5}]}", 0,
        NULL);
    struct timeline *t = timeline_new(w->session.workflow, w->session.platform);
    driver_keep_records(&w->session.drive, true);
    driver_start(&w->session.drive);
    const struct attempt *a = &w->session.drive.attempts.at[1];
    struct timeline_record r = driver_record(&w->session.drive, a, a->stopped_s);
    driver_add_record(&w->session.drive, t, &r, TASK_DONE, a);
    uint32_t next = 0;
    CU_ASSERT(driver_add_cancelled(&w->session.drive, t, &next));
    CU_ASSERT(!driver_add_cancelled(&w->session.drive, t, &next));
    unit_near(t->records[0].task, 1, 0);
    unit_near(t->records[0].submitted_s, 0, 0);
    unit_near(t->records[0].stopped_s, 2.5, 0);
    unit_near(t->records[1].task, 0, 0);
    unit_near(t->status[1], TASK_CANCELLED, 0);
    unit_near(t->records[1].scheduled_s, NAN, 0);
    timeline_free(t);
    world_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(tasks_are_held_until_their_release),
                                              UNIT_TEST(a_busy_client_submits_in_order),
                                              UNIT_TEST(parts_of_one_bulk_are_sorted_and_joined),
                                              UNIT_TEST(pipelines_submit_in_the_order_asked_for),
                                              UNIT_TEST(a_failed_attempt_is_followed_by_the_next),
                                              UNIT_TEST(a_failure_for_good_cancels_its_descendants),
                                              UNIT_TEST(the_walltime_ends_all_that_is_left),
                                              UNIT_TEST(a_resumed_session_repeats_nothing),
                                              UNIT_TEST(what_never_ran_is_recorded_once),
                                              { NULL, NULL } };
    return unit_run("drive_submit", tests);
}
