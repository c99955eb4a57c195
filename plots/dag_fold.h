/* plots/dag_fold.h - a graph of many task sets, those of one label as one node. */
#ifndef DAGCAST_PLOTS_DAG_FOLD_H
#define DAGCAST_PLOTS_DAG_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "core/workflow.h"
#include "plots/style.h"

enum { DAG_UNFOLDED_MOST = 40 }; /* task sets; more are folded */

struct dag_fold {
    size_t n; /* nodes */
    char **names;
    size_t *of_set; /* set -> node */
};
/* Sets of one label are one node; if there are more than DAG_UNFOLDED_MOST labels, so are those
 * that differ in the number at their end ("md.1", "md.2"). False, nothing made: there are at most
 * DAG_UNFOLDED_MOST sets, or folding leaves as many nodes, or one. */
bool dag_fold_make(struct dag_fold *f, const struct workflow *w);
void dag_fold_clear(struct dag_fold *f);
/* The nodes and edges in graphviz's language: how many sets and tasks, the mean duration; an edge
 * says how many dependencies it stands for, if it is more than one. `before`: dag_critical_path().
 */
void dag_fold_add_dot(struct str *out, const struct workflow *w, const struct dag_fold *f,
                      const struct style_labels *labels, const int *before);

#endif
