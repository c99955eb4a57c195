#include "scheduling/placement.h"

#include <math.h>
#include <string.h>

#include "base/compiler.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/placement_impl.h"

#define ROW(name) &placement_##name,
static const struct placement_ops *const registry[] = { PLACEMENTS(ROW) };

/* The nodes for a class, and those like it, as the leaves of a knock-out tournament: winner[1] is
 * the best node, winner[i] the better of winner[2i] and winner[2i + 1]. score: one a node. */
struct tournament { size_t demand_class; uint32_t *winner; double *score; };

struct placement {
    const struct placement_ops *ops;
    struct pool *pool;
    struct placement_view view;
    size_t n_leaves;                             /* a power of two */
    struct tournament *tournaments;              /* NULL without a score */
    size_t n_tournaments, *of_class;             /* of_class: the number of the class's */
    uint32_t last;                               /* node where the last placement ended */
    bool searches;                               /* scores, but keeps no tournaments */
    /* by node: the number of the last placement within limits that used it */
    uint32_t *used, use;
    struct pool_ranks *parts;                        /* where its ranks go */
    size_t n_parts, part_room;
};

const struct placement_ops *placement_at(size_t i)
{
    return i < sizeof registry / sizeof *registry ? registry[i] : NULL;
}

const struct placement_ops *placement_find(const char *name)
{
    for (size_t i = 0; placement_at(i); i++)
        if (str_equal(registry[i]->name, name))
            return registry[i];
    return NULL;
}

double placement_left(const struct pool *pool, uint32_t node, const struct slot_demand *d)
{
    const struct node_shape *shape = pool_shape(pool, node);
    double left = 0;
    if (d->slots > 0)
        left =
            fmax(left, (double)(pool_free_slots(pool, node) - d->slots) / node_shape_usable(shape));
    if (d->gpus > 0)
        left = fmax(left, (double)(pool_free_gpus(pool, node) - d->gpus) / shape->n_gpus);
    if (d->memory_mib > 0 && shape->memory_mib > 0)
        left = fmax(left, (double)(pool_free_memory(pool, node) - d->memory_mib) /
                              (double)shape->memory_mib);
    return left;
}

/* One for each class that others are like. */
static void make_tournaments(struct placement *pl)
{
    size_t n_classes = pool_classes(pl->pool);
    pl->tournaments = xcalloc(n_classes, sizeof *pl->tournaments);
    pl->of_class = xcalloc(n_classes, sizeof *pl->of_class);
    for (size_t c = 0; c < n_classes; c++) {
        size_t like = pool_like(pl->pool, c);
        pl->of_class[c] = like == c ? pl->n_tournaments : pl->of_class[like];
        if (like != c)
            continue;
        struct tournament *t = &pl->tournaments[pl->n_tournaments++];
        t->demand_class = c;
        t->winner = xcalloc(2 * pl->n_leaves, sizeof *t->winner);
        t->score = xcalloc(pool_nodes(pl->pool), sizeof *t->score);
    }
}

struct placement *placement_new(const struct placement_ops *ops, struct pool *pool)
{
    struct placement *pl = xcalloc(1, sizeof *pl);
    pl->ops = ops;
    pl->pool = pool;
    pl->view.pool = pool;
    pl->searches = ops->score && !pool_tracks_classes(pool);
    if (ops->score && pool_tracks_classes(pool)) {
        for (pl->n_leaves = 1; pl->n_leaves < pool_nodes(pool);)
            pl->n_leaves *= 2;
        make_tournaments(pl);
    }
    placement_reset(pl);
    return pl;
}

void placement_free(struct placement *pl)
{
    if (!pl)
        return;
    for (size_t i = 0; i < pl->n_tournaments; i++) {
        xfree(pl->tournaments[i].winner, pl->tournaments[i].score);
    }
    xfree(pl->tournaments, pl->of_class, pl->used, pl->parts, pl);
}

static void rescore(struct placement *pl, struct tournament *t, uint32_t node)
{
    bool fits = pool_fits(pl->pool, node, t->demand_class);
    t->score[node] =
        fits ? pl->ops->score(&pl->view, node, pool_class(pl->pool, t->demand_class)) : INFINITY;
}

/* The better of two entrants, POOL_NONE being nobody. */
static uint32_t better(const struct tournament *t, uint32_t a, uint32_t b)
{
    if (a == POOL_NONE || b == POOL_NONE)
        return a == POOL_NONE ? b : a;
    return t->score[b] < t->score[a] ? b : a;    /* a is the lower node: it wins a tie */
}

static void rebuild(struct placement *pl, struct tournament *t)
{
    for (uint32_t node = 0; node < pl->n_leaves; node++) {
        bool exists = node < pool_nodes(pl->pool);
        if (exists)
            rescore(pl, t, node);
        t->winner[pl->n_leaves + node] = exists ? node : POOL_NONE;
    }
    for (size_t i = pl->n_leaves - 1; i > 0; i--)
        t->winner[i] = better(t, t->winner[2 * i], t->winner[2 * i + 1]);
}

OUT_OF_LINE static void replay_matches(struct placement *pl, uint32_t node)
{
    for (struct tournament *t = pl->tournaments; t < pl->tournaments + pl->n_tournaments; t++) {
        rescore(pl, t, node);
        for (size_t i = (pl->n_leaves + node) / 2; i > 0; i /= 2)
            t->winner[i] = better(t, t->winner[2 * i], t->winner[2 * i + 1]);
    }
}

static inline void node_changed(struct placement *pl, uint32_t node)
{
    if (pl->tournaments)
        replay_matches(pl, node);
}

static void nodes_changed(struct placement *pl, uint32_t node, uint32_t n)
{
    for (uint32_t i = 0; pl->tournaments && i < n; i++)
        replay_matches(pl, node + i);
}

void placement_reset(struct placement *pl)
{
    pl->last = 0;
    pl->view.slots_per_gpu = 0;
    for (size_t i = 0; i < pl->n_tournaments; i++)
        rebuild(pl, &pl->tournaments[i]);
}

void placement_set_slots_per_gpu(struct placement *pl, int64_t slots)
{
    if (!pl->ops->reserves || slots == pl->view.slots_per_gpu)
        return;
    pl->view.slots_per_gpu = slots;
    for (size_t i = 0; i < pl->n_tournaments; i++)
        rebuild(pl, &pl->tournaments[i]);
}

bool placement_reserves(const struct placement *pl)
{
    return pl->ops->reserves;
}

int64_t placement_slots_per_gpu(const struct placement *pl)
{
    return pl->view.slots_per_gpu;
}

struct choice { uint32_t node; double score; };
static const struct choice none_yet = { POOL_NONE, INFINITY };

/* Of nodes that fit: the lowest score is the best, then the lowest node. */
static void consider(const struct placement *pl, size_t c, uint32_t node, struct choice *best)
{
    double score = pl->ops->score ? pl->ops->score(&pl->view, node, pool_class(pl->pool, c))
                                  : pl->ops->rotates && node < pl->last;
    bool is_tie = score == best->score && score < INFINITY;
    if (score < best->score || (is_tie && node < best->node))
        *best = (struct choice){ node, score };
}

/* Of the nodes from `from` to before `end` every one that fits is looked at. */
OUT_OF_LINE static uint32_t search(const struct placement *pl, size_t c, uint32_t from,
                                   uint32_t end)
{
    struct choice best = none_yet;
    for (uint32_t n = pool_first_fit(pl->pool, c, from); n < end;
         n = pool_first_fit(pl->pool, c, n + 1))
        consider(pl, c, n, &best);
    return best.node;
}

static uint32_t choose(const struct placement *pl, size_t c)
{
    if (pl->tournaments) {
        const struct tournament *t = &pl->tournaments[pl->of_class[c]];
        uint32_t best = t->winner[1];
        return t->score[best] < INFINITY ? best : POOL_NONE;
    }
    if (pl->searches)
        return search(pl, c, 0, POOL_NONE);
    uint32_t node = pool_first_fit(pl->pool, c, pl->ops->rotates ? pl->last : 0);
    return node == POOL_NONE && pl->ops->rotates ? pool_first_fit(pl->pool, c, 0) : node;
}

static uint32_t place_gang_in_order(struct placement *pl, size_t c)
{
    uint32_t end, grant = pool_claim_gang(pl->pool, c, pl->ops->rotates ? pl->last : 0, &end);
    pl->last = end - 1;
    return grant;
}

/* Ranks of one task over several nodes of one pilot, in the order of the placement, each node
 * filled before the next. Behind a full node the next one goes first if it is alike. */
OUT_OF_LINE static uint32_t place_gang(struct placement *pl, size_t c)
{
    uint32_t left = (uint32_t)pool_class(pl->pool, c)->ranks, first = POOL_NONE, last = POOL_NONE;
    bool apart = pool_pilots(pl->pool) > 1;
    if (!apart && !pl->ops->score)
        return place_gang_in_order(pl, c);
    uint32_t from = apart ? pool_first_job(pl->pool, c) : 0,
             end = from + (uint32_t)pool_job_nodes(pl->pool);
    while (left > 0) {
        uint32_t node = apart ? search(pl, c, from, end) : choose(pl, c);
        if (node == POOL_NONE) {
            if (first != POOL_NONE)
                placement_release(pl, first);
            return POOL_NONE;
        }
        uint32_t fit = pool_ranks_that_fit(pl->pool, node, c), here = fit < left ? fit : left;
        uint32_t n = here < fit ? 1 : pool_alike(pl->pool, node, left / here);
        uint32_t part = pool_claim_alike(pl->pool, node, n, c, here, &last);
        first = first == POOL_NONE ? part : first;
        left -= n * here;
        pl->last = node + n - 1;
        nodes_changed(pl, node, n);
    }
    return first;
}

/* One rank; POOL_NONE: on none. */
static uint32_t place_on(struct placement *pl, size_t c, uint32_t node)
{
    uint32_t last = POOL_NONE;
    if (node == POOL_NONE)
        return POOL_NONE;
    uint32_t grant = pool_claim(pl->pool, node, c, 1, &last);
    pl->last = node;
    node_changed(pl, node);
    return grant;
}

uint32_t placement_place(struct placement *pl, size_t c)
{
    if (!pool_holds_task(pl->pool, c))
        return POOL_NONE;
    if (pool_class(pl->pool, c)->ranks > 1)
        return place_gang(pl, c);
    return place_on(pl, c, choose(pl, c));
}

uint32_t placement_place_among(struct placement *pl, size_t c, const uint32_t *nodes, size_t n)
{
    struct choice best = none_yet;
    for (size_t i = 0; i < n; i++)
        if (pool_fits(pl->pool, nodes[i], c))
            consider(pl, c, nodes[i], &best);
    return place_on(pl, c, best.node);
}

struct limit { size_t demand_class; placement_spares_fn spares; const void *user; };

/* How many ranks of one task may go on the node; none if this placement has used it. */
static uint32_t ranks_within(const struct placement *pl, const struct limit *l, uint32_t node)
{
    uint32_t fit =
        pl->used[node] == pl->use ? 0 : pool_ranks_that_fit(pl->pool, node, l->demand_class);
    uint32_t spare = fit > 0 ? l->spares(l->user, node, l->demand_class) : 0;
    return spare < fit ? spare : fit;
}

static uint32_t first_within(const struct placement *pl, const struct limit *l, uint32_t from)
{
    uint32_t node = pool_first_fit(pl->pool, l->demand_class, from);
    while (node != POOL_NONE && ranks_within(pl, l, node) == 0)
        node = pool_first_fit(pl->pool, l->demand_class, node + 1);
    return node;
}

/* Nodes that had no room for the task at hand, or were chosen, are not asked again: the search goes
 * on behind the last one chosen. */
static uint32_t choose_within(const struct placement *pl, const struct limit *l)
{
    struct choice best = none_yet;
    if (!pl->ops->score) {
        uint32_t next = pl->n_parts > 0 ? pl->parts[pl->n_parts - 1].node + 1 : 0;
        uint32_t node = first_within(pl, l, pl->ops->rotates ? pl->last : next);
        return node == POOL_NONE && pl->ops->rotates ? first_within(pl, l, 0) : node;
    }
    for (uint32_t n = first_within(pl, l, 0); n != POOL_NONE; n = first_within(pl, l, n + 1))
        consider(pl, l->demand_class, n, &best);
    return best.node;
}

static void begin_use(struct placement *pl)
{
    if (!pl->used)
        pl->used = xcalloc(pool_nodes(pl->pool), sizeof *pl->used);
    if (++pl->use == 0)
        memset(pl->used, 0, pool_nodes(pl->pool) * sizeof *pl->used);
    pl->use += pl->use == 0;
    pl->n_parts = 0;
}

/* Fills pl->parts with nodes for all ranks of one task; false: there are none. */
static bool find_within(struct placement *pl, const struct limit *l)
{
    uint32_t left = (uint32_t)pool_class(pl->pool, l->demand_class)->ranks;
    begin_use(pl);
    while (left > 0) {
        uint32_t node = choose_within(pl, l);
        if (node == POOL_NONE)
            return false;
        uint32_t here = ranks_within(pl, l, node);
        here = here < left ? here : left;
        left -= here;
        xgrow(&pl->parts, &pl->part_room, pl->n_parts + 1, sizeof *pl->parts);
        pl->parts[pl->n_parts++] = (struct pool_ranks){ node, here };
        pl->used[node] = pl->use;
        pl->last = node;
    }
    return true;
}

uint32_t placement_place_within(struct placement *pl, size_t demand_class,
                                placement_spares_fn spares, const void *user)
{
    struct limit l = { demand_class, spares, user };
    uint32_t before = pl->last;
    if (!pool_holds_task(pl->pool, demand_class))
        return POOL_NONE;
    if (!find_within(pl, &l)) {
        pl->last = before;
        return POOL_NONE;
    }
    uint32_t grant = pool_claim_ranks(pl->pool, demand_class, pl->parts, pl->n_parts);
    for (size_t i = 0; i < pl->n_parts; i++)
        node_changed(pl, pl->parts[i].node);
    return grant;
}

void placement_release(struct placement *pl, uint32_t grant)
{
    if (!pl->tournaments) {
        pool_release(pl->pool, grant);
        return;
    }
    while (grant != POOL_NONE) {
        struct grant_part part = pool_grant_part(pl->pool, grant);
        grant = pool_release_part(pl->pool, grant);
        nodes_changed(pl, part.node, part.n_nodes);
    }
}

bool placement_can_pass_on(const struct placement *pl, uint32_t grant)
{
    /* a score may refuse a node that has room */
    return !pl->ops->score && pool_can_pass_on(pl->pool, grant);
}

void placement_pass_on(struct placement *pl, uint32_t grant)
{
    pl->last = pool_grant_node(pl->pool, grant);
}

void placement_drain(struct placement *pl, uint32_t node)
{
    pool_drain(pl->pool, node);
    node_changed(pl, node);
}

void placement_undrain(struct placement *pl, uint32_t node)
{
    pool_undrain(pl->pool, node);
    node_changed(pl, node);
}
