#include "study/occupancy.h"

#include <math.h>
#include <stdlib.h>

#include "base/min_heap.h"
#include "base/xalloc.h"

enum { GPUS_MAX = 64 };                  /* a node: core/platform.h */

struct node_state {
    int64_t slots, gpus, memory_mib;     /* free; GPUs: devices nobody uses */
    int32_t used[GPUS_MAX];              /* millionths of each device */
};

struct occupancy {
    const struct timeline *timeline;
    struct slot_demand *demand;          /* of each set */
    struct node_state *nodes;
    double free[OCCUPANCY_RESOURCES];    /* over all nodes; GPUs in devices, shares counted */
    double *held;                        /* OCCUPANCY_RESOURCES x sets */
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

struct occupancy *occupancy_new(const struct timeline *t, const struct placed_order *order)
{
    const struct workflow *w = t->workflow;
    const struct platform *p = t->platform;
    struct occupancy *o = xcalloc(1, sizeof *o);
    o->timeline = t;
    o->demand = xcalloc(w->n_sets, sizeof *o->demand);
    for (size_t s = 0; s < w->n_sets; s++)
        o->demand[s] = platform_slots(p, &w->sets[s].demand);
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
    o->held = xcalloc(OCCUPANCY_RESOURCES * w->n_sets, sizeof *o->held);
    skip_without_slots(o);
    return o;
}

void occupancy_free(struct occupancy *o)
{
    if (!o)
        return;
    free(o->demand);
    free(o->nodes);
    free(o->held);
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
    int set = workflow_set_of_task(w, o->timeline->records[record].task);
    const struct slot_demand *d = &o->demand[set];
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
            o->held[(size_t)r * w->n_sets + (size_t)set] += sign * moved[r];
        }
    }
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

/* Whether one task fits; nodes[r]: on how many nodes resource r alone has enough for one rank (all
 * ranks, if they share a node). */
static bool fits_now(const struct occupancy *o, const struct slot_demand *d,
                     size_t nodes[OCCUPANCY_RESOURCES])
{
    int64_t together = 0, least = d->one_node ? d->ranks : 1;
    for (size_t n = 0; n < o->timeline->platform->n_nodes; n++) {
        int64_t ranks[OCCUPANCY_RESOURCES], here = d->ranks;
        ranks_allowed(o, n, d, ranks);
        for (int r = 0; r < OCCUPANCY_RESOURCES; r++) {
            nodes[r] += ranks[r] >= least;
            here = ranks[r] < here ? ranks[r] : here;
        }
        together += here >= least ? here : 0;
    }
    return together >= d->ranks;
}

static int holder_of(const struct occupancy *o, enum occupancy_resource r)
{
    size_t n = o->timeline->workflow->n_sets;
    const double *held = o->held + (size_t)r * n;
    int most = -1;
    for (size_t s = 0; s < n; s++)
        if (held[s] > 1e-9 && (most < 0 || held[s] > held[most]))
            most = (int)s;
    return most;
}

struct occupancy_verdict occupancy_ask(const struct occupancy *o, int set)
{
    const struct slot_demand *d = &o->demand[set];
    size_t nodes[OCCUPANCY_RESOURCES] = { 0 };
    struct occupancy_verdict v = { .fits = fits_now(o, d, nodes), .holder = -1 };
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
        if (nodes[r] < nodes[v.resource])
            v.resource = (enum occupancy_resource)r;
    v.holder = holder_of(o, v.resource);
    return v;
}
