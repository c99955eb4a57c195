/* core/middleware.h - what lies between a workflow and the nodes: stations in series that each task
 * passes.
 *
 * client -> agent -> schedule -> launch -> start-up -> execute -> detect -> free -> notify ->
 * client (docs/model.md). A profile is parameters, not code: `ideal` is all zero. A parameter is a
 * distribution of the WITHIN-session value; where `sessions` are given, a replica first draws one
 * of these vectors of session means and every parameter it names is scaled to that mean (shifted
 * where its own mean is 0), with the between-session spread added. Where a parameter's `estimate`
 * is known (a calibrated profile), its mean is drawn from that: sim/session_means.h has the
 * formula. */
#ifndef DAGCAST_CORE_MIDDLEWARE_H
#define DAGCAST_CORE_MIDDLEWARE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/json.h"
#include "core/instant.h"
#include "core/likeness.h"
#include "core/platform.h"
#include "core/run_record.h"
#include "core/workflow.h"
#include "num/dist.h"

enum station_parameter {                 /* core/station_rows.h says what each is */
#define ROW(id, ...) STATION_##id,
#include "core/station_rows.h"
#undef ROW
    STATION_PARAMETERS
};
const char *station_parameter_name(enum station_parameter p);
int station_parameter_find(const char *name);              /* -1: none */
const char *station_parameter_summary(enum station_parameter p);
/* The station whose time it is part of: itself, or another. */
enum station_parameter station_parameter_part_of(enum station_parameter p);

enum station_poll { POLL_AGENT, POLL_SCHEDULE, POLL_DETECT, POLL_FREE, POLL_NOTIFY, STATION_POLLS };
/* of a poll that is there: shorter periods are below the resolution of long runs */
#define POLL_SHORTEST_S 1e-6
#define POLL_LONGEST_S 1e6
/* "agent.poll" "schedule.retry" "detect.poll" "free.poll" "notify.poll" */
const char *station_poll_name(enum station_poll p);
/* the poll at the end of its leg; -1: none */
int station_poll_of(enum station_parameter p);
int station_poll_find(const char *name);                   /* -1: none */

enum cold_rule { /* which tasks start cold */
                 COLD_NEVER,
                 COLD_FIRST_ON_NODE, /* the first task that runs on a node */
                 COLD_FIRST_WAVE, /* tasks started before any task has stopped */
                 COLD_BURST, /* tasks in a bulk of at least `cold_burst` tasks, first `cold_bulks`
                                such bulks */
                 /* tasks launched on another node than the one before, of the same pilot (ssh) */
                 COLD_NODE_CHANGE
};

enum alone_rule { /* which tasks the launcher keeps apart, whatever slots they have */
                  ALONE_NEVER,
                  /* all: each has as many whole nodes as its slots fill, wherever they are
                     (aprun) */
                  ALONE_NODES,
                  ALONE_OWN_NODES,     /* all: each has the nodes of its slots alone */
                  /* a task without GPUs shares none of its nodes with any other (srun steps that
                   * take all memory)
                   */
                  ALONE_WITHOUT_GPU,
                  ALONE_CORE, /* tasks with slots on one physical core (jsrun) */
                  ALONE_RULES
};
/* what the launcher does, after "the launcher" */
const char *alone_rule_words(enum alone_rule r);

/* How many sessions of a profile showed each rule; all 0: ALONE_NEVER. */
struct alone_shown { int sessions[ALONE_RULES]; };
/* of one of them, drawn by u (0 <= u < 1) */
enum alone_rule alone_drawn(const struct alone_shown *a, double u);
/* ALONE_RULES: they showed more than one */
enum alone_rule alone_only(const struct alone_shown *a);
void alone_set_only(struct alone_shown *a, enum alone_rule only);
/* "nodes", or "nodes (2 of 3 sessions), or own_nodes (1 of 3 sessions)"; or what the launcher does,
 * in words. The caller frees it. */
char *alone_text(const struct alone_shown *a, bool in_words);
extern const struct schema_type alone_field;             /* as a field of a profile */

struct station_session {                 /* one session that the profile was fitted on */
    char *name;
    double mean[STATION_PARAMETERS];     /* NaN: this session has no sample of it */
};

struct station_estimate { /* how well a fitted parameter is known, s (per task: client.per_task,
                             client.open_task) */
    bool known;
    double between_s;                    /* sd of its mean between sessions */
    double se_s;                         /* standard error of its mean over sessions */
    int degrees;                         /* of freedom, of both; 0: priors, not estimates */
};

/* Many members: one for each field of its file, and a table by station. */
struct middleware {
    char *name, *summary;
    char *source;                        /* provenance text, or NULL */
    char *generation;                    /* of RADICAL ("1.9"), or NULL */

    /* The scheduler it brings; options override. `scheduler`: a preset's name; "radical" uses
     * `generation`; NULL: order x overtake. */
    char *scheduler, *order, *overtake, *placement;
    double overtake_every_s;             /* 0: at each change */
    enum on_failure on_failure;          /* where a workflow does not say (core/workflow.h) */
    size_t n_blocked;
    int *blocked;                        /* slot ids that it never uses, on every node */

    struct dist *parameter[STATION_PARAMETERS];          /* NULL = 0 */
    bool assumed[STATION_PARAMETERS];    /* a named prior, not fitted */
    /* a free-running clock with one random phase a replica; 0 = no poll */
    double period_s[STATION_POLLS];
    int launch_servers;                  /* >= 1 */
    double
        mean_bulk; /* tasks: by so many times what a replica's client.per_task is above its mean,
                      its client.base is below (calibrated at that bulk); 0: they are drawn apart */
    /* instead of `window`: as many as the platform has slots (a generator with as many workers) */
    bool window_slots;
    /* most tasks submitted and not yet known to be over; 0 = no limit */
    int window;
    /* most tasks that the client submits at once, then the next; 0 = no limit */
    int bulk;
    /* of EnTK: setting up the queues at its broker took (core/broker.h); 0: unknown */
    double broker_s;
    bool broker_answers;                 /* client.open_task waits for it, too */
    int live_cap;                        /* most tasks launched and not yet detected; 0 = no cap */
    /* The launcher slows down with the tasks of a run: with more than launch_slows_from, a task's
     * time at it is multiplied by (tasks / launch_slows_from)^e, e anywhere from 0 to launch_slows
     * in a replica. 0 = it does not. */
    double launch_slows;
    int launch_slows_from;
    struct alone_shown alone;            /* a replica draws one of these sessions */
    /* of those kept waiting any may go next; else the first that may */
    bool alone_random;
    double execute_slope;                /* 1 */
    enum cold_rule cold_rule;
    int cold_burst, cold_bulks;
    bool cold_gpu_only;

    struct service_rule service;         /* of the sessions' services, for predictions of others */

    size_t n_sessions;
    struct station_session *sessions;
    /* relative spread between sessions added to the resampled vector, */
    double between_sd[STATION_PARAMETERS];
    struct station_estimate estimate[STATION_PARAMETERS];        /* or, where known, this */
    /* relative sd that all stations of a session share: what the model leaves open */
    double unexplained;
    /* the largest it was fitted on: for EXTRAPOLATION; 0 = unknown */
    size_t n_nodes_seen, n_tasks_seen;
    int window_seen;                     /* of a generator; 0: none, or unknown */
    /* or NULL; of several, separated by commas */
    char *platform_seen, *launcher_seen, *releases_seen;
    enum client client_seen;
};

/* Station values known beforehand, in place of draws: for replaying a measured session. Arrays hold
 * one value a task of the workflow (bulks: at their first task); NAN where it is to be drawn. */
struct station_values {
    const double *of[STATION_PARAMETERS];                /* NULL: all drawn */
    double phase_s[STATION_POLLS];                       /* NAN: drawn */
};

extern const struct schema middleware_schema;            /* the file's fields */
struct middleware *middleware_load(const char *path, document_fn *document_of,
                                   struct error *err);
struct middleware *middleware_from_json(const struct json *at, struct error *err);
cJSON *middleware_to_json(const struct middleware *m);
void middleware_free(struct middleware *m);
struct middleware *middleware_ideal(void);
struct middleware *middleware_copy(const struct middleware *m);
/* Every task of every session then takes just that; 0: the station takes no time. */
void middleware_set_constant(struct middleware *m, enum station_parameter p, double value);
/* Measured durations hold what the launcher and a cold start add while a task executes: `execute.*`
 * then takes no time. */
void middleware_drop_execution(struct middleware *m);
/* A copy without them, new; NULL: the workflow's durations are no measured ones of RADICAL, or
 * there is nothing to drop. */
struct middleware *middleware_without_execution(const struct middleware *m,
                                                const struct workflow *w);
/* over sessions, what replicas draw about */
double middleware_mean(const struct middleware *m, enum station_parameter p);
/* the same of all that is part of the station */
double middleware_station_mean(const struct middleware *m, enum station_parameter p);
/* Of the sessions that it was fitted on; borrowed from `m`. `generation` is used for unknown
 * releases. */
struct likeness middleware_likeness(const struct middleware *m);
/* 0: no limit */
size_t middleware_window(const struct middleware *m, const struct platform *p);
/* every parameter, poll and cap is nothing */
bool middleware_is_ideal(const struct middleware *m);

#endif
