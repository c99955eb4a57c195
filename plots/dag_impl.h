/* plots/dag_impl.h - parts of a workflow's graph. */
#ifndef DAGCAST_PLOTS_DAG_IMPL_H
#define DAGCAST_PLOTS_DAG_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "core/workflow.h"
#include "plots/style.h"

/* ---- a graph of many task sets, those of one label as one node ---- */

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
 * says how many dependencies it merges, if more than one. `before`: dag_critical_path().
 */
void dag_fold_add_dot(struct str *out, const struct workflow *w, const struct dag_fold *f,
                      const struct style_labels *labels, const int *before);

/* ---- what a workflow decides at run time ---- */

/* DOT: loops and campaigns as frames around their sets, with an edge back from what decides; `else`
 * as a dotted and cancellations as a blunt edge. Sets are the nodes s0, s1 ... Nothing where
 * nothing is decided. */
void dag_add_decisions(struct str *out, const struct workflow *w);
/* For the label of a set: "about 38 tasks", "12 tasks, with probability 0.3"; false: nothing is
 * decided about it. */
bool dag_add_decided_tasks(struct str *out, const struct task_set *set);

#endif
