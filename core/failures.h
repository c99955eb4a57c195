/* core/failures.h - nodes that fail, and tasks that save what they did: descriptions and formulas.
 *
 * Each node fails after a time drawn anew after each repair: exponential, or Weibull of that mean.
 * What ran there is started again without using up retries, from its set's last checkpoint if it
 * makes some. sim/failures.h simulates it. */
#ifndef DAGCAST_CORE_FAILURES_H
#define DAGCAST_CORE_FAILURES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/schema.h"
#include "num/dist.h"

struct failure_rule {                    /* of every node of a platform */
    double mtbf_s;                       /* mean time to a node's failure; 0: none fails */
    double shape;                        /* of the Weibull distribution; 1: exponential */
    struct dist *repair;                 /* until the node is back; NULL: it never is */
};
struct checkpoint_rule {                 /* of a task set */
    /* of computing between two checkpoints; 0: none are made */
    double interval_s;
    double cost_s;                       /* of one */
};
extern const struct schema failure_schema, checkpoint_schema;

/* Time to a node's failure at the uniform number u in (0, 1). */
double failure_time_s(const struct failure_rule *f, double u);

/* Checkpoints within `work_s` seconds of computing, of which `before_s` lie before; none at the
 * very end of the work. */
double checkpoints_in(const struct checkpoint_rule *c, double before_s, double work_s);

/* The interval of the least mean time for long work: Daly's (2006, eq. 37), from cost and MTBF. */
double checkpoint_best_s(double cost_s, double mtbf_s);

#endif
