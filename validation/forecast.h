/* validation/forecast.h - what many replicas of one scenario say together: the makespan's
 * distribution, when each task starts.
 *
 * The prediction is the mean over replicas; its 95 % interval is that of the replicas themselves,
 * each a whole session (drawn between sessions, then within), not that of their mean: what one
 * measured run should fall into. One period of the scheduler's loop is added at either end: the
 * model is no finer than the clocks it holds to be periodic. Same bytes on any number of threads.
 */
#ifndef DAGCAST_VALIDATION_FORECAST_H
#define DAGCAST_VALIDATION_FORECAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "num/stats.h"
#include "study/clock_band.h"
#include "study/summary.h"

struct forecast {
    size_t n;                            /* replicas */
    double *makespan_s, *span_s;         /* n, in replica order */
    struct stats_summary makespan;
    struct stats_interval pi95;          /* NAN for n = 1: one replica has no interval */
    struct stats_summary span;           /* of the pilot's span, from bootstrap to end */
    struct stats_interval span_pi95;
    /* Of the clients of services: from start to stop, a replica's mean over them, over the same
     * replicas as below; n 0: nothing asks a service */
    struct stats_summary client;
    struct stats_interval client_pi95;
    /* Mean of each task's over the first 64 replicas (1000 with services), as compare_starts()
     * orders them; n_tasks entries */
    double *start_s, *stop_s;
    struct timeline *typical;            /* the replica whose makespan is the median */
    bool complete;                       /* every task of every replica is done */
    struct two_modes modes;              /* of the makespans: summary_modes() */
    /* how far the clock of the scheduler's loop moves replica 0 */
    struct clock_band clock;
};
/* -1: what simulator_new() refuses. n >= 1. The timeline refers to the scenario's workflow and
 * platform. */
int forecast_run(struct forecast *out, const struct scenario *s, size_t n, struct error *err);
/* Of n makespans; a period of the scheduler's loop is added at either end. NANs: n is 1. */
struct stats_interval forecast_interval(const double *makespan_s, size_t n, double period_s);
void forecast_clear(struct forecast *f);

#endif
