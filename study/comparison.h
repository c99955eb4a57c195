/* study/comparison.h - one workflow executed sequentially, pipelined and asynchronously, under
 * common random numbers. */
#ifndef DAGCAST_STUDY_COMPARISON_H
#define DAGCAST_STUDY_COMPARISON_H

#include "base/error.h"
#include "core/scenario.h"
#include "model/predict.h"
#include "num/stats.h"
#include "study/pipeline_orders.h"
#include "study/replicate.h"
#include "study/summary.h"

struct comparison {
    struct prediction prediction;        /* closed forms */
    struct summary mode[MODES];          /* simulated */
    struct stats_improvement
        improvement[MODES]; /* over sequential, simulated; all 0 for sequential itself; all NAN
                               unless every replica of both is complete */
    struct stats_improvement span_improvement[MODES];    /* the same of the pilot's spans */
    /* whether the order of submission matters: pipeline_orders_few() */
    struct pipeline_orders order[MODES];
    struct replicas runs[MODES];         /* what `mode` summarises */
    bool interrupted;                    /* then nothing but `prediction` is filled */
};

/* `s->mode` is ignored. Each mode runs o->replicas replicas, or its own number with a stopping
 * rule; improvements are over the replicas that both modes ran. -1: what simulator_new(),
 * bounds_new() or predict() refuse. */
int comparison_run(const struct scenario *s, const struct replicate_options *o,
                   struct comparison *out, struct error *err);
void comparison_clear(struct comparison *c);

#endif
