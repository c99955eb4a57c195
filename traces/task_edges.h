/* traces/task_edges.h - edges from task to task as lists of neighbours, by counting: linear in
 * tasks and edges. */
#ifndef DAGCAST_TRACES_TASK_EDGES_H
#define DAGCAST_TRACES_TASK_EDGES_H

#include <stddef.h>
#include <stdint.h>

#include "core/workflow.h"

struct task_edge { uint32_t parent, child; };

struct task_edge_list { size_t n, room; struct task_edge *at; };   /* zeros: none; free `at` */
void task_edge_list_add(struct task_edge_list *l, uint32_t parent, uint32_t child);

struct task_edges { /* task i's neighbours: to[first[i]] .. to[first[i + 1] - 1]; n + 1 entries in
                       `first` */
    size_t *first;
    uint32_t *to;
};
void task_edges_clear(struct task_edges *e);

/* The children of each of n tasks, in the order of the edges, doubles and all. */
struct task_edges task_edges_of(const struct task_edge *edges, size_t n_edges, size_t n);

/* The same edges from the other end; neighbours come out ascending, each once. */
struct task_edges task_edges_turned(const struct task_edges *e, size_t n);

/* How many edges the dependencies of a workflow come to, task by task; and all of them (tasks
 * numbered through; free() it). */
double task_edges_count(const struct workflow *w);
struct task_edge *task_edges_expand(const struct workflow *w, size_t *n_edges);

#endif
