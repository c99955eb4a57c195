/* traces/calibrate_impl.h - the parts of a calibration to each other. */
#ifndef DAGCAST_TRACES_CALIBRATE_IMPL_H
#define DAGCAST_TRACES_CALIBRATE_IMPL_H

#include "traces/calibrate.h"

struct work {                            /* what is calibrated, and on what */
    const struct session *const *sessions;
    size_t n;
    const struct calibrate_options *options;
    const struct middleware *prior;
    const struct samples *samples;
    /* of each session without starts: task levels that its makespan was spread over; else 0 */
    size_t *levels;
    struct calibration *out;
};

/* Launch servers of a session: its executors, else the prior's. */
int calibration_servers_in(const struct session *s, const struct middleware *prior);
/* The profile around the stations. calibrate_profile.c */
void calibration_describe(const struct work *w);
/* Adds what limits the fit, a line each, to out->notes. calibrate_notes.c */
void calibration_add_notes(const struct work *w);

#endif
