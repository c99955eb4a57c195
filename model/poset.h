/* model/poset.h - a finite partial order: what precedes what, and its width (the largest set of
 * mutually unordered elements).
 *
 * The transitive closure is kept as bit sets, n^2 / 8 bytes. By Dilworth's theorem the width is the
 * least number of chains that cover the order, n - |maximum matching| of the bipartite graph {(a,
 * b): a precedes b} (Fulkerson 1956), found by Hopcroft and Karp's algorithm (1973) on those bit
 * sets: O(sqrt(n) n^2 / 64). */
#ifndef DAGCAST_MODEL_POSET_H
#define DAGCAST_MODEL_POSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct poset;
struct poset_edge { int before, after; };

/* the edges must hold no cycle */
struct poset *poset_new(size_t n, const struct poset_edge *edges, size_t n_edges);
void poset_free(struct poset *p);
/* a comes before b on some path */
bool poset_precedes(const struct poset *p, int a, int b);
/* of a set of its elements: bit b in word b / 64 */
size_t poset_words(const struct poset *p);
/* the set of all that precede b */
const uint64_t *poset_before(const struct poset *p, int b);
size_t poset_width(const struct poset *p);

#endif
