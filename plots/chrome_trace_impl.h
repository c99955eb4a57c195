/* plots/chrome_trace_impl.h - which lane each task lies on, and the writer's state. */
#ifndef DAGCAST_PLOTS_CHROME_TRACE_IMPL_H
#define DAGCAST_PLOTS_CHROME_TRACE_IMPL_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/timeline.h"

/* Threads of a node: its slots are 0 .. 1023; GPU g is TRACE_GPU + g, a further lane k of a shared one TRACE_GPU + 64 k + g. */
enum { TRACE_GPU = 2000, TRACE_GPUS_APART = 64 };

struct trace_place { uint32_t pid, tid; };

struct trace_lanes {
    struct trace_place *first;           /* by record: its first lane; pid UINT32_MAX: it never ran */
    uint32_t *further;                   /* lanes of shared GPUs, in the order of records, their parts and the parts' GPUs */
    bool any_shared;
    uint32_t unplaced_pid;               /* of the process for tasks without slots */
    size_t n_unplaced_lanes;
};
struct trace_lanes trace_lanes_of(const struct timeline *t);
void trace_lanes_clear(struct trace_lanes *lanes);

struct trace_writer {
    FILE *stream;
    const struct timeline *timeline;
    const struct trace_lanes *lanes;
    char **labels, **sets;               /* by set: its label and name as JSON strings */
    bool begun;                          /* an event was written */
};
void trace_begin_event(struct trace_writer *w);          /* the comma between events */
int64_t trace_us(double time_s);                         /* microseconds, rounded: monotone, so order and non-overlap stay */
void trace_write_flows(struct trace_writer *w);

#endif
