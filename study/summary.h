/* study/summary.h - what the replicas of one scenario say together. */
#ifndef DAGCAST_STUDY_SUMMARY_H
#define DAGCAST_STUDY_SUMMARY_H

#include <stdbool.h>

#include "core/scenario.h"
#include "num/modes.h"
#include "num/stats.h"
#include "study/replicate.h"

struct summary_jobs {                    /* means a replica */
    bool chain;                          /* jobs are counted: they wait, or may follow each other */
    struct stats_summary solution;       /* s, first request to last stop */
    double n, queue_s, n_cut;            /* as in struct replica_jobs */
};

/* Many members: independent figures of one point. */
struct summary {
    size_t n;                            /* replicas */
    struct stats_summary makespan, session, span;        /* s */
    /* of the makespans: two groups at least 1 % of the mean apart */
    struct two_modes modes;
    /* mean over replicas of each one's own bound; NAN when not computed */
    double lower_bound_s;
    /* mean; executing, over unblocked slots and makespan; GPUs NAN without any */
    double utilisation_slots, utilisation_gpus;
    double held_slots, held_gpus;        /* mean; given and not yet usable again */
    /* mean; nodes x makespan; of a chain, x the time the jobs held them */
    double node_hours;
    double wait_s[WAITS];        /* mean a task and replica */
    double spent_s[SPENTS];      /* the same; sim/simulate.h */
    double share_complete, share_in_time;                /* of replicas */
    double lost;                         /* attempts that a node's failure ended, mean a replica */
    double failed, killed, cancelled, retries;           /* tasks, mean a replica */
    double lost_slot_s;                  /* mean a replica */
    struct summary_jobs jobs;
    /* mean; of the nodes over the time of node_hours; NAN: their power is not known */
    double energy_kwh;
};
/* Every task of every replica is done: what else ran short says nothing of others. */
bool summary_is_complete(const struct summary *m);

/* Two groups of makespans that are at least 1 % of the mean apart, among the first 1000. */
struct two_modes summary_modes(const double *makespan_s, size_t n);

/* Of at least one replica of the scenario. */
struct summary summary_of(const struct scenario *s, const struct replicas *r);

#endif
