/* study/holders.h - which of many sets holds most of one resource, while they take and free it. */
#ifndef DAGCAST_STUDY_HOLDERS_H
#define DAGCAST_STUDY_HOLDERS_H

#include <stddef.h>
#include <stdint.h>

/* What each set holds of one resource, under a tournament: best[i] is the set that holds more of
 * best[2i] and best[2i + 1], ties to the lower; the sets themselves are n_leaves .. */
struct holders {
    size_t n_leaves;                     /* a power of two, at least the number of sets */
    double *held;                        /* n_leaves entries */
    uint32_t *best;                      /* n_leaves entries, best[0] unused */
};
void holders_init(struct holders *h, size_t n_sets);     /* none holds any */
void holders_clear(struct holders *h);
/* h->held[set] has changed. O(log of sets) */
void holders_update(struct holders *h, uint32_t set);
/* The set that holds most, ties to the lowest; -1: none holds any. O(1) */
int holders_most(const struct holders *h);

#endif
