/* study/replicate_impl.h - the parts of replicas to each other: the threads that run them
 * (replicate.c), and those of workflows that decide at run time (replicate_deciding.c). */
#ifndef DAGCAST_STUDY_REPLICATE_IMPL_H
#define DAGCAST_STUDY_REPLICATE_IMPL_H

#include <pthread.h>

#include "core/durations.h"
#include "model/bounds.h"
#include "study/replicate.h"

/* What the threads share; all of it under `lock` but the results, whose elements each belong to one
 * thread until its chunk is done. */
struct team {
    const struct replicate_options *options;
    pthread_mutex_t lock;
    size_t next;                         /* first replica not yet taken */
    size_t limit;                        /* replicas that count: lowered by the stopping rule */
    size_t prefix;                       /* replicas before this are complete */
    bool *done;                          /* by chunk */
    double mean, squares;                /* of the makespans of the prefix, after Welford */
    struct replica *at;
    double *bound_s;
    const struct scenario *scenario;
    struct timeline *first;              /* of replica 0 */
    /* of the replicas to explain that are not yet in `explanation` */
    struct explain_path *paths;
    struct explanation explanation;      /* of the prefix */
    struct adaptive_figures *decided;    /* NULL: nothing is decided at run time */
    /* of each campaign, of the first options->campaign replicas; none: not asked for */
    size_t n_campaigns;
    struct campaign_runs *campaigns;
    /* the first replica that could not be run; SIZE_MAX: none */
    size_t refused;
    struct error why;
};

struct worker {
    struct team *team;
    struct simulator *simulator;
    const struct scenario *scenario;
    struct bounds_work *bounds;          /* NULL: not yet made, or not asked for */
    struct workflow *sure;               /* what they are of; NULL: the scenario's workflow */
    struct durations *durations;
    struct explainer *explainer;         /* NULL: not asked for */
    struct timeline *timeline;           /* of the replica that is explained; NULL: not asked for */
    pthread_t thread;
};

static inline bool replicate_stopped(const struct team *t)
{
    return t->options->stop && atomic_load(t->options->stop);
}

int replicate_worker_init(struct worker *w, struct team *t, const struct scenario *s,
                          struct error *err);
void replicate_worker_clear(struct worker *w);
/* Replica r on the worker's simulator. */
void replicate_plain(struct worker *w, size_t r);
/* The same of its own workflow. */
void replicate_deciding(struct worker *w, size_t r);

#endif
