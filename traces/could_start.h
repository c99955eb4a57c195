/* traces/could_start.h - when each task of a timeline of starts and ends could have started:
 * submitted, its parents over, room free.
 *
 * Room is free while a task of its demand fits beside those that run, by the nodes, slots and GPUs
 * that were recorded; without recorded slots by the sum over all nodes. Nodes that join later count
 * from then on. Memory is not looked at. A task holds room from when it could start to its stop:
 * who starts later has waited for the next room. */
#ifndef DAGCAST_TRACES_COULD_START_H
#define DAGCAST_TRACES_COULD_START_H

#include "traces/session.h"

struct could_start {
    double submitted_s; /* NAN: not recorded */
    double parents_s; /* the last of its parents stopped; -INFINITY: it has none; NAN: not known */
    double
        room_s; /* since when room was free until it started; -INFINITY: always; NAN: not known */
};

/* Of each record of the timeline; free() it. O(edges + records (log records + demands + what
 * happened between could and did)). */
struct could_start *could_start_of(const struct session *s);

#endif
