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

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "core/platform.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "core/workflow.h"
#include "traces/notes.h"

/* One task's way through the stations, in the order in which they happen; RADICAL knows more than
 * core/instant.h. */
enum session_event {
    /* EnTK put it up for submission (wfprocessor: SCHEDULING) */
    EVENT_ENTK_SCHEDULED,
    EVENT_CLIENT_NEW,                    /* the client created it (NEW) */
    /* [TU]MGR_SCHEDULING_PENDING: `submitted_s` of the timeline */
    EVENT_CLIENT_SUBMITTED,
    /* [TU]MGR_STAGING_INPUT_PENDING: the client chose the pilot */
    EVENT_CLIENT_SCHEDULED,
    /* AGENT_STAGING_INPUT_PENDING at the client: its bulk left; equal within a bulk */
    EVENT_CLIENT_PUSHED,
    EVENT_AGENT_PULLED,                  /* the agent got it from the database */
    EVENT_AGENT_ARRIVED,                 /* AGENT_SCHEDULING: the scheduler has it; `arrived_s` */
    EVENT_SCHEDULE_OK,                   /* slots found; `scheduled_s` */
    EVENT_EXECUTOR_GOT,                  /* AGENT_EXECUTING: the executor has it */
    /* the executor calls the launcher (exec_start; task_run_start); `launched_s` */
    EVENT_LAUNCH_START,
    EVENT_LAUNCH_OK,                     /* the launcher's process runs (exec_ok; task_run_ok) */
    /* its script begins (cu_start; task_start of task_script; launch_start) */
    EVENT_NODE_START,
    /* launch_submit (1.3x): the script calls mpirun, jsrun, ... */
    EVENT_LAUNCH_SUBMIT,
    /* cu_exec_start; task_exec_start; exec_start of the task's own profile */
    EVENT_EXEC_START,
    EVENT_RANK_START,                    /* first rank_start (1.3x) */
    EVENT_RANK_STOP,                     /* last rank_stop */
    /* cu_exec_stop; task_exec_stop; exec_stop of the task's own profile */
    EVENT_EXEC_STOP,
    EVENT_NODE_STOP,                     /* cu_stop; task_stop of task_script; launch_stop */
    EVENT_AGENT_STOP,                    /* the agent sees the end (exec_stop; task_run_stop) */
    EVENT_UNSCHEDULE_START,              /* it asks for the slots' release */
    EVENT_UNSCHEDULE_STOP,               /* slots usable again; `freed_s` */
    /* [TU]MGR_STAGING_OUTPUT_PENDING at the agent: its end was written to the database */
    EVENT_AGENT_PUSHED,
    EVENT_CLIENT_GOT,                    /* the client read that */
    /* AGENT_EXECUTING as the client polled it (1 s), or as JSON's statehistory dates it */
    EVENT_STATE_EXECUTING,
    /* AGENT_STAGING_OUTPUT_PENDING likewise: its execution ended before */
    EVENT_STATE_EXECUTED,
    EVENT_CLIENT_DONE,                   /* DONE, FAILED or CANCELED at the client; `notified_s` */
    EVENT_ENTK_DONE,                     /* EnTK booked it (wfprocessor: DONE or FAILED) */
    SESSION_EVENTS
};
/* the event that is this instant; -1: none */
int session_event_of(enum instant i);

/* Which events exist, and what they are called, changed between generations (found by the events,
 * not by a version). */
enum session_generation {
    GENERATION_NONE,                     /* not a RADICAL-Pilot session */
    GENERATION_UNIT,                     /* 0.6 to 1.8: unit.*, umgr */
    GENERATION_TASK,                     /* 1.9: task.*, tmgr, task_script */
    /* 1.2x and later: launch_*, rank_* in a profile per task */
    GENERATION_RANK,
    GENERATION_SPAWN                     /* before 0.5: spawn and exec, or slots as "node:core" */
};
const char *session_generation_name(enum session_generation g);

/* Where a task's start and stop (`started_s`, `stopped_s`) were read. */
enum alone_evidence { /* of a rule that a session does not show */
                      ALONE_UNKNOWN,   /* nothing that could have shown it was recorded */
                      ALONE_POSSIBLE,  /* starts were read on the nodes; none speaks against it */
                      ALONE_EXCLUDED   /* tasks that it keeps apart ran together */
};

enum session_clock {
    CLOCK_NONE,
    CLOCK_NODE,                          /* NODE_START, NODE_STOP */
    CLOCK_RANK,                          /* RANK_START, RANK_STOP */
    /* LAUNCH_START, AGENT_STOP: the node's are absent, or whole seconds */
    CLOCK_AGENT,
    /* STATE_EXECUTING, STATE_EXECUTED: the agent's records are absent too; up to 1 s late each */
    CLOCK_STATES,
    SESSION_CLOCKS
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

/* How much of the session a prediction may see. */
enum information {
    INFORMATION_DESCRIPTION, INFORMATION_REQUESTED, INFORMATION_MEASURED, INFORMATION_ARRIVALS,
    INFORMATION_LEVELS,
};
/* "description" "requested" "measured" "arrivals" */
const char *information_name(enum information level);
int information_find(const char *name);                    /* -1: none */

/* The workflow at a level. description: one distribution a set, fitted by its moments to the
 * requested durations, else the measured ones (constant; normal where sd <= 0.3 mean, with
 * stragglers if measured; else lognormal). requested: each task's requested duration (an error
 * where one is not known). measured: each task's measured one. arrivals: measured, and each task is
 * released at its CLIENT_SUBMITTED less that of the first, or less when the pilot was active if
 * that is later; no dependencies, stages or pipelines, since these times say it all. Tasks without
 * a measurement (cut, killed, failed) take the mean of their set, counted in *imputed (NULL
 * allowed). New; workflow_free() it. */
struct workflow *session_workflow(const struct session *s, enum information level, size_t *imputed,
                                  struct error *err);
/* To sets numbered as the session's, which it does not have yet: output that the client moves when
 * the slots are free is the workflow's, as durations are. session_workflow() has done so. */
void session_add_staging(const struct session *s, struct workflow *w);

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

/* What to say before anything else of such a session: damage, several pilots, clocks that were off.
 * An array of sentences, mostly empty. */
cJSON *session_cautions(const struct session *s);

/* The files that tasks of a recorded run read and wrote, and how large they are. */
struct session_file {
    const char *id;      /* the session's text */
    double bytes;        /* NAN: not recorded */
};

struct session_files {
    size_t n;
    struct session_file *at;
    /* Task i, as the workflow numbers it, reads the files ids[first[2 i]] to ids[first[2 i + 1] -
     * 1], and writes those from there to ids[first[2 i + 2] - 1]. */
    size_t *first; /* 2 n_tasks + 1 */
    uint32_t *ids;
};

/* What a task reads (side 0) or writes (1); NAN: no file, or none of known size. */
double session_files_bytes(const struct session_files *f, size_t task, int side);
/* Of all tasks together; files of unknown size count as nothing. */
double session_files_total(const struct session_files *f, size_t n_tasks, int side);

#endif
