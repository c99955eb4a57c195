/* core/longest_path.h - the longest path: when sets end if tasks start once they need not wait.
 *
 *     start(task) = largest end of what it waits for;  end = start + duration;
 *     length = largest end
 *
 * What waits for what is a graph of sets: a workflow's dependencies (path_graph_of()), or what a
 * mode adds to them (model/plan.h). Durations come from a callback, block by block. Memory: a
 * double a task of the sets that are followed task by task, and one block for the others. */
#ifndef DAGCAST_CORE_LONGEST_PATH_H
#define DAGCAST_CORE_LONGEST_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "core/workflow.h"

struct path_wait {
    int set;                             /* that must have ended */
    const struct dependency *by_task;    /* which of its tasks a task waits for; NULL: all */
};
struct path_set {
    int set;
    uint32_t n_tasks;                    /* of the set; or 1: it counts as one task */
    size_t n_waits;
    const struct path_wait *waits;
};
struct path_graph {
    size_t n;
    struct path_set *sets;               /* each behind all that it waits for */
    struct path_wait *waits;             /* owns the sets' waits; NULL: they belong to another */
};

enum {
    PATH_BY_TASK = 1,                    /* follow single tasks; else a set counts as one */
    PATH_TO_THE_END = 2,                 /* whole sets wait for their children (upward rank) */
    PATH_WITHIN_ITERATIONS = 4           /* only dependencies between sets of one iteration */
};
struct path_graph path_graph_of(const struct workflow *w, unsigned how);

/* Of tasks first .. first + n - 1: fills in their durations; may change their starts (releases). */
typedef void (*path_durations_fn)(void *context, int set, uint32_t first, uint32_t n,
                                  double *start_s, double *duration_s);

struct longest_path {                    /* of one graph; may run again and again */
    double length_s;
    double *end_s;                       /* of each set */
    int *from;                           /* the set whose end gave each its start; -1: none */
    int last;                            /* the set that ends then; -1: length_s is 0 */
    /* private */
    const struct workflow *workflow;
    struct path_graph graph;
    double **task_end_s;                 /* by set; NULL if nothing is followed task by task */
    double *start_s, *block_s;
};
/* Takes the graph; the workflow outlives the path. */
void longest_path_init(struct longest_path *p, const struct workflow *w, struct path_graph graph);
void longest_path_clear(struct longest_path *p);
/* Returns length_s. O(tasks + edges). */
double longest_path_run(struct longest_path *p, path_durations_fn durations, void *context);

/* Init and run: of whole sets, each with its expected duration. */
void longest_path_of_sets(struct longest_path *p, const struct workflow *w, unsigned how);
/* How many sets lie before each on its longest path. n_sets entries, free() it. */
int *longest_path_levels(const struct workflow *w, struct path_graph graph);

#endif
