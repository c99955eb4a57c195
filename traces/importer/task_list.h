/* traces/importer/task_list.h - tasks one by one, as foreign files list them, on their way to sets and a workflow.
 *
 * Fill `tasks`; task_list_edges() finds levels, task_list_workflow() the sets: (category, level, demand, priority), so that no two sets
 * can wait for each other. All linear in tasks and edges. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_LIST_H
#define DAGCAST_TRACES_IMPORTER_TASK_LIST_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "traces/importer/guess.h"
#include "traces/session.h"
#include "traces/task_edges.h"

struct listed_task {                     /* texts are not owned */
    const char *id;                      /* for messages */
    const char *category;
    const char *set_name;                /* a set's own name, which stands for category and level; or NULL */
    const cJSON *command;                /* {"program", "arguments"}, or NULL */
    double runtime_s;                    /* NAN: not recorded */
    struct guess_bounds bounds;          /* then */
    struct demand demand;
    int priority;
    int level;                           /* longest path from a source: by task_list_edges() */
    int set;                             /* by task_list_workflow() */
    uint32_t index;                      /* within its set */
};

struct task_list {
    struct session *session;             /* not owned */
    size_t n;
    struct listed_task *tasks;           /* in the file's order */
    const char *level_word;              /* in names of sets that share a category: NULL for "level" */
    struct task_edges parents, children;
    size_t n_sets;
    uint32_t **members;                  /* of each set: tasks in the file's order */
};

/* Any order, doubles allowed. -1: tasks wait for each other in a circle. */
int task_list_edges(struct task_list *l, const struct task_edge *edges, size_t n_edges, struct error *err);

/* Makes session->workflow: sets named by category (where that is several, with their level), runtimes as durations, the mean of its set
 * for what has none; dependencies `all`, `each` and `block` where the edges are just those. */
int task_list_workflow(struct task_list *l, const char *source, struct error *err);

/* The same in two steps, for what is to be added to the sets in between. */
void task_list_make_sets(struct task_list *l, const char *source);
int task_list_finish(struct task_list *l, struct error *err);

void task_list_clear(struct task_list *l);

/* For the above only: fills the dependencies of session->workflow's sets. */
void task_list_dependencies(struct task_list *l);

/* "mProject_ID0000001" -> "mProject": how much of a name is left without a number behind a separator. */
size_t task_list_category(const char *name);

#endif
