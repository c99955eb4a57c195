/* A launcher that keeps tasks apart, whatever slots they have (enum alone_rule): launched tasks
 * wait until none that runs is in their way. With `launch.retry` those that wait look again only
 * some time after an end, as srun does: a task launched meanwhile comes first. */
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "sim/simulate_impl.h"

struct kept { uint32_t attempt; bool launched; struct launch launch; };

/* Many members: who runs, who is kept, and scratch space, of all rules. */
struct alone {
    struct alone_shown shown;
    enum alone_rule rule;                /* this replica's */
    bool random, retries;
    uint32_t n_nodes, nodes_taken;       /* ALONE_NODES */
    uint32_t *running;                   /* tasks on each node, */
    bool *loner;                         /* ... and whether the one there wants it alone */
    uint64_t *cores;                     /* ALONE_CORE: physical cores taken, n_words a node */
    size_t n_words;
    int threads_per_core;
    struct kept *kept;
    size_t n_kept, room;
    bool *runs;                          /* each attempt: it has been let run, and has not ended */
    size_t runs_room;
    uint64_t turns, ends, seed;
    uint32_t replica;
    const uint32_t *after;               /* scenario->begins_after */
    bool *begun;                         /* each task of the workflow; unless `after` is NULL */
    size_t n_tasks;
};

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

/* The physical cores that a part's slots lie on; true: one of them is taken. Marks or clears them
 * unless `mark` is NULL. */
static bool core_taken(const struct alone *a, const struct grant_part *p, const bool *mark)
{
    uint64_t *cores = a->cores + p->node * a->n_words;
    bool taken = false;
    for (size_t id = 0; id < p->n_words * 64; id++) {
        if (!(grant_part_slots(p, id / 64) >> (id % 64) & 1))
            continue;
        size_t core = id / (size_t)a->threads_per_core;
        uint64_t bit = UINT64_C(1) << (core % 64);
        taken |= (cores[core / 64] & bit) != 0;
        if (mark && *mark)
            cores[core / 64] |= bit;
        else if (mark)
            cores[core / 64] &= ~bit;
    }
    return taken;
}

static bool part_admitted(const struct alone *a, const struct grant_part *p, bool has_gpu)
{
    if (a->rule == ALONE_OWN_NODES)
        return a->running[p->node] == 0;
    if (a->rule == ALONE_WITHOUT_GPU)
        return !a->loner[p->node] && (has_gpu || a->running[p->node] == 0);
    return a->rule != ALONE_CORE || !core_taken(a, p, NULL);
}

/* ALONE_NODES: as many whole nodes as its slots fill. The launcher looks for them itself, wherever
 * the slots lie. */
static uint32_t whole_nodes(const struct simulator *s, const struct attempt *attempt)
{
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    double filled = 0;
    struct grant_part p;
    for (struct grant_walk w = { attempt->grant, 0 }; pool_next_node(pool, &w, &p);) {
        int slots = 0;
        for (size_t i = 0; i < p.n_words; i++)
            slots += bits_count(grant_part_slots(&p, i));
        filled += (double)slots / platform_node(s->drive.scenario.platform, p.node)->n_slots;
    }
    return filled > 1 ? (uint32_t)ceil(filled * (1 - 1e-9)) : 1;
}

/* Not before those that began before it in the run. */
static bool is_next(const struct simulator *s, const struct attempt *attempt)
{
    const struct alone *a = s->alone;
    uint32_t before = a->after ? a->after[execute_task(s, attempt)] : UINT32_MAX;
    return before == UINT32_MAX || a->begun[before];
}

static bool admits(const struct simulator *s, const struct attempt *attempt)
{
    const struct alone *a = s->alone;
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    struct grant_part p;
    if (!is_next(s, attempt))
        return false;
    if (a->rule == ALONE_NODES)
        return a->nodes_taken + whole_nodes(s, attempt) <= a->n_nodes;
    for (struct grant_walk w = { attempt->grant, 0 }; pool_next_node(pool, &w, &p);) {
        if (!part_admitted(a, &p, simulate_occupied(s, attempt).gpus > 0))
            return false;
    }
    return true;
}

static void take_part(struct alone *a, const struct grant_part *p, bool has_gpu, bool takes)
{
    if (a->rule == ALONE_CORE)
        core_taken(a, p, &takes);
    else if (takes)
        a->running[p->node]++;
    else
        a->running[p->node]--;
    if (!has_gpu)
        a->loner[p->node] = takes;
}

static void take(const struct simulator *s, const struct attempt *attempt, bool takes)
{
    struct alone *a = s->alone;
    const struct pool *pool = dispatch_pool(s->drive.dispatch);
    uint32_t last = UINT32_MAX;
    struct grant_part p;
    if (a->rule == ALONE_NODES) {
        uint32_t nodes = whole_nodes(s, attempt);
        a->nodes_taken = takes ? a->nodes_taken + nodes : a->nodes_taken - nodes;
        return;
    }
    for (struct grant_walk w = { attempt->grant, 0 }; pool_next_node(pool, &w, &p);) {
        if (p.node != last || a->rule == ALONE_CORE)
            take_part(a, &p, simulate_occupied(s, attempt).gpus > 0, takes);
        last = p.node;
    }
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
        if (!a->kept[i].launched || !admits(s, &s->drive.attempts.at[a->kept[i].attempt]))
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
    take(s, &s->drive.attempts.at[attempt], true);
}

/* false: it did not run, or no longer. */
static bool end_run(struct simulator *s, uint32_t attempt)
{
    struct alone *a = s->alone;
    if (attempt >= a->runs_room || !a->runs[attempt])
        return false;
    a->runs[attempt] = false;
    take(s, &s->drive.attempts.at[attempt], false);
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
    if (!any && !s->drive.stopping && admits(s, &s->drive.attempts.at[attempt])) {
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
