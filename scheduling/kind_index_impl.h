/* scheduling/kind_index_impl.h - the tree that kind_index_make.c lays out, and kind_index.c keeps
 * and searches. */
#ifndef DAGCAST_SCHEDULING_KIND_INDEX_IMPL_H
#define DAGCAST_SCHEDULING_KIND_INDEX_IMPL_H

#include "base/compiler.h"
#include "scheduling/kind_index.h"
#include "scheduling/need_lanes.h"

/* One step down is three of the k-d tree. Levels: of 2^32 kinds, at most. */
enum { KIND_FAN = 8, KIND_MOST_LEVELS = 12 };

/* Eight subtrees, or kinds: two cache lines. need: the least of those that wait, at most
 * need_lanes_most(); first: the place of the first of those, of which the lowest bits make way for
 * the number of the member, so that the least of a group tells who it is. */
enum { KIND_MEMBER = KIND_FAN - 1 };
#define KIND_NO_KEY (INT64_MAX - KIND_MEMBER)            /* of this and more: none waits */
struct kind_group { uint64_t need[KIND_FAN]; int64_t first[KIND_FAN]; };

struct kind_index {
    size_t n, n_leaves;                  /* n_leaves: a power of two */
    struct need_lanes lanes;
    size_t n_levels;                     /* level 0 is one group, the last one has the kinds */
    size_t begin[KIND_MOST_LEVELS];      /* the first group of each level */
    /* Member i of group g of a level is group KIND_FAN * g + i of the next; of the last level, the
     * kind of that slot. */
    struct kind_group *groups;
    /* The key of a run, times `scale`, is above the lower bits of its word. The arrival is in them,
     * or kept for each kind: then words of two places may be equal. */
    double scale;
    int lower_bits;
    uint64_t *arrivals;                  /* NULL: they are in the words */
    uint32_t *kind;                      /* of each slot */
    struct kind_at { uint64_t need; uint32_t slot; } *at;        /* of each kind */
    bool knows_first;                    /* of all that wait: */
    int first;
    struct kind_place first_place;
};

/* no task of the kind waits */
static const struct kind_place kind_no_place = { KIND_NO_KEY, 0 };

static inline bool kind_before(const struct kind_place *a, const struct kind_place *b)
{
    return (a->key < b->key) | ((a->key == b->key) & (a->arrival < b->arrival));
}

static inline bool kind_same_place(const struct kind_place *a, const struct kind_place *b)
{
    return (a->key == b->key) & (a->arrival == b->arrival);
}

struct kind_place kind_place_of(const struct kind_index *ix, const struct waiting_run *run);

/* Where the word does not tell the arrival, that is 0: no later than it is. */
static inline struct kind_place kind_place_at(const struct kind_index *ix, size_t level,
                                              size_t group, size_t i)
{
    int64_t word = ix->groups[ix->begin[level] + group].first[i];
    return (struct kind_place){ word & ~(int64_t)KIND_MEMBER, 0 };
}
/* Of the first task of the member of a group, where words do not tell it. */
uint64_t kind_arrival_at(const struct kind_index *ix, size_t level, size_t group, size_t i);

static inline int64_t kind_least_word(const int64_t words[KIND_FAN])
{
    int64_t least[KIND_FAN / 2];
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN / 2; i++)
        least[i] = words[i] < words[i + KIND_FAN / 2] ? words[i] : words[i + KIND_FAN / 2];
    for (int i = 0; i < 2; i++)
        least[i] = least[i] < least[i + 2] ? least[i] : least[i + 2];
    return least[0] < least[1] ? least[0] : least[1];
}

/* How many share the word, but for the member. */
static inline int64_t kind_count_alike(const int64_t words[KIND_FAN], int64_t word)
{
    int64_t n = 0;
    FOR_VECTORS
    for (int i = 0; i < KIND_FAN; i++)
        n += ((words[i] ^ word) & ~(int64_t)KIND_MEMBER) == 0;
    return n;
}

/* The first of those that share the least word. */
int kind_first_arrival(const struct kind_index *ix, size_t level, size_t group,
                       const int64_t words[KIND_FAN], int64_t least);
/* The member that goes first; words: the group's, or KIND_NO_KEY of those left out; -1: none
 * waits. */
static inline int kind_first_member(const struct kind_index *ix, size_t level, size_t group,
                                    const int64_t words[KIND_FAN])
{
    int64_t least = kind_least_word(words);
    if (least >= KIND_NO_KEY)
        return -1;
    if (ix->arrivals && kind_count_alike(words, least) > 1)
        return kind_first_arrival(ix, level, group, words, least);
    return (int)(least & KIND_MEMBER);
}

static inline void kind_expect_group(const struct kind_group *g)
{
    PREFETCH(g->need);
    PREFETCH(g->first);
}

#endif
