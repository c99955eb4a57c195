/* validation/ideal_run.h - a recorded run simulated with ideal middleware: measured durations, the
 * same nodes, each task as soon as it can. What the recorded makespan is beyond that is everything
 * that lies between tasks. */
#ifndef DAGCAST_VALIDATION_IDEAL_RUN_H
#define DAGCAST_VALIDATION_IDEAL_RUN_H

#include "base/error.h"
#include "traces/session.h"

struct ideal_run {
    double makespan_s;
    /* tasks without a known duration: the mean of their set; 0 without a timeline */
    size_t imputed;
};
/* -1 and why not: a demand that does not fit. One simulation. */
int ideal_run(struct ideal_run *out, const struct session *s, struct error *err);
/* The same with its files moved through one file system of `rate` MiB/s (traces/session_io.h); -1
 * also if it recorded no sizes. One simulation. */
int ideal_run_io(struct ideal_run *out, const struct session *s, double rate, struct error *err);

/* For calibrate_options: of each session without starts, but with a makespan, its ideal makespan;
 * NAN for the others, and where it cannot be simulated. n entries, free() it. */
double *ideal_makespans(const struct session *const *sessions, size_t n);

#endif
