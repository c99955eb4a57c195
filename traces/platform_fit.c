#include "traces/platform_fit.h"

#include "base/str.h"
#include "base/xalloc.h"

enum { MOST_NODES = 65535 };             /* of a platform */

static int at_least(int a, int b)
{
    return a > b ? a : b;
}

/* Ranks that no node can be large enough for become several, or may lie on several nodes. Returns
 * whether it was so. */
static bool split_demand(const struct platform *p, struct demand *d)
{
    struct slot_demand asked = platform_slots(p, d);
    int *count = d->cores > 0 ? &d->cores : &d->threads;
    bool split = false;
    while (asked.slots > NODE_MOST_SLOTS || asked.gpus > NODE_MOST_GPUS) {
        *count = (*count + 1) / 2;
        d->gpus = (d->gpus + 1) / 2;
        d->ranks *= 2;
        asked = platform_slots(p, d);
        split = true;
    }
    int ranks = d->one_node ? d->ranks : 1;
    if ((double)ranks * asked.slots > NODE_MOST_SLOTS ||
        (double)ranks * asked.gpus > NODE_MOST_GPUS) {
        d->one_node = false;
        split = true;
    }
    return split;
}

static bool node_holds(const struct platform *p, const struct slot_demand *d)
{
    for (size_t k = 0; k < p->n_shapes; k++)
        if (node_shape_capacity(&p->shapes[k], d) > 0)
            return true;
    return false;
}

static struct node_shape *largest_shape(const struct platform *p)
{
    struct node_shape *best = &p->shapes[0];
    for (size_t k = 1; k < p->n_shapes; k++)
        if (p->shapes[k].n_slots > best->n_slots)
            best = &p->shapes[k];
    return best;
}

/* Makes the largest kind of node large enough for one rank, or for all that share a node. */
static void grow_node(const struct platform *p, const struct slot_demand *d)
{
    struct node_shape *shape = largest_shape(p);
    int ranks = d->one_node ? d->ranks : 1,
        per_gpu = d->gpu_share ? DEMAND_WHOLE_GPU / d->gpu_share : 1;
    int gpus = at_least(ranks * d->gpus, d->gpu_share ? (ranks + per_gpu - 1) / per_gpu : 0);
    int threads = at_least(p->slot_kind == SLOT_THREAD ? shape->threads_per_core : 1, 1);
    int slots = at_least(shape->n_slots, ranks * d->slots + (int)shape->n_blocked);
    if (slots > NODE_MOST_SLOTS) {            /* no room beside the blocked ones */
        shape->n_blocked = 0;
        slots = NODE_MOST_SLOTS;
    }
    shape->cores = (slots + threads - 1) / threads;
    shape->n_slots = shape->cores * threads;
    shape->n_gpus = at_least(shape->n_gpus, gpus < NODE_MOST_GPUS ? gpus : NODE_MOST_GPUS);
    if (shape->memory_mib > 0 && shape->memory_mib < ranks * d->memory_mib)
        shape->memory_mib = ranks * d->memory_mib;
}

static void add_node(struct platform *p)
{
    size_t n = p->n_nodes;
    p->shape_of = xrealloc(p->shape_of, n + 1, sizeof *p->shape_of);
    p->shape_of[n] = p->shape_of[n - 1];
    if (p->node_names) {
        p->node_names = xrealloc(p->node_names, n + 1, sizeof *p->node_names);
        p->node_names[n] = str_format("unnamed%zu", n);
    }
    p->n_nodes++;
}

/* As many as the ranks lack of one task. */
static size_t add_nodes(struct platform *p, const struct slot_demand *d)
{
    struct slot_demand one = *d;
    one.ranks = 1;
    int64_t per_node = node_shape_capacity(&p->shapes[p->shape_of[p->n_nodes - 1]], &one);
    int64_t lacking = d->ranks - platform_capacity(p, &one);
    size_t before = p->n_nodes;
    for (; per_node > 0 && lacking > 0 && p->n_nodes < MOST_NODES; lacking -= per_node)
        add_node(p);
    return p->n_nodes - before;
}

void platform_fit(struct session *s)
{
    struct platform *p = s->platform;
    size_t split = 0, grown = 0, added = 0;
    if (!p || !p->n_nodes || !s->workflow)
        return;
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        struct demand asked = s->workflow->sets[k].traits->demand;
        if (split_demand(p, &asked))
            split += split_demand(p, &task_traits_own(&s->workflow->sets[k])->demand);
    }
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        struct slot_demand d = platform_slots(p, &s->workflow->sets[k].traits->demand);
        if (!node_holds(p, &d)) {
            grow_node(p, &d);
            grown++;
        }
        if (platform_capacity(p, &d) == 0)
            added += add_nodes(p, &d);
    }
    session_note(s, split, "task sets",
                 "a rank asks for more than " RESOURCE_DIGITS(NODE_MOST_SLOTS) " slots or "
                 RESOURCE_DIGITS(NODE_MOST_GPUS) " GPUs: split among several nodes");
    session_note(
        s, grown, "task sets",
        "ask for more than a node has by this file: nodes are taken to be as large as they ask");
    session_note(s, added, "nodes",
                 "added: one task has more ranks than the nodes of this file hold");
}
