/* core/timeline.h - what happened, task by task: simulated, imported from a trace or measured by
 * the executor; code downstream cannot tell. One of dagcast's three currencies.
 *
 * A record is one attempt of one task; records are in order of their first known time. Times are
 * seconds since the session's own zero, NAN where unknown or never reached. Slots lie in an arena:
 * 64 bytes a task, and its slots. */
#ifndef DAGCAST_CORE_TIMELINE_H
#define DAGCAST_CORE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "core/instant.h"
#include "core/platform.h"
#include "core/workflow.h"

/* CUT: the record ends before the task did (censored). */
enum task_status { TASK_DONE, TASK_FAILED, TASK_KILLED, TASK_CANCELLED, TASK_CUT };
const char *task_status_name(enum task_status s);

struct timeline_record {                 /* 64 bytes */
    double submitted_s;                  /* the client began to submit it */
    double arrived_s;                    /* the agent's scheduler has it */
    double scheduled_s;                  /* slots were given to it */
    double started_s;                    /* its own work began */
    double stopped_s;                    /* its own work ended */
    double freed_s;                      /* its slots were usable again */
    double notified_s;                   /* the client knew */
    /* number within the workflow: set by workflow_set_of_task() */
    uint32_t task;
    /* where its slots are in the arena; TIMELINE_NO_SLOTS = it has none */
    uint32_t slots;
};
#define TIMELINE_NO_SLOTS UINT32_MAX

/* The instants that a timeline records, in their order: the fields above, and `launched_s` below.
 */
enum { TIMELINE_INSTANTS = 8 };
extern const enum instant timeline_instants[TIMELINE_INSTANTS];

/* Many members: columns side by side, so that a record holds only what each one has. */
struct timeline {
    const struct workflow *workflow;     /* not owned; outlive the timeline */
    const struct platform *platform;
    size_t n;
    struct timeline_record *records;
    uint8_t *status;                     /* enum task_status, one a record */
    uint8_t *attempt;                    /* from 0, one a record; NULL while all are 0 */
    double *launched_s;                  /* launcher took it up; NULL where not recorded */
    struct timeline_phases *phases;      /* NULL where not recorded; use core/timeline_phases.h */
    uint16_t *arena;                     /* use timeline_slots_*() */
    size_t arena_length;
    size_t room, arena_room, last_part;                   /* private */
    double session_start_s, session_end_s;                /* NAN: unknown */
    /* freed with it: `workflow`, where that was made for this run alone; else NULL */
    struct workflow *session;
};

struct timeline *timeline_new(const struct workflow *w, const struct platform *p);
void timeline_free(struct timeline *t);
/* keeps its memory: for the next replica */
void timeline_clear(struct timeline *t);
/* Adds a record (its `slots` is set here to none); returns its index. */
size_t timeline_add(struct timeline *t, const struct timeline_record *r, enum task_status status,
                    unsigned attempt);
/* NAN: unknown, or no instant of a timeline. */
double timeline_at(const struct timeline *t, size_t record, enum instant i);
/* one of the above */
void timeline_set_at(struct timeline *t, size_t record, enum instant i, double at_s);
/* of a record with its slots; t is another one */
void timeline_add_copy(struct timeline *t, const struct timeline *from, size_t record);
/* the first n records and their slots: what was behind them has new numbers */
void timeline_drop_first(struct timeline *t, size_t n);

struct timeline_slots {                  /* one node's part */
    uint32_t node;
    size_t n_cores, n_gpus;
    const uint16_t *cores, *gpus;        /* ids of slots, ascending, and of GPUs */
    /* millionths of each of the listed GPUs that is taken, 0 = whole devices; a GPU listed twice is
     * taken twice (two ranks share it) */
    int32_t gpu_share;
    const uint16_t *next;                /* private */
};
/* Of the record added last: one call a node, nodes in the order of the ranks. Copies the ids. */
void timeline_add_slots(struct timeline *t, const struct timeline_slots *s);
/* for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s)) ... */
bool timeline_has_slots(const struct timeline *t);        /* of any record */
bool timeline_slots_first(const struct timeline *t, size_t record, struct timeline_slots *s);
bool timeline_slots_next(struct timeline_slots *s);
/* Of ids of cores or GPUs: where the run of neighbours ends that begins at `from`. */
size_t timeline_run_of_ids(const uint16_t *ids, size_t n, size_t from);
/* "0-3 7": those runs, in the order given. */
void timeline_add_ids(struct str *out, const uint16_t *ids, size_t n);

/* no part of the makespan */
bool timeline_is_of_service(const struct timeline *t, size_t record);
unsigned timeline_attempt(const struct timeline *t, size_t record);
/* For each task of the workflow the record of its last attempt; SIZE_MAX: none. free() it. */
size_t *timeline_last_attempts(const struct timeline *t);
double timeline_first_start(const struct timeline *t);    /* NAN when nothing started */
double timeline_last_stop(const struct timeline *t);
/* first task's start to last task's stop; services apart */
double timeline_makespan(const struct timeline *t);
/* by started_s (then submitted_s), task, attempt; NAN last */
void timeline_sort(struct timeline *t);

/* of a larger platform the CSV names the nodes in use only */
enum { TIMELINE_CSV_MOST_NODES = 4096 };

/* CSV (docs/formats.md): one row a record; nodes "a;b", cores "0-3 7;1", gpus likewise; the
 * session's row holds the platform. Exact: doubles read back equal. -1: the file cannot be written.
 */
int timeline_save_csv(const struct timeline *t, const char *path, struct error *err);

/* Its first line: the columns' names, separated by commas. The last, `phases`, is there only if
 * some task may have some. */
void timeline_csv_head(struct str *out, bool phases);

/* The same bytes from records that come in pieces: records 0 .. n - 1 of t each time, of this
 * workflow and platform. NAN: unknown. */
struct timeline_csv;
struct timeline_csv *timeline_csv_open(const struct workflow *w, const struct platform *p,
                                       double session_start_s, double session_end_s,
                                       const char *path, struct error *err); /* NULL: as above */
void timeline_csv_add(struct timeline_csv *c, const struct timeline *t, size_t n);
/* -1: and there is no file; *c is gone in any case */
int timeline_csv_close(struct timeline_csv *c, struct error *err);
/* instead: removes what was written; NULL allowed */
void timeline_csv_abandon(struct timeline_csv *c);

/* What must hold of any timeline. 0, or -1 and the first violation by name. O(n log n + edges).
 * Tasks: each has a record (cancelled ones too), its attempts are numbered from 0 without gap or
 *   double, one after the other; all but the last failed, at most retries + 1 of them, or were
 *   killed by the end of a job.
 * Times: finite or NAN, in the order of the record's fields; what is done has started and stopped,
 *   what is cancelled never started.
 * Dependencies: no task is submitted (started, where that is unknown) before the tasks it depends
 *   on have stopped and are done, or have failed where the workflow goes on after failures.
 *   (Barriers of a mode: scheduling/readiness.h.)
 * Resources, from scheduled to freed (started, stopped where unknown): nodes, slots and GPUs exist
 *   and are not blocked; none is held twice at once, no GPU's shares sum to more than it, no node's
 *   memory is exceeded; each node's part is whole ranks of the demand, all ranks are there, on one
 *   node where the demand says so; no more of a named resource is held than node or machine have. A
 *   timeline without any slots (none recorded) is not asked for them.
 * Phases, where recorded: in order, within the task's times, those of its set; none is faster than
 *   its flow alone. No flow serves more than its rate over any period in which it is in use, and
 *   none that its users do not limit less; no service more than its tasks that serve then.
 * Failures of nodes: what ran on a node when an attempt was lost on it was lost too.
 *   O(lost attempts x records of the node) */
int timeline_check(const struct timeline *t, struct error *err);

#endif
