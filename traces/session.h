/* traces/session.h - what somebody else's run looked like: a workflow, a platform, a timeline, and
 * what only traces know.
 *
 * Every importer makes one. Workflow, platform and timeline stand alone, so code that plots
 * or compares needs nothing else from here; calibration and replay need the rest: all event times
 * of each task, bulks, run() calls, order of arrival, labels, requested durations. Immutable once
 * loaded. Times are seconds since `zero_epoch_s`, NAN where not recorded. */
#ifndef DAGCAST_TRACES_SESSION_H
#define DAGCAST_TRACES_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "core/platform.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "core/workflow.h"
#include "traces/notes.h"
#include "traces/session_events.h"

/* Of a rule that a session does not show. */
enum alone_evidence {
    ALONE_UNKNOWN,                       /* nothing that could have shown it was recorded */
    ALONE_POSSIBLE,                      /* starts were read on the nodes; none speaks against it */
    ALONE_EXCLUDED                       /* tasks that it keeps apart ran together */
};

#define SESSION_NEVER UINT32_MAX

struct session_task {                    /* one attempt; parallel to timeline->records */
    /* RADICAL-Pilot's: "unit.000012", "task.0071"; unique in the session */
    const char *uid;
    /* EnTK's uid of the task, equal among attempts; else the same as uid */
    const char *label;
    int set;                             /* in the workflow */
    /* of workflow->pipelines, and within it; -1: the session has none */
    int pipeline, stage;
    int bulk;                            /* of session->bulks; -1: unknown */
    int run;                             /* of session->runs; -1: unknown */
    /* rank of its arrival at the agent's scheduler, 0, 1, ... over the session; SESSION_NEVER */
    uint32_t arrival;
    uint32_t placement;                  /* rank in which slots were given; SESSION_NEVER */
    /* what its arguments ask for (sleep 340); NAN: not recognised */
    double requested_s;
    /* how long the client moved its output, which its description asks for, before it was DONE; 0:
     * it asks for none, or that is not known */
    double staged_out_s;
    enum session_clock clock;
    /* the launcher kept it waiting for others: its start says nothing of launch and start-up */
    bool kept;
    double kept_until_s;                 /* ... until this end of another; NAN: not seen */
    int exit_code;                       /* INT_MIN: unknown */
    double *at;                          /* SESSION_EVENTS; by session_times_add() */
};

struct session_bulk { /* tasks that left the client together; one that failed before it left has
                         none */
    size_t n_tasks;
    double submitted_s;                  /* first CLIENT_SUBMITTED that is known */
    double pushed_s;                     /* CLIENT_PUSHED; NAN unknown */
    double pulled_s, arrived_s;          /* first AGENT_PULLED, first AGENT_ARRIVED */
    int run;
};

struct session_run {                     /* one run() of EnTK, or the whole session */
    /* "amgr run started"; the first submission where EnTK recorded none */
    double started_s;
    /* first CLIENT_SUBMITTED, last CLIENT_DONE of its tasks: NAN if one has none */
    double submitted_s, done_s;
    size_t n_tasks;
    bool inferred;                       /* from the times, not from a record */
};

struct session_stage { /* one stage of one pipeline as it ran; in order of (pipeline, stage) */
    const char *uid, *name;              /* "stage.0000"; EnTK's name, or NULL */
    int pipeline, stage, run;
    size_t n_tasks;
    double submitted_s, started_s, stopped_s, done_s;      /* first, first, last, last of its tasks;
                                                            last: NAN if one of them is not known */
};

struct session_service { /* ran beside the tasks, for their sake: no task of the workflow, no part
                            of the makespan */
    /* "service.0000"; "service", "raptor master", "raptor worker" */
    const char *uid, *kind;
    double launched_s, started_s, stopped_s;             /* NAN: not recorded */
    bool has_demand;                     /* else the three below are unknown */
    int ranks, slots, gpus;              /* slots and GPUs a rank */
};

struct session_request {                 /* that a task recorded itself, to a service say */
    size_t record;                       /* of the timeline */
    double started_s, stopped_s;
};

/* A node whose tasks break submitted <= scheduled <= started <= stopped <= freed, or whose clock is
 * off by a second or more. */
struct session_skew {
    const char *node;
    size_t violations;
    /* of the node's clock against the agent's, by the launch records of its tasks; 0: not known */
    double offset_s;
    bool corrected;                      /* starts and stops on it were moved by that */
};

/* Many members: all that any tool's record may say of a run. */
struct session {
    char *name;                          /* "re.session.login2.pascuzzi.019224.0001" */
    char *path;                          /* as given */
    const char *importer;                /* name of the importer that read it */
    /* why its archive could not be read to the end; NULL: it was */
    const char *damage;
    bool checked; /* its importer read it to the end, so that `damage` is all there is to find */
    size_t n_pilots;                     /* 0: not known */
    size_t n_skews;
    struct session_skew *skews;
    size_t files_before_damage;          /* and what had been read when the first damage came */
    uint64_t bytes_before_damage;
    struct workflow
        *workflow; /* tasks of a set are numbered by order of arrival (then submission, then uid);
                      durations: requested where all of the set's are known, else measured */
    /* of a workflow that decided at run time: what it was decided from; NULL */
    struct workflow *described;
    struct platform *platform;           /* blocked slots as observed */
    /* records sorted by started_s, then submitted_s; never sort it again: */
    struct timeline *timeline;
    /* ... timeline->n entries parallel to its records; NULL where the importer knows no more */
    struct session_task *tasks;

    enum session_generation generation;
    const char *version; /* RADICAL-Pilot's as recorded ("1.9.2"), else "0.42" "0.47" "0.6" "1.4"
                            "1.9" "1.33" "1.60" from events and files: fit for
                            scheduler_options.generation; NULL outside RADICAL */
    const char *launcher;                /* "jsrun" "prrte" "mpirun" ...; NULL unknown */
    const char *resource;                /* "ornl.summit"; NULL unknown */
    bool has_entk;
    /* by `dagcast execute`, in this mode and by this scheduler; no station polls there */
    bool executed;
    enum mode mode;
    struct scheduler_options scheduler;
    /* the launcher kept such tasks apart, as n_alone cases show against n_alone_against; */
    enum alone_rule alone;
    bool alone_random;                   /* ... and those that waited did not go in order */
    enum alone_evidence alone_says[ALONE_RULES];         /* where it shows no rule */
    /* moved: tasks whose start follows from that, since none was recorded */
    size_t n_alone, n_alone_against, n_alone_moved;
    size_t n_interruptions;              /* of `dagcast execute` within its makespan, */
    double interrupted_s;                /* ... and for how long in all nothing ran */
    /* its platform and demands count slots: the file does not say whether cores or threads */
    bool slots_unnamed;
    bool edges_inferred;                 /* the workflow's dependencies come from times */
    bool edges_named;                    /* they come from the names of tasks */
    /* nothing says what waited for what: the client recorded no submissions */
    bool edges_unknown;
    size_t n_demands_unknown;            /* tasks that are taken to need one core */
    double zero_epoch_s;                 /* Unix time of second 0 */
    double pilot_active_s;               /* the agent is up */
    double bootstrap_s, pilot_end_s;     /* pilot's bootstrapper began, whole seconds; and ended */
    /* largest disagreement of the profiles' sync_abs; not corrected for */
    double clock_offset_s;
    /* of EnTK: setting up the queues at its broker took (core/broker.h); NAN */
    double broker_s;
    double agent_poll_s;                 /* db_poll_sleeptime as configured; NAN */
    double walltime_s;                   /* of the pilot; NAN */
    /* of the agent, that launched tasks, each for itself; 0 unknown */
    size_t n_executors;
    int asked_cores, asked_gpus;         /* of the pilot; 0 unknown. Nodes come whole */
    int highest_slot_seen;               /* -1: none; above it nothing is known about blocking */
    int window; /* most tasks submitted and not over at once, where a generator asks for the next
                   when one is; 0: no such limit is known */
    double recorded_makespan_s;          /* where a file states one (WfFormat); NAN */

    size_t n_bulks, n_runs, n_stages, n_services;
    struct session_bulk *bulks;          /* in order of submission */
    struct session_run *runs;
    struct session_stage *stages;
    struct notes notes;                  /* what is missing, unusual or inferred */
    struct session_files *files;         /* what its tasks read and wrote; NULL: not recorded */
    struct session_service *services;
    size_t n_requests;
    struct session_request *requests;    /* by stopped_s */
    uint64_t bytes_read, lines_read;     /* of profiles */
    struct arena texts;                  /* owns every const char * above; private */
    struct arena times;                  /* owns every `at`; private */
};
void session_free(struct session *s);

/* Neither RADICAL-Pilot's nor executed by dagcast: all that is known of a task's way is its
 * timeline. */
bool session_is_plain(const struct session *s);
/* Who started its tasks; of a plain session, where that is unknown, the tool that wrote the trace.
 * NULL: unknown. */
const char *session_launcher(const struct session *s);
/* Says in its workflow and platform through which RADICAL it ran; nothing of other tools. */
void session_record_radical(struct session *s);

/* A row of SESSION_EVENTS times, all NAN, that stays where it is until the arena, empty before the
 * first, is cleared or a session's. */
double *session_times_add(struct arena *times);
/* n > 0 such rows, one behind another; not set */
double *session_times_alloc(struct arena *times, size_t n);

/* For importers: an empty session; a text that lives as long as it; one more gap (same what and
 * why: added up). */
struct session *session_new(const char *name, const char *path, const char *importer);
const char *session_keep(struct session *s, const char *text);
const char *session_keep_n(struct session *s, const char *text, size_t n);
void session_set_damage(struct session *s, const char *why, size_t files, uint64_t bytes);
/* nothing when count is 0 */
void session_note(struct session *s, size_t count, const char *what, const char *why);

/* From the timeline, else the event of this instant; NAN. */
double session_at(const struct session *s, size_t record, enum instant i);
/* of its timeline, else as a file states it; NAN */
double session_makespan_s(const struct session *s);
/* the pilot's, from bootstrap to end; NAN: not recorded, or several pilots */
double session_span_s(const struct session *s);
/* stopped - started; NAN */
double session_measured_s(const struct session *s, size_t record);
/* What the records say, if they do not say when tasks began that the launcher kept apart: from the
 * hand-over to the launcher on, the wait included. Else as above. */
double session_recorded_s(const struct session *s, size_t record);
/* Tasks ran together that each of these rules keeps apart (ALONE_NEVER is none of them). */
bool session_excludes_alone(const struct session *s, const struct alone_shown *rules);
/* When a task was submitted, and when the scheduler had it. If that record was lost, the nearest
 * that is known: the submission of its bulk, its own push; the agent's pull, the placement, the
 * push. NAN if none is. */
double session_submission_s(const struct session *s, size_t record);
double session_arrival_s(const struct session *s, size_t record);
/* Longest path of the workflow's durations (requested, else measured) under the barriers and
 * `after` as executed, counted from the first start. Never longer than the makespan: if it would
 * be, what was measured bounds each task's start and duration. */
double session_critical_path_s(const struct session *s);
/* what its platform counts: "cores" "threads" "slots" (it cannot be told) */
const char *session_slot_name(const struct session *s);
/* "interrupted 2 times, for 31.2 s in all"; nothing where it was not. */
void session_add_interruptions(const struct session *s, struct str *out);
/* last attempts with this status */
size_t session_count(const struct session *s, enum task_status status);

#endif
