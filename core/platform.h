/* core/platform.h - where to run: nodes with slots (cores or hardware threads), GPUs, memory;
 * immutable once loaded. */
#ifndef DAGCAST_CORE_PLATFORM_H
#define DAGCAST_CORE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/schema.h"
#include "core/blocks.h"
#include "core/demand.h"
#include "core/failures.h"
#include "core/phases.h"
#include "core/resource.h"
#include "core/run_record.h"

enum slot_kind { SLOT_CORE, SLOT_THREAD };

struct node_power {
    bool known;                          /* else the rest is 0 */
    double idle_w;                       /* of a node that does nothing */
    double core_w, gpu_w;                /* more, of a core and a GPU that a task keeps busy */
};

/* A kind of node. Slots are numbered 0 .. n_slots - 1; blocked ones exist but are never given to
 * tasks. */
struct node_shape {
    /* "node" by default; names of nodes are "<name><number>" where the file gives none */
    char *name;
    int cores, threads_per_core;
    /* cores, or cores x threads_per_core on a thread-slot platform; <= NODE_MOST_SLOTS */
    int n_slots;
    int n_gpus;                          /* <= NODE_MOST_GPUS */
    int64_t memory_mib;                  /* 0: no limit */
    size_t n_blocked;
    int *blocked;                        /* slot ids, ascending */
    struct node_power power;
    /* after the start of the session; before that it takes no task */
    double joins_s;
    /* of each of the platform's resources; INT64_MAX: a node does not limit it */
    int64_t named[RESOURCES_MOST];
};

/* What tasks may ask for beside cores, GPUs and memory. */
struct resource_rule {
    char *name;
    int64_t amount;                      /* in a unit of its own */
    enum resource_scope { RESOURCE_OF_NODE, RESOURCE_OF_MACHINE } scope;
    char *node;                          /* only nodes of this kind have it; NULL: all */
};

struct queue_rule {                      /* what a batch queue accepts, for advice */
    char *name;
    int min_nodes, max_nodes;
    double max_walltime_s;
    double charge_factor;                /* node-hours charged per node-hour */
    char *node;                          /* the kind of its nodes; NULL: any */
    char *submit;                        /* what batch lines ask for; NULL: the name */
    char *select;                        /* of each node, for PBS; NULL: cores and GPUs */
};

/* Many members: one for each field of its file. */
struct platform {
    char *name;
    enum slot_kind slot_kind;
    size_t n_shapes;
    struct node_shape *shapes;
    size_t n_nodes;                      /* selected: a preset's own default, or --nodes */
    uint16_t *shape_of;                  /* node -> shape, n_nodes entries */
    /* n_nodes entries, or NULL: derived from shape and number */
    char **node_names;
    size_t machine_nodes;                /* how many the whole machine has; 0 = unknown */
    /* Its nodes are those of so many equal jobs side by side, job after job; a task lies in one of
     * them. 0: one job. Not in the file */
    size_t pilots;
    bool retired;
    char *scheduler;                     /* "slurm" "pbs" "lsf", or NULL */
    size_t n_queues;
    struct queue_rule *queues;
    size_t n_flows;
    struct flow_rule *flows;             /* rates that tasks share */
    struct failure_rule failures;        /* of its nodes */
    struct block_rule blocks;            /* nodes that come and go; nodes 0: all are there */
    size_t n_resources;
    struct resource_rule *resources;     /* at most RESOURCES_MOST */
    char *source;                        /* where the figures come from, or NULL */
    struct run_record radical;           /* what RADICAL-Pilot does there */
};

extern const struct schema platform_schema;              /* the file's fields */
struct platform *platform_load(const char *path, document_fn *document_of, struct error *err);
struct platform *platform_from_json(const struct json *at, struct error *err);
cJSON *platform_to_json(const struct platform *p);
void platform_free(struct platform *p);
/* What messages call it, behind "platform": its name; "without a name" if that is the default. */
const char *platform_title(const struct platform *p);
struct platform *platform_copy(const struct platform *p);
struct platform *platform_this_machine(struct error *err);                 /* hwloc */

/* How many nodes it can be asked for: the machine's, of several kinds those of the file. */
size_t platform_most_nodes(const struct platform *p);

/* A copy with n nodes: a platform of one shape repeats it, one of several takes them from the front
 * in file order. */
struct platform *platform_with_nodes(const struct platform *p, size_t n, struct error *err);
/* A copy whose nodes are k times those of its job (core/scenario.h): k jobs side by side. */
struct platform *platform_with_pilots(const struct platform *p, size_t k, struct error *err);
size_t platform_pilots(const struct platform *p); /* >= 1 */
size_t platform_job_nodes(const struct platform *p); /* of one of its jobs */
/* A copy with these slot ids blocked on every node, beside those already so. */
struct platform *platform_with_blocked(const struct platform *p, const int *slots, size_t n,
                                       struct error *err);

const struct node_shape *platform_node(const struct platform *p, size_t node);
/* One past the last of the nodes of one shape that lie side by side from `node` on. */
size_t platform_alike_until(const struct platform *p, size_t node);
/* some nodes are not there from the start (joins_s) */
bool platform_has_joins(const struct platform *p);
/* slots that are not blocked */
int node_shape_usable(const struct node_shape *s);
int64_t platform_usable_slots(const struct platform *p);
int64_t platform_gpus(const struct platform *p);
size_t platform_nodes_of_shape(const struct platform *p, size_t shape);
/* W of all nodes while they do nothing; NAN: of some it is not known. */
double platform_idle_w(const struct platform *p);
/* new string, free() it */
char *platform_node_name(const struct platform *p, size_t node);
/* For importers: renames nodes so that no two share a name, the second localhost to localhost-2.
 * Returns how many. core/node_names.c */
size_t platform_unique_node_names(struct platform *p);

/* Fills in what the nodes' shapes have of the platform's resources; after either has changed. */
void platform_share_resources(struct platform *p);
/* Of all tasks that run, INT64_MAX: no limit. */
int64_t platform_machine_amount(const struct platform *p, size_t resource);

/* A demand in this platform's slots; on a thread-slot platform a core is threads_per_core threads
 * (of the node shape with the most), on a core-slot platform threads round up to cores. Never
 * guessed otherwise. */
struct slot_demand platform_slots(const struct platform *p, const struct demand *d);

/* How many such tasks the empty platform holds at once; a rank lies on one node. 0: never fits. */
int64_t platform_capacity(const struct platform *p, const struct slot_demand *d);
/* Whether such tasks may run on nodes of the shape: they ask for no kind, or for this one. */
bool node_shape_is_of_kind(const struct node_shape *s, const struct slot_demand *d);
/* How many ranks one empty node of the shape holds; a whole multiple of the demand's ranks where
 * they share one node. */
int64_t node_shape_capacity(const struct node_shape *s, const struct slot_demand *d);

/* Its nodes, the first n of the platform, are what the queue takes. */
bool queue_takes(const struct queue_rule *q, const struct platform *p, size_t n_nodes);
/* The cheapest queue that takes n nodes for so long, of equal ones the one that allows longest;
 * NULL: none. */
const struct queue_rule *platform_queue(const struct platform *p, size_t n_nodes,
                                        double walltime_s);

/* -1 and "task set 'x': no node can hold one rank of 60 cores + 8 GPUs; summit comes closest: 42
 * cores, 6 GPUs; lacks 18 cores, 2 GPUs". */
struct workflow;
int platform_check(const struct platform *p, const struct workflow *w, struct error *err);

#endif
