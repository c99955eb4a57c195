/* study/advise.h - how many nodes, in which mode, for how long: sessions of one scenario over node
 * counts, against a confidence, a deadline and what the platform's queues accept.
 *
 * The walltime of a row is one that a session (bootstrap and drain included) keeps with the asked
 * confidence p: the upper end of the 95 % order-statistic interval of the p-quantile over the row's
 * replicas, rounded up to the minute. Every row first runs as many replicas as that interval takes.
 * Rows that may be a choice or on the front then run more, twice as many each time, until their
 * walltime is known to the minute (or to 6 s, or a quarter of a percent) and choices are apart from
 * their rivals, or all replicas have run. The result depends on neither time nor threads. */
#ifndef DAGCAST_STUDY_ADVISE_H
#define DAGCAST_STUDY_ADVISE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/progress.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "study/pipeline_orders.h"
#include "study/summary.h"

struct advise_options {
    const size_t *nodes;                 /* node counts, ascending */
    size_t n_nodes;
    double confidence;                   /* 0 < p < 1 */
    double deadline_s;                   /* 0: none */
    /* of a row, at most; >= advise_least_replicas(confidence) */
    size_t replicas;
    bool all;                            /* every row runs all of them */
    int threads;
    const atomic_bool *stop;
    struct progress *progress;           /* stepped by replicas */
};

/* Many members: independent figures of one row of advice. */
struct advice_row {
    size_t nodes;
    enum mode mode;
    /* this many nodes cannot run it, in words; NULL: they can. What follows is only then filled */
    char *why_not;
    size_t replicas;
    struct stats_summary session;        /* s */
    struct two_modes modes;              /* of the makespans: summary_modes() */
    /* of the choices: whether the order of submission matters, pipeline_orders_few() */
    struct pipeline_orders order;
    double quantile_s;                   /* of the sessions, at the confidence */
    struct stats_interval quantile_ci95; /* s */
    /* to ask for: .quantile_ci95.high, rounded up to the minute */
    double walltime_s;
    double node_hours;                   /* mean; nodes x session */
    /* mean; of the nodes over the session; NAN: their power is not known */
    double energy_kwh;
    /* the same, times the charge factor of .queue, else of .nearest (1 without either) */
    double charge;
    /* mean, over the whole session; GPUs NAN without any */
    double utilisation_slots, utilisation_gpus;
    double share_complete;               /* of replicas: every task done */
    bool enough; /* the confidence at least: it may be a choice */
    const struct queue_rule *queue; /* of the platform: the cheapest that accepts nodes and
                                       walltime, then the one that allows longest */
    const struct queue_rule *nearest; /* where no queue accepts it: of those that take so many nodes
                                         the one that allows longest; NULL: none takes so many */
    /* such a queue exists, or the platform names none, and the machine has that many nodes */
    bool accepted;
    /* none that is accepted has a shorter walltime and charges less */
    bool on_front;
    /* an earlier mode on as many nodes with this walltime and charge, chosen instead; -1: none */
    int same_as;
    struct replica *runs;                /* private */
};
struct advice {
    size_t n;
    struct advice_row *rows;             /* by nodes, then mode */
    /* Accepted rows with .enough: least .charge; least .walltime_s. -1: there is none */
    int cheapest, fastest;
    int smallest; /* fewest nodes that keep the deadline with the confidence, then cheapest;
                     -1: none, or no deadline */
    int refused; /* no queue accepts it, or the machine is too small, and its .charge is less than
                    the cheapest's (the least such; any, if there is no cheapest); -1: there is
                    none. It says why the row is not a choice */
    bool interrupted;                    /* then nothing else is filled */
};

/* How many replicas it takes for the largest to be above the p-quantile with 97.5 %; at least 2. */
size_t advise_least_replicas(double confidence);

/* `s`: mode and nodes are ignored, walltime_s must be 0; blocked slots are applied already. -1:
 * only what no row can be blamed for. */
int advise(const struct scenario *s, const struct advise_options *o, struct advice *out,
           struct error *err);
void advice_clear(struct advice *a);

#endif
