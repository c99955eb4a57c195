/* Records on their way from the simulator to a sink. Oracle: the timeline that is recorded whole,
 * its own order and invariants; what the simulator holds is counted. */
#include "sim/simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

struct seen {
    struct timeline *all;                /* all pieces, joined */
    size_t calls, most;                  /* most records in a piece, with those not handed on */
    double last_start_s;
    bool ordered;
};

static void take(void *context, const struct timeline *piece, size_t n)
{
    struct seen *seen = context;

    seen->calls++;
    seen->most = piece->n > seen->most ? piece->n : seen->most;
    for (size_t i = 0; i < n; i++) {
        timeline_add_copy(seen->all, piece, i);
        seen->ordered = seen->ordered && !(piece->records[i].started_s < seen->last_start_s);
        seen->last_start_s = fmax(seen->last_start_s, piece->records[i].started_s);
    }
    seen->all->session_start_s = piece->session_start_s;
    seen->all->session_end_s = piece->session_end_s;
}

static bool same_time(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_slots(const struct timeline *a, const struct timeline *b, size_t i)
{
    struct timeline_slots x, y;
    bool more = timeline_slots_first(a, i, &x), same = more == timeline_slots_first(b, i, &y);

    while (same && more) {
        same = x.node == y.node && x.n_cores == y.n_cores && x.n_gpus == y.n_gpus &&
               x.gpu_share == y.gpu_share &&
               memcmp(x.cores, y.cores, (x.n_cores + x.n_gpus) * sizeof *x.cores) == 0;
        more = timeline_slots_next(&x);
        same = same && more == timeline_slots_next(&y);
    }
    return same;
}

static bool same_record(const struct timeline *a, const struct timeline *b, size_t i)
{
    const struct timeline_record *x = &a->records[i], *y = &b->records[i];

    return x->task == y->task && a->status[i] == b->status[i] &&
           timeline_attempt(a, i) == timeline_attempt(b, i) &&
           same_time(x->submitted_s, y->submitted_s) && same_time(x->arrived_s, y->arrived_s) &&
           same_time(x->scheduled_s, y->scheduled_s) && same_time(x->started_s, y->started_s) &&
           same_time(x->stopped_s, y->stopped_s) && same_time(x->freed_s, y->freed_s) &&
           same_time(x->notified_s, y->notified_s) && same_slots(a, b, i);
}

static bool same_timeline(const struct timeline *a, const struct timeline *b)
{
    bool same = a->n == b->n && a->session_start_s == b->session_start_s &&
                a->session_end_s == b->session_end_s;

    for (size_t i = 0; same && i < a->n; i++)
        same = same_record(a, b, i);
    return same;
}

static struct scenario scenario_of(struct workflow *w, struct platform *p, struct middleware *m,
                                   uint64_t number)
{
    struct scheduler_options options = { 0 };

    return (struct scenario){ .workflow = w,
                              .platform = p,
                              .middleware = m,
                              .mode = (enum mode)(number % 3),
                              .seed = number,
                              .scheduler = scheduler_options_resolve(&options, m) };
}

/* Streams replica 0; what came is the whole timeline, in its order, and can have happened. */
static struct seen streamed(const struct scenario *s, struct replica *out)
{
    struct seen seen = { .all = timeline_new(s->workflow, s->platform), .last_start_s = -1,
                         .ordered = true };
    struct record_sink sink = { take, &seen };
    struct timeline *whole = timeline_new(s->workflow, s->platform);
    struct error err = { "" };
    struct simulator *sim = simulator_new(s, &err);
    struct replica again;

    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    simulator_stream(sim, 0, &sink, out);
    simulator_run(sim, 0, whole, &again);
    unit_is(again.session_s, ==, out->session_s);
    unit_is(again.n_done, ==, out->n_done);
    CU_ASSERT(seen.ordered);
    CU_ASSERT(same_timeline(seen.all, whole));
    timeline_sort(whole);
    CU_ASSERT(same_timeline(seen.all, whole));
    unit_is(timeline_check(seen.all, &err), ==, 0);
    timeline_free(whole);
    simulator_free(sim);
    return seen;
}

static size_t count(const struct timeline *t, enum task_status status)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n += t->status[i] == status;
    return n;
}

/* Random workflows through a middleware, to their end and into a wall: the figures are those of the
 * records. */
static void the_stream_is_the_timeline(void)
{
    const struct given_limits limits = { .max_sets = 5, .max_tasks = 40, .varying = true };

    for (uint64_t number = 0; number < 60; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct middleware *m = number % 2 ? middleware_ideal() : known_middleware();
        struct scenario s = scenario_of(w, p, m, number);
        struct replica out;
        struct seen free_run = streamed(&s, &out);

        unit_is(count(free_run.all, TASK_DONE), ==, w->n_tasks);
        unit_is(free_run.all->n, ==, w->n_tasks);
        s.walltime_s = out.session_s * given_draw(number, 1);
        struct seen cut = streamed(&s, &out);

        unit_is(count(cut.all, TASK_DONE), ==, out.n_done);
        unit_is(count(cut.all, TASK_KILLED), ==, out.n_killed);
        unit_is(count(cut.all, TASK_CANCELLED), ==, out.n_cancelled);
        timeline_free(free_run.all);
        timeline_free(cut.all);
        middleware_free(m);
        platform_free(p);
        workflow_free(w);
    }
}

/* 60000 tasks, 64 at once, some of them as long as a third of the session: a piece holds what runs
 * and no more than some thousand others. Starts are not in the order of launches. */
static void what_is_held_does_not_grow_with_tasks(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'long', 'tasks': 2, 'duration': 2000}, {'name': 'a', 'tasks': "
        "30000, "
        "'duration': {'distribution': 'exponential', 'mean': 2}, 'failure_probability': 0.1}, "
        "{'name': 'b', "
        "'tasks': 30000, 'duration': {'distribution': 'exponential', 'mean': 3}, 'after': "
        "[{'set': 'a', 'kind': 'each'}]}]}");
    struct platform *p = given_platform("{'nodes': [{'cores': 64}]}");
    struct middleware *m = middleware_ideal();
    struct replica out;

    m->parameter[STATION_STARTUP_WARM] = dist_exponential(3);
    m->parameter[STATION_FREE] = dist_exponential(1);
    struct scenario s = scenario_of(w, p, m, 2);

    for (int walltime = 0; walltime < 2; walltime++) {
        struct seen seen = streamed(&s, &out);

        unit_is(seen.all->n, ==, 60002);
        unit_is(seen.calls, >=, 10);
        unit_is(seen.most, <=, 4096 + 2 * 64);
        unit_is(count(seen.all, TASK_CANCELLED), ==, out.n_cancelled);
        unit_is(out.n_cancelled, >, 2000);
        timeline_free(seen.all);
        s.walltime_s = 0.5 * out.session_s;
    }
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* An attempt that has failed is no success because the walltime comes before its slots are free. */
static void a_failure_is_one_before_its_slots_are_free(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 5, 'duration': 10, 'failure_probability': 1}]}");
    struct platform *p = given_platform("{'nodes': [{'cores': 8}]}");
    struct middleware *m = middleware_ideal();
    struct replica out;

    m->parameter[STATION_FREE] = dist_constant(100);
    struct scenario s = scenario_of(w, p, m, 2);
    s.walltime_s = 50;
    struct seen seen = streamed(&s, &out);

    unit_is(out.n_failed, ==, 5);
    unit_is(out.n_done, ==, 0);
    unit_is(count(seen.all, TASK_FAILED), ==, 5);
    unit_is(out.lost_slot_s, ==, out.busy_slot_s);
    unit_is(seen.all->records[3].freed_s, ==, 50);
    timeline_free(seen.all);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* Tasks by the status of their last attempts' records. Some have failed and wait for another
 * attempt when the walltime comes. */
static void check_counts(const struct seen *seen, const struct replica *out, size_t n_tasks,
                         size_t *n_waiting)
{
    size_t last[TASK_CUT + 1] = { 0 };
    unsigned *attempts = calloc(n_tasks, sizeof *attempts);

    for (size_t i = 0; i < seen->all->n; i++)
        attempts[seen->all->records[i].task]++;
    for (size_t i = 0; i < seen->all->n; i++) {
        uint32_t task = seen->all->records[i].task;
        bool is_last = timeline_attempt(seen->all, i) + 1 == attempts[task];

        last[seen->all->status[i]] += is_last;
        *n_waiting += is_last && seen->all->status[i] == TASK_FAILED && attempts[task] < 3;
    }
    unit_is(last[TASK_DONE], ==, out->n_done);
    unit_is(last[TASK_FAILED], ==, out->n_failed);
    unit_is(last[TASK_KILLED], ==, out->n_killed);
    unit_is(last[TASK_CANCELLED], ==, out->n_cancelled);
    unit_is(out->n_done + out->n_failed + out->n_killed + out->n_cancelled, ==, n_tasks);
    free(attempts);
}

/* Failures, retries, a cap on what lives at the launcher, and a wall in the midst of it. */
static void counts_are_of_last_attempts(void)
{
    const struct given_limits limits = { .max_sets = 5, .max_tasks = 40, .varying = true };
    size_t n_waiting = 0, n_killed = 0, n_held = 0;

    for (uint64_t number = 0; number < 60; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct middleware *m = number % 3 ? known_middleware() : middleware_ideal();
        struct scenario s = scenario_of(w, p, m, number);
        struct replica out;

        for (size_t i = 0; i < w->n_sets; i++) {
            task_traits_own(&w->sets[i])->failure_probability = 0.4;
            task_traits_own(&w->sets[i])->retries = 2;
        }
        m->live_cap = number % 2 ? 3 : 0;
        struct seen free_run = streamed(&s, &out);

        check_counts(&free_run, &out, w->n_tasks, &(size_t){ 0 });
        s.walltime_s = out.session_s * given_draw(number, 1);
        struct seen cut = streamed(&s, &out);

        check_counts(&cut, &out, w->n_tasks, &n_waiting);
        n_killed += out.n_killed;
        for (size_t i = 0; i < cut.all->n; i++)
            n_held +=
                cut.all->status[i] == TASK_CANCELLED && !isnan(cut.all->records[i].scheduled_s);
        timeline_free(free_run.all);
        timeline_free(cut.all);
        middleware_free(m);
        platform_free(p);
        workflow_free(w);
    }
    unit_is(n_waiting, >, 20);
    unit_is(n_killed, >, 20);
    unit_is(n_held, >, 20);
}

/* More start at one instant than a piece holds, those of the later set first: none is handed on
 * before all of them are there. */
static void an_instant_is_not_divided(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 3000, 'duration': 10}, {'name': 'b', 'tasks': 6000, "
        "'duration': 10, 'priority': 7}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 100, 'cores': 90}]}");
    struct middleware *m = middleware_ideal();
    struct scenario s = scenario_of(w, p, m, 2);
    struct replica out;

    s.scheduler.order = "priority";
    struct seen seen = streamed(&s, &out);

    unit_must_be(seen.all->n, ==, 9000);
    unit_is(seen.all->records[8999].started_s, ==, 0);
    unit_is(seen.all->records[2999].task, ==, 2999);
    timeline_free(seen.all);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_stream_is_the_timeline),
        UNIT_TEST(what_is_held_does_not_grow_with_tasks),
        UNIT_TEST(a_failure_is_one_before_its_slots_are_free),
        UNIT_TEST(counts_are_of_last_attempts),
        UNIT_TEST(an_instant_is_not_divided),
        { NULL, NULL },
    };
    return unit_run("record", tests);
}
