/* traces/importer/task_describe_impl.h - what the parts of one step, described, share. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_DESCRIBE_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TASK_DESCRIBE_IMPL_H

#include "traces/importer/task_steps.h"

enum { MOST_RANKS = UINT16_MAX };

struct describer {
    const struct task_records *r;
    struct described d;                  /* the result */
    /* tasks with more cores or GPUs on a node than a node can have */
    size_t clipped;
    /* tasks that do not divide evenly by their nodes; whose ranks are fewer than their nodes */
    size_t uneven, coarse;
};

/* Ranks whose cores and GPUs sum up to exactly the row's. */
struct demand task_demand(struct describer *b, const struct task_row *row);
/* Fills demands of tasks whose rows do not say them, and peaks of memory. */
void task_complete_demands(struct describer *b);
/* Sets from names: without tags in brackets and, where they number tasks, without numbers. */
void task_name_sets(struct describer *b);
const char *task_keep(struct describer *b, const char *text, size_t n);

#endif
