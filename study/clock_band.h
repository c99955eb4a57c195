/* study/clock_band.h - how far the clock of the scheduler's loop moves a makespan, by its phase and
 * by its period.
 *
 * RADICAL's loop sleeps 0.1 s a turn and works for some milliseconds, so neither when it ticks nor
 * its exact period is known beforehand. The phase decides little for a bag that is submitted at
 * once, since all its times shift together; the period then decides which tasks are freed at one
 * tick. Replica 0 is simulated at 16 phases of the loop, at 11 periods within 2.5 % of the
 * scenario's, and, if that is near RADICAL's, at 11 periods from 0.1000 to 0.1025 s. Slots that are
 * freed by the same loop follow its period. */
#ifndef DAGCAST_STUDY_CLOCK_BAND_H
#define DAGCAST_STUDY_CLOCK_BAND_H

#include <stdbool.h>

#include "base/error.h"
#include "core/scenario.h"
#include "num/stats.h"

struct clock_band { /* makespans of replica 0, s; without a loop all are that of replica 0 */
    struct stats_interval phase;         /* over the phases */
    struct stats_interval period;        /* over the periods */
    /* the shortest and the longest period tried; 0 without a loop */
    struct stats_interval period_s;
    /* the larger of the phases' band and of what the periods do beyond a straight line */
    double uneven_s;
};
/* -1: what simulator_new() refuses. Simulates up to 39 replicas. */
int clock_band(const struct scenario *s, struct clock_band *out, struct error *err);
/* The clock alone moves the makespan by more than half a per cent of it, and not in proportion to
 * its period. */
bool clock_band_is_chaotic(const struct clock_band *b, double makespan_s);

#endif
