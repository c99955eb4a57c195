/* study/counterfactual.h - what if: the same replicas in a world where one thing is otherwise.
 *
 * Each world shares its random numbers with the real one, so that differences are paired. Makespans may grow where something is removed:
 * list schedules know such anomalies (Graham 1969). */
#ifndef DAGCAST_STUDY_COUNTERFACTUAL_H
#define DAGCAST_STUDY_COUNTERFACTUAL_H

#include "base/error.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "study/replicate.h"

enum counterfactual_kind {
    COUNTERFACTUAL_MIDDLEWARE,           /* every station of the middleware takes no time; its scheduler stays */
    COUNTERFACTUAL_GPUS,                 /* a task takes a millionth of one GPU in place of GPUs */
    COUNTERFACTUAL_CORES,                /* tasks with GPUs take no cores, others one slot, and nodes of such slots are added for all of
                                            them */
    COUNTERFACTUAL_PACKING,              /* all nodes are one; as few as 1024 slots (in units of what all demands share) and 64 GPUs a node
                                            allow */
    COUNTERFACTUAL_MEANS,                /* every task lasts its mean */
    COUNTERFACTUALS
};
const char *counterfactual_key(enum counterfactual_kind k);      /* for JSON */
const char *counterfactual_words(enum counterfactual_kind k);    /* for people */

struct counterfactual {
    char *why_not;                       /* it would change nothing, cannot be, or leaves tasks undone; NULL: what follows is filled */
    double makespan_s, difference_s;     /* means; difference to the real world, paired: negative is faster */
    struct stats_interval ci95;          /* of the difference */
};
struct counterfactuals {
    size_t replicas;
    double makespan_s;                   /* mean, of the real world */
    struct counterfactual of[COUNTERFACTUALS];
    bool interrupted;                    /* then nothing else is filled */
};
/* In the scenario's mode. -1: what replicate() refuses of the scenario itself. o->precision and o->bounds are ignored. */
int counterfactuals(const struct scenario *s, const struct replicate_options *o, struct counterfactuals *out, struct error *err);
void counterfactuals_clear(struct counterfactuals *c);

#endif
