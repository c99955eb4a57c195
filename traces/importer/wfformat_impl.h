/* traces/importer/wfformat_impl.h - what the parts of the WfFormat importer share: tasks on their way to sets.
 *
 * read (wfformat_read.c: tasks and their executions) -> edges (wfformat_edges.c) -> sets and the dependencies between them
 * (task_list.h); machines (wfformat_machines.c). */
#ifndef DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H
#define DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "core/name_index.h"
#include "traces/importer/task_list.h"

struct wf_task {                         /* beside a listed task */
    const cJSON *parents, *children;     /* lists of names */
    bool executed, ours, memory;         /* an execution, our own field, a measured memory was found */
};

struct wf {
    struct task_list list;
    struct wf_task *extra;
    struct json root, workflow;
    bool old_layout;                     /* 1.3, 1.4: one list of tasks */
    struct name_index *ids, *other_names;        /* `id`, or (1.3, 1.4) `name`, that others refer to; and the other of the two */
};

int wf_read_tasks(struct wf *f, struct error *err);
int wf_read_edges(struct wf *f, struct error *err);      /* and levels; refuses circles */
int wf_make_platform(struct wf *f, struct error *err);   /* session->platform */

#endif
