/* scheduling/realise_impl.h - what the parts of realise.h share. */
#ifndef DAGCAST_SCHEDULING_REALISE_IMPL_H
#define DAGCAST_SCHEDULING_REALISE_IMPL_H

#include "scheduling/realise.h"

/* How often a loop runs: in each iteration of the loop around it, or once. */
struct loop_run {
    int around;                          /* its number; -1: none */
    /* it can never take a second iteration: names have no number */
    bool single;
    int before;                          /* iterations that are not written out */
    size_t n_outer;                      /* iterations of the loop around, in all; 1 */
    int *iterations;                     /* in each */
    size_t *offset;                      /* iterations before each; n_outer + 1 entries */
    /* in the workflow: of each iteration; inside another loop, of the first in each */
    int *number;
    size_t point;                        /* its first decision point */
    size_t n_deciders;
    int *deciders;                       /* described sets */
};

/* One set of the session: iteration `k` of the innermost loop of `base`, in iteration `outer` of
 * the loop around. */
struct instance {
    int base;
    int loop;                            /* the innermost; -1: none */
    int outer, k;                        /* from 1; 0: in no loop */
    bool drawn;
    uint32_t n_tasks;
};

struct realiser {
    const struct workflow *from;
    const struct realise_options *options;
    int *loop_of, *campaign_of;          /* of each described set; -1 */
    /* the set that its number depends on, that it is the `else` of; -1 */
    int *counted_by, *instead_of;
    struct loop_run *runs;               /* of each loop */
    /* instances of set s: at[begin[s]] .. at[begin[s + 1] - 1] */
    size_t *begin;
    /* = sets of the result, before those without tasks are removed */
    struct instance *at;
    struct workflow *to;
    struct realised *made;               /* of `to` */
    int64_t *candidates;                 /* of each campaign */
    int *rounds_before;                  /* likewise: that are not written out */
};

/* realise_loops.c: how often each loop runs. -1: too often. */
int realise_loops(struct realiser *r, struct error *err);
/* It can never take a second iteration. */
bool realise_runs_once(const struct loop *l, bool said);
void realise_loops_clear(struct realiser *r);
/* The instances of set `of` that belong to `x`: first .. first + n - 1. */
struct instance_range { size_t first, n; };
struct instance_range realise_range(const struct realiser *r, int of, const struct instance *x);
/* Number of the iteration of `x` in all of its loop's, from 0. */
size_t realise_iteration(const struct realiser *r, const struct instance *x);

/* realise_numbers.c: the tasks of an instance. */
uint32_t realise_tasks(struct realiser *r, size_t instance);
/* Draws what each task of the parents gives birth to; edges [2 x n_tasks] of the child, from one
 * parent instance. */
void realise_own_edges(struct realiser *r, size_t child, size_t parent, struct dependency *d);

/* realise_campaigns.c: their rounds and learnings, before instances are laid out: how many of each
 * set. */
void realise_campaigns(struct realiser *r);
size_t realise_campaign_instances(const struct realiser *r, int base);
/* The tasks of one round, or of a learning. */
uint32_t realise_campaign_tasks(const struct realiser *r, const struct instance *x);
/* After which rounds and learnings it comes. */
void realise_campaign_order(struct realiser *r, size_t instance);

/* realise_deps.c: all dependencies, and the decision points. */
void realise_points(struct realiser *r);
void realise_cancels(struct realiser *r);
void realise_dependencies(struct realiser *r);
void realise_add(struct realiser *r, size_t child, size_t parent, double lag_s);

/* realise_prune.c: one dependency a parent, ascending; sets without tasks are removed. */
void realise_settle_dependencies(struct task_set *set);
void realise_prune(struct workflow *w);

#endif
