/* scheduling/permutation.h - a permutation of places, applied many times at once. */
#ifndef DAGCAST_SCHEDULING_PERMUTATION_H
#define DAGCAST_SCHEDULING_PERMUTATION_H

#include <stddef.h>
#include <stdint.h>

/* An entry a place, of `room`; zeros: none. The caller fills `from`, a permutation, and
 * `before`. */
struct permutation {
    uint32_t *from;                      /* the place that place i is filled from */
    uint32_t *before, *after;            /* what lies at each place */
    uint32_t *cycle;                     /* private */
    size_t room;
};
/* Contents are lost. */
void permutation_make_room(struct permutation *p, size_t n);
/* after[i] = what lies at place i of n after so many applications; `from` is lost; O(n) */
void permutation_apply(struct permutation *p, size_t n, size_t times);
void permutation_clear(struct permutation *p);

#endif
