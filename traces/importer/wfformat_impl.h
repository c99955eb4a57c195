/* traces/importer/wfformat_impl.h - what the parts of the WfFormat importer share: tasks on their
 * way to sets.
 *
 * read (wfformat_read.c: tasks and their executions; wfformat_families.c: their kinds) -> edges
 * (wfformat_edges.c) -> sets and the dependencies between them (task_groups.h); machines
 * (wfformat_machines.c) -> timeline (wfformat_times.c). */
#ifndef DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H
#define DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "core/name_index.h"
#include "traces/importer/task_groups.h"
#include "traces/session.h"

struct wf_task {                         /* beside a listed task */
    const cJSON *parents, *children;     /* lists of names */
    const cJSON *inputs, *outputs, *files;               /* lists of files, the last of both */
    const cJSON *machines;               /* a list of names, a name, or NULL */
    double started_epoch_s;              /* s since 1970; NAN: not recorded */
    /* an execution, our own field, a measured memory was found */
    bool executed, ours, memory;
    bool derived;                        /* its category is made from its name */
    uint32_t kind;                       /* the first task of its category, as it was read */
};

struct wf {
    struct session *session;
    size_t n, task_room, extra_room;
    struct listed_task *tasks;           /* in the file's order */
    struct task_links links;
    struct task_groups groups;
    struct wf_task *extra;
    struct json root, workflow;
    bool old_layout;                     /* 1.3, 1.4: one list of tasks */
    /* `id`, or (1.3, 1.4) `name`, that others refer to; and the other of the two */
    struct name_index *ids, *other_names;
    struct name_index *categories;       /* each to its kind */
};

int wf_read_tasks(struct wf *f, struct error *err);
int wf_read_edges(struct wf *f, struct error *err);      /* and levels; refuses circles */
/* categories made from names: those of one kind of task become one */
void wf_name_families(struct wf *f);
/* s since 1970; NAN: absent, or (*bad) not a time */
double wf_time_of(const cJSON *value, bool *bad);
/* session->timeline; empty: no times of start */
void wf_make_timeline(struct wf *f);
void wf_read_files(struct wf *f);                        /* session->files */
int wf_make_platform(struct wf *f, struct error *err);   /* session->platform */

#endif
