/* Runs of the executor on a backend that is a script: lost nodes, timeouts, caps, no room. */
#include "validation/executor/run.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/scratch.h"
#include "tests/support/scripted_run.h"
#include "tests/support/unit.h"

/* The scripted backend, with a node that is lost when `lost_after` tasks have ended. */
static const struct executor_ops *const scripted = &executor_scripted;
static size_t n_ended, lost_after;
static uint32_t lost_node;

static size_t losing_wait(struct executor *e, double until_s, struct executor_event *events,
                          size_t room)
{
    size_t n = scripted->wait(e, until_s, events, room - 1);
    bool before = n_ended < lost_after;
    n_ended += n;
    if (before && n_ended >= lost_after)
        events[n++] = (struct executor_event){ .kind = EXECUTOR_NODE_LOST, .id = lost_node };
    return n;
}

/* Most tasks at once: at some task's start. */
static size_t most_running(const struct timeline *t)
{
    size_t most = 0;
    for (size_t i = 0; i < t->n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < t->n; k++)
            n += t->records[k].started_s <= t->records[i].started_s &&
                 t->records[k].stopped_s > t->records[i].started_s;
        most = n > most ? n : most;
    }
    return most;
}

static struct run_plan losing(struct executor_ops *ops, uint32_t node, size_t after)
{
    *ops = *scripted;
    ops->wait = losing_wait;
    n_ended = 0;
    lost_after = after;
    lost_node = node;
    return (struct run_plan){ .backend = ops };
}

/* Every attempt fails and none may be retried. Those on the lost node are started again on the
 * other one, where they fail for good. */
static void what_a_lost_node_ends_uses_up_no_retry(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 8, 'cores': 1, 'duration': {'distribution': "
                          "'uniform', 'min': 1, 'max': 9}, "
                          "'failure_probability': 1}");
    struct executor_ops ops;
    size_t killed = 0, failed = 0;
    CU_ASSERT_EQUAL(scripted_run(&r, losing(&ops, 0, 1)), 0);
    for (size_t i = 0; i < r.timeline->n; i++) {
        struct timeline_slots slots;
        CU_ASSERT_FATAL(timeline_slots_first(r.timeline, i, &slots));
        killed += r.timeline->status[i] == TASK_KILLED;
        failed += r.timeline->status[i] == TASK_FAILED;
        if (r.timeline->status[i] == TASK_KILLED)
            unit_is(slots.node, ==, 0);
        if (timeline_attempt(r.timeline, i) > 0)
            unit_is(slots.node, ==, 1);
    }
    unit_is(killed, >=, 3);
    unit_is(killed, <=, 4);
    CU_ASSERT_EQUAL(failed, 8);
    CU_ASSERT_EQUAL(timeline_check(r.timeline, &r.err), 0);
    unit_has(r.heard.text, " of a was lost with its node; it is started again\n");
    scripted_run_clear(&r);
}

static void nothing_starts_on_a_lost_node(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 24, 'cores': 1, 'duration': 2.5}");
    struct executor_ops ops;
    CU_ASSERT_EQUAL(scripted_run(&r, losing(&ops, 1, 8)), 0);
    CU_ASSERT(r.out.complete);
    unit_is(r.out.n_done, ==, 24);
    CU_ASSERT_STRING_EQUAL(r.heard.text, "node n1 is lost: nothing more is started there\n");
    size_t later_there = 0, later_elsewhere = 0;
    for (size_t i = 0; i < r.timeline->n; i++) {
        struct timeline_slots s;
        CU_ASSERT_FATAL(timeline_slots_first(r.timeline, i, &s));
        later_there += s.node == 1 && r.timeline->records[i].scheduled_s >= 2.5;
        later_elsewhere += s.node == 0 && r.timeline->records[i].scheduled_s >= 2.5;
    }
    unit_is(later_there, ==, 0);
    unit_is(later_elsewhere, ==, 16);
    unit_near(timeline_makespan(r.timeline), 2.5 + 4 * 2.5, 1e-12);
    scripted_run_clear(&r);
}

static void a_run_that_cannot_go_on_says_so(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 5, 'ranks': 2, 'cores': 3, 'duration': 2.5}");
    struct executor_ops ops;
    CU_ASSERT_EQUAL(scripted_run(&r, losing(&ops, 0, 2)), -1);
    CU_ASSERT_STRING_EQUAL(r.err.text,
                           "3 tasks wait, and no node is left that can hold one of them");
    unit_is(r.timeline->n, ==, 2);
    CU_ASSERT_FALSE(r.out.complete);
    unit_is(r.out.n_done, ==, 2);
    scripted_run_clear(&r);
}

static void timeouts_end_attempts_and_retries_follow(void)
{
    struct scripted_run r;
    scripted_run_init(
        &r, "{'name': 'a', 'tasks': 1, 'cores': 1, 'duration': 10, 'timeout': 4, 'retries': 2},"
            " {'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 1, 'after': ['a']},"
            " {'name': 'c', 'tasks': 2, 'cores': 1, 'duration': 7}");
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = scripted }), 0);
    CU_ASSERT(r.out.complete);
    unit_is(r.out.n_done, ==, 2);
    unit_is(r.out.n_failed, ==, 1);
    unit_is(r.out.n_cancelled, ==, 3);
    unit_is(r.out.n_retries, ==, 2);
    unit_is(r.told.n_done, ==, 2);
    unit_is(r.told.n_failed, ==, 1);
    unit_is(r.told.n_cancelled, ==, 3);
    unit_is(r.told.n_running, ==, 0);
    timeline_sort(r.timeline);
    CU_ASSERT_EQUAL(timeline_check(r.timeline, &r.err), 0);
    unit_near(timeline_last_stop(r.timeline), 12, 1e-12); /* three attempts of 4 s */
    unit_has(r.heard.text,
             "task 0 of a was ended after its timeout of 4 s; attempt 3 of 3 follows");
    scripted_run_clear(&r);
}

static void the_cap_and_the_stop_are_kept(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 8, 'cores': 1, 'duration': 2.5}, {'name': 'b', "
                          "'tasks': 40, 'cores': 1, 'duration': 3, "
                          "'failure_probability': 0.3}");
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = scripted, .live_cap = 3 }), 0);
    CU_ASSERT(r.out.complete);
    unit_is(most_running(r.timeline), ==, 3);
    unit_is(r.out.n_failed, >, 0);
    unit_is(r.out.n_done + r.out.n_failed, ==, 48);
    CU_ASSERT_EQUAL(
        scripted_run(&r, (struct run_plan){ .backend = scripted, .stop_on_failure = true }), 0);
    CU_ASSERT_FALSE(r.out.complete);
    CU_ASSERT(r.out.stopped);
    unit_is(r.out.n_failed, ==, 1);
    unit_is(r.out.n_done + r.out.n_failed, ==, r.timeline->n);
    scripted_run_clear(&r);
}

/* The scripted backend on a machine with room for `room_for` tasks. */
static size_t n_live, room_for;

static int cramped_start(struct executor *e, const struct executor_task *task, struct error *err)
{
    if (n_live >= room_for) {
        error_set(err, "cannot run 'none': Resource temporarily unavailable");
        return EXECUTOR_NO_ROOM;
    }
    n_live++;
    return scripted->start(e, task, err);
}

static size_t cramped_wait(struct executor *e, double until_s, struct executor_event *events,
                           size_t room)
{
    size_t n = scripted->wait(e, until_s, events, room);
    n_live -= n;
    return n;
}

static void without_room_tasks_wait_and_have_not_failed(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 9, 'cores': 1, 'duration': 2.5}");
    struct executor_ops ops = *scripted;
    ops.start = cramped_start;
    ops.wait = cramped_wait;
    n_live = 0;
    room_for = 3;
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = &ops }), 0);
    unit_is(r.out.n_done, ==, 9);
    unit_is(r.out.n_failed, ==, 0);
    CU_ASSERT_EQUAL(most_running(r.timeline), 3);
    unit_near(timeline_makespan(r.timeline), 3 * 2.5, 1e-12);
    CU_ASSERT_STRING_EQUAL(r.heard.text, "cannot run 'none': Resource temporarily unavailable; "
                                         "with 3 tasks running, the others wait for one to end\n");
    room_for = 0;
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = &ops }), -1);
    CU_ASSERT_STRING_EQUAL(r.err.text, "cannot run 'none': Resource temporarily unavailable");
    unit_is(r.timeline->n, ==, 0);
    unit_is(r.out.n_failed, ==, 0);
    scripted_run_clear(&r);
}

/* Files made in a folder since it is watched; their ends are watched too, for events alike that
 * follow each other are one. */
static size_t files_made(int watch)
{
    _Alignas(struct inotify_event) char events[1 << 14];
    size_t n = 0;
    for (ssize_t got; (got = read(watch, events, sizeof events)) > 0;)
        for (const char *at = events; at < events + got;) {
            const struct inotify_event *event = (const struct inotify_event *)at;
            n += (event->mask & (IN_CREATE | IN_ISDIR)) == IN_CREATE;
            at += sizeof *event + event->len;
        }
    return n;
}

/* Whether the run's folder still has room is tried by a file: for each turn in which attempts fail,
 * not for each attempt. */
static void room_is_asked_for_once_a_turn(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 24, 'cores': 1, 'duration': 10, 'timeout': 4}");
    char *folder = scratch_new();
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    unit_must_be(watch, >=, 0);
    unit_must_be(inotify_add_watch(watch, folder, IN_CREATE | IN_DELETE), >=, 0);
    r.folder = folder;
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = scripted }), 0);
    unit_is(r.out.n_failed, ==, 24);
    CU_ASSERT_EQUAL(files_made(watch), 3); /* eight at once */
    r.folder = NULL;
    close(watch);
    scratch_free(folder);
    scripted_run_clear(&r);
}

/* The scripted backend with tasks that end in their own time, and an interruption at the first end.
 */
static size_t n_waits;

static size_t interrupted_wait(struct executor *e, double until_s, struct executor_event *events,
                               size_t room)
{
    bool spins = ++n_waits > 1000; /* the loop asks again and again for what is there already */
    size_t n = scripted->wait(e, spins ? INFINITY : until_s, events, room - 1);
    bool before = n_ended > 0;
    n_ended += n;
    if (!before && n_ended > 0)
        events[n++] = (struct executor_event){ .kind = EXECUTOR_INTERRUPTED };
    return n;
}

static void never_stop(struct executor *e, uint32_t id, bool force)
{
    (void)e, (void)id, (void)force;
}

static void an_interrupted_run_sleeps_until_its_last_tasks_end(void)
{
    struct scripted_run r;
    scripted_run_init(&r,
                      "{'name': 'a', 'tasks': 4, 'cores': 1, 'durations': [2.5, 3.5, 4.5, 5.5]}, "
                      "{'name': 'b', 'tasks': 40, 'cores': 1, 'duration': 7}");
    struct executor_ops ops = *scripted;
    ops.wait = interrupted_wait;
    ops.stop = never_stop;
    n_waits = n_ended = 0;
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = &ops }), 0);
    CU_ASSERT(r.out.interrupted);
    unit_near(r.out.n_done, 8, 0); /* those that ran; the 36 others were not begun */
    /* one each for the ends at 2.5, 3.5, 4.5, 5.5 and 7, and the deadline at 4 */
    unit_near((double)n_waits, 6, 0);
    scripted_run_clear(&r);
}

static void an_early_interruption_begins_nothing(void)
{
    struct scripted_run r;
    scripted_run_init(&r, "{'name': 'a', 'tasks': 9, 'cores': 1, 'duration': 2.5}");
    atomic_bool flag = false;
    const struct run_plan plan = { .backend = scripted, .interrupted = &flag };
    CU_ASSERT_EQUAL(scripted_run(&r, plan), 0);
    CU_ASSERT(r.out.complete);
    flag = true;
    CU_ASSERT_EQUAL(scripted_run(&r, plan), 0);
    CU_ASSERT(r.out.interrupted);
    CU_ASSERT_FALSE(r.out.complete);
    unit_is(r.out.n_done, ==, 0);
    unit_is(r.timeline->n, ==, 0);
    scripted_run_clear(&r);
}

/* Where the run's folder has no room left, which a limit of the size of files stands for, tasks
 * fail for want of it: the run stops, and none of them has failed. */
static void without_room_no_task_has_failed(void)
{
    struct scripted_run r;
    scripted_run_init(
        &r, "{'name': 'a', 'tasks': 8, 'cores': 1, 'duration': 2.5, 'failure_probability': 1}");
    struct rlimit before, small;
    char *folder = scratch_new();
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    r.folder = folder;
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = scripted }), 0);
    unit_is(r.out.n_failed, ==, 8);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ .rlim_cur = 1000, .rlim_max = before.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    CU_ASSERT_EQUAL(scripted_run(&r, (struct run_plan){ .backend = scripted }), -1);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    unit_is(strncmp(r.err.text, folder, strlen(folder)), ==, 0);
    unit_has(r.err.text, ": cannot write: File too large");
    unit_is(r.timeline->n, ==, 0);
    unit_is(r.out.n_failed, ==, 0);
    CU_ASSERT_FALSE(r.out.complete);
    r.folder = NULL;
    scratch_free(folder);
    scripted_run_clear(&r);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(nothing_starts_on_a_lost_node),
        UNIT_TEST(what_a_lost_node_ends_uses_up_no_retry),
        UNIT_TEST(a_run_that_cannot_go_on_says_so),
        UNIT_TEST(timeouts_end_attempts_and_retries_follow),
        UNIT_TEST(the_cap_and_the_stop_are_kept),
        UNIT_TEST(without_room_tasks_wait_and_have_not_failed),
        UNIT_TEST(without_room_no_task_has_failed),
        UNIT_TEST(room_is_asked_for_once_a_turn),
        UNIT_TEST(an_interrupted_run_sleeps_until_its_last_tasks_end),
        UNIT_TEST(an_early_interruption_begins_nothing),
        { NULL, NULL },
    };
    return unit_run("run", tests);
}
