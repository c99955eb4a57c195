/* traces/latency_levels.h - latencies by what was waited for last, in the order in which one
 * way holds the other. */
#ifndef DAGCAST_TRACES_LATENCY_LEVELS_H
#define DAGCAST_TRACES_LATENCY_LEVELS_H

#include <stddef.h>

/* The next one's way holds the one's before. */
enum latency_kind { OF_SUBMISSION, OF_ROOM, OF_PARENTS, LATENCY_KINDS };

struct latency_level {                   /* latencies of a kind */
    size_t n, room;
    double *x;
    double mean_s, variance;             /* by latency_level_summarise() */
};

void latency_level_add(struct latency_level *l, double x);
void latency_level_summarise(struct latency_level *l);
/* Levels without values are left out; one with a lesser mean than the one before is joined with it,
 * and goes by the name of the first (isotonic regression, pooling adjacent violators). Returns how
 * many are left. */
size_t latency_levels_order(struct latency_level of[LATENCY_KINDS],
                            enum latency_kind name[LATENCY_KINDS]);

#endif
