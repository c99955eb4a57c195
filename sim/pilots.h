/* sim/pilots.h - jobs side by side: nodes that join when a job starts and leave at its walltime. */
#ifndef DAGCAST_SIM_PILOTS_H
#define DAGCAST_SIM_PILOTS_H

#include "sim/simulate_impl.h"

struct pilots;
struct pilots *pilots_new(struct simulator *s); /* NULL: one job at a time */
void pilots_free(struct pilots *p); /* NULL allowed */
/* Draws how long each first job waits. Returns when the first of them starts, after its request. */
double pilots_request(struct pilots *p, uint32_t replica);
/* The session begins with that start: nodes of jobs that still wait take no tasks. */
void pilots_begin(struct pilots *p);
/* EVENT_WALLTIME of a job is due: it takes tasks from now on, or ends. */
void pilots_on_event(struct pilots *p, uint32_t pilot);
bool pilots_have(const struct pilots *p, uint32_t node); /* its job is up */
/* The job of the attempt's nodes has ended, or another since it was placed. O(1) */
bool pilots_cut(const struct pilots *p, const struct attempt *a);
/* Such an attempt is lost now. */
void pilots_count(struct pilots *p, const struct attempt *a);
size_t pilots_of(const struct pilots *p, const struct attempt *a);
/* The session has ended. Fills .jobs: .n, .queue_s (for which no job was up), .held_s (of the mean
 * node) and .n_cut; takes what was cut from .n_lost. Times of jobs count from the first request
 * from now on. */
void pilots_end(struct pilots *p, double session_s, struct replica *out);
/* Each job that started, in the order of their starts. */
const struct job_span *pilots_jobs(const struct pilots *p, size_t *n);

#endif
