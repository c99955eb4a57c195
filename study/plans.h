/* study/plans.h - how many nodes, for how long, in how many jobs, until the result is there: plans by time to solution.
 *
 * A plan asks for jobs of one size and walltime, one after the other, until the workflow is done. For
 * each row of an advice that can run, and each number of jobs k, the walltime is the row's own divided
 * by k, rounded up to the minute (and no longer than the longest queue allows); the simulated chain
 * shows how many jobs it really takes, since each starts the middleware anew and loses what its end
 * cuts. Every plan runs the same replicas with the same draws of waits; those that may be a choice run
 * more. */
#ifndef DAGCAST_STUDY_PLANS_H
#define DAGCAST_STUDY_PLANS_H

#include "study/advise.h"

enum { PLANS_MOST_JOBS = 8 };

struct plan {
    size_t row;                          /* of the advice: nodes and mode */
    double walltime_s;
    const struct queue_rule *queue;      /* that accepts it; NULL: the platform names none */
    size_t replicas;
    double jobs_q50, jobs_q;             /* jobs that ran, at 50 % and at the confidence */
    double solution_q50_s, solution_q_s; /* first request to last stop, likewise */
    double queue_q50_s, queue_q_s;       /* all waits, likewise */
    double charge;                       /* mean node-hours, times the queue's factor */
    double lost_hours;                   /* mean node-hours of what walltimes cut */
    double share_second;                 /* of replicas that took more jobs than the plan divides the work into */
    int planned;                         /* jobs that it divides the work into */
    struct replica *runs;                /* private */
};
struct plans {
    size_t n;
    struct plan *at;                     /* by row, then number of jobs; only those that end and that a queue accepts */
    int soonest, soonest_median;         /* least .solution_q_s; least .solution_q50_s; -1: there is none */
    int cheapest;                        /* least charge */
    bool interrupted;
};

/* At most `most_jobs` (1 .. PLANS_MOST_JOBS) a plan. `s` as for advise(), with the wait of its jobs. */
int plans_make(const struct scenario *s, const struct advise_options *o, const struct advice *a,
               int most_jobs, struct plans *out, struct error *err);
void plans_clear(struct plans *p);

#endif
