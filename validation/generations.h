/* validation/generations.h - how right predictions were, by generation of the sessions: errors,
 * coverage, width, interval score.
 *
 * A simpler prediction is a number without an interval. To compare scores it is given the one that
 * its own errors in other sessions suggest: its makespan times 1 +- 1.96 x 1.4826 times the median
 * of their relative errors, as a normal's sd; the others of the generation if there are
 * GENERATION_ENOUGH, else all others. Sessions that were interrupted do not count: their makespan
 * is no measure. */
#ifndef DAGCAST_VALIDATION_GENERATIONS_H
#define DAGCAST_VALIDATION_GENERATIONS_H

#include <stddef.h>

#include "validation/leave_one_out.h"

/* Shares of the measured makespan, of absolute errors; medians but for p90 and the scores, which
 * are means. NAN: there is none. */
struct generation_row {
    char *name;                          /* "EnTK 1.x, jsrun"; "all" */
    size_t n, n_intervals, n_held;       /* sessions; with an interval; that it holds */
    double error, error_p90, width, score;
    double simpler_error[BASELINES], simpler_score[BASELINES];
};

enum { GENERATION_ENOUGH = 3 };
/* in alphabetical order; then one of all sessions */
struct generations { size_t n; struct generation_row *rows; };
struct generations generations_of(const struct leave_one_out *all);
void generations_clear(struct generations *g);

#endif
