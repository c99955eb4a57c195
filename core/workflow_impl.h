/* core/workflow_impl.h - what workflow.c, workflow_check.c and workflow_json.c share. */
#ifndef DAGCAST_CORE_WORKFLOW_IMPL_H
#define DAGCAST_CORE_WORKFLOW_IMPL_H

#include "core/workflow.h"

/* Everything that is refused: names, sizes of `each` and `block`, edges, cycles, stages and pipelines. */
int workflow_check(const struct workflow *w, struct error *err);

/* Where no set comes after another but stages or pipelines are written, their order becomes `all` dependencies. */
void workflow_order_from_stages(struct workflow *w);

/* As many sets as can be put behind their parents, in *n_sorted; fewer than all if there is a circle. free() it. */
int *workflow_sort(const struct workflow *w, size_t *n_sorted);

void workflow_add_dependency(struct task_set *set, struct dependency d);         /* takes d.edges */

#endif
