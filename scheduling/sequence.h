/* scheduling/sequence.h - long orders of tasks, by their numbers, of which stretches are picked,
 * turned round and put behind each other.
 *
 * A sequence is a list of pieces: each is a run of numbers going up or down, or a slice of a plain
 * array. Picking makes new pieces of parts of the old ones and touches no task; when the pieces
 * become more than some square root of the tasks, the tasks are written out as one slice. A
 * rearrangement of k stretches of n tasks adds about k pieces and walks those there are, O(k + sqrt
 * n), and every sqrt(n) / k rearrangements one writes out O(n): O(k sqrt n) each on average. With n
 * below some 10^6 that is less than what a balanced tree's O(k log n) steps from one cache line to
 * the next cost. A short sequence is one plain array, which each rearrangement copies. */
#ifndef DAGCAST_SCHEDULING_SEQUENCE_H
#define DAGCAST_SCHEDULING_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

struct sequence;

struct sequence *sequence_new(void);                     /* empty */
void sequence_free(struct sequence *s);                  /* NULL allowed */
void sequence_reset(struct sequence *s);                 /* empty again; keeps the memory */
size_t sequence_length(const struct sequence *s);

/* first .. first + count - 1 behind all that is there */
void sequence_append(struct sequence *s, uint32_t first, uint32_t count);
uint32_t sequence_at(const struct sequence *s, size_t i);                /* i < length; O(log n) */

/* Indexes high, high - 1 ... low (of the sequence as it is) come next in the one that is being made
 * ... Picks that go down from the end cost least: one is looked for from where the one before it
 * ended. */
void sequence_pick(struct sequence *s, size_t low, size_t high);
/* ... which now takes its place; what was not picked is gone. */
void sequence_keep_picked(struct sequence *s);

void sequence_list(struct sequence *s, uint32_t *out);   /* all of it; O(n) */
/* these instead; O(n) */
void sequence_assign(struct sequence *s, const uint32_t *tasks, size_t n);

#endif
