/* scheduling/sequence.h - long orders of tasks of which stretches are picked, turned round and put
 * behind each other.
 *
 * A long sequence is a list of chunks of some 200 tasks, and a direction in which it is read. What
 * is picked in an order that stays, or as a whole is turned, is left where it lies, and only the
 * other stretches are moved: of a wait pool's pass (wait_pool.h), which turns all but some twenty
 * tasks, only these. A rearrangement of k stretches that moves m tasks costs O(k log n + m), each
 * of k some 200 moves of a task side by side, and a walk over the list, n / 200 steps. A short
 * sequence is one plain array, which each rearrangement copies. */
#ifndef DAGCAST_SCHEDULING_SEQUENCE_H
#define DAGCAST_SCHEDULING_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sequence;
struct sequence_item { uint32_t task, demand_class; };

struct sequence *sequence_new(void);                     /* empty */
void sequence_free(struct sequence *s);                  /* NULL allowed */
void sequence_reset(struct sequence *s);                 /* empty again; keeps the memory */
size_t sequence_length(const struct sequence *s);

/* first .. first + count - 1 behind all that is there; O(count) */
void sequence_append(struct sequence *s, uint32_t first, uint32_t count, uint32_t demand_class);
/* i < length; O(log n) */
struct sequence_item sequence_at(const struct sequence *s, size_t i);
/* By class: whether its tasks are skipped. */
struct sequence_skipped { const bool *is; size_t n_classes; };
/* How many of the n items from index i on, upwards or downwards, come before the first that is not
 * skipped; n: all are. `at` becomes that first one. A chunk of which all are is one step. */
size_t sequence_skip(const struct sequence *s, size_t i, size_t n, bool down,
                     const struct sequence_skipped *skip, struct sequence_item *at);

/* Indexes high, high - 1 ... low (of the sequence as it is) come next in the one that is being made
 * ... */
void sequence_pick(struct sequence *s, size_t low, size_t high);
/* ... or low, low + 1 ... high ... */
void sequence_pick_up(struct sequence *s, size_t low, size_t high);
/* ... which now takes its place; what was not picked is gone. */
void sequence_keep_picked(struct sequence *s);

#endif
