/* traces/importer/task_steps.h - from records of tasks to a session, step by step, for every
 * importer that has records. RADICAL's has steps of its own up to the described tasks and the
 * platform, since it knows more of both; what follows is the same.
 *
 *     records -> described -> placed -> grouped -> session
 *
 * described: tasks and what each asks for. placed: the platform, and where it has the nodes that
 * rows name. grouped: sets and their dependencies, as the records give them or inferred. Each step
 * reads what came before and returns its own type, with notes on what it inferred and from how many
 * rows; importers call task_session() only. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_STEPS_H
#define DAGCAST_TRACES_IMPORTER_TASK_STEPS_H

#include "traces/importer.h"
#include "traces/importer/task_groups.h"
#include "traces/importer/task_records.h"
#include "traces/session.h"

struct described {                       /* rows as attempts of tasks */
    size_t n;
    struct listed_task *tasks;
    struct demand_pool demands;
    uint32_t *task_of;                   /* of each row */
    uint32_t *order;                     /* rows by (task, start) */
    struct arena texts;
    struct notes notes;
};
struct described task_describe(const struct task_records *r);
void described_clear(struct described *d);

struct placed {
    struct platform *platform;           /* owned until the session has it */
    int *node_of;                        /* the platform's node for each of the records' */
    struct notes notes;
};
struct placed task_place(const struct task_records *r, const struct described *d, const char *name);
void placed_clear(struct placed *p);

/* -1: tasks wait for each other in a circle. *inferred: dependencies come from times. Clear the
 * groups in any case. */
int task_group(struct task_groups *g, const struct task_records *r, const struct described *d,
               const char *name, bool *inferred, struct error *err);

/* An attempt as a timeline has it, but for its `task`, which counts through the described tasks. */
struct task_attempt { struct timeline_record times; enum task_status status; unsigned attempt; };
/* Adds it to a timeline of the finished workflow, whose set's retries are raised to it. Its slots
 * are what is added to the timeline next. */
void task_attempt_add(struct task_attempt a, const struct task_groups *g, struct workflow *w,
                      struct timeline *t);

/* Those of records, in their order, on the slots of the platform. */
struct steps_done {
    const struct task_records *records;
    struct described *described;         /* its tasks are freed once they have their slots */
    const struct placed *placed;
    const struct task_groups *grouped;
};
struct timeline *task_timeline(const struct steps_done *done, struct workflow *w, double zero_s,
                               struct notes *notes);

/* of the session to make */
struct task_source { const char *importer, *name, *path; };
/* All of it. NULL: no records, or a circle. The rows are used up in any case; the rest of the
 * records stays, and is the caller's to clear. */
struct session *task_session(struct task_records *r, const struct task_source *source,
                             struct error *err);

/* The same for a file that the importer reads. NULL too: it holds no task. */
struct session *task_session_of(const struct importer_ops *importer, const char *path,
                                struct error *err);

/* Cores and GPUs of a row of this demand on its k-th node. */
struct task_place task_share(const struct task_records *r, const struct task_row *row,
                             const struct demand *d, size_t k);

#endif
