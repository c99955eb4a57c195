/* scheduling/sequence.h - long orders of tasks that are cut, joined and reversed, each in O(log runs).
 *
 * A sequence is a treap of runs of one set (task numbers going up or down) keyed by position, with lazy reversal. Its nodes lie in an
 * arena; a sequence is the number of its root. Cutting consumes the sequence cut, joining both joined: a sequence is in one
 * place only. The shape of the trees depends on pseudo-random priorities, what they hold does not. */
#ifndef DAGCAST_SCHEDULING_SEQUENCE_H
#define DAGCAST_SCHEDULING_SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

#define SEQUENCE_EMPTY 0u

struct sequence_task { uint32_t set, task, attempt; };
struct sequence_arena;

struct sequence_arena *sequence_arena_new(void);
void sequence_arena_free(struct sequence_arena *a);
void sequence_arena_reset(struct sequence_arena *a);     /* all its sequences are gone; keeps the memory */

/* Tasks first .. first + count - 1 of the set behind all of s; returns the longer sequence. */
uint32_t sequence_append(struct sequence_arena *a, uint32_t s, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt);
size_t sequence_length(const struct sequence_arena *a, uint32_t s);                      /* O(1) */
struct sequence_task sequence_at(struct sequence_arena *a, uint32_t s, size_t i);        /* i < length */
void sequence_cut(struct sequence_arena *a, uint32_t s, size_t n, uint32_t *head, uint32_t *tail);   /* head: the first n */
uint32_t sequence_join(struct sequence_arena *a, uint32_t head, uint32_t tail);
uint32_t sequence_reverse(struct sequence_arena *a, uint32_t s);                         /* O(1) */
void sequence_drop(struct sequence_arena *a, uint32_t s);                                /* frees its nodes; O(runs) */
/* A new sequence of these tasks; neighbours of one set become runs. */
uint32_t sequence_of(struct sequence_arena *a, const struct sequence_task *tasks, size_t n);
void sequence_list(struct sequence_arena *a, uint32_t s, struct sequence_task *out);     /* all of it; O(length) */

#endif
