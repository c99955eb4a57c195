#include "scheduling/kind_index.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/min_heap.h"
#include "base/xalloc.h"

enum { BUCKET = 8 };                     /* kinds in a leaf, on average at most */
static const double WEIGHT_LAST = 0.1;   /* of what tells of reserved nodes only */
enum { MOST_ROOMS = 64 };                /* of more, the last are made one that holds them all */

/* no padding: compared as bytes */
struct subtree { struct kind_need least; struct kind_place first; };

struct kind_index {
    size_t n, n_leaves;                  /* n_leaves: a power of two */
    /* by place in the tree: leaf l has places begin(l) .. begin(l + 1) - 1 */
    struct kind_need *need;
    struct kind_place *first;                 /* by place in the tree */
    uint32_t *at, *kind;                 /* of each kind, its place; of each place, its kind */
    /* 1: all; 2i and 2i + 1: the halves of i; n_leaves + l: leaf l */
    struct subtree *tree;
};

/* no task of the kind waits */
static const struct kind_place no_place = { INFINITY, UINT64_MAX };

static bool before(const struct kind_place *a, const struct kind_place *b)
{
    return a->key < b->key || (a->key == b->key && a->arrival < b->arrival);
}

static size_t begin_of(const struct kind_index *ix, size_t leaf)
{
    return leaf * ix->n / ix->n_leaves;
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t old = *a;
    *a = *b;
    *b = old;
}

/* Hoare's selection: afterwards none of the first `middle` needs more of the resource than any of
 * the others. */
static void split(uint32_t *kinds, size_t n, size_t middle, const struct kind_need *needs, int d)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        double pivot = needs[kinds[low + (high - low) / 2]].of[d];
        size_t i = low, j = high - 1;
        for (;; i++, j--) {
            while (needs[kinds[i]].of[d] < pivot)
                i++;
            while (needs[kinds[j]].of[d] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&kinds[i], &kinds[j]);
        }
        size_t cut = i > j + 1 ? i : j + 1;
        if (middle < cut && cut < high)
            high = cut;
        else if (cut < high)
            low = cut;
        else
            break;
    }
}

/* What is being arranged: a need's weight is how much a difference in it tells, over the range of
 * all kinds. */
struct arrangement {
    struct kind_index *index;
    const struct kind_need *needs;
    double weight[NEED_DIMENSIONS];
};

static struct kind_need spread_of(const uint32_t *kinds, size_t n, const struct kind_need *needs)
{
    struct kind_need least = needs[kinds[0]], most = least;
    for (size_t i = 1; i < n; i++)
        for (int d = 0; d < NEED_DIMENSIONS; d++) {
            least.of[d] = fmin(least.of[d], needs[kinds[i]].of[d]);
            most.of[d] = fmax(most.of[d], needs[kinds[i]].of[d]);
        }
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        most.of[d] -= least.of[d];
    return most;
}

/* When the scarcest resource is used up, of the others a part is still free and tells nothing about
 * who fits: a need weighs the more, the closer its resource is to being used up by then. */
static void weigh(struct arrangement *a, size_t n, const struct room *whole)
{
    static const int resource_of[NEED_DIMENSIONS] = {
        [NEED_SLOTS] = ROOM_SLOTS, [NEED_GPUS] = ROOM_GPUS, [NEED_MEMORY] = ROOM_MEMORY,
        [NEED_ALL_SLOTS] = ROOM_SLOTS, [NEED_ALL_GPUS] = ROOM_GPUS, [NEED_DURATION] = -1,
        [NEED_NO_GPU] = -1
    };
    struct kind_need spread = spread_of(a->index->kind, n, a->needs);
    double share[ROOM_DIMENSIONS] = { 0 }, most = 0;
    for (int r = 0; r < ROOM_DIMENSIONS; r++) {
        for (size_t k = 0; k < n && whole->of[r] > 0; k++)
            share[r] += a->needs[k].of[r] / whole->of[r];
        most = fmax(most, share[r]);
    }
    for (int d = 0; d < NEED_DIMENSIONS; d++) {
        int r = resource_of[d];
        double weight = r >= 0 && most > 0 ? 1 / (1.05 - share[r] / most) : WEIGHT_LAST;
        a->weight[d] = spread.of[d] > 0 ? weight / spread.of[d] : 0;
    }
}

/* The need by which to split; -1: the kinds are all equal. */
static int choose_dimension(const struct arrangement *a, const uint32_t *kinds, size_t n)
{
    struct kind_need spread = spread_of(kinds, n, a->needs);
    double most = 0;
    int best = -1;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        if (a->weight[d] * spread.of[d] > most) {
            most = a->weight[d] * spread.of[d];
            best = d;
        }
    return best;
}

static void arrange(const struct arrangement *a, size_t leaf, size_t n_leaves)
{
    const struct kind_index *ix = a->index;
    size_t begin = begin_of(ix, leaf), end = begin_of(ix, leaf + n_leaves),
           middle = begin_of(ix, leaf + n_leaves / 2);
    int d = n_leaves > 1 ? choose_dimension(a, ix->kind + begin, end - begin) : -1;
    if (d < 0)
        return;
    split(ix->kind + begin, end - begin, middle - begin, a->needs, d);
    arrange(a, leaf, n_leaves / 2);
    arrange(a, leaf + n_leaves / 2, n_leaves / 2);
}

struct kind_index *kind_index_new(const struct kind_need *needs, size_t n,
                                  const struct room *whole)
{
    struct arrangement a = { .needs = needs };
    struct kind_index *ix = xcalloc(1, sizeof *ix);
    ix->n = n;
    ix->n_leaves = 1;
    while (ix->n_leaves * BUCKET < n)
        ix->n_leaves *= 2;
    ix->need = xcalloc(n, sizeof *ix->need);
    ix->first = xcalloc(n, sizeof *ix->first);
    ix->at = xcalloc(n, sizeof *ix->at);
    ix->kind = xcalloc(n, sizeof *ix->kind);
    ix->tree = xcalloc(2 * ix->n_leaves, sizeof *ix->tree);
    for (size_t k = 0; k < n; k++)
        ix->kind[k] = (uint32_t)k;
    a.index = ix;
    weigh(&a, n, whole);
    arrange(&a, 0, ix->n_leaves);
    for (size_t at = 0; at < n; at++) {
        ix->at[ix->kind[at]] = (uint32_t)at;
        ix->need[at] = needs[ix->kind[at]];
        ix->first[at] = no_place;
    }
    for (size_t i = 0; i < 2 * ix->n_leaves; i++) {
        ix->tree[i].first = no_place;
        for (int d = 0; d < NEED_DIMENSIONS; d++)
            ix->tree[i].least.of[d] = INFINITY;
    }
    return ix;
}

void kind_index_free(struct kind_index *ix)
{
    if (!ix)
        return;
    free(ix->need);
    free(ix->first);
    free(ix->at);
    free(ix->kind);
    free(ix->tree);
    free(ix);
}

static void include(struct subtree *t, const struct kind_need *need, const struct kind_place *first)
{
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        t->least.of[d] = need->of[d] < t->least.of[d] ? need->of[d] : t->least.of[d];
    if (before(first, &t->first))
        t->first = *first;
}

static struct subtree sum_up_leaf(const struct kind_index *ix, size_t leaf)
{
    struct subtree t = { .first = no_place };
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        t.least.of[d] = INFINITY;
    for (size_t at = begin_of(ix, leaf); at < begin_of(ix, leaf + 1); at++)
        if (ix->first[at].arrival != UINT64_MAX)
            include(&t, &ix->need[at], &ix->first[at]);
    return t;
}

/* The leaf of a place: begin_of() the other way round. */
static size_t leaf_of(const struct kind_index *ix, size_t at)
{
    size_t leaf = at * ix->n_leaves / ix->n;
    while (begin_of(ix, leaf + 1) <= at)
        leaf++;
    return leaf;
}

void kind_index_set(struct kind_index *ix, size_t kind, const struct waiting_run *first)
{
    size_t at = ix->at[kind], leaf = leaf_of(ix, at), i = ix->n_leaves + leaf;
    ix->first[at] = first ? (struct kind_place){ first->key, first->arrival } : no_place;
    struct subtree t = sum_up_leaf(ix, leaf);
    while (memcmp(&t, &ix->tree[i], sizeof t) != 0) {
        ix->tree[i] = t;
        if ((i /= 2) == 0)
            return;
        t = ix->tree[2 * i];
        include(&t, &ix->tree[2 * i + 1].least, &ix->tree[2 * i + 1].first);
    }
}

static bool fits(const struct kind_need *need, const struct kind_need *room)
{
    bool all = true;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        all &= need->of[d] <= room->of[d];
    return all;
}

struct kind_need kind_need_of(const struct slot_demand *d, double expected_s)
{
    struct room one = room_need(d);
    double gpus = (double)d->gpus * DEMAND_WHOLE_GPU + d->gpu_share;
    return (struct kind_need){ { one.of[ROOM_SLOTS], one.of[ROOM_GPUS], one.of[ROOM_MEMORY],
                                 (double)d->ranks * d->slots, d->ranks * gpus, expected_s,
                                 gpus == 0 } };
}

struct kind_need kind_room_of(const struct pool *pool, const struct room *room)
{
    return (struct kind_need){ { room->of[ROOM_SLOTS], room->of[ROOM_GPUS], room->of[ROOM_MEMORY],
                                 (double)pool_all_free_slots(pool),
                                 (double)pool_all_free_gpus(pool), INFINITY, 1 } };
}

void kind_rooms_add(struct kind_rooms *r, const struct kind_need *room)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++)
        if (fits(room, &r->at[i]))
            return;
    for (size_t i = 0; i < r->n; i++)
        if (!fits(&r->at[i], room))
            r->at[kept++] = r->at[i];
    r->n = kept;
    if (kept == MOST_ROOMS) {
        for (int d = 0; d < NEED_DIMENSIONS; d++)
            r->at[kept - 1].of[d] = fmax(r->at[kept - 1].of[d], room->of[d]);
        return;
    }
    xgrow(&r->at, &r->room, kept + 1, sizeof *r->at);
    r->at[r->n++] = *room;
}

static bool opens_before(const void *a, const void *b)
{
    const struct kind_open *x = a, *y = b;
    return before(&x->first, &y->first);
}

static void push_open(struct kind_search *s, const struct kind_open *o)
{
    xgrow(&s->open, &s->open_room, s->n_open + 1, sizeof *s->open);
    heap_push(s->open, s->n_open++, sizeof *s->open, opens_before, o);
}

static struct kind_open pop_open(struct kind_search *s)
{
    struct kind_open top = s->open[0];
    heap_pop(s->open, s->n_open--, sizeof *s->open, opens_before);
    return top;
}

static bool fits_some(const struct kind_search *s, const struct kind_need *need)
{
    for (size_t r = 0; s->rooms && r < s->rooms->n; r++)
        if (fits(need, &s->rooms->at[r]))
            return true;
    return !s->rooms;
}

static void open_subtree(const struct kind_index *ix, struct kind_search *s, size_t i)
{
    const struct subtree *t = &ix->tree[i];
    if (t->first.arrival != UINT64_MAX && fits_some(s, &t->least))
        push_open(s, &(struct kind_open){ .first = t->first, .at = (uint32_t)i });
}

static void open_kind(const struct kind_index *ix, struct kind_search *s, size_t at)
{
    if (ix->first[at].arrival != UINT64_MAX && before(&s->after, &ix->first[at]) &&
        fits_some(s, &ix->need[at]))
        push_open(s, &(struct kind_open){ ix->first[at], (uint32_t)at, true });
}

void kind_index_begin(const struct kind_index *ix, struct kind_search *s,
                      const struct kind_rooms *rooms, const struct waiting_run *after)
{
    s->rooms = rooms;
    s->after = after ? (struct kind_place){ after->key, after->arrival }
                     : (struct kind_place){ -INFINITY, 0 };
    s->n_open = 0;
    s->last = (struct kind_open){ 0 };
    open_subtree(ix, s, 1);
}

static bool has_changed(const struct kind_index *ix, const struct kind_open *o)
{
    return memcmp(&ix->first[o->at], &o->first, sizeof o->first) != 0;
}

/* Of each subtree on the way down, the half whose first goes before all that is open is opened at
 * once, unless nothing of it can fit. */
static void descend(const struct kind_index *ix, struct kind_search *s, size_t i)
{
    while (fits_some(s, &ix->tree[i].least)) {
        if (i >= ix->n_leaves) {
            size_t leaf = i - ix->n_leaves;
            for (size_t at = begin_of(ix, leaf); at < begin_of(ix, leaf + 1); at++)
                open_kind(ix, s, at);
            return;
        }
        i *= 2;
        i += before(&ix->tree[i + 1].first, &ix->tree[i].first);
        open_subtree(ix, s, i ^ 1);
        if (s->n_open > 0 && before(&s->open[0].first, &ix->tree[i].first)) {
            open_subtree(ix, s, i);
            return;
        }
    }
}

int kind_index_next(const struct kind_index *ix, struct kind_search *s)
{
    if (s->last.is_kind && has_changed(ix, &s->last))
        open_kind(ix, s, s->last.at);
    s->last.is_kind = false;
    while (s->n_open > 0) {
        struct kind_open o = pop_open(s);
        if (o.is_kind && has_changed(ix, &o)) {
            open_kind(ix, s, o.at);
        } else if (o.is_kind && fits_some(s, &ix->need[o.at])) {
            s->last = o;
            return (int)ix->kind[o.at];
        } else if (!o.is_kind) {
            descend(ix, s, o.at);
        }
    }
    return -1;
}

int kind_index_first(const struct kind_index *ix)
{
    const struct kind_place *first = &ix->tree[1].first;
    size_t i = 1;
    if (first->arrival == UINT64_MAX)
        return -1;
    while (i < ix->n_leaves)
        i = 2 * i + (ix->tree[2 * i].first.arrival != first->arrival);
    size_t at = begin_of(ix, i - ix->n_leaves);
    while (ix->first[at].arrival != first->arrival)
        at++;
    return (int)ix->kind[at];
}
