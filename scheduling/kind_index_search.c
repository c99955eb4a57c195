#include <string.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/min_heap.h"
#include "base/xalloc.h"
#include "scheduling/kind_index.h"
#include "scheduling/kind_index_impl.h"

static bool opens_before(const void *a, const void *b)
{
    const struct kind_open *x = a, *y = b;
    return kind_before(&x->first, &y->first);
}

/* Most of what is opened is never come back to: it joins the heap when it is asked for. */
static inline void push_open(struct kind_search *s, const struct kind_open *o)
{
    if (s->n_open == s->open_room)
        xgrow(&s->open, &s->open_room, s->n_open + KIND_MOST_LEVELS, sizeof *s->open);
    s->open[s->n_open++] = *o;
    if (kind_before(&o->first, &s->least))
        s->least = o->first;
}

static struct kind_open pop_open(struct kind_search *s)
{
    while (s->n_heap < s->n_open) {
        struct kind_open o = s->open[s->n_heap];
        heap_push(s->open, s->n_heap++, sizeof *s->open, opens_before, &o);
    }
    struct kind_open top = s->open[0];
    heap_pop(s->open, s->n_open--, sizeof *s->open, opens_before);
    s->n_heap = s->n_open;
    s->least = s->n_open > 0 ? s->open[0].first : kind_no_place;
    return top;
}

void kind_index_begin(const struct kind_index *ix, struct kind_search *s,
                      const struct kind_rooms *rooms, const struct waiting_run *after)
{
    s->rooms = rooms;
    s->after = after ? kind_place_of(ix, after) : (struct kind_place){ INT64_MIN, 0 };
    s->n_open = s->n_heap = s->n_left_out = 0;
    s->last.members = 0;
    s->least = kind_no_place;
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

/* All bits, if any is set, without a branch. */
static inline uint64_t spread(uint64_t bits)
{
    return 0 - ((bits | (0 - bits)) >> 63);
}

/* All bits, unless the need fits into the room. */
static inline uint64_t unfit(uint64_t guards, uint64_t need, uint64_t room)
{
    return spread(~((room | guards) - need) & guards);
}

/* Of the opened members those that could fit now keep their words. */
static inline void list_words(const struct kind_index *ix, const struct kind_search *s,
                              const struct kind_group *g, int64_t words[KIND_FAN])
{
    uint64_t guards = ix->lanes.guards, out[KIND_FAN];
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        out[i] = unfit(guards, g->need[i], s->lanes[0]);
    for (size_t r = 1; r < s->n_lanes; r++)
        FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        out[i] &= unfit(guards, g->need[i], s->lanes[r]);
    for (size_t r = 0; r < s->n_left_out; r++)
        FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        out[i] |= ~unfit(guards, s->left_out[r], g->need[i]);
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        words[i] = (int64_t)(((uint64_t)g->first[i] & ~out[i]) | (out[i] & INT64_MAX));
}

static inline void drop_members(int64_t words[KIND_FAN], unsigned members)
{
    for (unsigned left = members; left; left &= left - 1)
        words[bits_lowest(left)] = KIND_NO_KEY;
}

static inline void drop_word(int64_t words[KIND_FAN], int64_t word)
{
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        words[i] = words[i] == word ? KIND_NO_KEY : words[i];
}

/* Of a leaf, leaves out the kinds whose first task comes no later than `after`. */
static inline void drop_before(const struct kind_index *ix, const struct kind_search *s,
                               size_t group, int64_t words[KIND_FAN])
{
    int64_t last = s->after.key | KIND_MEMBER;
    if (ix->arrivals && kind_count_alike(words, last) > 0) {
        for (size_t i = 0; i < KIND_FAN; i++) {
            struct kind_place first = { words[i] & ~(int64_t)KIND_MEMBER,
                                        ix->arrivals[ix->kind[group * KIND_FAN + i]] };
            words[i] = kind_before(&s->after, &first) ? words[i] : KIND_NO_KEY;
        }
        return;
    }
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        words[i] = words[i] <= last ? KIND_NO_KEY : words[i];
}

/* Opens those members of the group again, by the first of them. */
static inline void push_rest(struct kind_search *s, const int64_t words[KIND_FAN],
                             struct kind_open o)
{
    o.first = (struct kind_place){ kind_least_word(words) & ~(int64_t)KIND_MEMBER, 0 };
    if (o.first.key < KIND_NO_KEY)
        push_open(s, &o);
}

/* Whether another opened group has an earlier task than the member of this one. */
static inline bool goes_later(const struct kind_index *ix, const struct kind_search *s,
                              struct kind_open *o, int member)
{
    if (s->n_open == 0)
        return false;
    if (ix->arrivals && s->least.key == o->first.key)
        o->first.arrival = kind_arrival_at(ix, o->level, o->group, (size_t)member);
    return kind_before(&s->least, &o->first);
}

static inline void expect_below(const struct kind_index *ix, size_t level, uint32_t group)
{
    kind_expect_group(&ix->groups[ix->begin[level] + group]);
    if (level + 1 == ix->n_levels)
        PREFETCH(&ix->kind[group * KIND_FAN]);
}

/* The kind below `o` whose task goes first; -1: none of them fits, or another opened group has an
 * earlier task. */
WIDE_VECTORS static int descend(const struct kind_index *ix, struct kind_search *s,
                                struct kind_open o)
{
    for (;; o.level++, o.members = UINT8_MAX) {
        size_t group = ix->begin[o.level] + o.group;
        bool is_leaf = o.level + 1u == ix->n_levels;
        int64_t words[KIND_FAN];
        list_words(ix, s, &ix->groups[group], words);
        if (o.members != UINT8_MAX)
            drop_members(words, UINT8_MAX & ~o.members);
        if (is_leaf && s->after.key > INT64_MIN)
            drop_before(ix, s, o.group, words);
        int best = kind_first_member(ix, o.level, o.group, words);
        if (best < 0)
            return -1;
        o.first = kind_place_at(ix, o.level, o.group, (size_t)best);
        if (goes_later(ix, s, &o, best)) {
            push_open(s, &o);
            return -1;
        }
        uint32_t below = o.group * KIND_FAN + (uint32_t)best;
        if (!is_leaf)
            expect_below(ix, o.level + 1u, below);
        drop_word(words, o.first.key | best);
        struct kind_open rest = o;
        rest.members &= (uint8_t) ~(1u << best);
        push_rest(s, words, rest);
        if (is_leaf) {
            s->last = o;
            s->last.members = (uint8_t)(1u << best);
            s->last.first.arrival = ix->arrivals ? ix->arrivals[ix->kind[below]] : 0;
            return (int)ix->kind[below];
        }
        o.group = below;
    }
}

/* The kind found last, if another task of it is the first now. */
static void reopen_last(const struct kind_index *ix, struct kind_search *s)
{
    if (s->last.members == 0)
        return;
    struct kind_open o = s->last;
    size_t i = (size_t)bits_lowest(o.members);
    struct kind_place first = kind_place_at(ix, o.level, o.group, i);
    s->last.members = 0;
    if (ix->arrivals)
        first.arrival = kind_arrival_at(ix, o.level, o.group, i);
    if (first.key >= KIND_NO_KEY || kind_same_place(&first, &o.first))
        return;
    o.first = first;
    push_open(s, &o);
}

int kind_index_next(const struct kind_index *ix, struct kind_search *s)
{
    find_lanes(ix, s);
    if (s->n_lanes == 0) {
        s->n_open = s->n_heap = 0; /* rooms but shrink */
        return -1;
    }
    reopen_last(ix, s);
    int kind = -1;
    while (kind < 0 && s->n_open > 0)
        kind = descend(ix, s, pop_open(s));
    return kind;
}
