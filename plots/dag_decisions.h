/* plots/dag_decisions.h - what a workflow decides at run time, in its graph. */
#ifndef DAGCAST_PLOTS_DAG_DECISIONS_H
#define DAGCAST_PLOTS_DAG_DECISIONS_H

#include "base/str.h"
#include "core/workflow.h"

/* DOT: loops and campaigns as frames around their sets, with an edge back from what decides; `else`
 * as a dotted and cancellations as a blunt edge. Sets are the nodes s0, s1 ... Nothing where
 * nothing is decided. */
void dag_add_decisions(struct str *out, const struct workflow *w);
/* For the label of a set: "about 38 tasks", "12 tasks, with probability 0.3"; false: nothing is
 * decided about it. */
bool dag_add_decided_tasks(struct str *out, const struct task_set *set);

#endif
