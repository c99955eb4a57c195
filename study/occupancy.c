/* Who holds what, as placements and releases come. */
#include "study/occupancy.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "study/occupancy_impl.h"

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
        o->demand[s] = platform_slots(p, &w->sets[s].traits->demand);
    o->order = order;
    o->nodes = xcalloc(p->n_nodes, sizeof *o->nodes);
    for (size_t n = 0; n < p->n_nodes; n++) {
        const struct node_shape *shape = platform_node(p, n);
        o->nodes[n] = (struct occupancy_node){
            .slots = node_shape_usable(shape),
            .gpus = shape->n_gpus,
            .memory_mib = shape->memory_mib > 0 ? shape->memory_mib : INT64_MAX / 2,
        };
        o->free[OCCUPANCY_SLOTS] += (double)o->nodes[n].slots;
        o->free[OCCUPANCY_GPUS] += (double)o->nodes[n].gpus;
        o->free[OCCUPANCY_MEMORY] += (double)o->nodes[n].memory_mib;
    }
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        holders_init(&o->holders[r], w->n_sets);
    occupancy_fit_init(&o->answer, p->n_nodes);
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
    occupancy_fit_clear(&o->answer);
    min_heap_clear(&o->held_until);
    free(o);
}

/* Takes (sign 1) or frees (-1) the devices of one part; returns how many devices that is, shares
 * counted. */
static double move_gpus(struct occupancy_node *node, const struct timeline_slots *part, int sign)
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
        struct occupancy_node *node = &o->nodes[part.node];
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
        occupancy_fit_changed(&o->answer, (uint32_t)part.node);
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

struct occupancy_verdict occupancy_ask(struct occupancy *o, int set)
{
    const struct slot_demand *d = &o->demand[set];
    const struct occupancy_answer *a = occupancy_fit(o, d);
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
