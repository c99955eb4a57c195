/* validation/outlook.h - when a run that is under way ends: replicas of what is still to come, from
 * the state it is in.
 *
 * What runs keeps its slots and takes longer than it has run already; what waits starts from now
 * on, through the middleware's stations, with durations learned from its kind
 * (validation/learned_durations.h). The time left is multiplied by the run's tempo: the measured
 * time so far over the time that the model gives to the same tasks with their measured durations.
 * What the model does not hold is a log-normal factor on the time left, of sd OUTLOOK_MODEL_SD:
 * fitted so that intervals cover replayed sessions (docs/watch.md). */
#ifndef DAGCAST_VALIDATION_OUTLOOK_H
#define DAGCAST_VALIDATION_OUTLOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "validation/run_state.h"

#define OUTLOOK_MODEL_SD 0.09

struct outlook_set { /* of the plan: when its tasks start and end, s of the run's clock; mean over
                        replicas */
    double first_start_s, last_stop_s;   /* NAN: known not to */
    size_t count[RUN_PHASES];
};

struct outlook {
    size_t n;                            /* replicas */
    double end_s;                        /* mean last stop, s of the run's clock */
    struct stats_interval pi95;
    /* share of replicas that end by the deadline; NAN without one */
    double in_time;
    /* 1: the run goes as the model says; 2: it takes twice the time */
    double tempo;
    size_t n_late;                       /* running tasks that take longer than their kind */
    /* set whose first task starts next, whose last task ends next; -1: none */
    int next_start, next_end;
    size_t n_sets;
    struct outlook_set *sets;
};

struct outlook_question {
    /* the run's scenario as it was planned; tasks numbered as in `st` */
    const struct scenario *plan;
    const struct run_state *st;
    double deadline_s;                   /* of the run's clock; 0: none */
    size_t replicas;                     /* >= 2 */
    uint64_t seed;
};
/* -1: what simulator_new() refuses. O(tasks x replicas). */
int outlook_run(struct outlook *out, const struct outlook_question *q, struct error *err);
void outlook_clear(struct outlook *o);

#endif
