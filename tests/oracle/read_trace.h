/* tests/oracle/read_trace.h - a Chrome trace as plain arrays: lanes, counters and arrows. */
#ifndef DAGCAST_TESTS_ORACLE_READ_TRACE_H
#define DAGCAST_TESTS_ORACLE_READ_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/timeline.h"

struct slice { int64_t pid, tid, from, to; };
struct point { int64_t at; double value; };
struct tip { int64_t id, at, pid, tid; };

struct trace {
    struct slice *slices;                /* sorted by lane, then time */
    struct slice *first; /* by record of the timeline: where its facts stand; pid -1: nowhere */
    struct point *points[3];             /* of slots, GPUs, tasks; as they stand */
    struct tip *begins, *ends;           /* sorted by id */
    size_t n_slices, n_points[3], n_begins, n_ends, slices_room, points_room[3], begins_room,
        ends_room;
    const char *flaw;                    /* what is wrong with the file itself; NULL: nothing */
};

/* Of the file; facts are looked up among the records of the timeline. */
struct trace read_trace(const char *path, const struct timeline *t);
/* No core or GPU does two things at once. */
bool lanes_hold_one_at_a_time(const struct trace *r);
void clear_trace(struct trace *r);

#endif
