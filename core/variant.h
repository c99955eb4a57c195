/* core/variant.h - a scenario in the making, or one with settings changed: copies what a setting
 * changes and shares the rest. */
#ifndef DAGCAST_CORE_VARIANT_H
#define DAGCAST_CORE_VARIANT_H

#include "core/scenario.h"
#include "core/setting.h"

struct variant {
    /* of the parts below, and of others' where these are NULL */
    struct scenario scenario;
    struct workflow *workflow;           /* its own */
    struct platform *platform;
    struct middleware *middleware;
    int *pipeline_order;
    struct queue_wait *queue_wait;
    /* Of the history of waits: machine and queue, as said before it is opened, and its file; NULL:
     * not said */
    const char *queue_machine, *queue_name, *queue_history;
    struct scheduler_options said;       /* layers so far, unresolved */
    size_t replicas;                     /* how it is run; 0: not said */
    double precision;
    int threads;
    /* Opens what a SETTING_SOURCE names, as its own or shared; NULL: sources cannot be changed. */
    int (*open)(struct variant *v, const struct setting_change *c, struct error *err);
    const void *context;                 /* of open() */
};

/* Starts from another scenario, which must outlive it; NULL: from nothing, asynchronous, seed 1. */
void variant_init(struct variant *v, const struct scenario *base);
void variant_clear(struct variant *v);

/* The parts, its own: copied if they were shared. */
struct workflow *variant_own_workflow(struct variant *v);
struct platform *variant_own_platform(struct variant *v);
struct middleware *variant_own_middleware(struct variant *v);

/* Replace a part by one that the variant then owns. */
void variant_take_platform(struct variant *v, struct platform *p);
void variant_take_queue_wait(struct variant *v, struct queue_wait *q);   /* NULL: none */
void variant_take_middleware(struct variant *v, struct middleware *m);

/* Applies settings in the order of the table, whatever theirs. Called again, what is said then
 * overrides what was said before. -1: what comes out is no scenario. */
int variant_apply(struct variant *v, const struct setting_change *changes, size_t n,
                  struct error *err);
/* Ends a scenario that began from nothing: applies the middleware's blocked slots, resolves the
 * scheduler, and checks that every task fits on a node. */
int variant_build(struct variant *v, struct error *err);

/* `base` with settings changed. -1: it cannot be so, and there is nothing to clear. */
int variant_vary(struct variant *v, const struct scenario *base,
                 const struct setting_change *changes, size_t n, struct error *err);

/* A dense array of what was said, by id, as changes; `out` has room for SETTINGS. Returns how many.
 */
size_t setting_list(const struct setting_value *said, struct setting_change *out);

#endif
