/* study/plans.h - how many nodes, for how long, in how many jobs, until the result is there.
 *
 * A plan asks for jobs of one size and walltime until the workflow is done: one after the other, or
 * side by side. For each row of an advice that can run, and each number of jobs k, the walltime is
 * the row's own divided by k, rounded up to the minute (and no longer than the longest queue
 * allows); the simulated chain shows how many jobs it really takes, since each starts the
 * middleware anew and loses what its end cuts. Side by side, the row's nodes are divided among 2 or
 * 4 jobs, with the row's own walltime, and with as many times that.
 *
 * Every plan runs the same first replicas with the same draws of waits. A plan that is slower in
 * nine of ten of them than another of its form on as many nodes, and dearer on average than the
 * cheapest, runs no more; the others run as many as the confidence takes, and those that may be a
 * choice up to 500. A plan must end with a share of its replicas that reaches the confidence; those
 * that do not end never do. */
#ifndef DAGCAST_STUDY_PLANS_H
#define DAGCAST_STUDY_PLANS_H

#include "study/advise.h"

enum { PLANS_MOST_JOBS = 8, PLANS_MOST_PILOTS = 4 };

enum plan_form { PLAN_ONE_JOB, PLAN_CHAIN, PLAN_SIDE_BY_SIDE, PLAN_FORMS };
const char *plan_form_name(enum plan_form f);

/* Many members: independent figures of one plan. */
struct plan {
    size_t row; /* of the advice: nodes of all pilots, and mode */
    size_t pilots; /* jobs side by side */
    size_t nodes; /* of one job */
    double walltime_s;
    const struct queue_rule *queue;      /* that accepts it; NULL: the platform names none */
    size_t replicas;
    double jobs_q50, jobs_q;             /* jobs that ran, at 50 % and at the confidence */
    double solution_q50_s, solution_q_s; /* first request to last stop, likewise */
    double queue_q50_s, queue_q_s;       /* all waits, likewise */
    double charge;                       /* mean node-hours, times the queue's factor */
    double energy_kwh; /* mean; of the nodes while held; NAN: their power is not known */
    double share_complete; /* of replicas: every task done */
    double lost_hours;                   /* mean node-hours of what walltimes cut */
    /* of replicas that took more jobs than the plan divides the work into */
    double share_second;
    int planned;                         /* jobs that it divides the work into */
    struct replica *runs;                /* private */
};
enum plan_form plan_form_of(const struct plan *p); /* one job: at the confidence */

struct plans {
    size_t n;
    /* by row, then number of jobs; only those that end and that a queue accepts */
    struct plan *at;
    /* least .solution_q_s; least .solution_q50_s; -1: there is none */
    int soonest, soonest_median;
    int cheapest;                        /* least charge */
    int of_form[PLAN_FORMS]; /* of those, the least .solution_q_s */
    bool interrupted;
};

/* What is tried: jobs 1 .. PLANS_MOST_JOBS, pilots 1 (none) .. PLANS_MOST_PILOTS. */
struct plan_limits {
    int jobs, pilots;
};
/* `s` as for advise(), with the wait of its jobs. */
int plans_make(const struct scenario *s, const struct advise_options *o, const struct advice *a,
               struct plan_limits limits, struct plans *out, struct error *err);
void plans_clear(struct plans *p);

#endif
