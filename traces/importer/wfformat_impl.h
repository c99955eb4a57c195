/* traces/importer/wfformat_impl.h - what the parts of the WfFormat importer share: tasks on their
 * way to sets.
 *
 * Lists of the file are walked element by element (base/json.h), so that of an element only numbers
 * and its own name stay: files (wfformat_files.c), tasks and their executions (wfformat_read.c;
 * edges in wfformat_edges.c), machines (wfformat_machines.c). Then the document is freed. Kinds
 * (wfformat_families.c) and edges make sets and the dependencies between them (task_groups.h),
 * times of start a timeline (wfformat_times.c). */
#ifndef DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H
#define DAGCAST_TRACES_IMPORTER_WFFORMAT_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "core/name_index.h"
#include "traces/importer/task_groups.h"
#include "traces/session.h"

struct wf_task {                         /* beside a listed task */
    double started_epoch_s;              /* s since 1970; NAN: not recorded */
    int program;                         /* its command's, without folder: in wf.programs; or -1 */
    int set;                             /* a set's own name: in wf.set_names; or -1 */
    uint32_t kind;                       /* the first task of its category, as it was read */
    uint32_t first_machine, n_machines;  /* in wf.machine_uses */
    /* an execution, our own field, a measured memory was found */
    bool executed : 1, ours : 1, memory : 1;
    bool derived : 1;                    /* its category is made from its name */
};

/* Texts that many tasks share, kept once, numbered from 0. */
struct wf_texts { struct name_index *index; int n; };

/* Names of tasks, those that are only named by others included, and which tasks they are; -1: none.
 */
struct wf_names {
    struct wf_texts texts;
    size_t room;
    /* `id`, or (1.3, 1.4) `name`, that others refer to; and the other of the two */
    struct wf_name { int task, other; } *at;
};

struct wf_files {                        /* numbered as the file names them */
    bool only_counted;                   /* nothing but the names is kept, in `names` */
    struct name_index *index;
    struct arena names;                  /* else they are the session's texts */
    struct session_file *at;
    size_t n, room, n_listed;            /* of the list of sizes, which come first */
    uint32_t *first;                     /* as in struct session_files, in the file's order */
    uint32_t *uses;
    size_t n_uses, use_room;
    size_t old_sizes, bad_sizes, no_id;  /* of what is noted or could not be used */
};

struct wf_machines {
    struct platform *platform;           /* NULL: none are described */
    size_t shape_room, name_room, node_room;
    struct name_index *names;
    size_t no_cores, too_many, again, speeds;
};

/* Many members, because it is all that is known of a file on the way to a session. */
struct wf {
    struct session *session;
    struct arena memory;                 /* of texts, until the session is made */
    size_t n, room;                      /* tasks, in the file's order */
    struct listed_task *tasks;
    struct wf_task *extra;
    struct demand_pool demands;
    const char **command_of;             /* of each task, or NULL; NULL: none has one */
    struct wf_names names;
    struct name_index *categories;       /* each to its first task */
    struct wf_texts set_names, commands, programs, machine_names;
    uint32_t *machine_uses;              /* numbers of machine_names, of all tasks */
    size_t n_machine_uses, machine_use_room;
    struct task_edge_list by_parents, by_children;       /* the end that is named: its wf_name */
    size_t unknown_names;
    struct wf_files files;
    struct wf_machines machines;
    double begun_epoch_s;                /* the whole workflow's `executedAt`; NAN */
    struct task_links links;
    struct task_groups groups;
    struct str scratch;
    struct json root, workflow;          /* until the document is freed */
    bool old_layout;                     /* 1.3, 1.4: one list of tasks */
};

struct wf_counts {                          /* of what could not be used */
    size_t no_runtime, bad_runtime, long_runtime, bad_cores, part_cores, bad_priority, machine,
        again, unknown, bad_start, childrens, ours;
};

int wf_read_tasks(struct wf *f, struct error *err);
/* The text's number, given when it is new; its copy, which stays as long as the texts. */
int wf_text_number(struct wf_texts *t, struct arena *memory, const char *text);
const char *wf_keep(struct wf_texts *t, struct arena *memory, const char *text);
/* wfformat_executions.c: an element of execution.tasks, or in the old layout the task itself. */
void wf_read_execution(struct wf *f, size_t task, const struct json *at, struct wf_counts *c);
int wf_read_ours(struct wf *f, const struct json *at, size_t task, struct error *err);
struct wf_name *wf_name(struct wf *f, const char *name);         /* made if it is new */
/* A task's element: parents and children, which may come later. */
void wf_read_edges(struct wf *f, uint32_t task, const struct json *at);
int wf_link(struct wf *f, struct error *err);            /* levels; refuses circles */
/* categories made from names: those of one kind of task become one */
void wf_name_families(struct wf *f);
/* s since 1970; NAN: absent, or (*bad) not a time */
double wf_time_of(const cJSON *value, bool *bad);
/* session->timeline; empty: no times of start */
void wf_make_timeline(struct wf *f);
int wf_read_file_sizes(struct wf *f, struct error *err); /* before the tasks */
void wf_read_files(struct wf *f, size_t task, const struct json *at);    /* of the task's element */
void wf_files_read(struct wf_files *files);              /* all are: no more names are looked up */
void wf_note_files(struct wf *f);
void wf_make_files(struct wf *f);                        /* session->files */
void wf_files_clear(struct wf_files *files);
int wf_read_machines(struct wf *f, struct error *err);
void wf_make_platform(struct wf *f);                     /* session->platform */

#endif
