/* traces/importer/task_group_impl.h - what the parts of one step, grouped, share. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_GROUP_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TASK_GROUP_IMPL_H

#include "traces/importer/task_steps.h"

struct grouper {
    const struct task_records *r;
    const struct described *d;
    struct task_groups *g;               /* the result */
    int *level;                          /* of each task: its wave, if no dependency is recorded */
    bool inferred;                       /* dependencies come from times */
};

/* Waves of a name, before the sets are made; dependencies and releases of the sets, after. */
size_t task_find_waves(struct grouper *b);              /* returns how many begin after the first */
void task_infer_edges(struct grouper *b);
/* Tasks that wait for no other, of levels[task] 0, at their measured submission. */
void task_release(struct grouper *b, const int *levels);

#endif
