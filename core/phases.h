/* core/phases.h - what a task does in turn: it computes, and it uses flows.
 *
 * A flow (of a platform) is a rate that its users share, max-min fair with a cap each: a file
 * system, a network, a burst buffer. A task's phases are its `phases`, or its `input`, its
 * duration and its `output`. Times of phases on flows depend on who else uses them, so only a
 * simulation knows them (sim/phases.h); here are the descriptions, and what a phase takes alone. */
#ifndef DAGCAST_CORE_PHASES_H
#define DAGCAST_CORE_PHASES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/schema.h"
#include "num/dist.h"

enum flow_per { FLOW_PER_MACHINE, FLOW_PER_NODE };
struct flow_rule {                       /* of a platform */
    char *name;
    double rate;                         /* MiB/s; INFINITY: unbounded (a what-if) */
    enum flow_per per;
    int at_once;                         /* most users served at once, the others wait; 0: all */
};

enum staging { STAGING_INSIDE, STAGING_OUTSIDE };        /* of the time in which slots are held */
struct phase {
    char *flow;                          /* NULL: it computes */
    struct dist *amount;                 /* on the flow: MiB (of a service: requests) */
    bool bytes;                          /* the amount has a unit of bytes */
    double rate;                         /* most that it gets of the flow; 0: no limit */
    enum staging staging;
    struct dist *compute;                /* seconds; NULL: the set's duration */
};
struct task_phases {                     /* of a task set */
    struct phase input, output;          /* flow NULL: none */
    size_t n;                            /* 0: input, the set's duration, output */
    struct phase *list;
};

/* Of a task set that serves others: each of its tasks, once ready, adds its rate to a flow of the
 * set's name. It holds its slots until no client can come any more. */
struct service_rule {
    bool serves;                         /* false: the set is none, the rest is unset */
    double rate;                         /* requests/s of one task of the set */
    double first; /* requests that a client's first one counts as */
    double session_sd; /* relative effect on what requests take, drawn once a replica */
    struct dist *ready;                  /* seconds from a task's start until it serves; NULL: 0 */
    int at_once;                         /* requests that one task serves at once; 0: all */
    bool unbounded;                      /* each request gets the whole rate (a what-if) */
};

/* Of a task set: while a task computes, it uses a flow at `rate` (memory bandwidth, say), and
 * computes slower by as much as it gets less. */
struct slowdown_rule {
    char *flow;                          /* of the platform; NULL: nothing slows it down */
    double rate;                         /* MiB/s, of one task */
};
extern const struct schema slowdown_schema;              /* struct slowdown_rule */
extern const struct schema service_schema;               /* struct service_rule */
extern const struct schema flow_schema;                  /* struct flow_rule */
extern const struct schema transfer_schema;              /* struct phase: an input or output */
extern const struct schema phase_schema;                 /* struct phase of a list */

struct task_set;
struct workflow;
struct platform;

/* Those that the set has; without any, shared empty ones. */
const struct task_phases *task_phases_of(const struct task_set *set);
struct task_phases *task_phases_own(struct task_set *set);    /* to write; makes them */
void task_phases_clear(struct task_set *set);                 /* it has none any more */
/* 0: the set only computes its duration. */
size_t phases_count(const struct task_set *set);
const struct phase *phases_at(const struct task_set *set, size_t k);
/* Some set has phases, serves, or is slowed down; O(sets) */
bool phases_any(const struct workflow *w);
/* Its simulated timelines record phases (core/timeline_phases.h): some set has some, checkpoints,
 * or runs on nodes that fail; O(sets) */
bool phases_recorded(const struct workflow *w, const struct platform *p);
bool phases_is_duration(const struct phase *phase);      /* it computes the set's duration */
/* Its phases are listed, and none is its duration: its `duration` is what they compute in all. */
bool phases_without_duration(const struct task_set *set);
struct dist *phases_duration(const struct task_set *set);        /* that; a new one */

/* Replaces the distribution of each compute phase of a set, its duration included. Takes what
 * `make` returns. */
typedef struct dist *phases_make_fn(const struct dist *d, double x);
void phases_each_compute(struct task_set *set, phases_make_fn *make, double x);

const struct flow_rule *phases_flow(const struct platform *p, const char *name);      /* or NULL */
/* The set that serves a client under this name, in the client's iteration if there are several;
 * -1: none. O(sets) */
int phases_service(const struct workflow *w, const struct task_set *client, const char *name);
bool phases_is_client(const struct workflow *w, const struct task_set *client, int service);
bool phases_asks(const struct workflow *w, const struct task_set *set); /* some service */
/* What a phase of the set uses: a service, else a flow of the platform. False: no such. */
bool phases_resolve(const struct workflow *w, const struct platform *p, const struct task_set *set,
                    const struct phase *phase, struct flow_rule *out);
/* By how much the amount of the set's phase `k` counts: a client's first request of a service
 * (struct service_rule), else 1. O(phases + sets) */
double phases_weight(const struct workflow *w, const struct task_set *set, size_t k);
/* The rate at which a phase runs that has its flow alone. */
double phases_rate_alone(const struct phase *phase, const struct flow_rule *flow);
/* Mean time that one task of the set spends on flows if each were its alone, s. */
double phases_alone_s(const struct workflow *w, const struct platform *p,
                      const struct task_set *set);
/* A copy in which that time is part of the durations and there are no phases, for closed forms. */
struct workflow *phases_folded(const struct workflow *w, const struct platform *p);

int phases_check(const struct task_set *set, struct error *err);         /* the set alone */
/* Services have clients, and none of them waits for the end of its service. */
int phases_check_services(const struct workflow *w, struct error *err);
/* The flows that its phases name exist; else -1 and the nearest name. */
int phases_check_flows(const struct workflow *w, const struct platform *p,
                       const struct task_set *set, struct error *err);

#endif
