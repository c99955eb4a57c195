#include "scheduling/kind_index.h"

#include <math.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/min_heap.h"
#include "base/xalloc.h"
#include "scheduling/kind_index_impl.h"

static inline bool before(const struct kind_place *a, const struct kind_place *b)
{
    return (a->key < b->key) | ((a->key == b->key) & (a->arrival < b->arrival));
}

static inline bool same_place(const struct kind_place *a, const struct kind_place *b)
{
    return (a->key == b->key) & (a->arrival == b->arrival);
}

static void sum_up(const struct need_lanes *l, const struct kind_group *g, uint64_t *need,
                   struct kind_place *first)
{
    *need = g->need[0];
    *first = g->first[0];
    for (int i = 1; i < KIND_FAN; i++) {
        *need = need_lanes_least(l, *need, g->need[i]);
        *first = before(&g->first[i], first) ? g->first[i] : *first;
    }
}

/* A task comes before all others of its kind: no subtree has a later first or needs more by it. */
static void set_earlier(struct kind_index *ix, size_t slot, uint64_t need, struct kind_place first)
{
    for (size_t level = ix->n_levels; level-- > 0; slot /= KIND_FAN) {
        struct kind_group *g = &ix->groups[ix->begin[level] + slot / KIND_FAN];
        size_t i = slot % KIND_FAN;
        uint64_t least = need_lanes_least(&ix->lanes, g->need[i], need);
        bool earlier = before(&first, &g->first[i]);
        if (least == g->need[i] && !earlier)
            return;
        g->need[i] = least;
        g->first[i] = earlier ? first : g->first[i];
    }
}

void kind_index_set(struct kind_index *ix, size_t kind, const struct waiting_run *run)
{
    size_t slot = ix->at[kind].slot;
    struct kind_place first =
        run ? (struct kind_place){ run->key, run->arrival } : kind_no_place;
    ix->knows_first &= (int)kind != ix->first && !before(&first, &ix->first_place);
    uint64_t need = run ? ix->at[kind].need : need_lanes_most(&ix->lanes);
    const struct kind_group *leaf =
        &ix->groups[ix->begin[ix->n_levels - 1] + slot / KIND_FAN];
    if (before(&first, &leaf->first[slot % KIND_FAN])) {
        set_earlier(ix, slot, need, first);
        return;
    }
    for (size_t level = ix->n_levels; level-- > 0; slot /= KIND_FAN) {
        struct kind_group *g = &ix->groups[ix->begin[level] + slot / KIND_FAN];
        size_t i = slot % KIND_FAN;
        if (g->need[i] == need && same_place(&g->first[i], &first))
            return;
        g->need[i] = need;
        g->first[i] = first;
        if (level > 0)
            sum_up(&ix->lanes, g, &need, &first);
    }
}

void kind_index_expect(const struct kind_index *ix, size_t kind)
{
    PREFETCH(&ix->at[kind]);
}

static inline void expect_group(const struct kind_group *g)
{
    PREFETCH(&g->need[0]);
    PREFETCH(&g->first[0]);
    PREFETCH(&g->first[KIND_FAN / 2]);
}

void kind_index_expect_leaf(const struct kind_index *ix, size_t kind)
{
    expect_group(&ix->groups[ix->begin[ix->n_levels - 1] + ix->at[kind].slot / KIND_FAN]);
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
                                 (double)d->ranks * d->slots, d->ranks * gpus,
                                 d->one_node ? 1 : d->ranks, expected_s, gpus == 0 } };
}

struct kind_need kind_room_of(const struct pool *pool, const struct room *room)
{
    return (struct kind_need){ { room->of[ROOM_SLOTS], room->of[ROOM_GPUS], room->of[ROOM_MEMORY],
                                 (double)pool_all_free_slots(pool),
                                 (double)pool_all_free_gpus(pool), INFINITY, INFINITY, 1 } };
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
    if (kept == KIND_MOST_ROOMS) {
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

void kind_index_begin(struct kind_search *s, const struct kind_rooms *rooms,
                      const struct waiting_run *after)
{
    s->rooms = rooms;
    s->after = after ? (struct kind_place){ after->key, after->arrival }
                     : (struct kind_place){ -INFINITY, 0 };
    s->n_open = s->n_left_out = 0;
    s->last.members = 0;
    push_open(s, &(struct kind_open){ .first = s->after, .members = UINT8_MAX });
}

void kind_index_leave_out(const struct kind_index *ix, struct kind_search *s,
                          const struct kind_need *need)
{
    uint64_t least;
    size_t kept = 0;
    if (!need_lanes_least_of(&ix->lanes, need, &least))
        return;
    for (size_t i = 0; i < s->n_left_out; i++)
        if (!need_lanes_fit(ix->lanes.guards, least, s->left_out[i]))
            s->left_out[kept++] = s->left_out[i];
    s->n_left_out = kept;
    if (kept < KIND_MOST_LEFT_OUT)
        s->left_out[s->n_left_out++] = least;
}

static void find_lanes(const struct kind_index *ix, struct kind_search *s)
{
    s->n_lanes = 0;
    for (size_t r = 0; s->rooms && r < s->rooms->n; r++)
        s->n_lanes += need_lanes_of_room(&ix->lanes, &s->rooms->at[r], &s->lanes[s->n_lanes]);
    if (!s->rooms)
        s->lanes[s->n_lanes++] = need_lanes_most(&ix->lanes);
}

/* Of the opened members those that could fit now. */
static uint8_t members_that_fit(const struct kind_index *ix, const struct kind_search *s,
                                const struct kind_group *g, const struct kind_open *o)
{
    uint64_t guards = ix->lanes.guards;
    unsigned fit = 0;
    for (size_t r = 0; r < s->n_lanes; r++)
        for (int i = 0; i < KIND_FAN; i++)
            fit |= (unsigned)need_lanes_fit(guards, g->need[i], s->lanes[r]) << i;
    fit &= o->members;
    for (size_t r = 0; fit && r < s->n_left_out; r++)
        for (int i = 0; i < KIND_FAN; i++)
            fit &= ~((unsigned)need_lanes_fit(guards, s->left_out[r], g->need[i]) << i);
    for (int i = 0; o->level + 1u == ix->n_levels && i < KIND_FAN; i++)
        fit &= ~((unsigned)!before(&s->after, &g->first[i]) << i);
    return (uint8_t)fit;
}

/* Which of the members goes first; KIND_FAN: none waits. */
static int first_member(const struct kind_group *g, unsigned members)
{
    int best = KIND_FAN;
    struct kind_place first = kind_no_place;
    for (unsigned left = members; left; left &= left - 1) {
        int i = bits_lowest(left);
        bool less = before(&g->first[i], &first);
        best = less ? i : best;
        first = less ? g->first[i] : first;
    }
    return best;
}

/* Opens those members of the group again, by the first of them. */
static void push_rest(struct kind_search *s, const struct kind_group *g, struct kind_open o)
{
    int best = first_member(g, o.members);
    if (best == KIND_FAN)
        return;
    o.first = g->first[best];
    push_open(s, &o);
}

/* The kind below `o` whose task goes first; -1: none of them fits, or another opened group has an
 * earlier task. */
static int descend(const struct kind_index *ix, struct kind_search *s, struct kind_open o)
{
    for (;;) {
        const struct kind_group *g = &ix->groups[ix->begin[o.level] + o.group];
        o.members = members_that_fit(ix, s, g, &o);
        int best = first_member(g, o.members);
        if (best == KIND_FAN)
            return -1;
        o.first = g->first[best];
        if (s->n_open > 0 && before(&s->open[0].first, &o.first)) {
            push_open(s, &o);
            return -1;
        }
        uint32_t below = o.group * KIND_FAN + (uint32_t)best;
        bool is_leaf = o.level + 1u == ix->n_levels;
        if (is_leaf)
            PREFETCH(&ix->kind[below]);
        else
            expect_group(&ix->groups[ix->begin[o.level + 1] + below]);
        struct kind_open rest = o, chosen = o;
        chosen.members = (uint8_t)(1u << best);
        rest.members = (uint8_t)(o.members & ~chosen.members);
        push_rest(s, g, rest);
        if (is_leaf) {
            s->last = chosen;
            return (int)ix->kind[below];
        }
        o = (struct kind_open){ .group = below, .level = (uint8_t)(o.level + 1),
                                .members = UINT8_MAX };
    }
}

/* The kind found last, if another task of it is the first now. */
static void reopen_last(const struct kind_index *ix, struct kind_search *s)
{
    if (s->last.members == 0)
        return;
    const struct kind_group *g = &ix->groups[ix->begin[s->last.level] + s->last.group];
    if (!same_place(&g->first[bits_lowest(s->last.members)], &s->last.first))
        push_rest(s, g, s->last);
    s->last.members = 0;
}

int kind_index_next(const struct kind_index *ix, struct kind_search *s)
{
    find_lanes(ix, s);
    if (s->n_lanes == 0) {
        s->n_open = 0;                   /* rooms but shrink */
        return -1;
    }
    reopen_last(ix, s);
    int kind = -1;
    while (kind < 0 && s->n_open > 0)
        kind = descend(ix, s, pop_open(s));
    return kind;
}

static int find_first(const struct kind_index *ix)
{
    size_t slot = 0;
    for (size_t level = 0; level < ix->n_levels; level++) {
        const struct kind_group *g = &ix->groups[ix->begin[level] + slot];
        int best = first_member(g, UINT8_MAX);
        if (best == KIND_FAN)
            return -1;
        slot = slot * KIND_FAN + (size_t)best;
    }
    return (int)ix->kind[slot];
}

static struct kind_place place_of(const struct kind_index *ix, int kind)
{
    size_t slot = ix->at[kind].slot;
    return ix->groups[ix->begin[ix->n_levels - 1] + slot / KIND_FAN].first[slot % KIND_FAN];
}

int kind_index_first(struct kind_index *ix)
{
    if (!ix->knows_first) {
        ix->first = find_first(ix);
        ix->first_place = ix->first < 0 ? kind_no_place : place_of(ix, ix->first);
        ix->knows_first = true;
    }
    return ix->first;
}
