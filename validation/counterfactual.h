/* validation/counterfactual.h - what a measured session would have been with one thing changed.
 *
 * The session runs again with its own durations and station values (validation/own_stations.h),
 * first as it was, the placebo, which must give back what was measured; then with the change. The
 * difference is between these two simulations, never against the measurement, and is attributed
 * along the chain of tasks that decided each of them. */
#ifndef DAGCAST_VALIDATION_COUNTERFACTUAL_H
#define DAGCAST_VALIDATION_COUNTERFACTUAL_H

#include "base/error.h"
#include "core/variant.h"
#include "validation/attribution.h"
#include "validation/compare.h"
#include "validation/own_stations.h"
#include "validation/set_match.h"

struct counterfactual_run {
    double makespan_s;
    struct attribution attribution;
    struct timeline *timeline;
};

struct counterfactual {
    const struct session *session;       /* not owned */
    struct own_stations own;
    double measured_s;
    struct mean_error placebo_starts;
    struct counterfactual_run placebo, changed;
    char *change;                        /* as given; NULL: none was asked for */
    /* what it means here and what is assumed, for people; NULL: nothing to add */
    char *words;
    /* of the workflow with the true dependencies; n 0: none was given */
    struct set_match match;
    const struct workflow *given;        /* not owned */
    struct variant variant;              /* `changed` runs on it */
    char *key;                           /* of `change`; the variant's setting points into it */
};

/* `change`: "NAME=VALUE" of a setting that is a SETTING_CHANGE (core/setting_rows.h), "gpus" short
 * for "node_gpus"; NULL: the placebo alone. `given` (NULL allowed; with "mode=" only): the workflow
 * with the true dependencies, matched to the session's sets; else the order of the session's
 * stages, or what was inferred from times, stands for them, and `words` says so. -1: what is no
 * such change, cannot be matched, or cannot run. */
int counterfactual_run(struct counterfactual *out, const struct session *s,
                       const struct middleware *m, const char *change, const struct workflow *given,
                       struct error *err);
void counterfactual_clear(struct counterfactual *c);

#endif
