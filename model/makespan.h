/* model/makespan.h - the makespan without simulating: a list schedule of task sets, wave by wave,
 * on the empty platform, and the middleware's mean latencies along the path that ends last.
 * Formulas: docs/model.md, "Makespan".
 *
 * A wave is as many waiting tasks of a set as fit now; it lasts TX (the mean duration) or,
 * dagcast's variant, the expected maximum of its tasks' draws; its slots come free together. Sets
 * go in order of arrival, ties as submitted; who does not fit is passed (first fit, backfilling). A
 * set alone on the platform thus takes waves x TX. */
#ifndef DAGCAST_MODEL_MAKESPAN_H
#define DAGCAST_MODEL_MAKESPAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/scenario.h"

struct set_form {                        /* one set alone on the empty platform */
    int64_t capacity;                    /* tasks held at once */
    int64_t waves;                       /* ceil(tasks / capacity) */
    double tx_s;                         /* mean duration of one task, after truncation */
    double time_s;                       /* waves x TX */
    double time_max_s;                   /* sum over waves of the expected maximum (dagcast) */
};
/* The set must fit the platform (platform_check()). */
struct set_form set_form_of(const struct workflow *w, const struct platform *p, int set);

enum wave_time { WAVE_MEAN, WAVE_EXPECTED_MAX };
struct makespan_form {
    /* first start to last end of the list schedule, without middleware */
    double schedule_s;
    double overhead_s;                   /* C */
    double makespan_s;                   /* their sum */
    size_t n_waves;                      /* placed in all */
};
/* -1: a demand fits no node. O(waves x nodes they touch + dependencies). */
int makespan_form_of(const struct scenario *s, enum wave_time wave_time, struct makespan_form *out,
                     struct error *err);

#endif
