/* traces/importer/guess.h - what importers of task lists have to guess in the same way. */
#ifndef DAGCAST_TRACES_IMPORTER_GUESS_H
#define DAGCAST_TRACES_IMPORTER_GUESS_H

#include <stddef.h>
#include <stdint.h>

#include "core/platform.h"

struct guess_load { double time_s, amount; };            /* from then on so much more, or (below 0) less */
/* The largest sum of loads over time; at equal times what goes, goes first. Sorts `loads`. */
double guess_peak(struct guess_load *loads, size_t n);

int guess_compare_names(const char *a, const char *b);   /* natural order: runs of digits count as numbers, "n2" before "n10" */

/* Nodes of one shape with these cores (1 to 1024) and GPUs (0 to 64), and names (copied; NULL: "node0" ...). */
struct platform *guess_platform(const char *name, size_t n_nodes, int cores, int gpus, const char *const *node_names, const char *source);

/* Fills what is NAN with the mean of the rest, or 0 where all are; returns how many were. */
size_t guess_durations(double *durations, size_t n);

#endif
