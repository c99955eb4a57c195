/* traces/calibration_curve.h - a station's samples beside its fit, on one scale: for pictures and
 * for people who doubt. */
#ifndef DAGCAST_TRACES_CALIBRATION_CURVE_H
#define DAGCAST_TRACES_CALIBRATION_CURVE_H

#include <stddef.h>

#include "traces/calibrate.h"

enum { CURVE_POINTS = 500 };

/* What was seen, each session scaled (a polled station: shifted) to the mean of all; of a polled
 * station the latency with the wait for its tick. `expected`: as many values as CURVE_POINTS that
 * the fit would show, evenly over its quantiles. n = 0: nothing varies within sessions, or nothing
 * was seen. */
struct calibration_curve {
    size_t n;
    double *seen;
    double expected[CURVE_POINTS];
};
void calibration_curve_init(struct calibration_curve *out, const struct calibration *c,
                            enum station_parameter p);
void calibration_curve_clear(struct calibration_curve *c);

#endif
