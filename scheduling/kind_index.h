/* scheduling/kind_index.h - which kind of waiting tasks goes first among those that could fit into
 * given rooms.
 *
 * A k-d tree (Bentley 1975) over what the kinds need, three of its levels a step. Each subtree
 * knows the least of every need and the first in order among its kinds that wait. A search opens
 * the subtree with the first task first, and leaves out those whose least need fits into no room.
 * Needs are compared in lanes of one word (scheduling/need_lanes.h): a kind that is found may need
 * a little more than there is, and the placement refuses it. Of n kinds it looks at about log
 * n if few fit, and at sqrt n or so if many fit in one resource and few in another. */
#ifndef DAGCAST_SCHEDULING_KIND_INDEX_H
#define DAGCAST_SCHEDULING_KIND_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduling/pool.h"
#include "scheduling/waiting.h"

/* What one rank needs on a node, and what a task needs of all nodes; for the tasks of a room, the
 * most of each. */
enum {
    NEED_SLOTS,
    NEED_GPUS,
    NEED_MEMORY,
    NEED_ALL_SLOTS,
    NEED_ALL_GPUS,
    NEED_RANKS,                          /* 1 where all lie on one node */
    NEED_DURATION,
    NEED_NO_GPU,
    NEED_DIMENSIONS
};
struct kind_need { double of[NEED_DIMENSIONS]; };

enum { KIND_MOST_LEFT_OUT = 8 };         /* more are not noted */
enum { KIND_MOST_ROOMS = 64 };           /* of more, the last are made one that holds them all */

/* Rooms to look into: none lies within another. Zeros: none; free `at`. */
struct kind_rooms { struct kind_need *at; size_t n, room; };
/* Left out if it adds nothing; of very many some become one that holds them. O(n) */
void kind_rooms_add(struct kind_rooms *r, const struct kind_need *room);

struct kind_index;
/* Of a task that may run for so long; the last two are 0 where durations and reserved slots do not
 * matter. */
struct kind_need kind_need_of(const struct slot_demand *d, double expected_s);
/* What a node has free now, for tasks of any kind. */
struct kind_need kind_room_of(const struct pool *pool, const struct room *room);

/* needs: of each kind; whole: what all nodes have; n_keys: keys of runs are whole numbers from 0 to
 * before it, or, if it is 0, multiples of 2^-53 from 0 to before 1. None waits. O(n log n) */
struct kind_index *kind_index_new(const struct kind_need *needs, size_t n,
                                  const struct room *whole, size_t n_keys);
void kind_index_free(struct kind_index *ix);             /* NULL allowed */
/* The first waiting task of the kind has changed; NULL: none waits. O(log n) */
void kind_index_set(struct kind_index *ix, size_t kind, const struct waiting_run *first);
/* Prefetches what kind_index_set() needs of the kind. */
void kind_index_expect(const struct kind_index *ix, size_t kind);
/* Likewise, of one not found just now. */
void kind_index_expect_leaf(const struct kind_index *ix, size_t kind);
/* goes before all others; -1: none waits. O(log n), O(1) until that changes */
int kind_index_first(struct kind_index *ix);

/* A search of its own, of any number at a time; zeros: none yet. Free `open`. */
/* In the order; of whole keys `key` tells the arrival too */
struct kind_place { int64_t key; uint64_t arrival; };
/* Some members of a group of subtrees or of kinds, by the first of them. */
struct kind_open { struct kind_place first; uint32_t group; uint8_t level, members; };
struct kind_search {
    const struct kind_rooms *rooms;
    struct kind_place after;
    /* What could come next: a heap of n_heap, then what was opened since; and the first of all */
    struct kind_open *open;
    size_t n_open, n_heap, open_room;
    struct kind_place least;
    struct kind_open last;               /* the kind found last */
    size_t n_lanes;
    uint64_t lanes[KIND_MOST_ROOMS];     /* of the rooms: scheduling/need_lanes.h */
    size_t n_left_out;
    uint64_t left_out[KIND_MOST_LEFT_OUT];
};
/* Begins to go through the kinds whose need, to the precision of its lane, fits into one of the
 * rooms (NULL: all) and whose first task comes behind *after (NULL: anywhere) ... Meanwhile rooms
 * may shrink, and a kind's first task may become a later one. */
void kind_index_begin(const struct kind_index *ix, struct kind_search *s,
                      const struct kind_rooms *rooms, const struct waiting_run *after);
/* From now on this search passes over most of the kinds that need no less than that of everything.
 * O(1) */
void kind_index_leave_out(const struct kind_index *ix, struct kind_search *s,
                          const struct kind_need *need);
/* ... in order; -1: no more */
int kind_index_next(const struct kind_index *ix, struct kind_search *s);

#endif
