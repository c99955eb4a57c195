/* scheduling/wait_pool.h - RADICAL-Pilot's pool of waiting tasks (RP >= 0.90): largest first, tried
 * by lazy bisection.
 *
 * Before each pass the pool is sorted by size, largest first, equal sizes as they lie. What does
 * not fit comes out in the order in which the bisection decided so, and that is the pool of the
 * next pass: every pass permutes the pool, even one that places nothing. Tasks of one size are one
 * sequence of which a pass picks what stays, which costs what scheduling/sequence.h says; one that
 * is refused in one piece is only turned round, and that is done when its tasks are asked for.
 *
 * Passes known to place nothing are only counted; when the pool is needed again, the permutation is
 * raised to that power. */
#ifndef DAGCAST_SCHEDULING_WAIT_POOL_H
#define DAGCAST_SCHEDULING_WAIT_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wait_pool;

/* `size` of each of n classes. Classes of equal size share their place in the order. */
struct wait_pool *wait_pool_new(const double *size, size_t n_classes);
void wait_pool_free(struct wait_pool *p);
void wait_pool_reset(struct wait_pool *p);               /* empty; keeps the memory */

/* Tasks first .. first + count - 1, whatever they number, behind all that waits. */
void wait_pool_add(struct wait_pool *p, size_t demand_class, uint32_t first, uint32_t count);
size_t wait_pool_length(const struct wait_pool *p);
/* no two classes have one size */
bool wait_pool_sizes_are_classes(const struct wait_pool *p);

struct wait_pool_ops {
    /* false: no task of the class fits now, so none need be looked up */
    bool (*may)(void *user, size_t demand_class);
    bool (*place)(void *user, uint32_t task);            /* true: it was placed, and leaves */
};
/* One pass; how many were placed. O(tries x log n), independent of the number of classes. */
size_t wait_pool_pass(struct wait_pool *p, const struct wait_pool_ops *ops, void *user);
/* Who may find room now. */
struct wait_pool_could {
    bool (*could)(void *user, size_t demand_class);
    void *user;
    const bool *refused;                 /* by class: `could` has said no */
};
/* How many passes in a row will place nothing, while nothing changes; SIZE_MAX: all. Exact, if none
 * in vain goes uncounted: each pass that places nothing tries the same places, at which it finds
 * other tasks. If the last pass was made, with the same room and in vain, what it tried is not
 * asked for again. O(log^2 n), and a step for each task that comes to these places meanwhile. */
size_t wait_pool_vain_passes(struct wait_pool *p, const struct wait_pool_could *who);
/* n passes of which it is known that none would place any; O(1) */
void wait_pool_idle_passes(struct wait_pool *p, size_t n);

#endif
