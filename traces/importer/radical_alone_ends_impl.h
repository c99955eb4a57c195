/* traces/importer/radical_alone_ends_impl.h - what radical_alone_ends.c, which follows a rule of
 * the launcher, and radical_alone_spread.c, which judges what it makes of the tasks, share. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_ALONE_ENDS_IMPL_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_ALONE_ENDS_IMPL_H

#include "traces/importer/radical_impl.h"

struct radical_end {                     /* of a task, as recorded */
    struct radical_task *task;
    size_t group, nodes;
    double lasted_s;                     /* by the rule */
};
/* free_s: since when each node is free; of ALONE_NODES, ascending */
struct radical_ends {
    size_t n, n_groups;
    struct radical_end *at;
    double *typical_s, *free_s;
    size_t n_nodes;
};

/* From the hand-over to the launcher on. */
static inline double radical_raw_s(const struct radical_end *e)
{
    return e->task->stopped_s - e->task->started_s;
}

/* What the rule leaves of either spread, in sum; NaN: it does not explain the ends. */
double radical_left_by_rule(const struct radical_ends *e);
/* By the rule tasks of a group still last so unequally that it is worth explaining. */
bool radical_ends_vary(const struct radical_ends *e);
/* Of all seconds that tasks waited by the rule ALONE_NODES: while their nodes were idle. */
double radical_waited_in_vain(const struct radical_ends *e);

#endif
