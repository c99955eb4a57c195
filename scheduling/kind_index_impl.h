/* scheduling/kind_index_impl.h - the tree that kind_index_make.c lays out, and kind_index.c keeps
 * and searches. */
#ifndef DAGCAST_SCHEDULING_KIND_INDEX_IMPL_H
#define DAGCAST_SCHEDULING_KIND_INDEX_IMPL_H

#include <math.h>

#include "scheduling/kind_index.h"
#include "scheduling/need_lanes.h"

/* One step down is three of the k-d tree. Levels: of 2^32 kinds, at most. */
enum { KIND_FAN = 8, KIND_MOST_LEVELS = 12 };

/* Eight subtrees, or kinds: three cache lines. need: the least of those that wait, at most
 * need_lanes_most() */
struct kind_group { uint64_t need[KIND_FAN]; struct kind_place first[KIND_FAN]; };

struct kind_index {
    size_t n, n_leaves;                  /* n_leaves: a power of two */
    struct need_lanes lanes;
    size_t n_levels;                     /* level 0 is one group, the last one has the kinds */
    size_t begin[KIND_MOST_LEVELS];      /* the first group of each level */
    /* Member i of group g of a level is group KIND_FAN * g + i of the next; of the last level, the
     * kind of that slot. */
    struct kind_group *groups;
    uint32_t *kind;                      /* of each slot */
    struct kind_at { uint64_t need; uint32_t slot; } *at;        /* of each kind */
    bool knows_first;                    /* of all that wait: */
    int first;
    struct kind_place first_place;
};

/* no task of the kind waits */
static const struct kind_place kind_no_place = { INFINITY, UINT64_MAX };

#endif
