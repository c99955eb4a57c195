/* study/grown.h - a replica of a scenario that decides, of which only what is in flight is written
 * out while it runs: for results that need neither its timeline nor its workflow. */
#ifndef DAGCAST_STUDY_GROWN_H
#define DAGCAST_STUDY_GROWN_H

#include "scheduling/growing.h"
#include "study/adaptive.h"

/* Sets of a session from which on it is run so: a shorter one takes little memory, and its degrees
 * of asynchronicity are exact. */
enum { GROWN_SETS = 10000 };

struct grown_options {
    bool bounds;
    const atomic_bool *stop;             /* NULL: never */
    /* iterations in flight that are tried first; 0: as scheduling/growing.h says */
    int places;
};
struct grown {
    struct replica replica;
    double bound_s;
    struct adaptive_figures figures;
    struct growing_counts counts;
};
/* False: it is to be written out, since it is short, or more than its sets would have to be known.
 * If `stop` is set, *out is not complete. */
bool grown_run(const struct scenario *s, uint32_t replica, const struct grown_options *o,
               struct grown *out);

/* Iterations of each loop; new array, free() it. NULL: the session is short, or too long to be
 * held. *most_places: more iterations in flight than these (an eighth of all) are no better than
 * all written out. */
int *grown_iterations(const struct scenario *s, const struct realise_options *o, int *most_places);

#endif
