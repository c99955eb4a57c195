/* validation/validate.h - a session predicted at a level of information, and how right that was. */
#ifndef DAGCAST_VALIDATION_VALIDATE_H
#define DAGCAST_VALIDATION_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "study/pipeline_orders.h"
#include "traces/session_workflow.h"
#include "validation/baselines.h"
#include "validation/compare.h"
#include "validation/forecast.h"
#include "validation/peers.h"
#include "validation/predict_session.h"
#include "validation/profile_choice.h"

struct validate_options {
    size_t replicas;                     /* 0: 400; for more than 1,000 tasks fewer, at least 100 */
    /* of the baseline with one constant a gap; NAN: from the profile's mean latencies */
    double gap_s;
    enum leave_out leave_out;            /* of leave_one_out(): what goes with a session */
};

struct stage_times { /* since the first start; a stage of a pipeline, or a set where there are no
                        pipelines */
    char *name;
    double measured_start_s, measured_stop_s, predicted_start_s, predicted_stop_s;
};

struct simpler_prediction {
    double makespan_s, error_s;          /* NAN: the form does not apply */
    /* 1 - |error| / |error_s|; NAN where error_s is 0 or unknown */
    double skill;
};

/* What is predicted if it is not known in which order the launcher let begin what it keeps apart.
 */
struct launch_order {
    bool known;                          /* to the prediction; else nothing below is filled */
    struct stats_summary makespan;
    struct stats_interval pi95;
    struct two_modes modes;
    bool in_interval;
};

/* Many members: independent figures of one prediction. */
struct validation {
    const struct session *session;       /* not owned */
    enum information level;
    bool in_sample;                      /* the profile was fitted on it */
    /* sessions that the profile was calibrated on to leave this one out; 0: it was given */
    size_t n_peers;
    unsigned peers_differ;               /* from this one, in these (enum difference) */
    /* Starts are recorded of neither, and no task set of its peers is called as one of its: time a
     * level of tasks of other workflows */
    bool of_other_workflows;
    /* how the profile was found, not owned; NULL: it was calibrated */
    const struct profile_choice *choice;
    struct session_scenario asked;
    struct forecast forecast;
    /* what other orders of its pipelines give; n_orders 0: there is nothing to order */
    struct pipeline_orders orders;
    struct launch_order launch_order;
    double measured_s, critical_path_s;  /* makespan; of requested durations, else measured */
    double error_s;                      /* predicted - measured */
    /* the pilot's span, which the paper reports; NAN: not recorded */
    double span_s, span_error_s;
    bool span_in_interval;
    /* error as a share of measured - critical path; NAN where that is not positive */
    double overhead_error;
    bool in_interval;
    double interval_score;               /* at 95 %; s */
    /* Of the clients of services, from start to stop; NAN: the session has none */
    double client_s;
    struct mean_error task_starts;       /* mean predicted start against the measured */
    struct area_between areas;           /* measured against the typical replica */
    struct same_places places;
    struct simpler_prediction simpler[BASELINES];
    size_t n_stages;
    struct stage_times *stages;
};
/* -1: nothing ran in it; what session_scenario_init() refuses. */
int validate_session(struct validation *out, const struct session_question *q,
                     const struct validate_options *o, struct error *err);
void validation_clear(struct validation *v);

/* the loop's phase or period moves the makespan: clock_band_is_chaotic() */
bool validation_is_chaotic(const struct validation *v);
bool validation_has_interval(const struct validation *v);               /* more than one replica */

#endif
