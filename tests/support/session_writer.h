/* tests/support/session_writer.h - a timeline as the session folder that RADICAL-Pilot would have
 * left: the importer's inverse.
 *
 * import(write(timeline)) == timeline is a test that needs no stored data, in every generation;
 * calibration tests use it too. Each profile stands in the order of time, as real ones do; of what
 * the tasks' scripts recorded, task by task as they end. Second 0 of the timeline is Unix time
 * SESSION_WRITER_EPOCH. */
#ifndef DAGCAST_TESTS_SUPPORT_SESSION_WRITER_H
#define DAGCAST_TESTS_SUPPORT_SESSION_WRITER_H

#include <stdbool.h>

#include "base/error.h"
#include "core/timeline.h"

#define SESSION_WRITER_EPOCH 1600000000.0

enum session_dialect {
    /* 0.6: time,name:thread,uid,state,event,msg; unit.*, node times with fractions */
    DIALECT_OLD_COLUMNS,
    /* 1.4: unit.*, whole seconds on the nodes, a slots entry a process */
    DIALECT_UNIT,
    DIALECT_TASK,                        /* 1.9: task.*, task_script */
    DIALECT_RANK                         /* 1.33: <set>.*, a profile a task */
};

struct session_writer {
    const struct timeline *timeline;     /* statuses done, failed, killed, cancelled, cut */
    enum session_dialect dialect;
    /* names, run() calls and profiles of EnTK; needs pipelines in the workflow */
    bool entk;
    double broker_s;                     /* of EnTK: setting up its queues took; 0: no record */
    const double *run_started_s;         /* of EnTK's run() calls, */
    size_t n_runs;
    /* tasks are `sleep <duration of the workflow>`, else `work` without arguments */
    bool sleeps;
    bool nested_folder;                  /* session inside a folder of its own name */
    bool written_twice;                  /* the agent's profiles lie in a second folder too */
    bool without_json, without_client;   /* no JSON; no profiles of the client */
    /* of as many sub-agents, which launch in turn; 0: one, of the agent */
    int executors;
    double cut_s;                        /* no record is later; INFINITY: all there */
};

/* Writes the folder `path` (made; its name should be the session's). */
int session_write(const char *path, const struct session_writer *w, struct error *err);

/* The uid a record's task has in such a session; free() it. */
char *session_writer_uid(const struct session_writer *w, size_t record);

#endif
