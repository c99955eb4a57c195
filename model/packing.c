/* Node by node, demand by demand: as many units as fit, then one less, and so on; the node's last
 * demand takes all it can, as leaving room would help no other. Nodes of one shape are
 * interchangeable, so each takes no more than the one before it, in lexicographic order of its
 * counts. A unit is what must lie on one node: a rank, or a task whose ranks share a node. */
#include "model/packing.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/number.h"

struct room { int64_t slots, gpus; double memory_mib; };
struct unit {
    int64_t slots, gpus, memory_mib;
    int64_t shares, shares_per_gpu;      /* of a device; 0: it takes whole ones */
};
struct search {
    const struct platform *platform;
    size_t n_units, limit, *steps;
    struct unit units[PACKING_MAX_DEMANDS];
    int64_t left[PACKING_MAX_DEMANDS];
    int64_t taken[PACKING_MAX_NODES][PACKING_MAX_DEMANDS];
    struct room from[PACKING_MAX_NODES + 1];     /* what nodes i and later have in all */
};

static struct room room_of(const struct node_shape *s)
{
    return (struct room){ node_shape_usable(s), s->n_gpus,
                          s->memory_mib > 0 ? (double)s->memory_mib : INFINITY };
}

static int64_t devices(const struct unit *u, int64_t count)
{
    return u->shares > 0 ? (count * u->shares + u->shares_per_gpu - 1) / u->shares_per_gpu
                         : count * u->gpus;
}

/* How many of `want` units the room holds. */
static int64_t held(const struct room *room, const struct unit *u, int64_t want)
{
    int64_t count = want;
    if (u->slots > 0)
        count = at_most(count, room->slots / u->slots);
    if (u->gpus > 0)
        count = at_most(count, room->gpus / u->gpus);
    if (u->shares > 0)
        count = at_most(count, room->gpus * u->shares_per_gpu / u->shares);
    if (u->memory_mib > 0 && room->memory_mib < INFINITY)
        count = at_most(count, (int64_t)room->memory_mib / u->memory_mib);
    return count;
}

/* What is left to place needs no more than what the nodes from here on have. */
static bool could_fit(const struct search *s, size_t node)
{
    struct room need = { 0 };
    for (size_t i = 0; i < s->n_units; i++) {
        need.slots += s->left[i] * s->units[i].slots;
        need.gpus += devices(&s->units[i], s->left[i]);
        need.memory_mib += (double)(s->left[i] * s->units[i].memory_mib);
    }
    return need.slots <= s->from[node].slots && need.gpus <= s->from[node].gpus &&
           need.memory_mib <= s->from[node].memory_mib;
}

static enum packing place(struct search *s, size_t node, size_t i, struct room room, bool tied);

static enum packing place_node(struct search *s, size_t node)
{
    bool done = true;
    for (size_t i = 0; i < s->n_units; i++)
        done = done && s->left[i] == 0;
    if (done)
        return PACKING_POSSIBLE;
    if (node == s->platform->n_nodes || !could_fit(s, node))
        return PACKING_IMPOSSIBLE;
    bool like_before = node > 0 && s->platform->shape_of[node] == s->platform->shape_of[node - 1];
    return place(s, node, 0, room_of(platform_node(s->platform, node)), like_before);
}

/* Demand i on the node; `tied`: so far its counts equal those of the node before. */
static enum packing place(struct search *s, size_t node, size_t i, struct room room, bool tied)
{
    if (i == s->n_units)
        return place_node(s, node + 1);
    if (++*s->steps > s->limit)
        return PACKING_UNDECIDED;
    const struct unit *u = &s->units[i];
    int64_t most = held(&room, u, tied ? at_most(s->left[i], s->taken[node - 1][i]) : s->left[i]);
    int64_t least = i + 1 == s->n_units ? most : 0;
    for (int64_t count = most; count >= least; count--) {
        struct room rest = { room.slots - count * u->slots, room.gpus - devices(u, count),
                             room.memory_mib - (double)(count * u->memory_mib) };
        s->taken[node][i] = count;
        s->left[i] -= count;
        enum packing found = place(s, node, i + 1, rest, tied && count == s->taken[node - 1][i]);
        s->left[i] += count;
        if (found != PACKING_IMPOSSIBLE)
            return found;
    }
    return PACKING_IMPOSSIBLE;
}

static struct unit unit_of(const struct slot_demand *d)
{
    int64_t ranks = d->one_node ? d->ranks : 1;
    return (struct unit){ .slots = ranks * d->slots,
                          .gpus = ranks * d->gpus,
                          .memory_mib = ranks * d->memory_mib,
                          .shares = d->gpu_share > 0 ? ranks : 0,
                          .shares_per_gpu =
                              d->gpu_share > 0 ? DEMAND_WHOLE_GPU / d->gpu_share : 0 };
}

/* Devices shared by different demands are a packing problem of their own, not solved here. */
static bool shares_differ(const struct packing_need *needs, size_t n)
{
    size_t shared = 0;
    for (size_t i = 0; i < n; i++)
        shared += needs[i].demand.gpu_share > 0;
    return shared > 1;
}

enum packing packing_decide(const struct platform *p, const struct packing_need *needs, size_t n,
                            size_t limit, size_t *steps)
{
    if (p->n_nodes > PACKING_MAX_NODES || n > PACKING_MAX_DEMANDS || shares_differ(needs, n))
        return PACKING_UNDECIDED;
    struct search s = { .platform = p, .n_units = n, .limit = *steps + limit, .steps = steps };
    for (size_t i = 0; i < n; i++) {
        s.units[i] = unit_of(&needs[i].demand);
        s.left[i] =
            (int64_t)needs[i].tasks * (needs[i].demand.one_node ? 1 : needs[i].demand.ranks);
    }
    for (size_t node = p->n_nodes; node-- > 0;) {
        struct room room = room_of(platform_node(p, node));
        s.from[node] =
            (struct room){ s.from[node + 1].slots + room.slots, s.from[node + 1].gpus + room.gpus,
                           s.from[node + 1].memory_mib + room.memory_mib };
    }
    return place_node(&s, 0);
}
