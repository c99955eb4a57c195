/* scheduling/need_lanes.h - needs of kinds in one word each, compared by one subtraction.
 *
 * A lane for each need in which kinds differ; above each lane lies a guard bit. An amount x of at
 * least 0 becomes the upper bits of the float 1 + x, less those of the lane's least amount: steps
 * are as fine as the lane is wide, relative to the amount. The map never inverts an order, so a
 * need that fits into a room fits in lanes too. The reverse holds up to a step. */
#ifndef DAGCAST_SCHEDULING_NEED_LANES_H
#define DAGCAST_SCHEDULING_NEED_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduling/kind_index.h"

struct need_lane {
    int need;                            /* its number */
    int at, shift;                       /* first bit; lower bits of the float to drop */
    uint32_t base;                       /* float of the least amount */
};
struct need_lanes {
    size_t n;
    struct need_lane lane[NEED_DIMENSIONS];
    int width;                           /* of each lane, without its guard */
    uint64_t guards;
    struct kind_need least, most;        /* of all kinds */
};

/* Widens a range of needs to hold this one. */
void need_range_add(struct kind_need *least, struct kind_need *most, const struct kind_need *need);
/* n > 0. Of needs with the same amounts for every kind only the first has a lane. */
void need_lanes_init(struct need_lanes *l, const struct kind_need *needs, size_t n);
uint64_t need_lanes_of(const struct need_lanes *l, const struct kind_need *need);
/* False: too small for any kind. */
bool need_lanes_of_room(const struct need_lanes *l, const struct kind_need *room, uint64_t *out);

/* What only needs of no less than these reach, in every lane: a step above the amount where others
 * share its own. False: none does, or a duration has no lane. */
bool need_lanes_least_of(const struct need_lanes *l, const struct kind_need *need, uint64_t *out);

/* More than any need. */
static inline uint64_t need_lanes_most(const struct need_lanes *l)
{
    return ~l->guards;
}

static inline bool need_lanes_fit(uint64_t guards, uint64_t need, uint64_t room)
{
    return (((room | guards) - need) & guards) == guards;
}

/* Lane by lane the smaller one. */
static inline uint64_t need_lanes_least(const struct need_lanes *l, uint64_t a, uint64_t b)
{
    uint64_t not_less = ((a | l->guards) - b) & l->guards;
    uint64_t from_b = not_less - (not_less >> l->width);
    return (b & from_b) | (a & ~from_b);
}

#endif
