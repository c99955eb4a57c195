/* model/predict.h - everything that is known of a workflow on a platform without simulating: what
 * `dagcast model` prints and `compare` puts beside the simulated figures. */
#ifndef DAGCAST_MODEL_PREDICT_H
#define DAGCAST_MODEL_PREDICT_H

#include "base/error.h"
#include "core/scenario.h"
#include "model/asynchronicity.h"
#include "model/bounds.h"
#include "model/makespan.h"

struct mode_prediction {
    struct makespan_form mean;           /* waves x TX: .makespan_s is the closed form */
    struct makespan_form expected_max;   /* waves of expected maxima (dagcast) */
    double critical_path_s;              /* of the expected durations, under this mode's barriers */
    /* on the expected durations; the simulation's own are on each replica's draws */
    struct bounds bounds;
    /* I = 1 - makespan / sequential makespan, of .mean; 0 for sequential */
    double improvement;
    double improvement_expected_max;     /* the same of .expected_max */
};
struct prediction {
    struct asynchronicity asynchronicity;
    struct mode_prediction mode[MODES];
};

/* `s->mode` is ignored: all three are predicted. -1: a demand fits no node. */
int predict(const struct scenario *s, struct prediction *out, struct error *err);

/* The parts of it, for sessions of which not all sets are there at once (model/grown.h): what is
 * told of `s->mode` once its bounds are known, and the improvements once that of all modes is. */
int predict_forms(const struct scenario *s, struct mode_prediction *out, struct error *err);
void predict_improvements(struct prediction *p);

#endif
