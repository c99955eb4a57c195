/* study/failure_cost.h - what failures of nodes cost a session, and how often to save. */
#ifndef DAGCAST_STUDY_FAILURE_COST_H
#define DAGCAST_STUDY_FAILURE_COST_H

#include "core/scenario.h"
#include "num/stats.h"
#include "study/replicate.h"

struct failure_cost {                    /* the same replicas with and without failures */
    double session_s, without_s;         /* means; without: neither failures nor checkpoints */
    double difference_s;
    struct stats_interval ci95;          /* of the difference, paired */
    /* some replica with failures leaves tasks undone: no difference then */
    bool incomplete;
};
/* -1: as replicate(). */
int failure_cost_of(const struct scenario *s, const struct replicate_options *o,
                    struct failure_cost *out, struct error *err);

/* Nodes that one task of the set runs on, at least. */
double failure_nodes_of_task(const struct scenario *s, const struct task_set *set);

#endif
