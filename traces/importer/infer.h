/* traces/importer/infer.h - what importers infer in the same way: peaks of use, ranks, platforms,
 * durations. */
#ifndef DAGCAST_TRACES_IMPORTER_INFER_H
#define DAGCAST_TRACES_IMPORTER_INFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/platform.h"

/* from then on so much more, or (below 0) less */
struct infer_load { double time_s, amount; };
/* The largest sum of loads over time; at equal times what goes, goes first. Sorts `loads`. */
double infer_peak(struct infer_load *loads, size_t n);

/* natural order: runs of digits count as numbers, "n2" before "n10" */
int infer_compare_names(const char *a, const char *b);

uint32_t infer_common_divisor(uint32_t a, uint32_t b);  /* the greatest; of 0 and b it is b */

/* Whole ranks that sum up to exactly this many cores and GPUs on `nodes` nodes: as many as nodes
 * where they divide evenly, else as many as the greatest common divisor of cores and GPUs; fewer
 * than nodes where that is smaller. */
uint32_t infer_ranks(uint32_t cores, uint32_t gpus, uint32_t nodes);

/* Nodes of one shape with these cores (1 to NODE_MOST_SLOTS) and GPUs, and names (copied; NULL:
 * "node0" ...). */
struct platform *infer_platform(const char *name, size_t n_nodes, int cores, int gpus,
                                const char *const *node_names, const char *source);

/* Bounds of a duration that was not measured to its end: it ran for `at_least_s` when it failed or
 * was killed or cut off (a censored observation); or it was done `at_most_s` after its submission.
 * 0: no bound. */
struct infer_bounds { double at_least_s, at_most_s; };

/* Fills each NAN with the mean of those known that are longer than its lower bound, within its
 * bounds: the bound itself if none is. If nothing is known, the mean of all bounds from below, or
 * 0. `bounds` NULL: there are none. Returns how many were NAN. O(n log n). */
size_t infer_durations(double *durations, const struct infer_bounds *bounds, size_t n);

/* Which groups of tasks waited for which, from the times of their submission and their end: a
 * script that waits submits the next group soon after the last task of the one before has ended.
 * O(n log n + edges). */
struct edge_group {
    double submitted_s, done_s;          /* first submission; last end, NAN unless all have one */
    /* groups of one lane (a pipeline, as names tell) follow each other; 0: it is of none */
    int lane;
    size_t n_parents;                    /* filled by infer_edges(): */
    int *parents;                        /* groups, ascending; free() it */
    /* submitted so much later than the first for no recorded cause; NAN */
    double release_s;
};
struct edge_counts {
    size_t edges, released;
    /* more than INFER_MOST_EDGES: none is kept, and no release */
    bool too_many;
};

/* beyond, ends within the reaction say nothing of who waited for whom */
enum { INFER_MOST_EDGES = 4000000 };

/* Parents: all groups whose end lies within `reaction_s` before a submission; else, where
 * everything submitted before was done by then, at most `barrier_s` before, those that ended last.
 * If one of the first is of the group's own lane, the lane waited for it, and for all of it that
 * had ended since it last submitted, and for no other. */
struct edge_counts infer_edges(struct edge_group *groups, size_t n, double reaction_s,
                               double barrier_s);

#endif
