#include "scheduling/sweep.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/queue_scheduler_impl.h"

/* With more nodes than this, or more kinds come in, a sweep of all is led by the most room that any
 * node has. */
enum { MANY_NODES = 64, MANY_KINDS = 16 };
enum { NOT_ASKED = -2 };

struct sweep {
    const struct queue_scheduler *q;
    bool reserved;
    uint32_t head_class;
    double reserved_s;
    struct waiting_run after;            /* the last one tried */
    bool tried;                          /* there is one */
    struct kind_rooms rooms;             /* what the index is asked for; */
    bool begun;                          /* it is going through them, and */
    /* has found this kind, not yet tried; -1: no more; NOT_ASKED */
    int found;
    /* nodes with more room since the last sweep, and kinds that came in */
    uint32_t *grown, *fresh;
    size_t n_grown, n_fresh;
    bool *has_grown, *is_fresh, all;     /* all: look into every node and at every kind */
};

struct sweep *sweep_new(const struct queue_scheduler *q)
{
    struct sweep *s = xcalloc(1, sizeof *s);
    size_t n_nodes = pool_nodes(q->common->pool);
    s->q = q;
    s->grown = xcalloc(n_nodes, sizeof *s->grown);
    s->has_grown = xcalloc(n_nodes, sizeof *s->has_grown);
    s->fresh = xcalloc(MANY_KINDS, sizeof *s->fresh);
    s->is_fresh = xcalloc(q->kinds.n, sizeof *s->is_fresh);
    return s;
}

void sweep_free(struct sweep *s)
{
    if (!s)
        return;
    free(s->rooms.at);
    free(s->grown);
    free(s->has_grown);
    free(s->fresh);
    free(s->is_fresh);
    free(s);
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
    s->all = true;
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

static void add_room(struct sweep *s, const struct room *room, double until_s, bool no_gpu)
{
    struct kind_need r = kind_room_of(s->q->common->pool, room);
    r.of[NEED_DURATION] = until_s;
    r.of[NEED_NO_GPU] = no_gpu;
    kind_rooms_add(&s->rooms, &r);
}

/* Tasks without GPUs get at most `no_gpu_slots`, where slots are left to GPU tasks. */
static void add_room_for_both(struct sweep *s, const struct room *room, double until_s,
                              double no_gpu_slots)
{
    struct room less = *room;
    add_room(s, room, until_s, room->of[ROOM_SLOTS] <= no_gpu_slots);
    less.of[ROOM_SLOTS] = no_gpu_slots;
    if (no_gpu_slots >= 0 && no_gpu_slots < room->of[ROOM_SLOTS])
        add_room(s, &less, until_s, true);
}

static void add_node(struct sweep *s, uint32_t node)
{
    const struct queue_scheduler *q = s->q;
    struct room room = pool_room(q->common->pool, node), spare = room;
    int64_t left_to_gpus =
        placement_slots_per_gpu(q->placement) * pool_free_gpus(q->common->pool, node);
    double no_gpu_slots = room.of[ROOM_SLOTS] - (double)left_to_gpus;
    bool less = s->reserved && reservation_limits(q->reservation, node, &spare);
    double in_time_s = s->reserved_s - q->now_s;
    add_room_for_both(s, &spare, INFINITY, no_gpu_slots);
    if (less && in_time_s >= 0) /* a little more than is right, as it is rounded */
        add_room_for_both(s, &room, in_time_s + 1e-9 * s->reserved_s, no_gpu_slots);
}

static void list_rooms(struct sweep *s)
{
    const struct pool *pool = s->q->common->pool;
    s->rooms.n = 0;
    s->begun = false;
    if (s->all && !s->reserved && pool_nodes(pool) > MANY_NODES) {
        struct room most = pool_most_room(pool);
        add_room(s, &most, INFINITY, true);
        return;
    }
    for (uint32_t n = 0; s->all && n < pool_nodes(pool); n++)
        add_node(s, n);
    for (size_t i = 0; !s->all && i < s->n_grown; i++)
        add_node(s, s->grown[i]);
}

void sweep_begin(struct sweep *s, bool reserved, uint32_t head_class, double reserved_s)
{
    const struct queue_scheduler *q = s->q;
    s->reserved = reserved;
    s->head_class = head_class;
    s->reserved_s = reserved_s;
    s->tried = false;
    s->all |= reserved || placement_reserves(q->placement);      /* room also grows otherwise */
    list_rooms(s);
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
        kind_index_begin(s->q->index, &s->rooms, s->tried ? &s->after : NULL);
        s->begun = true;
        s->found = NOT_ASKED;
    }
    if (s->found == NOT_ASKED)
        s->found = kind_index_next(s->q->index);
    return s->found;
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
        s->tried = true;
        if (best == s->found)
            s->found = NOT_ASKED;
        if (!s->reserved || q->kinds.kind[best].demand_class != s->head_class)
            return best;
    }
}

void sweep_tried(struct sweep *s, int kind, bool started)
{
    const struct waiting_run *first = waiting_first(&s->q->waiting[kind]);
    if (!started && first->arrival == s->after.arrival)
        return;                          /* nothing has changed */
    if (!started)
        s->after = *first;
    list_rooms(s);
}
