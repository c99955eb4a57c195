/* model/flow_load.h - how long each flow needs for what a workflow's tasks move. */
#ifndef DAGCAST_MODEL_FLOW_LOAD_H
#define DAGCAST_MODEL_FLOW_LOAD_H

#include "core/durations.h"
#include "core/platform.h"

/* The largest over flows of amounts / rate, s: no run's tasks take less. Amounts that `d` draws, or
 * expected ones if it is NULL; moved while slots are held. A flow per node counts as if all nodes
 * shared the load evenly. O(sets), O(tasks) if amounts vary. *flow (NULL allowed): which, the
 * platform's first, then n_flows + i for the service of set i; or -1. */
double flow_load_s(const struct workflow *w, const struct platform *p, const struct durations *d,
                   int *flow);

#endif
