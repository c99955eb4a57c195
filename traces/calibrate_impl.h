/* traces/calibrate_impl.h - what calibrate.c and what it notes for people share. */
#ifndef DAGCAST_TRACES_CALIBRATE_IMPL_H
#define DAGCAST_TRACES_CALIBRATE_IMPL_H

#include "traces/calibrate.h"

struct work {                            /* what is calibrated, and on what */
    const struct session *const *sessions;
    size_t n;
    const struct calibrate_options *options;
    const struct middleware *prior;
    const struct samples *samples;
    size_t *levels;                      /* of each session without starts: task levels that its makespan was spread over; else 0 */
    struct calibration *out;
};

/* Launch servers of a session: its executors, else the prior's. */
int calibration_servers_in(const struct session *s, const struct middleware *prior);
/* Adds what limits the fit, a line each, to out->notes. */
void calibration_add_notes(const struct work *w);

#endif
