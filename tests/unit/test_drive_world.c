/* The driver (drive/driver.h) in a scripted real world: wait() launches, advances the clock to the
 * next end or event, and tells of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/durations.h"
#include "tests/support/driven.h"
#include "tests/support/unit.h"

enum { MOST = 64 };

struct world {
    struct driven session;               /* starts: "TIME TASK " */
    double end_s[MOST];                  /* of each attempt; INFINITY: it does not run */
    size_t room_for, launches_a_turn;
    int never;                           /* this task cannot be started; -1: all can */
    double retry_s;
    size_t n_retries;                    /* passes that wanted a retry */
};

static enum start_result start(void *world, uint32_t id)
{
    struct world *w = world;
    struct attempt *a = &w->session.drive.attempts.at[id];
    if (w->session.drive.attempts.n_live >= w->room_for)
        return START_NO_ROOM;
    if ((int)a->task == w->never) {
        a->fails = true;
        driver_freed(&w->session.drive, id);
        driver_over(&w->session.drive, id);
        return START_NEVER;
    }
    str_addf(&w->session.starts, "%g %u ", w->session.drive.engine.now_s, a->task);
    w->end_s[id] = w->session.drive.engine.now_s +
                   durations_expected(w->session.workflow, (int)a->set, a->task);
    return START_STARTED;
}

static bool wait(void *world)
{
    struct world *w = world;
    struct driver *d = &w->session.drive;
    if (readiness_complete(d->readiness) || (d->stopping && d->attempts.n_live == 0))
        return false;
    driver_launch(d, w->launches_a_turn);
    double next_s = driver_can_launch(d) || (d->changed && !d->stopping)
                        ? d->engine.now_s
                        : event_queue_next_s(d->engine.queue);
    for (int id = 0; id < MOST; id++)
        next_s = fmin(next_s, w->end_s[id]);
    unit_must_be(next_s, <, INFINITY);
    d->engine.now_s = next_s;
    for (uint32_t id = 0; id < MOST; id++) {
        if (w->end_s[id] > next_s)
            continue;
        w->end_s[id] = INFINITY;
        driver_ended(d);
        driver_freed(d, id);
        driver_over(d, id);
    }
    return true;
}

static void on_event(void *world, struct event ev)
{
    (void)world;
    CU_ASSERT_EQUAL(ev.rank, EVENT_DEADLINE);
}

static double tick(void *world, bool again)
{
    struct world *w = world;
    CU_ASSERT(again);                    /* it does not poll */
    w->n_retries++;
    return w->retry_s > 0 ? w->session.drive.engine.now_s + w->retry_s : INFINITY;
}

static const struct world_ops ops = { .wait = wait, .event = on_event, .start = start,
                                      .tick = tick };

static struct world *world_new(const char *text, const char *scheduler)
{
    struct world *w = calloc(1, sizeof *w);
    const struct scenario how = { .mode = MODE_ASYNCHRONOUS,
                                  .scheduler = { .scheduler = scheduler } };
    w->room_for = w->launches_a_turn = MOST;
    w->never = -1;
    for (int id = 0; id < MOST; id++)
        w->end_s[id] = INFINITY;
    driven_init(&w->session, text, &how, &ops, NULL);
    return w;
}

static void world_run(struct world *w)
{
    driven_run(&w->session);
}

static void world_free(struct world *w)
{
    driven_clear(&w->session);
    free(w);
}

static const char five[] = "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 5, 'cores': 1, "
                           "'durations': [4, 3, 6.5, 2.25, 1]}]}";

static void placed_attempts_start_in_their_order(void)
{
    struct world *w = world_new(five, NULL);
    world_run(w);
    driven_same_text(&w->session.starts, "0 0 0 1 0 2 0 3 2.25 4 ");
    unit_near(w->session.drive.engine.now_s, 6.5, 0);
    world_free(w);
}

static void the_cap_holds_back_launches_not_placements(void)
{
    struct world *w = world_new(five, NULL);
    w->session.drive.attempts.live_cap = 2;
    driver_start(&w->session.drive);
    unit_near(w->session.drive.attempts.n, 4, 0);
    driver_run(&w->session.drive);
    driven_same_text(&w->session.starts, "0 0 0 1 3 2 4 3 6.25 4 ");
    world_free(w);
}

static void a_turn_launches_a_few(void)
{
    struct world *w = world_new(five, NULL);
    w->launches_a_turn = 3;
    driver_start(&w->session.drive);
    CU_ASSERT(wait(w));
    unit_near(w->session.drive.attempts.n_live, 3, 0);
    CU_ASSERT(driver_can_launch(&w->session.drive));
    driver_run(&w->session.drive);
    driven_same_text(&w->session.starts, "0 0 0 1 0 2 0 3 2.25 4 ");
    world_free(w);
}

static void without_room_an_attempt_stays_first_in_the_queue(void)
{
    struct world *w = world_new(five, NULL);
    w->room_for = 2;
    driver_start(&w->session.drive);
    CU_ASSERT(wait(w));
    if (driver_can_launch(&w->session.drive))
        unit_is(w->session.drive.engine.now_s, >, 0);
    driver_run(&w->session.drive);
    driven_same_text(&w->session.starts, "0 0 0 1 3 2 4 3 6.25 4 ");
    unit_near(w->session.drive.count.n_done, 5, 0);
    unit_near(w->session.drive.count.n_failed, 0, 0);
    world_free(w);
}

static void an_attempt_that_cannot_start_frees_its_slots(void)
{
    struct world *w = world_new(five, NULL);
    w->never = 1;
    world_run(w);
    driven_same_text(&w->session.starts, "0 0 0 2 0 3 0 4 ");
    unit_near(w->session.drive.count.n_failed, 1, 0);
    unit_near(w->session.drive.count.n_done, 4, 0);
    world_free(w);
}

static void stopping_places_and_launches_nothing_more(void)
{
    struct world *w = world_new(five, NULL);
    w->launches_a_turn = 2;
    driver_start(&w->session.drive);
    CU_ASSERT(wait(w));
    w->session.drive.stopping = true;
    driver_run(&w->session.drive);
    driven_same_text(&w->session.starts, "0 0 0 1 ");
    unit_near(w->session.drive.count.n_done, 2, 0);
    unit_near(w->session.drive.attempts.n_live, 0, 0);
    world_free(w);
}

static void releases_wake_a_waiting_world(void)
{
    struct world *w = world_new("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'cores': 1, "
                                "'duration': 1, 'release': [0.5, 0, "
                                "4.75]}]}",
                                NULL);
    world_run(w);
    driven_same_text(&w->session.starts, "0 1 0.5 0 4.75 2 ");
    world_free(w);
}

/* RADICAL's scheduler wants another pass while tasks wait: one each idle interval; a pass for
 * another reason puts it off. */
static void a_retry_follows_the_last_pass(void)
{
    struct world *w = world_new(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 4, 'duration': 10.5}]}",
        "radical");
    w->retry_s = 4;
    world_run(w);
    driven_same_text(&w->session.starts, "0 0 10.5 1 ");
    /* after the passes at 0, 4 and 8; that at 10.5 leaves nothing waiting */
    unit_near(w->n_retries, 3, 0);
    world_free(w);
}

static void without_an_interval_nothing_is_retried(void)
{
    struct world *w = world_new(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 4, 'duration': 10.5}]}",
        "radical");
    world_run(w);
    driven_same_text(&w->session.starts, "0 0 10.5 1 ");
    unit_near(w->n_retries, 1, 0);
    world_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(placed_attempts_start_in_their_order),
        UNIT_TEST(the_cap_holds_back_launches_not_placements),
        UNIT_TEST(a_turn_launches_a_few),
        UNIT_TEST(without_room_an_attempt_stays_first_in_the_queue),
        UNIT_TEST(an_attempt_that_cannot_start_frees_its_slots),
        UNIT_TEST(stopping_places_and_launches_nothing_more),
        UNIT_TEST(releases_wake_a_waiting_world),
        UNIT_TEST(a_retry_follows_the_last_pass),
        UNIT_TEST(without_an_interval_nothing_is_retried),
        { NULL, NULL }
    };
    return unit_run("drive_world", tests);
}
