/* core/metrics.h - figures and curves of a timeline, all over unblocked slots and the makespan. */
#ifndef DAGCAST_CORE_METRICS_H
#define DAGCAST_CORE_METRICS_H

#include "core/timeline.h"

/* Many members: independent figures of one timeline. */
struct metrics {
    double makespan_s, first_start_s, last_stop_s;
    double utilisation_slots, utilisation_gpus; /* 0..1: held from started to stopped / (unblocked x
                                                   makespan), NAN of none; NAN without GPUs */
    /* the same from scheduled to freed: what no other task could use */
    double held_slots, held_gpus;
    double node_hours;                                    /* nodes x makespan */
    size_t max_running;                                   /* most tasks at once */
    size_t n_done, n_failed, n_killed, n_cancelled, n_cut;
};
struct metrics metrics_of(const struct timeline *t);

/* A step function: value[i] holds from time_s[i] to time_s[i+1]; the last value holds for ever (0
 * after the last stop). */
struct step_curve { size_t n; double *time_s, *value; };
enum curve_kind { CURVE_TASKS, CURVE_SLOTS, CURVE_GPUS };
/* set -1: all sets */
struct step_curve curve_of(const struct timeline *t, enum curve_kind kind, int set);
void step_curve_clear(struct step_curve *c);
/* integral of |a - b| */
double step_curve_area_between(const struct step_curve *a, const struct step_curve *b);

/* Start and stop of each set: min started, max stopped, NAN where none ran. n_sets entries each. */
void metrics_set_spans(const struct timeline *t, double *start_s, double *stop_s);

#endif
