/* core/workflow_json_impl.h - what the readers of a workflow's JSON share. */
#ifndef DAGCAST_CORE_WORKFLOW_JSON_IMPL_H
#define DAGCAST_CORE_WORKFLOW_JSON_IMPL_H

#include "core/name_index.h"
#include "core/workflow_impl.h"

/* A set as written; with iterations it becomes sets first_set + iteration - 1. */
struct written_set {
    int first_set, iterations;                   /* 0 iterations: outside the repeated part */
    uint32_t n_values;                           /* in the file, if there are iterations */
    bool comes_after;                            /* it says so itself */
};
struct reader {
    struct workflow *workflow;
    struct written_set *written;                 /* in file order */
    size_t n_written;
    struct name_index *names;                    /* to `written` */
    int iterations;                              /* 0: none are written */
    size_t n_copied;                             /* dependencies and edges so far */
    struct dist_pool *durations;                 /* of sets */
    struct task_traits_pool *traits;
};

/* What a set comes after: sets first .. first + n - 1, the iterations of `parent` or one of them.
 */
struct reference {
    const struct written_set *parent;
    int first, n;
    bool previous;
    struct dependency dependency;                /* but for its parent */
};

/* A set's name means all its iterations, "name.2" one of them. Once sets are laid out. */
int workflow_need_sets(const struct reader *r, const struct json *at, struct reference *ref,
                       struct error *err);

/* -1, and the nearest known name. */
int workflow_no_such_name(const struct json *at, const char *what, const char *name,
                          const struct name_index *names, struct error *err);

/* A set as its file's fields lie: its traits and phases in it, which its pointers lead to. It is
 * saved as part of its workflow, which knows the parents' names. */
struct whole_set {
    struct task_set set;
    struct task_traits traits;
    struct task_phases phases;
    const struct workflow *workflow;
};

/* Of objects in a workflow's file. Dependencies, stages and pipelines are read by hand: they name
 * sets. */
extern const struct schema workflow_set_schema,          /* private to workflow_json_set.c */
    workflow_after_schema,                               /* struct dependency */
    workflow_pipeline_schema;                            /* struct pipeline */
/* Rows of a set: values a task. */
extern const struct schema_type workflow_durations_field, workflow_release_field;
/* The fields of a zeroed set; after a failure it may be cleared. */
int workflow_read_set(const struct json *at, struct task_set *set, struct error *err);
void workflow_clear_fields(struct task_set *set);
cJSON *workflow_save_set(const struct workflow *w, const struct task_set *set);

enum { WORKFLOW_MOST_ITERATIONS = 1000000, WORKFLOW_MOST_VALUES = 200000000 };

/* Reads `iterations`, and writes them out: from here on sets are laid out, with labels. */
int workflow_read_iterations(struct reader *r, const struct json *root, const struct json *sets,
                             struct error *err);
/* or NULL */
struct written_set *workflow_find_written(const struct reader *r, const char *name);

/* Its name in the file, once sets are laid out. */
const char *workflow_written_name(const struct reader *r, const struct written_set *written);

/* Reads `stages` and `pipelines`. */
/* `after` and `after_previous` of all sets, then stages and pipelines. */
int workflow_read_structure(struct reader *r, const struct json *root, const struct json *sets,
                            struct error *err);
int workflow_read_stages(struct reader *r, const struct json *root, struct error *err);

#endif
