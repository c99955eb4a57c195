/* scheduling/shuffle.h - a permutation of places that reverses long stretches, and its powers.
 *
 * Place i is filled from place f(i). Of passes of a wait pool that place nothing (wait_pool.h), f
 * reverses the whole but for O(log n) pieces, each shifted by at most one: f(i) = a - i with a = s
 * or s + 1. So f o f moves a place by 0 or 1, or is one of O(log n) places on their own; the moving
 * places are cycles of O(log n) pieces, along which any power of f o f is a shift. */
#ifndef DAGCAST_SCHEDULING_SHUFFLE_H
#define DAGCAST_SCHEDULING_SHUFFLE_H

#include <stdbool.h>
#include <stddef.h>

/* Places begin .. end - 1 are filled from the places `from` on, upwards or downwards. */
struct shuffle_piece { size_t begin, end, from; bool down; };
/* Together all places, in ascending order. */
struct shuffle_list { struct shuffle_piece *at; size_t n, room; };
/* A piece of f o f: where on which cycle its places are. */
struct shuffle_part { size_t cycle, offset; };
struct shuffle_cycle { size_t begin, n, length; };

struct shuffle {                         /* zeros: none; a workspace that is used again and again */
    struct shuffle_list once, twice, power, odd;
    struct shuffle_part *parts;          /* of `twice`, piece by piece */
    struct shuffle_cycle *cycles;
    size_t *order;                       /* the cycles' pieces, each in the direction of f o f */
    size_t n_cycles, n_order, room;
};
void shuffle_begin(struct shuffle *s);
/* The next places are filled from high, high - 1 ... low. */
void shuffle_add(struct shuffle *s, size_t low, size_t high);
/* The piece of the list that holds the place; O(log pieces) */
size_t shuffle_piece_at(const struct shuffle_list *list, size_t place);
/* The place of the piece that the given one is filled from. */
static inline size_t shuffle_from(const struct shuffle_piece *p, size_t place)
{
    return p->down ? p->from - (place - p->begin) : p->from + (place - p->begin);
}
/* f applied so many times, until the next call; O(pieces x log pieces) */
const struct shuffle_list *shuffle_power(struct shuffle *s, size_t times);
void shuffle_clear(struct shuffle *s);

#endif
