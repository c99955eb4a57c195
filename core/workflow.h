/* core/workflow.h - what to run: task sets, their dependencies, stages and pipelines; immutable
 * once loaded.
 *
 * Iterations are unrolled by the loader: every set here is one iteration's. Tasks are numbered
 * through: task t of set s is `sets[s].first_task + t`. A set is an object whatever its number of
 * tasks: nothing here grows with tasks but explicit task-to-task edges and per-task values
 * (durations, releases) where the file gives them. */
#ifndef DAGCAST_CORE_WORKFLOW_H
#define DAGCAST_CORE_WORKFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"
#include "core/decisions.h"
#include "core/run_record.h"
#include "core/task_traits.h"
#include "num/dist.h"

enum dependency_kind {
    DEPENDENCY_ALL,                      /* every task waits for every task of the parent */
    DEPENDENCY_EACH,                     /* task i waits for task i; equal sizes */
    /* contiguous fan-in or fan-out; one size divides the other */
    DEPENDENCY_BLOCK,
    DEPENDENCY_EDGES                     /* task to task, listed */
};
struct dependency {
    int parent;                          /* set */
    enum dependency_kind kind;
    /* from the order of stages or pipelines, in a workflow without `after` */
    bool implied;
    /* a decision's time: from the parent's end until this set may be ready */
    double lag_s;
    /* each task comes after the one it was made `per`; `all` until that is drawn */
    bool own;
    /* DEPENDENCY_EDGES: edges[2k] = task of the parent, edges[2k+1] = task of this set (indices */
    size_t n_edges;
    /* within their sets), sorted by parent's task, then child's; no pair twice */
    uint32_t *edges;
};

enum release_kind { RELEASE_NONE, RELEASE_TIME, RELEASE_LIST, RELEASE_GAPS };
struct release { /* tasks may not be submitted before; seconds since the start */
    enum release_kind kind;
    double time_s;                       /* RELEASE_TIME: all of them */
    double *list_s;                      /* RELEASE_LIST: one a task, non-decreasing not required */
    struct dist *gap;                    /* RELEASE_GAPS: task t at the sum of t + 1 draws */
};

/* Many members: one for each field of a set in the file. */
struct task_set {
    char *name;                          /* unique; with iterations "simulation.2" (from 1) */
    char *label;                         /* the name as written, of all iterations; may be `name` */
    uint64_t stream;                     /* str_hash(name): names its random numbers */
    int iteration;                       /* from 1; 0 outside iterations */
    uint32_t first_task, n_tasks;        /* n_tasks >= 1 */
    int priority;                        /* higher goes first under order `priority` */
    const struct task_traits *traits;    /* never NULL; to write: task_traits_own() */
    struct dist *duration;               /* of one task's execution, s; never NULL */
    /* given per task instead of drawn (a trace), or NULL; then `duration` is their empirical */
    double *durations;
    struct release release;
    size_t n_dependencies;
    struct dependency *dependencies;     /* by parent, ascending; no parent twice */
    struct set_decision *decided;        /* what is decided about it at run time; NULL: nothing */
};

struct stage { size_t n_sets; int *sets; };                /* submitted together, in this order */
struct pipeline {
    char *name;
    size_t n_stages;
    struct stage *stages;
    size_t n_after;
    /* pipelines that must have ended: between them lies a run() */
    int *after;
};

/* Many members: one for each field of its file, and what is derived from them once. */
struct workflow {
    char *name;
    size_t n_sets;
    struct task_set *sets;
    uint32_t n_tasks;
    size_t n_services;                   /* sets that serve others */
    /* relative effect shared by all tasks, drawn once a replica */
    double session_sd;
    enum on_failure on_failure;
    /* workflow-level stages, for the sequential mode; 0: derived */
    size_t n_stages;
    struct stage *stages;
    size_t n_pipelines;                  /* explicit pipelines; 0: derived */
    struct pipeline *pipelines;
    int iterations;                      /* as written; 1 without */
    struct decisions decisions;          /* loops and campaigns */
    /* made from a description with decisions: or a copy of that; NULL: not */
    struct realised *realised;
    char *source;                        /* provenance text ("inferred edges ..."), or NULL */
    struct run_record radical;           /* of the run that it was imported from */
    struct arena names;                  /* private: texts of sets that came from a file */
};

/* The list of sets in a file, which may be long: for json_load_apart() */
#define WORKFLOW_SETS "task_sets"
extern const struct schema workflow_schema;              /* the file's fields */
struct workflow *workflow_load(const char *path, struct error *err);
struct workflow *workflow_from_json(const struct json *at, struct error *err);
/* Frees the document. NULL (its loader has set err): NULL */
struct workflow *workflow_of_document(struct json_document *doc, struct error *err);
struct workflow *workflow_parse(const char *text, size_t size, const char *name, struct error *err);
cJSON *workflow_to_json(const struct workflow *w);         /* iterations stay unrolled */
void workflow_free(struct workflow *w);
struct workflow *workflow_copy(const struct workflow *w);  /* core/workflow_copy.c */
/* Of a bytewise copy: all but its dependencies is its own now. */
void workflow_copy_fields(struct task_set *set);
struct dependency *workflow_copy_dependencies(const struct dependency *dependencies, size_t n);
/* Stages and pipelines become those of another with the same sets, in place of its own. */
void workflow_copy_order(struct workflow *to, const struct workflow *from);

/* A demand as a task set writes it, "ranks", "cores" or "threads", "gpus", "memory_mib",
 * "one_node": members of an object that may hold others too. *d comes zeroed. */
int demand_from_json(const struct json *at, struct demand *d, struct error *err);
void demand_to_json(const struct demand *d, cJSON *object);

/* For importers and tests, which build workflows in C: sets are zeroed but for one task and
 * task_traits_none, then workflow_finish() numbers tasks, sorts, lets sets share equal traits and
 * durations, and checks everything that a file is checked for, naming sets instead of paths. Where
 * no set has a dependency, it turns the order of pipelines (or, without pipelines, of stages) into
 * dependencies of kind `all`. */
struct workflow *workflow_new(const char *name, size_t n_sets);
int workflow_finish(struct workflow *w, struct error *err);
void workflow_add_dependency(struct task_set *set, struct dependency d);         /* takes d.edges */
void workflow_drop_dependencies(struct task_set *set);   /* it then has none */
void workflow_drop_order(struct workflow *w);            /* it then has no stages and pipelines */

/* Does a failure for good of the dependency's parent cancel its child? `fallback`: the
 * middleware's, where the workflow does not say. */
bool workflow_failure_cancels(const struct workflow *w, const struct dependency *d,
                              enum on_failure fallback);

/* What messages call it: its name; "without a name" if that is the default. */
const char *workflow_title(const struct workflow *w);
int workflow_find_set(const struct workflow *w, const char *name);         /* -1: none; O(n) */
int workflow_set_of_task(const struct workflow *w, uint32_t task);         /* O(log n) */
/* set-level dependencies */
size_t workflow_edge_count(const struct workflow *w);

/* A set-level order in which parents come before children; ties by index. n_sets entries, free()
 * it. */
int *workflow_topological_order(const struct workflow *w);

#endif
