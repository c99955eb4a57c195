/* Whether one task of a demand fits on what is free now, kept up to date node by node. */
#include "base/xalloc.h"
#include "study/occupancy_impl.h"

void occupancy_fit_init(struct occupancy_answer *a, size_t n_nodes)
{
    a->share = xcalloc(n_nodes, sizeof *a->share);
    a->stale = xcalloc(n_nodes, sizeof *a->stale);
    a->is_stale = xcalloc(n_nodes, sizeof *a->is_stale);
}

void occupancy_fit_clear(struct occupancy_answer *a)
{
    xfree(a->share, a->stale, a->is_stale);
}

static int64_t ranks_by_gpus(const struct occupancy_node *node, int n_gpus,
                             const struct slot_demand *d)
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
    const struct occupancy_node *node = &o->nodes[n];
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

static struct occupancy_share share_of(const struct occupancy *o, size_t n,
                                       const struct slot_demand *d)
{
    int64_t ranks[OCCUPANCY_RESOURCES], least = d->one_node ? d->ranks : 1;
    struct occupancy_share share = { .ranks = d->ranks };
    ranks_allowed(o, n, d, ranks);
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++) {
        share.enough[r] = ranks[r] >= least;
        share.ranks = ranks[r] < share.ranks ? ranks[r] : share.ranks;
    }
    if (share.ranks < least)
        share.ranks = 0;
    return share;
}

static void add_share(struct occupancy_answer *a, const struct occupancy_share *share, int sign)
{
    a->ranks += sign * share->ranks;
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++)
        a->nodes[r] += (size_t)(sign * share->enough[r]);
}

static void refresh(struct occupancy *o, uint32_t node)
{
    struct occupancy_answer *a = &o->answer;
    add_share(a, &a->share[node], -1);
    a->share[node] = share_of(o, node, a->demand);
    add_share(a, &a->share[node], 1);
}

const struct occupancy_answer *occupancy_fit(struct occupancy *o, const struct slot_demand *d)
{
    struct occupancy_answer *a = &o->answer;
    bool same = a->demand && (a->demand == d || slot_demand_equal(a->demand, d));
    if (!same) {
        a->demand = d;
        for (size_t n = 0; n < o->timeline->platform->n_nodes; n++)
            occupancy_fit_changed(a, (uint32_t)n);
    }
    while (a->n_stale > 0) {
        uint32_t node = a->stale[--a->n_stale];
        a->is_stale[node] = false;
        refresh(o, node);
    }
    return a;
}
