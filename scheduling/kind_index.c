#include "scheduling/kind_index.h"

#include <assert.h>

#include "base/compiler.h"
#include "base/sort.h"
#include "scheduling/kind_index_impl.h"

struct kind_place kind_place_of(const struct kind_index *ix, const struct waiting_run *run)
{
    if (ix->places)
        return (struct kind_place){ (int64_t)(sort_key_of(run->key) ^ UINT64_C(1) << 63),
                                    run->arrival };
    uint64_t key = (uint64_t)run->key << ix->arrival_bits | run->arrival;
    assert(run->arrival >> ix->arrival_bits == 0);
    return (struct kind_place){ (int64_t)(key * KIND_FAN), 0 };
}

OUT_OF_LINE int kind_first_by_place(const struct kind_index *ix, size_t group,
                                    const int64_t words[KIND_FAN], int64_t least)
{
    size_t best = (size_t)least & KIND_MEMBER;
    for (size_t i = 0; i < KIND_FAN; i++) {
        const struct kind_place *places = &ix->places[group * KIND_FAN];
        if (((words[i] ^ least) & ~(int64_t)KIND_MEMBER) == 0 &&
            kind_before(&places[i], &places[best]))
            best = i;
    }
    return (int)best;
}

struct summary {
    uint64_t need;
    struct kind_place first;
};

/* Of the group, once its member is `with`: worked out before that is stored, since words just
 * stored one by one are loaded late as vectors. */
static inline struct summary sum_up(const struct kind_index *ix, size_t group, int64_t member,
                                    const struct summary *with)
{
    const struct kind_group *g = &ix->groups[group];
    uint64_t need[KIND_FAN];
    int64_t first[KIND_FAN], word = kind_word(&with->first, (size_t)member);
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
    int64_t least = kind_least_word(first);
    struct summary sum = { need_lanes_least(&ix->lanes, need[0], need[1]),
                           { least & ~(int64_t)KIND_MEMBER, 0 } };
    return sum;
}

OUT_OF_LINE static struct summary sum_up_places(const struct kind_index *ix, size_t group)
{
    const struct kind_group *g = &ix->groups[group];
    int first = kind_first_member(ix, group, g->first);
    struct summary sum = { g->need[0],
                           first < 0 ? kind_no_place : kind_place_at(ix, group, (size_t)first) };
    for (int i = 1; i < KIND_FAN; i++)
        sum.need = need_lanes_least(&ix->lanes, sum.need, g->need[i]);
    return sum;
}

/* False: nothing changes. */
static inline bool put(struct kind_index *ix, size_t group, size_t i, const struct summary *s)
{
    struct kind_group *g = &ix->groups[group];
    struct kind_place *place = ix->places ? &ix->places[group * KIND_FAN + i] : NULL;
    int64_t word = kind_word(&s->first, i);
    if (g->need[i] == s->need && g->first[i] == word &&
        (!place || kind_same_place(place, &s->first)))
        return false;
    g->need[i] = s->need;
    g->first[i] = word;
    if (place)
        *place = s->first;
    return true;
}

/* A task comes before all others of its kind: no subtree has a later first or needs more by it. */
static void set_earlier(struct kind_index *ix, size_t slot, const struct summary *s)
{
    for (size_t level = ix->n_levels; level-- > 0; slot /= KIND_FAN) {
        size_t group = ix->begin[level] + slot / KIND_FAN, i = slot % KIND_FAN;
        struct summary both = { need_lanes_least(&ix->lanes, ix->groups[group].need[i], s->need),
                                kind_place_at(ix, group, i) };
        if (kind_before(&s->first, &both.first))
            both.first = s->first;
        if (!put(ix, group, i, &both))
            return;
    }
}

static struct kind_place place_of(const struct kind_index *ix, size_t kind)
{
    size_t slot = ix->at[kind].slot;
    return kind_place_at(ix, ix->begin[ix->n_levels - 1] + slot / KIND_FAN, slot % KIND_FAN);
}

WIDE_VECTORS void kind_index_set(struct kind_index *ix, size_t kind, const struct waiting_run *run)
{
    size_t slot = ix->at[kind].slot;
    struct summary s = { run ? ix->at[kind].need : need_lanes_most(&ix->lanes),
                         run ? kind_place_of(ix, run) : kind_no_place };
    struct kind_place before = place_of(ix, kind);
    ix->knows_first &= (int)kind != ix->first && !kind_before(&s.first, &ix->first_place);
    if (kind_before(&s.first, &before)) {
        set_earlier(ix, slot, &s);
        return;
    }
    for (size_t level = ix->n_levels; level-- > 0; slot /= KIND_FAN) {
        size_t group = ix->begin[level] + slot / KIND_FAN;
        struct summary above = s;
        if (!ix->places)
            above = sum_up(ix, group, (int64_t)(slot % KIND_FAN), &s);
        if (!put(ix, group, slot % KIND_FAN, &s) || level == 0)
            return;
        s = ix->places ? sum_up_places(ix, group) : above;
    }
}

void kind_index_expect(const struct kind_index *ix, size_t kind)
{
    PREFETCH(&ix->at[kind]);
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
        int best = kind_first_member(ix, group, ix->groups[group].first);
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
