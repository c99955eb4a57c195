/* traces/calibrate.h - from measured sessions to a middleware profile with honest uncertainty
 * (docs/calibration.md).
 *
 * Two levels: a station has a mean in each session, and values that vary about it within the
 * session. The profile keeps each session's means as one vector, so that a replica which draws a
 * session keeps the dependence between stations; beside it, per station, how much sessions differ
 * and how well the mean over sessions is known (`struct station_estimate`). */
#ifndef DAGCAST_TRACES_CALIBRATE_H
#define DAGCAST_TRACES_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "core/middleware.h"
#include "num/stats.h"
#include "traces/service_fit.h"
#include "traces/session.h"
#include "traces/station_lists.h"

enum { CALIBRATE_FEWEST = 3 };           /* sessions; with fewer an interval is a prior */
/* that prior: sessions differ by so much of the mean (sd) */
#define CALIBRATE_PRIOR_SPREAD 0.3

struct calibrate_options {
    const struct middleware *prior; /* stations without samples, and what traces do not tell (cap;
                                       servers, if no executor is named); NULL: calibrate_prior() */
    const char *name;                    /* of the profile; NULL: "calibrated" */
    const char *family; /* of all values within sessions ("constant": they do not vary); NULL: each
                           station's by its log score */
    const double *ideal_s; /* of each session without starts, but with a makespan: what it would be
                              if nothing lay between tasks (validation/ideal_run.h); NAN for the
                              others; NULL: such sessions tell nothing */
    /* put behind the sessions' names in the profile's source: command and date; or NULL */
    const char *provenance;
};

enum calibration_status {
    CALIBRATION_FITTED, /* CALIBRATE_FEWEST sessions or more have samples */
    CALIBRATION_FEW, /* fewer: the mean is measured, the interval is a prior */
    CALIBRATION_ASSUMED, /* no sample: the named prior */
    CALIBRATION_NONE /* no sample and nothing to assume: these sessions have no such station */
};
/* "fitted" "interval is a prior" "assumed" "none" */
const char *calibration_status_name(enum calibration_status s);

struct calibration_station {
    enum calibration_status status;
    size_t n_sessions, n_samples;        /* that have samples; samples in all */
    /* more that would be, had all times that they need been recorded */
    size_t n_lost;
    /* of these, only known to lie between limits (polls, whole seconds) or to exceed one */
    size_t n_censored;
    double mean_s;                       /* over sessions; 0 or more */
    double se_s;                         /* its standard error; NAN unless fitted */
    /* of the mean, Student's t with n_sessions - 1 degrees; NANs unless fitted */
    struct stats_interval ci95;
    /* sd between sessions (a prior with few), within a session */
    double between_s, within_s;
    double session_se_s;                 /* sd of one session's mean about its true one */
    /* of the values within a session: "constant", "gamma" ...; NULL without samples */
    const char *family;
    /* mean log density of a left-out session's samples; NAN where there was no choice */
    double log_score;
    /* largest distance of the samples' distribution (scaled to one mean) from the fit; NAN */
    double kolmogorov;
};

struct calibration {
    struct middleware *profile;
    struct calibration_station station[STATION_PARAMETERS];
    struct service_fit service;          /* n_sessions 0: none has one */
    bool plain;                          /* on another tool's timelines (session_is_plain()) */
    struct station_lists lists;          /* what it was fitted on */
    /* a line each: what is missing, what was assumed, what to beware of; "" when nothing */
    struct str notes;
};

/* Calibrates on n >= 1 sessions, all of RADICAL-Pilot, all of dagcast execute or all of other tools
 * (traces/latencies.h). -1 and a sentence: none, of several of these kinds, or nothing in them to
 * calibrate on. The sessions must outlive the call only. */
int calibrate(const struct session *const *sessions, size_t n,
              const struct calibrate_options *options, struct calibration *out, struct error *err);
void calibration_clear(struct calibration *c);           /* frees the profile, too */

/* What is assumed of stations without a sample; see docs/calibration.md for its sources. New;
 * middleware_free() it. */
struct middleware *calibrate_prior(bool has_entk);

/* of the poll behind the station; 0: none */
double calibration_period(const struct middleware *m, enum station_parameter p);

#endif
