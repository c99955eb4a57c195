/* traces/importer/task_place_impl.h - a platform from what was in use on its nodes: the parts to
 * each other. */
#ifndef DAGCAST_TRACES_IMPORTER_TASK_PLACE_IMPL_H
#define DAGCAST_TRACES_IMPORTER_TASK_PLACE_IMPL_H

#include "base/arena.h"
#include "traces/importer/task_steps.h"

enum { RESOURCES = 3 };                  /* cores, GPUs, MiB of memory */
enum { MOST_RANKS = UINT16_MAX };

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
/* Adds up one resource; most[node] becomes the peak. Without named nodes, node 0 is all of them. */
void place_find_peaks(const struct placer *b, int resource, struct node_use *nodes);
void place_raise_to(double most[RESOURCES], const struct demand *d);
/* As large as recorded, and never smaller than its use. */
void place_raise_to_recorded(struct node_use *node, const struct task_node *recorded);
size_t place_count_unrecorded(const struct task_records *r);
void place_round_up(double most[RESOURCES]);
/* How many ranks of the demand one such node holds. */
double place_ranks_on(const double most[RESOURCES], const struct demand *d);

#endif
