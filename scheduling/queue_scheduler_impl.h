/* scheduling/queue_scheduler_impl.h - the state that the overtaking rules of scheduling/overtake/
 * work on, and that the parts of the queue scheduler share: tasks that arrive, start and end
 * (queue_scheduler.c), passes (queue_pass.c), the index of kinds (queue_index.c), how it is made
 * (queue_make.c). */
#ifndef DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H
#define DAGCAST_SCHEDULING_QUEUE_SCHEDULER_IMPL_H

#include "base/bits.h"
#include "base/compiler.h"
#include "num/dist.h"
#include "num/rng.h"
#include "scheduling/dispatch_impl.h"
#include "scheduling/kind_index.h"
#include "scheduling/order.h"
#include "scheduling/placement.h"
#include "scheduling/reservation.h"
#include "scheduling/sweep.h"
#include "scheduling/task_kinds.h"
#include "scheduling/waiting.h"

struct queue_scheduler;
struct room_ahead;
struct waiting_walk;

struct overtake_ops {
    const char *name, *summary;
    void (*pass)(struct queue_scheduler *q, double now_s);       /* starts what may start now */
    /* looks at expected durations: keeps q->ends, kinds differ by duration */
    bool reserves;
};
extern const struct overtake_ops overtake_none, overtake_backfill, overtake_easy,
    overtake_conservative;

/* Up to so many kinds are looked at one by one, as bits of a word. */
enum { QUEUE_MOST_LATE = 16, QUEUE_MOST_UNINDEXED = 24 };

/* Many members: the state that all overtaking rules share. */
struct queue_scheduler {
    struct dispatch_common *common;
    const struct order_ops *order;
    const struct overtake_ops *overtake;
    /* 0: each pass is a look; else no task passes between looks */
    double overtake_every_s;
    double look_s;                       /* another pass is wanted then; INFINITY: none */
    bool moves;                          /* the last look has reserved from its own instant on */
    struct placement *placement;
    struct task_kinds kinds;
    struct waiting *waiting;             /* one a kind */
    double *keys;                        /* of each set; NULL: all equal */
    uint64_t arrivals;                   /* tasks that have arrived so far */
    struct kind_index *index;            /* of the kinds that wait; NULL while kinds are few */
    struct sweep *sweep;                 /* where there is an index, else NULL */
    /* Kinds that came in, which the index does not know of yet: where little waits, most start at
     * once. */
    uint32_t late[QUEUE_MOST_LATE];
    size_t n_late;
    /* Where there is none: of each kind its first task and its pool_shape_bit(); as bits the kinds
     * that wait, those without a shape's bit, and those that may start as a pass begins, which
     * changes that. */
    struct queue_head { double key; uint64_t arrival; } *heads;
    uint32_t *shape_bits, waits, asked, may;
    /* GPU tasks not yet started, for placements that reserve; else NULL */
    struct to_come *to_come;
    bool lifts;                          /* this pass leaves no slots to GPU tasks */
    uint64_t seed;
    uint32_t replica;
    double now_s;                        /* of the pass at hand */
    /* the last grant given back; it is released at the next pass, or passes on; POOL_NONE */
    uint32_t freed;
    struct expected_ends ends;           /* of running tasks; kept for rules that reserve */
    struct reservation *reservation;     /* of rules that reserve, else NULL */
    /* of rules that reserve for many; NULL until they are needed */
    struct room_ahead *ahead;
    struct waiting_walk *walk, *look_ahead;
    struct kind_search fitting;          /* with an index: kinds that may fit now */
    struct kind_rooms fitting_rooms;
    struct waiting_run horizon;          /* the last task that a pass can reach, */
    bool some_left;                      /* unless waiting tasks have left since that was found */
    /* Waiting tasks that arrived before the one of this number cannot start until a task ends. */
    uint64_t settled;
    double *ahead_s;                     /* by kind: when one would fit, found in this pass */
};

/* What an option names wrongly, or a rule that reserves cannot do: NULL, *err says it. */
void *queue_scheduler_create(struct dispatch_common *c, const struct scheduler_options *o,
                             struct error *err);
void queue_scheduler_destroy(void *state);                   /* NULL: nothing happens */

/* queue_index.c, where there is an index */
/* The first waiting task of the kind is another, or none is left. */
void queue_scheduler_note_in_index(struct queue_scheduler *q, size_t kind);
/* Tasks of the kind wait again: the index takes it for empty. */
void queue_scheduler_note_again(struct queue_scheduler *q, uint32_t kind);
/* Of all kinds; -1: none waits. */
int queue_scheduler_first_indexed(const struct queue_scheduler *q);
/* Tells the index of the kinds that came in, before it is searched. */
void queue_scheduler_tell_index(struct queue_scheduler *q);
/* Kinds are few: the first waiting task of the kind is another, or none is left. */
static inline void queue_scheduler_note_head(struct queue_scheduler *q, size_t kind)
{
    const struct waiting_run *run = waiting_first(&q->waiting[kind]);
    uint32_t bit = UINT32_C(1) << kind;
    q->waits = run ? q->waits | bit : q->waits & ~bit;
    if (run)
        q->heads[kind] = (struct queue_head){ run->key, run->arrival };
}
/* The same, few or many. */
static inline void queue_scheduler_note_first(struct queue_scheduler *q, size_t kind)
{
    if (q->index)
        queue_scheduler_note_in_index(q, kind);
    else
        queue_scheduler_note_head(q, kind);
}
/* Kinds are few: of those of the bits, and that wait, the one whose first task goes first; -1. */
static inline int queue_scheduler_first_of(const struct queue_scheduler *q, uint32_t kinds)
{
    int best = -1;
    struct queue_head first = { 0 };
    for (uint32_t left = kinds & q->waits; left; left &= left - 1) {
        int k = bits_lowest(left);
        const struct queue_head *head = &q->heads[k];
        if (best < 0 || head->key < first.key ||
            (head->key == first.key && head->arrival < first.arrival)) {
            first = *head;
            best = k;
        }
    }
    return best;
}
/* The same of all kinds, few or many. */
static inline int queue_scheduler_first(const struct queue_scheduler *q)
{
    return q->index ? queue_scheduler_first_indexed(q) : queue_scheduler_first_of(q, UINT32_MAX);
}
/* What starting a task of the run asks of its set is prefetched; ... */
static inline void queue_scheduler_expect_run(const struct queue_scheduler *q,
                                              const struct waiting_run *run)
{
    const struct task_set *set = &q->common->workflow->sets[run->set];
    PREFETCH(&set->stream);
    PREFETCH(&set->durations);
}
/* ... that of a later run, as one has left. */
static inline void queue_scheduler_expect_set(const struct queue_scheduler *q, size_t kind)
{
    enum { RUNS_AHEAD = 2 };
    const struct waiting_run *run = waiting_behind(&q->waiting[kind], RUNS_AHEAD);
    if (run)
        queue_scheduler_expect_run(q, run);
}
/* A task of the run is about to be placed, among very many sets: prefetches its duration's law. */
static inline void queue_scheduler_expect_draw(const struct queue_scheduler *q,
                                               const struct waiting_run *run)
{
    if (q->index)
        dist_expect(q->common->workflow->sets[run->set].duration);
}
/* What starting the first task of the kind needs is prefetched: what is known of the kind. */
static inline void queue_scheduler_expect_kind(const struct queue_scheduler *q, size_t kind)
{
    PREFETCH(&q->waiting[kind]);
    kind_index_expect(q->index, kind);
    pool_expect_class(q->common->pool, task_kinds_class(&q->kinds, kind));
}
/* Jobs mostly arrive set by set: prefetches what a later one's kind has, of many kinds. */
static inline void queue_scheduler_expect_ready(const struct queue_scheduler *q, size_t set)
{
    enum { SETS_AHEAD = 2 };
    if (set + SETS_AHEAD >= q->common->workflow->n_sets)
        return;
    uint32_t kind = q->kinds.of_set[set + SETS_AHEAD];
    PREFETCH(&q->waiting[kind]);
    kind_index_expect(q->index, kind);
    if (q->kinds.own)
        PREFETCH(&q->kinds.kind[kind]);
}
/* queue_pass.c */
bool queue_scheduler_pass(void *state, double now_s);
/* Kinds are few: those of which some wait and the pool has room for one, a bit each. */
uint32_t queue_scheduler_startable(const struct queue_scheduler *q);
static inline void queue_scheduler_refuse(struct queue_scheduler *q, size_t kind)
{
    q->may &= ~(UINT32_C(1) << kind);
}
/* Some of the kind wait, and the pool has room for one. */
bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t kind);
/* queue_scheduler.c */
/* What GPU tasks to come need has changed; for placements that reserve. */
void queue_scheduler_update_reserve(struct queue_scheduler *q);
/* With an index: tells the sweep where the freed grant lay. */
void queue_scheduler_sweep_grant(struct queue_scheduler *q);
static inline void queue_scheduler_release_freed(struct queue_scheduler *q)
{
    if (q->freed == POOL_NONE)
        return;
    if (q->index && q->common->n_waiting > 0)
        queue_scheduler_sweep_grant(q);
    placement_release(q->placement, q->freed);
    q->freed = POOL_NONE;
}
/* Starts the first waiting task of the kind, the first of its first run, on this grant. */
void queue_scheduler_keep(struct queue_scheduler *q, size_t kind, const struct waiting_run *run,
                          uint32_t grant);
/* Starts the first waiting tasks of the kind, which go before those of all others, while they fit;
 * false: one did not. A run's tasks arrived one after the other, so those of no other kind come
 * between them. nodes: placement_place_among(), or NULL */
static inline bool queue_scheduler_start_among(struct queue_scheduler *q, size_t kind,
                                               const uint32_t *nodes, size_t n)
{
    const struct waiting_run *run = waiting_first(&q->waiting[kind]);
    uint32_t demand_class = task_kinds_class(&q->kinds, kind);
    queue_scheduler_expect_draw(q, run);
    for (uint32_t left = run->count; left > 0; left--) {
        uint32_t grant = nodes ? placement_place_among(q->placement, demand_class, nodes, n)
                               : placement_place(q->placement, demand_class);
        if (grant == POOL_NONE)
            return false;
        queue_scheduler_keep(q, kind, run, grant);
    }
    return true;
}
static inline bool queue_scheduler_start(struct queue_scheduler *q, size_t kind)
{
    return queue_scheduler_start_among(q, kind, NULL, 0);
}

#endif
