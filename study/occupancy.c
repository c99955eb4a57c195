#include "study/occupancy.h"

#include <math.h>
#include <stdlib.h>

#include "base/min_heap.h"
#include "base/xalloc.h"

enum { GPUS_MAX = 64 };                  /* a node: core/platform.h */

struct node_state {
    int64_t slots, gpus, memory_mib;     /* free; GPUs: devices not in use */
    int32_t used[GPUS_MAX];              /* millionths of each device */
};

/* What each set holds of one resource, under a tournament: best[i] is the set that holds more of
 * best[2i] and best[2i + 1], ties to the lower; the sets themselves are n_leaves .. */
struct holders {
    size_t n_leaves;                     /* a power of two, at least the number of sets */
    double *held;                        /* n_leaves entries */
    uint32_t *best;                      /* n_leaves entries, best[0] unused */
};

/* What one node adds to the answer for a demand. */
struct node_share { int64_t ranks; bool enough[OCCUPANCY_RESOURCES]; };

/* Whether one task of a demand fits, kept up to date while the same demand is asked for. */
struct answer {
    const struct slot_demand *demand;    /* NULL: none asked for yet */
    int64_t ranks;                       /* that fit on all nodes */
    /* how many have enough of the resource alone for one rank (all ranks, if they share a node) */
    size_t nodes[OCCUPANCY_RESOURCES];
    struct node_share *share;            /* of each node */
    /* nodes that have changed since the last question, each once */
    size_t n_stale;
    uint32_t *stale;
    bool *is_stale;
};

struct occupancy {
    const struct timeline *timeline;
    struct slot_demand *demand;          /* of each set */
    struct node_state *nodes;
    double free[OCCUPANCY_RESOURCES];    /* over all nodes; GPUs in devices, shares counted */
    struct holders holders[OCCUPANCY_RESOURCES];
    struct answer answer;
    const struct placed_order *order;
    size_t next;                         /* in that order: the next to take slots */
    struct min_heap held_until;          /* records that hold some, by freed_s */
};

/* Not all that was placed has slots. */
static void skip_without_slots(struct occupancy *o)
{
    while (o->next < o->order->n &&
           o->timeline->records[placed_order_at(o->order, o->next)].slots == TIMELINE_NO_SLOTS)
        o->next++;
}

static void holders_init(struct holders *h, size_t n_sets)
{
    h->n_leaves = 1;
    while (h->n_leaves < n_sets)
        h->n_leaves *= 2;
    h->held = xcalloc(h->n_leaves, sizeof *h->held);
    h->best = xcalloc(h->n_leaves, sizeof *h->best);
    for (size_t i = h->n_leaves - 1; i > 0; i--)
        h->best[i] = 2 * i < h->n_leaves ? h->best[2 * i] : (uint32_t)(2 * i - h->n_leaves);
}

static void holders_clear(struct holders *h)
{
    xfree(h->held, h->best);
}

static uint32_t best_below(const struct holders *h, size_t i)
{
    return i < h->n_leaves ? h->best[i] : (uint32_t)(i - h->n_leaves);
}

/* What the set holds has changed. */
static void holders_update(struct holders *h, uint32_t set)
{
    for (size_t i = (h->n_leaves + set) / 2; i > 0; i /= 2) {
        uint32_t left = best_below(h, 2 * i), right = best_below(h, 2 * i + 1);
        uint32_t best = h->held[right] > h->held[left] ? right : left;
        if (h->best[i] == best && best != set)
            return;
        h->best[i] = best;
    }
}

/* The set that holds most, ties to the lowest; -1: none holds any. */
static int holders_most(const struct holders *h)
{
    uint32_t best = best_below(h, 1);
    return h->held[best] > 1e-9 ? (int)best : -1;
}

static void answer_init(struct answer *a, size_t n_nodes)
{
    a->share = xcalloc(n_nodes, sizeof *a->share);
    a->stale = xcalloc(n_nodes, sizeof *a->stale);
    a->is_stale = xcalloc(n_nodes, sizeof *a->is_stale);
}

static void answer_clear(struct answer *a)
{
    xfree(a->share, a->stale, a->is_stale);
}

static void node_changed(struct answer *a, uint32_t node)
{
    if (a->is_stale[node])
        return;
    a->is_stale[node] = true;
    a->stale[a->n_stale++] = node;
}

struct occupancy *occupancy_new(const struct timeline *t, const struct placed_order *order)
{
    const struct workflow *w = t->workflow;
    const struct platform *p = t->platform;
    struct occupancy *o = xcalloc(1, sizeof *o);
    o->timeline = t;
    o->demand = xcalloc(w->n_sets, sizeof *o->demand);
    for (size_t s = 0; s < w->n_sets; s++)
        o->demand[s] = platform_slots(p, &w->sets[s].traits->demand);
    o->order = order;
    o->nodes = xcalloc(p->n_nodes, sizeof *o->nodes);
    for (size_t n = 0; n < p->n_nodes; n++) {
        const struct node_shape *shape = platform_node(p, n);
        o->nodes[n] = (struct node_state){ .slots = node_shape_usable(shape),
                                           .gpus = shape->n_gpus,
                                           .memory_mib = shape->memory_mib > 0 ? shape->memory_mib
                                                                               : INT64_MAX / 2 };
        o->free[OCCUPANCY_SLOTS] += (double)o->nodes[n].slots;
        o->free[OCCUPANCY_GPUS] += (double)o->nodes[n].gpus;
        o->free[OCCUPANCY_MEMORY] += (double)o->nodes[n].memory_mib;
    }
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        holders_init(&o->holders[r], w->n_sets);
    answer_init(&o->answer, p->n_nodes);
    skip_without_slots(o);
    return o;
}

void occupancy_free(struct occupancy *o)
{
    if (!o)
        return;
    xfree(o->demand, o->nodes);
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        holders_clear(&o->holders[r]);
    answer_clear(&o->answer);
    min_heap_clear(&o->held_until);
    free(o);
}

/* Takes (sign 1) or frees (-1) the devices of one part; returns how many devices that is, shares
 * counted. */
static double move_gpus(struct node_state *node, const struct timeline_slots *part, int sign)
{
    int32_t each = part->gpu_share ? part->gpu_share : DEMAND_WHOLE_GPU;
    for (size_t g = 0; g < part->n_gpus; g++) {
        int32_t *used = &node->used[part->gpus[g]];
        bool was_free = *used == 0;
        *used += sign * each;
        node->gpus += (*used == 0) - was_free;
    }
    return (double)part->n_gpus * each / DEMAND_WHOLE_GPU;
}

static int64_t ranks_of(const struct timeline_slots *part, const struct slot_demand *d)
{
    if (d->slots > 0)
        return (int64_t)part->n_cores / d->slots;
    return (int64_t)part->n_gpus / (d->gpus > 0 ? d->gpus : 1);
}

/* The record takes slots (sign 1) or frees them (-1). */
static void move(struct occupancy *o, size_t record, int sign)
{
    const struct workflow *w = o->timeline->workflow;
    uint32_t set = (uint32_t)workflow_set_of_task(w, o->timeline->records[record].task);
    const struct slot_demand *d = &o->demand[set];
    bool moves[OCCUPANCY_RESOURCES] = { false };
    struct timeline_slots part;
    for (bool more = timeline_slots_first(o->timeline, record, &part); more;
         more = timeline_slots_next(&part)) {
        struct node_state *node = &o->nodes[part.node];
        int64_t memory = ranks_of(&part, d) * d->memory_mib;
        double moved[OCCUPANCY_RESOURCES] = { (double)part.n_cores, move_gpus(node, &part, sign),
                                              (double)memory };
        node->slots -= sign * (int64_t)part.n_cores;
        node->memory_mib -= sign * memory;
        for (int r = 0; r < OCCUPANCY_RESOURCES; r++) {
            o->free[r] -= sign * moved[r];
            o->holders[r].held[set] += sign * moved[r];
            moves[r] |= moved[r] != 0;
        }
        node_changed(&o->answer, (uint32_t)part.node);
    }
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        if (moves[r])
            holders_update(&o->holders[r], set);
}

static double next_take(const struct occupancy *o)
{
    return o->next < o->order->n
               ? o->timeline->records[placed_order_at(o->order, o->next)].scheduled_s
               : INFINITY;
}

static double next_release(const struct occupancy *o)
{
    return o->held_until.n > 0 ? o->held_until.items[0].key : INFINITY;
}

double occupancy_next(const struct occupancy *o)
{
    return fmin(next_take(o), next_release(o));
}

static void take(struct occupancy *o)
{
    size_t record = placed_order_at(o->order, o->next++);
    double freed_s = o->timeline->records[record].freed_s;
    move(o, record, 1);
    if (isfinite(freed_s))
        min_heap_push(&o->held_until, (struct heap_item){ freed_s, record });
    skip_without_slots(o);
}

void occupancy_advance(struct occupancy *o, double time_s)
{
    while (occupancy_next(o) <= time_s) {
        if (next_release(o) <= next_take(o))
            move(o, (size_t)min_heap_pop(&o->held_until).value, -1);
        else
            take(o);
    }
}

static int64_t ranks_by_gpus(const struct node_state *node, int n_gpus, const struct slot_demand *d)
{
    if (d->gpus > 0)
        return node->gpus / d->gpus;
    int64_t ranks = 0;
    for (int g = 0; g < n_gpus; g++)
        ranks += (DEMAND_WHOLE_GPU - node->used[g]) / d->gpu_share;
    return ranks;
}

/* How many ranks each resource alone would allow on the node; as many as there are where the demand
 * wants none of it. */
static void ranks_allowed(const struct occupancy *o, size_t n, const struct slot_demand *d,
                          int64_t ranks[OCCUPANCY_RESOURCES])
{
    const struct node_state *node = &o->nodes[n];
    if (!node_shape_is_of_kind(platform_node(o->timeline->platform, n), d)) {
        for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
            ranks[r] = 0;
        return;
    }
    ranks[OCCUPANCY_SLOTS] = d->slots > 0 ? node->slots / d->slots : d->ranks;
    ranks[OCCUPANCY_GPUS] =
        d->gpus > 0 || d->gpu_share > 0
            ? ranks_by_gpus(node, platform_node(o->timeline->platform, n)->n_gpus, d)
            : d->ranks;
    ranks[OCCUPANCY_MEMORY] = d->memory_mib > 0 ? node->memory_mib / d->memory_mib : d->ranks;
}

static struct node_share share_of(const struct occupancy *o, size_t n, const struct slot_demand *d)
{
    int64_t ranks[OCCUPANCY_RESOURCES], least = d->one_node ? d->ranks : 1;
    struct node_share share = { .ranks = d->ranks };
    ranks_allowed(o, n, d, ranks);
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++) {
        share.enough[r] = ranks[r] >= least;
        share.ranks = ranks[r] < share.ranks ? ranks[r] : share.ranks;
    }
    if (share.ranks < least)
        share.ranks = 0;
    return share;
}

static void add_share(struct answer *a, const struct node_share *share, int sign)
{
    a->ranks += sign * share->ranks;
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        a->nodes[r] += (size_t)(sign * share->enough[r]);
}

static void refresh(struct occupancy *o, uint32_t node)
{
    struct answer *a = &o->answer;
    add_share(a, &a->share[node], -1);
    a->share[node] = share_of(o, node, a->demand);
    add_share(a, &a->share[node], 1);
}

/* The answer for the demand as things are now. */
static const struct answer *answer_for(struct occupancy *o, const struct slot_demand *d)
{
    struct answer *a = &o->answer;
    bool same = a->demand && (a->demand == d || slot_demand_equal(a->demand, d));
    if (!same) {
        a->demand = d;
        for (size_t n = 0; n < o->timeline->platform->n_nodes; n++)
            node_changed(a, (uint32_t)n);
    }
    while (a->n_stale > 0) {
        uint32_t node = a->stale[--a->n_stale];
        a->is_stale[node] = false;
        refresh(o, node);
    }
    return a;
}

struct occupancy_verdict occupancy_ask(struct occupancy *o, int set)
{
    const struct slot_demand *d = &o->demand[set];
    const struct answer *a = answer_for(o, d);
    struct occupancy_verdict v = { .fits = a->ranks >= d->ranks, .holder = -1 };
    if (v.fits)
        return v;
    const double need[OCCUPANCY_RESOURCES] = {
        (double)d->ranks * d->slots, d->ranks * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU),
        (double)d->ranks * (double)d->memory_mib
    };
    double scarcest = 1 - 1e-9;
    v.fragmented = true;
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        if (need[r] > 0 && o->free[r] / need[r] < scarcest) {
            scarcest = o->free[r] / need[r];
            v.resource = (enum occupancy_resource)r;
            v.fragmented = false;
        }
    for (int r = 1; v.fragmented && r < OCCUPANCY_RESOURCES; r++)
        if (a->nodes[r] < a->nodes[v.resource])
            v.resource = (enum occupancy_resource)r;
    v.holder = holders_most(&o->holders[v.resource]);
    return v;
}
