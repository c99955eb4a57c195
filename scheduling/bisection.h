/* scheduling/bisection.h - RADICAL-Pilot's lazy bisection over a wait pool sorted largest (index 0)
 * to smallest (n - 1).
 *
 * Two marks: G, the last index that fitted, and B, the last that did not. It starts at the small
 * end and walks towards larger ones as long as they fit; from the first that does not it halves its
 * way back, and takes all between one that does not fit and the B before it for not fitting,
 * untried. An index is decided once. So it is neither exhaustive nor work-conserving. */
#ifndef DAGCAST_SCHEDULING_BISECTION_H
#define DAGCAST_SCHEDULING_BISECTION_H

#include <stdbool.h>
#include <stddef.h>

/* tries it; true: it was placed */
typedef bool (*bisection_fits_fn)(void *user, size_t index);

/* indexes high, high - 1, ... low, in this order */
struct bisection_piece { size_t low, high; };

struct bisection { /* zero-initialised; a workspace that is used again and again */
    /* what did not fit, tried or skipped, in the order in which it was so decided */
    struct bisection_piece *refused;
    size_t n_refused, refused_room;
    size_t n_fitted, n_tried;
    size_t *ahead, n_ahead, ahead_room;  /* private */
};
void bisection_clear(struct bisection *b);
/* Costs O(tries x log n), and what `fits` costs; independent of what is skipped. */
void bisection_run(struct bisection *b, size_t n, bisection_fits_fn fits, void *user);
/* The same where nothing fits; O(log n). */
void bisection_refuse_all(struct bisection *b, size_t n);

#endif
