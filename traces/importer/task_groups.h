/* traces/importer/task_groups.h - tasks one by one to task sets and the dependencies between them.
 *
 * A set is (category, level, demand, priority), so that no two sets can wait for each other; in
 * files that dagcast wrote, (set's name, demand, priority). All linear in tasks and edges. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_GROUPS_H
#define DAGCAST_TRACES_IMPORTER_TASK_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/workflow.h"
#include "traces/importer/demand_pool.h"
#include "traces/notes.h"
#include "traces/task_edges.h"

/* ---- tasks as described one by one, and which of them waits for which ---- */

struct listed_task {                     /* nothing it points to is owned */
    const char *id;                      /* for messages */
    const char *category;
    double runtime_s;                    /* measured, or a bound of it; NAN: nothing is known */
    const struct demand *demand;         /* equal ones at one address: demand_pool.h */
    int priority;
    /* it ran for so long and then failed or was cut off; it was done within so long */
    bool at_least, at_most;
    bool named_set;                      /* the category is a set's own name, whatever the level */
};
/* Was its runtime measured? */
bool listed_task_measured(const struct listed_task *t);

struct task_links {
    size_t n;
    struct task_edges parents, children;
    int *level;                          /* of each task: longest path from a source */
};

/* The edges (parent to children) in any order, doubles allowed. -1: tasks wait for each other in a
 * circle. Clear in any case. Linear. */
int task_links_find(struct task_links *l, const struct listed_task *tasks, size_t n,
                    const struct task_edges *edges, struct error *err);
void task_links_clear(struct task_links *l);

/* ---- sets ---- */

struct set_member { int set; uint32_t index; };

struct task_groups {
    struct workflow *workflow;           /* owned until task_groups_finish() gives it away */
    size_t n;                            /* tasks */
    struct set_member *of;               /* of each: its set, and its index within it */
    size_t n_sets;
    /* of each set: tasks in the file's order; of all sets in one piece of memory, the first's */
    uint32_t **members;
    struct notes notes;
};

struct group_words {
    const char *name, *source;           /* of the workflow */
    const char *level_word;              /* NULL for "level" */
    /* of each task {"program", "arguments"} as JSON, the same ones at one address, or NULL; NULL:
     * none has one */
    const char *const *commands;
};

/* Sets named by category (if that is several, with their level), runtimes as durations, the mean of
 * its set for what has none; dependencies `all`, `each` and `block` if the edges are just those.
 * The workflow is not finished: more may be added to it. */
struct task_groups task_groups_make(const struct listed_task *tasks, const struct task_links *links,
                                    const struct group_words *words);
/* The finished workflow, now the caller's; NULL if it is none. */
struct workflow *task_groups_finish(struct task_groups *g, struct error *err);
void task_groups_clear(struct task_groups *g);

/* A set that waits for all tasks of these, and for nothing else yet. */
void task_groups_wait(struct task_set *set, const int *parents, size_t n);

/* For the above only: each task's set and its index in it, and how many tasks each set has (free
 * it). Returns how many sets. Linear. */
size_t task_number_sets(const struct listed_task *tasks, const struct task_links *links,
                        struct set_member *of, uint32_t **sizes);
/* Likewise: fills the dependencies of the workflow's sets. */
void task_groups_depend(struct task_groups *g, const struct task_links *links);

/* "mProject_ID0000001" -> "mProject": how much of a name is left without a number behind a
 * separator. */
size_t task_category_length(const char *name);

#endif
