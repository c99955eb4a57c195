/* plots/dag.h - a workflow's task sets and their dependencies as a graph: how many tasks, what each
 * needs, how long it takes. */
#ifndef DAGCAST_PLOTS_DAG_H
#define DAGCAST_PLOTS_DAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "core/workflow.h"

enum {
    DAG_NODES_MOST = 1000, /* beyond, the picture could not be read and dot would take minutes */
    DAG_NAME_MOST = 60
}; /* characters of a name that are shown */

/* The graph in graphviz's language, with its title. More than 40 sets are folded by label
 * (plots/dag_fold.h). The sets and dependencies of the critical path, by expected durations along
 * the dependencies alone (no barriers, no platform), stand out. */
void dag_add_dot(struct str *out, const struct workflow *w, const char *title);

/* Draws it: SVG, PNG or PDF by the extension of `path`. -1: unknown extension, more than
 * DAG_NODES_MOST nodes, graphviz's `dot` absent or failed (its own words in the error), the file
 * cannot be written. */
int plot_dag(const struct workflow *w, const char *title, const char *path, struct error *err);

/* How many nodes the graph has: task sets, or what they fold to. */
size_t dag_nodes(const struct workflow *w);

/* For each set the one before it on the critical path, -1 where the path begins, DAG_NOT_CRITICAL
 * for a set that is not on it; free() it. *length_s: its expected length. */
enum { DAG_NOT_CRITICAL = -2 };
int *dag_critical_path(const struct workflow *w, double *length_s);

/* For the inside of a node's [...]: its fill, the colour of its words, its rim. */
void dag_add_look(struct str *out, size_t fill, bool critical);

#endif
