/* validation/own_stations.h - a measured session run again in the simulator with its own station
 * values: the placebo.
 *
 * Taken from the session. Per task: duration, start-up (launched to started), detection (stopped to
 * the request to free its slots). Per bulk: client latency (from the end of what it waited for
 * until it left) and agent latency; tasks that wait for nothing arrive when they did. One figure
 * each: the launcher's service time, the phase of the scheduler's clock, fitted to the starts.
 * Never: when or where a task was scheduled or started. Of a plain session (traces/session.h) the
 * means of its latencies (traces/latencies.h), one figure a station; when tasks without
 * dependencies were submitted, and a generator's window. */
#ifndef DAGCAST_VALIDATION_OWN_STATIONS_H
#define DAGCAST_VALIDATION_OWN_STATIONS_H

#include "base/error.h"
#include "validation/predict_session.h"

struct own_stations {                    /* `asked.scenario` is ready to run; owns all of it */
    struct session_scenario asked;
    struct station_values values;
    double *of[STATION_PARAMETERS];      /* what `values.of` points to */
    /* of one launch server: the mean over tasks that followed each other at once */
    double service_s;
    double phase_s;                      /* of the scheduler's clock */
};
/* `m`: the profile that says which polls, servers and caps there are. -1: what
 * session_scenario_init() refuses. */
int own_stations_init(struct own_stations *out, const struct session *s, const struct middleware *m,
                      struct error *err);
void own_stations_clear(struct own_stations *own);

#endif
