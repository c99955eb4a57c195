/* traces/importer/wfformat_impl.h - what the parts of the WfFormat importer share: tasks on their way to sets.
 *
 * read (wfformat_read.c: tasks and their executions) -> edges and levels (wfformat_edges.c) -> sets and the dependencies between
 * them (wfformat_sets.c, wfformat_dependencies.c); machines (wfformat_machines.c). */
#ifndef DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H
#define DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "core/name_index.h"
#include "traces/session.h"
#include "traces/task_edges.h"

struct wf_task {
    const char *id;                      /* what others refer to: `id`, or (1.3, 1.4) `name` */
    const char *category;
    const char *set_name;                /* from our own field, or NULL */
    const cJSON *parents, *children, *command;
    double runtime_s;                    /* NAN: not recorded */
    struct demand demand;
    int priority;
    bool executed, ours;                 /* an execution, our own field was found */
    int level;                           /* longest path from a source */
    int set;
    uint32_t index;                      /* within its set */
};

struct wf {
    struct session *session;
    struct json root, workflow;
    bool old_layout;                     /* 1.3, 1.4: one list of tasks */
    size_t n;
    struct wf_task *tasks;               /* in the file's order */
    struct name_index *ids, *other_names;
    struct task_edges parents, children;
    size_t n_sets;
    uint32_t **members;                  /* of each set: tasks in the file's order */
};

int wf_read_tasks(struct wf *f, struct error *err);
int wf_read_edges(struct wf *f, struct error *err);      /* and levels; refuses cycles */
int wf_make_sets(struct wf *f, struct error *err);       /* session->workflow */
void wf_make_dependencies(struct wf *f);                 /* of the sets of session->workflow */
int wf_make_platform(struct wf *f, struct error *err);   /* session->platform */

#endif
