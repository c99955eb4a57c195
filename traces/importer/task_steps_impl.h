/* traces/importer/task_steps_impl.h - what the parts of one step share. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_STEPS_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TASK_STEPS_IMPL_H

#include "base/arena.h"
#include "traces/importer/task_steps.h"

enum { RESOURCES = 3 };                  /* cores, GPUs, MiB of memory */
enum { MOST_RANKS = UINT16_MAX };

/* ---- placed: a platform from what was in use on its nodes ---- */

struct placer {
    const struct task_records *r;
    const struct described *d;
    const char *name;
    struct placed placed;                /* the result */
    struct arena texts;
};

struct node_use {
    double most[RESOURCES];              /* in use at once, or needed by one rank */
    int partition;                       /* -1: unknown */
    const char *stem;                    /* of its name, without digits */
    int kind;
    double joins_s;                      /* since the session's start; 0: it was there */
};

struct kind {
    double most[RESOURCES];
    size_t n_nodes;
    int partition;
    const char *stem;
    bool gpus;
    int shape;
    double joins_s;
};

/* task_use.c: what was in use on each node. */
const struct demand *place_demand_of(const struct placer *b, size_t row);
/* Adds up each resource; most[] of each node becomes the peak. Without named nodes, node 0 is all
 * of them. O(n log n) */
void place_find_peaks(const struct placer *b, struct node_use *nodes);
void place_raise_to(double most[RESOURCES], const struct demand *d);
/* As large as recorded, and never smaller than its use. */
void place_raise_to_recorded(struct node_use *node, const struct task_node *recorded);
size_t place_count_unrecorded(const struct task_records *r);
void place_round_up(double most[RESOURCES]);
/* How many ranks of the demand one such node holds. */
double place_ranks_on(const double most[RESOURCES], const struct demand *d);

/* task_kinds.c: what the named nodes are. */
/* As recorded, but not after its first task. In tenths of a second, so that nodes of one block are
 * of one kind. */
void place_find_joins(struct placer *b, struct node_use *nodes);
/* Partitions that share a node are one. Returns their names by number in *names (not owned);
 * n_partitions entries. */
size_t place_find_partitions(const struct placer *b, struct node_use *nodes, const char ***names);
/* Nodes of one partition, of names alike but for their numbers, with or without GPUs, are of one
 * kind, as large as its largest. */
size_t place_find_kinds(struct placer *b, struct node_use *nodes, struct kind **kinds);

/* ---- described ---- */

struct describer {
    const struct task_records *r;
    struct described d;                  /* the result */
    /* tasks with more cores or GPUs on a node than a node can have */
    size_t clipped;
    /* tasks that do not divide evenly by their nodes; whose ranks are fewer than their nodes */
    size_t uneven, coarse;
    size_t rounded;                      /* tasks with a part of a core, or a part beside GPUs */
};

/* Ranks whose cores and GPUs sum up to exactly the row's. */
struct demand task_demand(struct describer *b, const struct task_row *row);
/* Fills demands of tasks whose rows do not say them, and peaks of memory. */
void task_complete_demands(struct describer *b);
/* Sets from names: without tags in brackets and, where they number tasks, without numbers. */
void task_name_sets(struct describer *b);
const char *task_keep(struct describer *b, const char *text, size_t n);

/* ---- grouped ---- */

struct grouper {
    const struct task_records *r;
    const struct described *d;
    struct task_groups *g;               /* the result */
    int *level;                          /* of each task: its wave, if no dependency is recorded */
    bool inferred;                       /* dependencies come from times */
};

/* Of a task. Last end: INFINITY if it had not ended. */
struct span { double submitted_s, started_s, ended_s; };
struct span *task_spans(const struct grouper *b);        /* of each; free it */
/* How long after its cause something follows: batch systems' times are whole seconds, and workflow
 * systems poll them. */
#define TASK_REACTION_S 5
/* Waves of a name, before the sets are made; dependencies and releases of the sets, after. */
size_t task_find_waves(struct grouper *b);              /* returns how many begin after the first */
void task_infer_edges(struct grouper *b);
/* Tasks that wait for no other, of levels[task] 0, at their measured submission. */
void task_release(struct grouper *b, const int *levels);

#endif
