/* scheduling/waiting.h - the waiting tasks of one demand class, in the scheduler's order, as runs
 * of one set.
 *
 * What comes in order, as nearly all does, is appended to a ring; what does not goes to a heap. The
 * first of both is the first. A million tasks of one set that wait are one run. */
#ifndef DAGCAST_SCHEDULING_WAITING_H
#define DAGCAST_SCHEDULING_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiting_run {
    double key;                          /* lower goes first, */
    /* then by arrival; task i of the run arrived as number arrival + i */
    uint64_t arrival;
    uint32_t set, first, count, attempt;
};

struct waiting_heap { struct waiting_run *run; size_t n, room; };
/* One cache line; owns no memory while it has at most one run, in order. Zero-initialised = empty;
 * must not move after the first push. */
struct waiting {
    struct waiting_run *ring;            /* &one, or its own memory */
    struct waiting_heap *late;           /* of what came out of order; NULL: nothing ever did */
    uint32_t ring_first, ring_end, ring_room, n_tasks;
    struct waiting_run one;
};
_Static_assert(sizeof(struct waiting) == 64, "looked up at random among very many kinds");
static inline size_t waiting_late_runs(const struct waiting *q)
{
    return q->late ? q->late->n : 0;
}
void waiting_clear(struct waiting *q);                                   /* frees */
/* empties, keeps the memory */
void waiting_reset(struct waiting *q);
void waiting_push(struct waiting *q, const struct waiting_run *run);
const struct waiting_run *waiting_first(const struct waiting *q);        /* NULL when empty */
/* removes one task: the first of waiting_first() */
void waiting_take(struct waiting *q, const struct waiting_run *first);
/* the run `n` behind the first, if it is there and all came in order; NULL */
static inline const struct waiting_run *waiting_behind(const struct waiting *q, uint32_t n)
{
    return n < q->ring_end - q->ring_first ? &q->ring[q->ring_first + n] : NULL;
}
bool waiting_before(const struct waiting_run *a, const struct waiting_run *b);

#endif
