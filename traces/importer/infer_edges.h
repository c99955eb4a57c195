/* traces/importer/infer_edges.h - which groups of tasks waited for which, from the times of their
 * submission and their end.
 *
 * A script that waits submits the next group soon after the last task of the one before has ended.
 * O(n log n + edges). */
#ifndef DAGCAST_TRACES_IMPORTER_INFER_EDGES_H
#define DAGCAST_TRACES_IMPORTER_INFER_EDGES_H

#include <stdbool.h>
#include <stddef.h>

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
