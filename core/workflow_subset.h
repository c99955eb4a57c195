/* core/workflow_subset.h - a workflow with some of its tasks left out: what remains of a run, or
 * what has run so far. */
#ifndef DAGCAST_CORE_WORKFLOW_SUBSET_H
#define DAGCAST_CORE_WORKFLOW_SUBSET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/workflow.h"

struct workflow_subset {
    /* tasks keep their order; sets, stages and pipelines without tasks are gone */
    struct workflow *workflow;
    /* of each of its tasks: the number in the whole workflow */
    uint32_t *task_of;
    int *set_of;                         /* of each of its sets: the set of the whole */
};
/* keep[task]; at least one. `w` decides nothing at run time. Dependencies on tasks that are left
 * out are dropped; those by task become edges. O(tasks + edges log edges). */
struct workflow_subset workflow_subset(const struct workflow *w, const bool *keep);
void workflow_subset_clear(struct workflow_subset *s);

#endif
