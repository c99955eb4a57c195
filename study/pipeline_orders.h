/* study/pipeline_orders.h - how much hangs on the order in which pipelines submit what is ready at the same instant.
 *
 * Pipelined mode under every order of its pipelines where there are at most PIPELINE_ORDERS_MOST of them, else under the file's, its
 * reverse and a sample; the replicas share their random numbers. */
#ifndef DAGCAST_STUDY_PIPELINE_ORDERS_H
#define DAGCAST_STUDY_PIPELINE_ORDERS_H

#include "base/error.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "study/replicate.h"

enum { PIPELINE_ORDERS_MOST = 24 };

struct pipeline_orders {
    size_t n_pipelines;                  /* below 2: there is nothing to order */
    size_t n_orders;                     /* tried, the file's included; 0: none, of more than 1000 pipelines, or since replicas leave tasks
                                            undone */
    bool all;                            /* there are no others */
    double file_s, best_s, worst_s;      /* mean makespans */
    struct stats_interval best_ci95, worst_ci95;         /* of the paired differences to the file's */
    int *best;                           /* n_pipelines: which goes first, second ... */
    bool interrupted;                    /* then nothing else is filled */
};
/* `s->mode` and its pipeline order are ignored. */
int pipeline_orders(const struct scenario *s, const struct replicate_options *o, struct pipeline_orders *out, struct error *err);
void pipeline_orders_clear(struct pipeline_orders *p);

#endif
