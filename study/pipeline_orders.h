/* study/pipeline_orders.h - how much the order matters in which pipelines submit tasks that are
 * ready at the same instant.
 *
 * The scenario's mode under every order of its pipelines (asynchronous: of its sets) if there are
 * at most `most` of them, else under the file's, its reverse and a sample; the replicas share their
 * random numbers. In sequential mode there is nothing to order: a stage is one bulk in file order.
 */
#ifndef DAGCAST_STUDY_PIPELINE_ORDERS_H
#define DAGCAST_STUDY_PIPELINE_ORDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "study/replicate.h"

enum { PIPELINE_ORDERS_MOST = 24, PIPELINE_ORDERS_FEW = 4 };

struct pipeline_orders {
    size_t n_pipelines;                  /* or sets; below 2: there is nothing to order */
    size_t n_orders; /* tried, the file's included; 0: none, of more than 1000 pipelines, or since
                        replicas leave tasks undone */
    bool all;                            /* there are no others */
    double file_s, best_s, worst_s;      /* mean makespans */
    /* of the paired differences to the file's */
    struct stats_interval best_ci95, worst_ci95;
    int *best;                           /* n_pipelines: which goes first, second ... */
    bool interrupted;                    /* then nothing else is filled */
};
/* The scenario's pipeline order is ignored; 2 <= most <= PIPELINE_ORDERS_MOST. `known`: replicas of
 * the same scenario that have run already, so that the file's order need not run again; NULL: none.
 */
int pipeline_orders(const struct scenario *s, const struct replicate_options *o, size_t most,
                    const struct replicas *known, struct pipeline_orders *out, struct error *err);

/* The cheap question that every prediction asks, under PIPELINE_ORDERS_FEW orders; `best` stays
 * NULL, so there is nothing to clear. It runs at least 4 replicas an order, 8 at most, and up to a
 * quarter as many in all as o->replicas: nothing is tried (n_orders is 0) if that is not enough and
 * the workflow is large. */
int pipeline_orders_few(const struct scenario *s, const struct replicate_options *o,
                        const struct replicas *known, struct pipeline_orders *out,
                        struct error *err);
/* The best and the worst order differ by more than 1 % of the file's makespan, and by more than
 * chance from the file's. */
bool pipeline_orders_matter(const struct pipeline_orders *p);
void pipeline_orders_clear(struct pipeline_orders *p);

#endif
