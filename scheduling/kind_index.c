#include "scheduling/kind_index.h"

#include <assert.h>

#include "base/compiler.h"
#include "scheduling/kind_index_impl.h"

struct kind_place kind_place_of(const struct kind_index *ix, const struct waiting_run *run)
{
    uint64_t key = (uint64_t)(int64_t)(run->key * ix->scale) << ix->lower_bits;
    if (ix->arrivals)
        return (struct kind_place){ (int64_t)(key * KIND_FAN), run->arrival };
    assert(run->arrival >> ix->lower_bits == 0);
    return (struct kind_place){ (int64_t)((key | run->arrival) * KIND_FAN), 0 };
}

static bool alike(int64_t a, int64_t b)
{
    return ((a ^ b) & ~(int64_t)KIND_MEMBER) == 0;
}

uint64_t kind_arrival_at(const struct kind_index *ix, size_t level, size_t group, size_t i)
{
    size_t slot = group * KIND_FAN + i;
    if (level + 1 == ix->n_levels)
        return ix->arrivals[ix->kind[slot]];
    const int64_t *words = ix->groups[ix->begin[level + 1] + slot].first;
    int best = kind_first_arrival(ix, level + 1, slot, words, kind_least_word(words));
    return kind_arrival_at(ix, level + 1, slot, (size_t)best);
}

OUT_OF_LINE int kind_first_arrival(const struct kind_index *ix, size_t level, size_t group,
                                   const int64_t words[KIND_FAN], int64_t least)
{
    uint64_t first = UINT64_MAX;
    int best = (int)(least & KIND_MEMBER);
    for (size_t i = 0; i < KIND_FAN; i++) {
        uint64_t arrival =
            alike(words[i], least) ? kind_arrival_at(ix, level, group, i) : UINT64_MAX;
        best = arrival < first ? (int)i : best;
        first = arrival < first ? arrival : first;
    }
    return best;
}

struct summary {
    uint64_t need;
    int64_t key;
};

/* Of the group, once its member is `with`: worked out before that is stored, since words just
 * stored one by one are loaded late as vectors. */
static inline struct summary sum_up(const struct kind_index *ix, size_t group, int64_t member,
                                    const struct summary *with)
{
    const struct kind_group *g = &ix->groups[group];
    uint64_t need[KIND_FAN];
    int64_t first[KIND_FAN], word = with->key | member;
    FOR_VECTORS
    for (int64_t i = 0; i < KIND_FAN; i++)
        need[i] = i == member ? with->need : g->need[i];
    FOR_VECTORS
    for (int64_t i = 0; i < KIND_FAN; i++)
        first[i] = i == member ? word : g->first[i];
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN / 2; i++)
        need[i] = need_lanes_least(&ix->lanes, need[i], need[i + KIND_FAN / 2]);
    for (int i = 0; i < 2; i++)
        need[i] = need_lanes_least(&ix->lanes, need[i], need[i + 2]);
    return (struct summary){ need_lanes_least(&ix->lanes, need[0], need[1]),
                             kind_least_word(first) & ~(int64_t)KIND_MEMBER };
}

/* False: nothing changes. */
static inline bool put(struct kind_group *g, size_t i, const struct summary *s)
{
    int64_t word = s->key | (int64_t)i;
    if (g->need[i] == s->need && g->first[i] == word)
        return false;
    g->need[i] = s->need;
    g->first[i] = word;
    return true;
}

/* A task comes before all others of its kind: no subtree has a later first or needs more by it. */
static void set_earlier(struct kind_index *ix, size_t slot, const struct summary *s)
{
    for (size_t level = ix->n_levels; level-- > 0; slot /= KIND_FAN) {
        struct kind_group *g = &ix->groups[ix->begin[level] + slot / KIND_FAN];
        size_t i = slot % KIND_FAN;
        int64_t key = g->first[i] & ~(int64_t)KIND_MEMBER;
        struct summary both = { need_lanes_least(&ix->lanes, g->need[i], s->need),
                                s->key < key ? s->key : key };
        if (!put(g, i, &both))
            return;
    }
}

static struct kind_place place_of(const struct kind_index *ix, size_t kind)
{
    size_t slot = ix->at[kind].slot;
    struct kind_place first = kind_place_at(ix, ix->n_levels - 1, slot / KIND_FAN, slot % KIND_FAN);
    first.arrival = ix->arrivals ? ix->arrivals[kind] : 0;
    return first;
}

WIDE_VECTORS void kind_index_set(struct kind_index *ix, size_t kind, const struct waiting_run *run)
{
    size_t slot = ix->at[kind].slot;
    struct kind_place first = run ? kind_place_of(ix, run) : kind_no_place,
                      before = place_of(ix, kind);
    struct summary s = { run ? ix->at[kind].need : need_lanes_most(&ix->lanes), first.key };
    ix->knows_first &= (int)kind != ix->first && !kind_before(&first, &ix->first_place);
    if (ix->arrivals)
        ix->arrivals[kind] = first.arrival;
    if (kind_before(&first, &before)) {
        set_earlier(ix, slot, &s);
        return;
    }
    for (size_t level = ix->n_levels; level-- > 0; slot /= KIND_FAN) {
        size_t group = ix->begin[level] + slot / KIND_FAN, i = slot % KIND_FAN;
        struct summary above = sum_up(ix, group, (int64_t)i, &s);
        if (!put(&ix->groups[group], i, &s) || level == 0)
            return;
        s = above;
    }
}

void kind_index_expect(const struct kind_index *ix, size_t kind)
{
    PREFETCH(&ix->at[kind]);
    if (ix->arrivals)
        PREFETCH(&ix->arrivals[kind]);
}

void kind_index_expect_leaf(const struct kind_index *ix, size_t kind)
{
    kind_expect_group(&ix->groups[ix->begin[ix->n_levels - 1] + ix->at[kind].slot / KIND_FAN]);
}

static int find_first(const struct kind_index *ix)
{
    size_t slot = 0;
    for (size_t level = 0; level < ix->n_levels; level++) {
        size_t group = ix->begin[level] + slot;
        int best = kind_first_member(ix, level, slot, ix->groups[group].first);
        if (best < 0)
            return -1;
        slot = slot * KIND_FAN + (size_t)best;
    }
    return (int)ix->kind[slot];
}

int kind_index_first(struct kind_index *ix)
{
    if (!ix->knows_first) {
        ix->first = find_first(ix);
        ix->first_place = ix->first < 0 ? kind_no_place : place_of(ix, (size_t)ix->first);
        ix->knows_first = true;
    }
    return ix->first;
}
