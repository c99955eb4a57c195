/* validation/compare.h - two timelines of one workflow, compared: what happened beside what was
 * foretold.
 *
 * Tasks are paired by order of arrival within their set, since the tasks of a set are alike and are
 * submitted in no order of their numbers; time counts from each timeline's first start. Only a
 * task's last attempt counts. */
#ifndef DAGCAST_VALIDATION_COMPARE_H
#define DAGCAST_VALIDATION_COMPARE_H

#include <stddef.h>

#include "core/timeline.h"

/* Starts (stops) since the first start: entry sets[k].first_task + i is that of the i-th task of
 * set k to arrive; NAN: it never started. `stop_s` may be NULL. n_tasks entries each. O(n log n).
 */
void compare_starts(const struct timeline *t, double *start_s, double *stop_s);

/* From start to stop of tasks of `w` that ask services, mean, of what compare_starts() gave; NAN:
 * none. */
double compare_clients(const struct workflow *w, const double *start_s, const double *stop_s);

/* of |a - b| over pairs where both are known; NAN: none */
struct mean_error { size_t n; double mean_s, largest_s; };
struct mean_error compare_times(const double *a_s, const double *b_s, size_t n);

struct area_between {                    /* integral |a - b| over the integral of the first */
    double tasks, slots, gpus;           /* gpus: NAN where the first used none */
};
struct area_between compare_areas(const struct timeline *measured, const struct timeline *other);

/* tasks with slots in both; on equal nodes, slots and GPUs */
struct same_places { size_t n, n_equal; };
struct same_places compare_places(const struct timeline *measured, const struct timeline *other);

#endif
