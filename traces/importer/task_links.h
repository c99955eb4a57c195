/* traces/importer/task_links.h - tasks as described one by one, and which of them waits for which.
 */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_LINKS_H
#define DAGCAST_TRACES_IMPORTER_TASK_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "core/demand.h"
#include "traces/importer/infer.h"
#include "traces/task_edges.h"

struct listed_task {                     /* texts are not owned */
    const char *id;                      /* for messages */
    const char *category;
    /* a set's own name, which stands for category and level; or NULL */
    const char *set_name;
    const cJSON *command;                /* {"program", "arguments"}, or NULL */
    double runtime_s;                    /* NAN: not recorded */
    struct infer_bounds bounds;          /* then */
    struct demand demand;
    int priority;
};

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

#endif
