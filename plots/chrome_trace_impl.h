/* plots/chrome_trace_impl.h - the writer's parts: lanes, counters, arrows. Each gets the
 * records that ran, by start. */
#ifndef DAGCAST_PLOTS_CHROME_TRACE_IMPL_H
#define DAGCAST_PLOTS_CHROME_TRACE_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/min_heap.h"
#include "core/timeline.h"
#include "core/usage.h"
#include "doc/json_out.h"
#include "plots/lanes.h"

/* An event on a line of its own, to be closed with '}'. */
void trace_event(struct json_out *o, const char *name);
/* microseconds, rounded: monotone, so order and non-overlap stay */
int64_t trace_us(double time_s);

struct trace_place { uint32_t pid, tid; };               /* TRACE_NOWHERE: on no lane */
#define TRACE_NOWHERE UINT32_MAX
void trace_write_place(struct json_out *o, struct trace_place at);

/* --- chrome_lanes.c: processes and threads: threads are named when something lies on them for the
 * first time, nodes at the end --- */

/* Node n is process TRACE_NODE + n, its slot s thread TRACE_SLOT + s, its GPU g thread TRACE_GPU +
 * g, a further lane k of a shared one TRACE_GPU + 64 k + g. None is 0 (to Perfetto that is the
 * kernel's idle process), and none has its process's number (its main thread). */
enum {
    TRACE_SLOT = 1000, TRACE_GPU = 3000, TRACE_NODE = 100000, TRACE_GPUS_APART = NODE_MOST_GPUS,
};

struct trace_lanes {
    const struct platform *platform;
    bool placed;                         /* the slots of some task are known */
    /* row-major, node * width + slot, GPUs behind the slots: it has a name */
    bool *named;
    size_t width;                        /* slots and GPUs of the largest node */
    /* likewise, of GPUs that tasks shared: 1 + their row; 0: none */
    uint32_t *row_of;
    struct lane_row *rows;
    size_t n_rows, row_room;
    struct lane_row unplaced;            /* of tasks without slots */
};
struct trace_lanes trace_lanes_begin(const struct platform *p, struct json_out *o);
/* names the nodes, if any is known to be used */
void trace_lanes_end(const struct trace_lanes *l, struct json_out *o);
void trace_lanes_clear(struct trace_lanes *l);
uint32_t trace_counters_pid(const struct trace_lanes *l);
struct trace_place trace_lanes_core(struct trace_lanes *l, struct json_out *o, uint32_t node,
                                    uint32_t slot);
struct trace_place trace_lanes_gpu(struct trace_lanes *l, struct json_out *o,
                                   const struct timeline_slots *s, size_t gpu,
                                   const struct usage *u); /* the gpu-th of s */
struct trace_place trace_lanes_unplaced(struct trace_lanes *l, struct json_out *o,
                                        const struct usage *u);

/* --- chrome_counters.c: how much is in use, as steps in order of time ------------------------- */

struct trace_counter {
    const char *name;
    uint32_t pid;
    /* of what is in use: when, and how much of it, in millionths */
    struct min_heap stops;
    double at_s;                         /* of the step that is still to be written; NAN: none is */
    int64_t level;                       /* millionths, so that sums of shares are exact */
};
void trace_counter_add(struct trace_counter *c, struct json_out *o, const struct usage *u,
                       double amount);
/* writes what is left, and clears it */
void trace_counter_end(struct trace_counter *c, struct json_out *o);
void trace_counter_clear(struct trace_counter *c);
/* One step of any counter: an event with the one argument `of`. */
void trace_write_step(struct json_out *o, const char *name, uint32_t pid, double at_s,
                      const char *of, double level);

/* --- chrome_rates.c: how much of each flow and service is in use, and by how many ------------- */

/* A flow of the machine, or a service, is counted at machine_pid, a flow per node at the node. A
 * task on several nodes counts at each until the last is done. */
struct trace_rates;
struct trace_rates *trace_rates_new(const struct workflow *w, const struct platform *p,
                                    uint32_t machine_pid);
void trace_rates_free(struct trace_rates *r);
void trace_rates_ran(struct trace_rates *r, struct json_out *o, const struct timeline *t,
                     size_t record);
void trace_rates_end(struct trace_rates *r, struct json_out *o);     /* writes what is left */

/* --- chrome_flows.c: arrows ------------------------------------------------------------------- */

struct trace_end {                       /* of a task that was done: where an arrow may begin */
    struct trace_place place;
    int64_t leave_us;                    /* within its last microsecond */
    double stopped_s;
    uint32_t task;                       /* within its set */
};
struct trace_flows;
struct trace_flows *trace_flows_new(const struct workflow *w);
void trace_flows_free(struct trace_flows *f);
/* An attempt of the task ran; its slices have been written, the first of them on `first`. */
void trace_flows_ran(struct trace_flows *f, struct json_out *o, uint32_t task, bool done,
                     const struct usage *u, struct trace_place first);

#endif
