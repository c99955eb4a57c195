#include "validation/executor/run.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

/* The scripted backend, with a node that is lost when `lost_after` tasks have ended. */
static const struct executor_ops *const scripted = &executor_scripted;
static size_t n_ended, lost_after;
static uint32_t lost_node;

static size_t losing_wait(struct executor *e, double until_s, struct executor_event *events, size_t room)
{
    size_t n = scripted->wait(e, until_s, events, room - 1);
    bool before = n_ended < lost_after;
    n_ended += n;
    if (before && n_ended >= lost_after)
        events[n++] = (struct executor_event){ .kind = EXECUTOR_NODE_LOST, .id = lost_node };
    return n;
}

struct heard { struct str text; };

static void hear(void *context, const char *sentence)
{
    struct heard *h = context;
    str_addf(&h->text, "%s\n", sentence);
}

/* Most tasks at once: at some task's start. */
static size_t most_running(const struct timeline *t)
{
    size_t most = 0;
    for (size_t i = 0; i < t->n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < t->n; k++)
            n += t->records[k].started_s <= t->records[i].started_s && t->records[k].stopped_s > t->records[i].started_s;
        most = n > most ? n : most;
    }
    return most;
}

struct given { struct workflow *workflow; struct platform *platform; struct middleware *ideal; struct scenario scenario; };

static struct given given(const char *sets)
{
    char *text = str_format("{'name': 'w', 'task_sets': [%s]}", sets);
    struct given g = { given_workflow(text), given_platform("{'name': 'p', 'nodes': [{'name': 'n', 'count': 2, 'cores': 4}]}"),
                       middleware_ideal(), { 0 } };
    g.scenario = (struct scenario){ .workflow = g.workflow, .platform = g.platform, .middleware = g.ideal, .mode = MODE_ASYNCHRONOUS,
                                    .seed = 1, .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" } };
    free(text);
    return g;
}

static void given_clear(struct given *g)
{
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->ideal);
}

static const char *run_folder;           /* NULL: none */
static struct run_progress last_told;

static void turned(void *context, const struct run_progress *p)
{
    (void)context;
    last_told = *p;
}

static int run(const struct given *g, struct run_plan plan, struct timeline *t, struct run_outcome *out, struct heard *heard,
               struct error *err)
{
    char *nothing[] = { NULL };
    const struct executor_setup setup = { .platform = g->platform, .run_id = "test", .environment = nothing, .task_program = "none",
                                          .folder = run_folder };
    plan.scenario = &g->scenario;
    plan.setup = &setup;
    plan.grace_s = 1.5;
    plan.hooks = (struct run_hooks){ .context = heard, .say = hear, .turned = turned };
    return run_workflow(&plan, t, out, err);
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

/* Every attempt fails and none may be retried. Those on the lost node are started again on the other one, where they fail for good. */
static void what_a_lost_node_ends_uses_up_no_retry(void)
{
    struct given g = given("{'name': 'a', 'tasks': 8, 'cores': 1, 'duration': {'distribution': 'uniform', 'min': 1, 'max': 9}, "
                           "'failure_probability': 1}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct executor_ops ops;
    struct run_outcome out;
    struct error err = { "" };
    size_t killed = 0, failed = 0;
    CU_ASSERT_EQUAL(run(&g, losing(&ops, 0, 1), t, &out, &heard, &err), 0);
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots slots;
        CU_ASSERT_FATAL(timeline_slots_first(t, i, &slots));
        killed += t->status[i] == TASK_KILLED;
        failed += t->status[i] == TASK_FAILED;
        CU_ASSERT(t->status[i] != TASK_KILLED || slots.node == 0);
        CU_ASSERT(timeline_attempt(t, i) == 0 || slots.node == 1);
    }
    CU_ASSERT(killed >= 3 && killed <= 4);
    CU_ASSERT_EQUAL(failed, 8);
    CU_ASSERT_EQUAL(timeline_check(t, &err), 0);
    CU_ASSERT(strstr(heard.text.text, " of a was lost with its node; it is started again\n") != NULL);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

static void nothing_starts_on_a_lost_node(void)
{
    struct given g = given("{'name': 'a', 'tasks': 24, 'cores': 1, 'duration': 2.5}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct executor_ops ops;
    struct run_outcome out;
    struct error err = { "" };
    CU_ASSERT(run(&g, losing(&ops, 1, 8), t, &out, &heard, &err) == 0 && out.complete && out.n_done == 24);
    CU_ASSERT_STRING_EQUAL(heard.text.text, "node n1 is lost: nothing more is started there\n");
    size_t later_there = 0, later_elsewhere = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots s;
        CU_ASSERT_FATAL(timeline_slots_first(t, i, &s));
        later_there += s.node == 1 && t->records[i].scheduled_s >= 2.5;
        later_elsewhere += s.node == 0 && t->records[i].scheduled_s >= 2.5;
    }
    CU_ASSERT(later_there == 0 && later_elsewhere == 16);
    CU_ASSERT_DOUBLE_EQUAL(timeline_makespan(t), 2.5 + 4 * 2.5, 1e-12);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

static void a_run_that_cannot_go_on_says_so(void)
{
    struct given g = given("{'name': 'a', 'tasks': 5, 'ranks': 2, 'cores': 3, 'duration': 2.5}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct executor_ops ops;
    struct run_outcome out = { 0 };
    struct error err = { "" };
    CU_ASSERT(run(&g, losing(&ops, 0, 2), t, &out, &heard, &err) == -1);
    CU_ASSERT_STRING_EQUAL(err.text, "3 tasks wait, and no node is left that can hold one of them");
    CU_ASSERT(t->n == 2 && !out.complete && out.n_done == 2);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

static void timeouts_end_attempts_and_retries_follow(void)
{
    struct given g = given("{'name': 'a', 'tasks': 1, 'cores': 1, 'duration': 10, 'timeout': 4, 'retries': 2},"
                           " {'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 1, 'after': ['a']},"
                           " {'name': 'c', 'tasks': 2, 'cores': 1, 'duration': 7}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out;
    struct error err = { "" };
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted }, t, &out, &heard, &err) == 0);
    CU_ASSERT(out.complete && out.n_done == 2 && out.n_failed == 1 && out.n_cancelled == 3 && out.n_retries == 2);
    CU_ASSERT(last_told.n_done == 2 && last_told.n_failed == 1 && last_told.n_cancelled == 3 && last_told.n_running == 0);
    timeline_sort(t);
    CU_ASSERT(timeline_check(t, &err) == 0);
    CU_ASSERT_DOUBLE_EQUAL(timeline_last_stop(t), 12, 1e-12);            /* three attempts of 4 s */
    CU_ASSERT(heard.text.text && strstr(heard.text.text, "task 0 of a was ended after its timeout of 4 s; attempt 3 of 3 follows") != NULL);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

static void the_cap_and_the_stop_are_kept(void)
{
    struct given g = given("{'name': 'a', 'tasks': 8, 'cores': 1, 'duration': 2.5}, {'name': 'b', 'tasks': 40, 'cores': 1, 'duration': 3, "
                           "'failure_probability': 0.3}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out;
    struct error err = { "" };
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted, .live_cap = 3 }, t, &out, &heard, &err) == 0 && out.complete);
    CU_ASSERT(most_running(t) == 3 && out.n_failed > 0 && out.n_done + out.n_failed == 48);
    timeline_clear(t);
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted, .stop_on_failure = true }, t, &out, &heard, &err) == 0);
    CU_ASSERT(!out.complete && out.stopped && out.n_failed == 1 && out.n_done + out.n_failed == t->n);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
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

static size_t cramped_wait(struct executor *e, double until_s, struct executor_event *events, size_t room)
{
    size_t n = scripted->wait(e, until_s, events, room);
    n_live -= n;
    return n;
}

static void without_room_tasks_wait_and_have_not_failed(void)
{
    struct given g = given("{'name': 'a', 'tasks': 9, 'cores': 1, 'duration': 2.5}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out = { 0 };
    struct error err = { "" };
    struct executor_ops ops = *scripted;
    ops.start = cramped_start;
    ops.wait = cramped_wait;
    n_live = 0;
    room_for = 3;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = &ops }, t, &out, &heard, &err) == 0 && out.n_done == 9 && out.n_failed == 0);
    CU_ASSERT(most_running(t) == 3);
    CU_ASSERT_DOUBLE_EQUAL(timeline_makespan(t), 3 * 2.5, 1e-12);
    CU_ASSERT_STRING_EQUAL(heard.text.text,
                           "cannot run 'none': Resource temporarily unavailable; with 3 tasks running, the others wait for one to end\n");
    timeline_clear(t);
    room_for = 0;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = &ops }, t, &out, &heard, &err) == -1);
    CU_ASSERT_STRING_EQUAL(err.text, "cannot run 'none': Resource temporarily unavailable");
    CU_ASSERT(t->n == 0 && out.n_failed == 0);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

/* Files made in a folder since it is watched; their ends are watched too, for events alike that follow each other are one. */
static size_t files_made(int watch)
{
    _Alignas(struct inotify_event) char events[1 << 14];
    size_t n = 0;
    for (ssize_t got; (got = read(watch, events, sizeof events)) > 0;)
        for (const char *at = events; at < events + got; at += sizeof(struct inotify_event) + ((const struct inotify_event *)at)->len)
            n += (((const struct inotify_event *)at)->mask & (IN_CREATE | IN_ISDIR)) == IN_CREATE;
    return n;
}

/* Whether the run's folder still has room is tried by a file: for each turn in which attempts fail, not for each attempt. */
static void room_is_asked_for_once_a_turn(void)
{
    struct given g = given("{'name': 'a', 'tasks': 24, 'cores': 1, 'duration': 10, 'timeout': 4}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out = { 0 };
    struct error err = { "" };
    char *folder = scratch_new();
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    CU_ASSERT_FATAL(watch >= 0 && inotify_add_watch(watch, folder, IN_CREATE | IN_DELETE) >= 0);
    run_folder = folder;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted }, t, &out, &heard, &err) == 0 && out.n_failed == 24);
    CU_ASSERT(files_made(watch) == 3);           /* eight at once */
    run_folder = NULL;
    close(watch);
    scratch_free(folder);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

/* The scripted backend with tasks that end in their own time, and an interruption at the first end. */
static size_t n_waits;

static size_t interrupted_wait(struct executor *e, double until_s, struct executor_event *events, size_t room)
{
    bool spins = ++n_waits > 1000;       /* the loop asks again and again for what is there already */
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
    struct given g = given("{'name': 'a', 'tasks': 4, 'cores': 1, 'durations': [2.5, 3.5, 4.5, 5.5]}, "
                           "{'name': 'b', 'tasks': 40, 'cores': 1, 'duration': 7}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out;
    struct error err = { "" };
    struct executor_ops ops = *scripted;
    ops.wait = interrupted_wait;
    ops.stop = never_stop;
    n_waits = n_ended = 0;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = &ops }, t, &out, &heard, &err) == 0);
    CU_ASSERT(out.interrupted);
    unit_near(out.n_done, 8, 0);         /* those that ran; the 36 others were not begun */
    unit_near((double)n_waits, 6, 0);    /* one each for the ends at 2.5, 3.5, 4.5, 5.5 and 7, and the deadline at 4 */
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

static void an_early_interruption_begins_nothing(void)
{
    struct given g = given("{'name': 'a', 'tasks': 9, 'cores': 1, 'duration': 2.5}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out;
    struct error err = { "" };
    atomic_bool flag = false;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted, .interrupted = &flag }, t, &out, &heard, &err) == 0 && out.complete);
    timeline_clear(t);
    flag = true;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted, .interrupted = &flag }, t, &out, &heard, &err) == 0);
    CU_ASSERT(out.interrupted && !out.complete && out.n_done == 0 && t->n == 0);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

/* Where the run's folder has no room left, which a limit of the size of files stands for, tasks fail for want of it: the run stops, and
 * none of them has failed. */
static void without_room_no_task_has_failed(void)
{
    struct given g = given("{'name': 'a', 'tasks': 8, 'cores': 1, 'duration': 2.5, 'failure_probability': 1}");
    struct timeline *t = timeline_new(g.workflow, g.platform);
    struct heard heard = { 0 };
    struct run_outcome out = { 0 };
    struct error err = { "" };
    struct rlimit before, small;
    char *folder = scratch_new();
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    run_folder = folder;
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted }, t, &out, &heard, &err) == 0 && out.n_failed == 8);
    timeline_clear(t);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ .rlim_cur = 1000, .rlim_max = before.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    CU_ASSERT(run(&g, (struct run_plan){ .backend = scripted }, t, &out, &heard, &err) == -1);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    CU_ASSERT(strncmp(err.text, folder, strlen(folder)) == 0 && strstr(err.text, ": cannot write: File too large") != NULL);
    CU_ASSERT(t->n == 0 && out.n_failed == 0 && !out.complete);
    run_folder = NULL;
    scratch_free(folder);
    str_clear(&heard.text);
    timeline_free(t);
    given_clear(&g);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(nothing_starts_on_a_lost_node), UNIT_TEST(what_a_lost_node_ends_uses_up_no_retry),
                                              UNIT_TEST(a_run_that_cannot_go_on_says_so),
                                              UNIT_TEST(timeouts_end_attempts_and_retries_follow), UNIT_TEST(the_cap_and_the_stop_are_kept),
                                              UNIT_TEST(without_room_tasks_wait_and_have_not_failed),
                                              UNIT_TEST(without_room_no_task_has_failed), UNIT_TEST(room_is_asked_for_once_a_turn),
                                              UNIT_TEST(an_interrupted_run_sleeps_until_its_last_tasks_end),
        UNIT_TEST(an_early_interruption_begins_nothing), { NULL, NULL } };
    return unit_run("run", tests);
}
