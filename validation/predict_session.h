/* validation/predict_session.h - a measured session as a question: the scenario that a prediction
 * of it runs, at a level of information.
 *
 * description: sets, counts, demands, pipelines, durations as distributions. requested: each task's
 * requested duration. measured: each task's measured duration. arrivals: measured durations, and
 * each task reaches the scheduler when it did; client and agent are left out, so what is tested is
 * the scheduler and the launcher alone. Whatever else is taken from the session is listed in
 * `read`. */
#ifndef DAGCAST_VALIDATION_PREDICT_SESSION_H
#define DAGCAST_VALIDATION_PREDICT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "core/scenario.h"
#include "core/setting.h"
#include "core/transfer.h"
#include "traces/session.h"
#include "traces/session_workflow.h"

struct session_question {
    const struct session *session;
    const struct middleware *middleware; /* the profile */
    int level;                           /* enum information; -1: session_best_level() */
    uint64_t seed;
    /* What is asked of it besides, as a user says it (core/setting.h), by the rules of any
     * scenario. Unsaid, the mode is the session's, the scheduler the profile's with the generation
     * of the session's version, and tasks arrive in their order (no `pipelines`). */
    const struct setting_change *settings;
    size_t n_settings;
};

struct session_scenario { /* owns all that `scenario` points to, but the session's platform */
    struct scenario scenario;
    struct platform *platform;           /* its own, if a setting changed it; else NULL */
    /* sets and tasks numbered as in session->workflow; its services come behind */
    struct workflow *workflow;
    struct middleware *middleware;       /* the profile without what the level replaces */
    /* as they arrived; NULL where it is unknown, or an order of pipelines was asked for */
    uint32_t *task_order;
    /* who began before whom of those that the launcher keeps apart (core/scenario.h), where each
     * task's own duration is known; NULL */
    uint32_t *begins_after;
    int *pipeline_order;                 /* the one that was asked for, or NULL */
    enum information level;              /* as resolved */
    /* the profile has no service: rate and loading are this session's */
    bool own_service;
    /* they hold what executing adds, so that these stations are left out too */
    bool measured_durations;
    size_t imputed; /* tasks without a duration at this level: the mean of their set;
                       or, measured, as long as they ran */
    /* tasks without dependencies of a plain session, released when they were submitted */
    size_t released;
    size_t never_ran;                    /* of these, at levels that know it: they take no time */
    struct str read;                     /* what else was read from the run: "a; b; c" */
    /* stations of the profile that stand on a named prior: "a, b" */
    struct str assumed;
    /* why the profile does not cover this session: "a; b"; empty: it does */
    struct str extrapolation;
    /* extrapolation_transfer(): as what sessions are taken to differ */
    enum transfer transfer;
};
/* -1: a level that this session cannot give (requested durations unknown; no arrivals), a demand
 * that does not fit, a setting that cannot be so. */
int session_scenario_init(struct session_scenario *out, const struct session_question *q,
                          struct error *err);
void session_scenario_clear(struct session_scenario *s);

/* Whether the profile was fitted on this session (by name). */
bool session_is_of_profile(const struct session *s, const struct middleware *m);
/* requested where every task's requested duration is known, else measured. */
enum information session_best_level(const struct session *s);
/* The scenario's mode for a measured session: as it was executed; asynchronous if names of tasks
 * give edges task by task, or for another tool than RADICAL-Pilot (dependencies only); else by
 * EnTK's pipelines or the inferred edges, with barriers. */
enum mode session_mode(const struct session *s);

#endif
