#include "scheduling/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/sweep_impl.h"

/* More kinds come in than this: a sweep of all. */
enum { MANY_KINDS = 16 };
/* Nodes that are looked at one by one for a task. */
enum { FEW_NODES = 8 };
/* Rooms are listed anew once so many nodes were listed for each kind that they led to in vain. */
enum { NODES_A_REFUSAL = 16 };
enum { NOT_ASKED = -2 };

struct sweep *sweep_new(const struct queue_scheduler *q)
{
    struct sweep *s = xcalloc(1, sizeof *s);
    size_t n_nodes = pool_nodes(q->common->pool);
    s->q = q;
    s->grown = xcalloc(n_nodes, sizeof *s->grown);
    s->has_grown = xcalloc(n_nodes, sizeof *s->has_grown);
    s->held = xcalloc(n_nodes, sizeof *s->held);
    s->fresh = xcalloc(MANY_KINDS, sizeof *s->fresh);
    s->is_fresh = xcalloc(q->kinds.n, sizeof *s->is_fresh);
    return s;
}

void sweep_free(struct sweep *s)
{
    if (!s)
        return;
    xfree(s->rooms.at, s->search.open, s->grown, s->has_grown, s->held, s->fresh, s->is_fresh, s);
}

static void forget_changes(struct sweep *s)
{
    for (size_t i = 0; i < s->n_grown; i++)
        s->has_grown[s->grown[i]] = false;
    for (size_t i = 0; i < s->n_fresh; i++)
        s->is_fresh[s->fresh[i]] = false;
    s->n_grown = s->n_fresh = 0;
    s->all = false;
}

void sweep_reset(struct sweep *s)
{
    forget_changes(s);
    s->n_held = 0;
    s->all = true;
}

void sweep_nothing_waits(struct sweep *s)
{
    forget_changes(s);
}

void sweep_arrived(struct sweep *s, uint32_t kind)
{
    if (s->all || s->is_fresh[kind])
        return;
    if (s->n_fresh == MANY_KINDS) {
        s->all = true;
        return;
    }
    s->is_fresh[kind] = true;
    s->fresh[s->n_fresh++] = kind;
}

void sweep_freed(struct sweep *s, uint32_t node)
{
    if (s->all || s->has_grown[node])
        return;
    s->has_grown[node] = true;
    s->grown[s->n_grown++] = node;
}

/* Where another reservation than the last one stands, nodes that were reserved may be so no longer,
 * or for a shorter time. Where devices are shared, a start may leave the next task another one. */
static void note_released(struct sweep *s)
{
    const struct reservation *r = s->q->reservation;
    if (reservation_number(r) == s->held_by && !pool_shares_devices(s->q->common->pool))
        return;
    for (size_t i = 0; i < s->n_held; i++)
        sweep_freed(s, s->held[i]);
    const uint32_t *nodes = reservation_nodes(r, &s->n_held);
    memcpy(s->held, nodes, s->n_held * sizeof *nodes);
    s->held_by = reservation_number(r);
}

void sweep_begin(struct sweep *s, bool reserved, uint32_t head_class, double reserved_s)
{
    const struct queue_scheduler *q = s->q;
    s->reserved = reserved;
    s->head_class = head_class;
    s->reserved_s = reserved_s;
    s->tried = false;
    s->refusals.n = 0;
    s->all |= placement_reserves(q->placement);  /* room also grows otherwise */
    if (reserved)
        note_released(s);
    s->begun = false;
    sweep_list_rooms(s);
}

/* Of the kinds that came in since the last sweep; `best` is what an index has found for the others,
 * or -1. */
static int first_fresh(const struct sweep *s, int best)
{
    const struct queue_scheduler *q = s->q;
    for (size_t i = 0; !s->all && i < s->n_fresh; i++) {
        int kind = (int)s->fresh[i];
        const struct waiting_run *run = waiting_first(&q->waiting[kind]);
        if (run && (!s->tried || waiting_before(&s->after, run)) &&
            (best < 0 || waiting_before(run, waiting_first(&q->waiting[best]))) &&
            queue_scheduler_may_start(q, (size_t)kind))
            best = kind;
    }
    return best;
}

/* The next kind that the index finds; it stays until it is tried. */
static int ask_index(struct sweep *s)
{
    if (!s->begun) {
        kind_index_begin(s->q->index, &s->search, &s->rooms, s->tried ? &s->after : NULL);
        s->begun = true;
        s->found = NOT_ASKED;
    }
    if (s->found != NOT_ASKED)
        return s->found;
    s->found = kind_index_next(s->q->index, &s->search);
    if (s->found >= 0)
        queue_scheduler_expect_kind(s->q, (size_t)s->found);
    return s->found;
}

static const struct slot_demand *demand_of(const struct sweep *s, int kind)
{
    return pool_class(s->q->common->pool, task_kinds_class(&s->q->kinds, (size_t)kind));
}

static bool ends_in_time(const struct sweep *s, int kind)
{
    return !s->reserved || s->q->now_s + s->q->kinds.kind[kind].expected_s <= s->reserved_s;
}

/* Known without trying it. */
static bool cannot_start(const struct sweep *s, int kind)
{
    return refusals_tell(&s->refusals, demand_of(s, kind), ends_in_time(s, kind));
}

/* Nor are others that need no less looked for: any, or those that do not end in time either. */
static void leave_out(struct sweep *s, const struct slot_demand *d, bool in_time)
{
    struct kind_need need = kind_need_of(d, 0);
    if (d->ranks == 1 || d->one_node || d->node || d->has_named)
        return;
    need.of[NEED_NO_GPU] = 0;
    if (!in_time) /* a little more than is right, as it is rounded */
        need.of[NEED_DURATION] = s->reserved_s - s->q->now_s + 1e-9 * s->reserved_s;
    kind_index_leave_out(s->q->index, &s->search, &need);
}

/* Where devices are shared or slots are left to GPU tasks, room is not all. */
static void note_refused(struct sweep *s, int kind)
{
    const struct queue_scheduler *q = s->q;
    bool in_time = ends_in_time(s, kind);
    if (pool_shares_devices(q->common->pool) || placement_reserves(q->placement))
        return;
    refusals_add(&s->refusals, demand_of(s, kind), in_time);
    leave_out(s, demand_of(s, kind), in_time);
}

static void note_passed_over(struct sweep *s)
{
    s->n_refused++;
    if (s->stale && s->n_refused * NODES_A_REFUSAL >= s->n_listed)
        sweep_list_rooms(s);
}

int sweep_next(struct sweep *s)
{
    const struct queue_scheduler *q = s->q;
    for (;;) {
        int best = first_fresh(s, ask_index(s));
        if (best < 0) {
            forget_changes(s);
            return -1;
        }
        s->after = *waiting_first(&q->waiting[best]);
        queue_scheduler_expect_run(q, &s->after);
        s->tried = true;
        if (best == s->found)
            s->found = NOT_ASKED;
        if (s->reserved && q->kinds.kind[best].demand_class == s->head_class)
            continue;
        if (!cannot_start(s, best))
            return best;
        note_passed_over(s);
    }
}

/* What waited fitted nowhere when the last sweep ended. */
const uint32_t *sweep_nodes(const struct sweep *s, int kind, size_t *n)
{
    const struct slot_demand *d = demand_of(s, kind);
    bool any = s->all || s->is_fresh[kind] || s->n_grown == 0 || s->n_grown > FEW_NODES ||
               d->ranks > 1 || d->has_named;
    *n = any ? 0 : s->n_grown;
    return any ? NULL : s->grown;
}

/* Some of the kind have started: another of it may go next. */
static void note_started(struct sweep *s)
{
    s->stale = true;
    if (s->n_listed <= NODES_A_REFUSAL)
        sweep_list_rooms(s);
    if (placement_reserves(s->q->placement)) { /* and room may have grown */
        sweep_list_rooms(s);
        s->begun = false;
    }
}

void sweep_tried(struct sweep *s, int kind, bool started)
{
    const struct waiting_run *first = waiting_first(&s->q->waiting[kind]);
    if (started || first->arrival != s->after.arrival)
        note_started(s);
    if (started)
        return;
    s->after = *first;
    note_refused(s, kind);
    note_passed_over(s);
}
