/* validation/baselines.h - what a prediction must beat: simpler predictions of the same session
 * from the same information. */
#ifndef DAGCAST_VALIDATION_BASELINES_H
#define DAGCAST_VALIDATION_BASELINES_H

#include <stddef.h>

#include "base/error.h"
#include "core/scenario.h"
#include "traces/session.h"

enum baseline {
    /* longest path of the durations: no middleware, no contention */
    BASELINE_CRITICAL_PATH,
    BASELINE_CLOSED_FORM,                /* list schedule of waves, no middleware */
    /* the same, with one constant between what ends and what follows it */
    BASELINE_CONSTANT_GAP,
    /* simulated with the same stations, but first come, first served */
    BASELINE_FIFO,
    BASELINE_BACKFILL,                   /* the same, where who fits may pass */
    BASELINES
};
const char *baseline_name(enum baseline b);              /* for people */

/* Makespans, s; NAN where the form does not apply. `gap_s`: the constant. FIFO and backfilling are
 * means over `n` replicas. */
int baselines_run(const struct scenario *s, double gap_s, size_t n, double of_s[BASELINES],
                  struct error *err);

/* The constant: mean over sets with parents of first start less the parents' last stop; NAN: no
 * such set. */
double baselines_gap_of_sessions(const struct session *const *sessions, size_t n);
/* the same from a profile's mean latencies */
double baselines_gap_of_profile(const struct middleware *m);

#endif
