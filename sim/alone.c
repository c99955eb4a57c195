/* A launcher that keeps tasks apart, whatever slots they have (enum alone_rule): launched tasks
 * wait until none that runs is in their way. With `launch.retry` those that wait look again only
 * some time after an end, as srun does: a task launched meanwhile comes first.
 *
 * Here: who waits and whose turn it is. What is in a task's way: alone_rules.c. */
#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "num/rng.h"
#include "sim/alone_impl.h"

/* Of the node shape with the most; where slots are cores, 1. */
static int threads_per_core(const struct platform *p)
{
    int most = 1;
    for (size_t i = 0; i < p->n_shapes && p->slot_kind == SLOT_THREAD; i++)
        most = p->shapes[i].threads_per_core > most ? p->shapes[i].threads_per_core : most;
    return most;
}

struct alone *alone_new(const struct scenario *scenario)
{
    const struct middleware *m = scenario->middleware;
    if (alone_only(&m->alone) == ALONE_NEVER)
        return NULL;
    struct alone *a = xcalloc(1, sizeof *a);
    a->shown = m->alone;
    a->random = m->alone_random;
    a->retries = m->parameter[STATION_LAUNCH_RETRY] != NULL;
    a->n_nodes = (uint32_t)scenario->platform->n_nodes;
    a->n_words = (NODE_MOST_SLOTS + 63) / 64;
    a->threads_per_core = threads_per_core(scenario->platform);
    a->running = xcalloc(a->n_nodes, sizeof *a->running);
    a->loner = xcalloc(a->n_nodes, sizeof *a->loner);
    a->n_tasks = scenario->workflow->n_tasks;
    a->after = scenario->begins_after;
    if (a->after)
        a->begun = xcalloc(a->n_tasks, sizeof *a->begun);
    if (m->alone.sessions[ALONE_CORE] > 0)
        a->cores = xcalloc(a->n_nodes * a->n_words, sizeof *a->cores);
    return a;
}

void alone_free(struct alone *a)
{
    if (!a)
        return;
    xfree(a->running, a->loner, a->cores, a->begun, a->kept, a->runs, a);
}

void alone_begin(struct alone *a, uint64_t seed, uint32_t replica)
{
    struct rng_stream draw = rng_stream(seed, replica, RNG_ALONE_RULE, 0);
    a->rule = alone_drawn(&a->shown, rng_uniform(&draw, 0, 0));
    a->seed = seed;
    a->replica = replica;
    a->nodes_taken = 0;
    a->n_kept = 0;
    a->turns = a->ends = 0;
    memset(a->running, 0, a->n_nodes * sizeof *a->running);
    memset(a->loner, 0, a->n_nodes * sizeof *a->loner);
    if (a->runs)
        memset(a->runs, 0, a->runs_room * sizeof *a->runs);
    if (a->begun)
        memset(a->begun, 0, a->n_tasks * sizeof *a->begun);
    if (a->cores)
        memset(a->cores, 0, a->n_nodes * a->n_words * sizeof *a->cores);
}

/* Of those kept waiting, in order of launch, the first that may run, or any of them: each is drawn
 * with the same chance. n_kept: none may. */
static size_t next_admitted(struct simulator *s)
{
    struct alone *a = s->alone;
    size_t chosen = a->n_kept, n = 0;
    if (a->rule == ALONE_NODES && a->nodes_taken == a->n_nodes)
        return chosen;
    for (size_t i = 0; i < a->n_kept; i++) {
        if (!a->kept[i].launched || !alone_admits(s, &s->drive.attempts.at[a->kept[i].attempt]))
            continue;
        if (!a->random)
            return i;
        struct rng_stream draws = rng_stream(a->seed, a->replica, RNG_ALONE, a->turns);
        if (rng_uniform(&draws, n, 0) * (double)(n + 1) < 1)
            chosen = i;
        n++;
    }
    a->turns += n > 0;
    return chosen;
}

/* That tasks begin after it need not wait any longer. */
static struct kept keep_no_longer(struct simulator *s, size_t i)
{
    struct alone *a = s->alone;
    struct kept k = a->kept[i];
    memmove(&a->kept[i], &a->kept[i + 1], (--a->n_kept - i) * sizeof *a->kept);
    if (a->begun)
        a->begun[execute_task(s, &s->drive.attempts.at[k.attempt])] = true;
    return k;
}

static void begin_run(struct simulator *s, uint32_t attempt)
{
    struct alone *a = s->alone;
    size_t room = a->runs_room;
    xgrow(&a->runs, &a->runs_room, attempt + 1, sizeof *a->runs);
    memset(a->runs + room, 0, (a->runs_room - room) * sizeof *a->runs);
    a->runs[attempt] = true;
    alone_take(s, &s->drive.attempts.at[attempt], true);
}

/* false: it did not run, or no longer. */
static bool end_run(struct simulator *s, uint32_t attempt)
{
    struct alone *a = s->alone;
    if (attempt >= a->runs_room || !a->runs[attempt])
        return false;
    a->runs[attempt] = false;
    alone_take(s, &s->drive.attempts.at[attempt], false);
    return true;
}

static void admit(struct simulator *s, size_t i)
{
    struct kept k = keep_no_longer(s, i);
    begin_run(s, k.attempt);
    execute_admit(s, k.attempt, &k.launch);
    double stopped_s = s->drive.attempts.at[k.attempt].stopped_s;
    if (stopped_s < INFINITY)            /* else execute_ended() tells */
        driver_push(&s->drive, stopped_s, EVENT_STOPPED, k.attempt);
}

static void admit_all(struct simulator *s)
{
    for (size_t i; !s->drive.stopping && (i = next_admitted(s)) < s->alone->n_kept;)
        admit(s, i);
}

/* After an end those that wait look again. */
static void retry(struct simulator *s)
{
    struct alone *a = s->alone;
    double after_s = stations_draw_once(s->stations, STATION_LAUNCH_RETRY, (uint32_t)a->ends++);
    if (a->n_kept > 0)
        driver_push(&s->drive, s->drive.engine.now_s + after_s, EVENT_LAUNCHED, NOBODY);
}

void alone_launch(struct simulator *s, uint32_t attempt, const struct launch *l)
{
    struct alone *a = s->alone;
    xgrow(&a->kept, &a->room, a->n_kept + 1, sizeof *a->kept);
    driver_push(&s->drive, l->launched_s, EVENT_LAUNCHED, attempt);
    a->kept[a->n_kept++] = (struct kept){ attempt, false, *l };
}

/* n_kept: it is not kept waiting. */
static size_t find(const struct alone *a, uint32_t attempt)
{
    size_t i = 0;
    while (i < a->n_kept && a->kept[i].attempt != attempt)
        i++;
    return i;
}

/* NOBODY: those that wait look again. */
void alone_on_launched(struct simulator *s, uint32_t attempt)
{
    struct alone *a = s->alone;
    size_t i = find(a, attempt);
    double now_s = s->drive.engine.now_s;
    if (attempt != NOBODY && (i == a->n_kept || a->kept[i].launch.launched_s > now_s))
        return;                          /* of an attempt that has been cancelled since */
    if (i < a->n_kept)
        a->kept[i].launched = true;
    bool any = attempt == NOBODY || !a->retries;
    if (!any && !s->drive.stopping && alone_admits(s, &s->drive.attempts.at[attempt])) {
        admit(s, i);
        any = a->after != NULL;          /* for whose beginning others may have waited */
    }
    if (any)
        admit_all(s);
}

void alone_on_stopped(struct simulator *s, uint32_t attempt)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    if (a->stopped_s != s->drive.engine.now_s || !end_run(s, attempt))
        return;                          /* the end of an attempt that was cancelled or lost */
    if (s->alone->retries)
        retry(s);
    else
        admit_all(s);
}

void alone_gone(struct simulator *s, uint32_t attempt)
{
    struct alone *a = s->alone;
    size_t i = find(a, attempt);
    bool was_kept = i < a->n_kept, ran = end_run(s, attempt);
    if (was_kept)
        keep_no_longer(s, i);
    if (ran && a->retries)
        retry(s);
    else if (ran || (was_kept && a->begun))
        driver_push(&s->drive, s->drive.engine.now_s, EVENT_LAUNCHED, NOBODY);
}
