/* model/bounds.h - what no run can beat: lower bounds on the makespan for given durations.
 *
 * makespan >= max(longest path, work of slots / slots, of GPUs / GPUs, of memory / memory, work of
 * a demand class / its capacity, amount on a flow / its rate), all in seconds (docs/model.md,
 * "Bounds"). Exact arithmetic of the same draws that the simulator uses (core/durations.h): a
 * simulated complete replica is never below, but for rounding (1e-9 relative). */
#ifndef DAGCAST_MODEL_BOUNDS_H
#define DAGCAST_MODEL_BOUNDS_H

#include "base/error.h"
#include "core/durations.h"
#include "core/platform.h"
#include "core/scenario.h"

enum bound_kind { BOUND_PATH, BOUND_SLOTS, BOUND_GPUS, BOUND_MEMORY, BOUND_CLASS, BOUND_FLOW,
                  BOUND_KINDS };

struct bounds {
    /* 0 where it does not apply (no GPUs asked for, memory without limit) */
    double of_s[BOUND_KINDS];
    double best_s;                       /* the largest: the bound */
    enum bound_kind best;
};

struct bounds_work;                      /* one thread's workspace; O(tasks + edges) memory */
/* NULL: a demand fits no node. */
struct bounds_work *bounds_new(const struct workflow *w, const struct platform *p, enum mode mode,
                               struct error *err);
void bounds_free(struct bounds_work *b);

/* The bounds of the replica that `d` has begun; `d` NULL: of the expected (or given) durations.
 * Durations are multiplied by `slope` (the middleware's execute_slope; 1 without). Where attempts
 * may fail, a task counts with its shortest attempt. Per call O(tasks + edges). */
void bounds_run(struct bounds_work *b, const struct durations *d, double slope, struct bounds *out);

/* The parts of it, for sessions of which not all sets are there at once (model/grown.h): without a
 * path; the class of each described set, and the work of each of n classes, which the caller fills;
 * and the bounds that come of it. */
struct bounds_work *bounds_of_classes(const struct workflow *described, const struct platform *p);
const uint32_t *bounds_classes(const struct bounds_work *b, double **work_s, size_t *n);
void bounds_of_path(struct bounds_work *b, double path_s, double flow_s, struct bounds *out);

/* The largest over flows of amounts / rate for what a workflow's tasks move, s: no run's tasks
 * take less. Amounts that `d` draws, or expected ones if it is NULL; moved while slots are held. A
 * flow per node counts as if all nodes shared the load evenly. O(sets), O(tasks) if amounts vary.
 * *flow (NULL allowed): which, the platform's first, then n_flows + i for the service of set i; or
 * -1. */
double flow_load_s(const struct workflow *w, const struct platform *p, const struct durations *d,
                   int *flow);

#endif
