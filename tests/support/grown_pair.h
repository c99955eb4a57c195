/* tests/support/grown_pair.h - a replica of a session that holds only what is in flight, and the
 * same replica written out as a whole: their results must be equal. */
#ifndef DAGCAST_TESTS_SUPPORT_GROWN_PAIR_H
#define DAGCAST_TESTS_SUPPORT_GROWN_PAIR_H

#include "core/realised.h"
#include "sim/simulate.h"

struct told {                            /* of a session; zeroed first, padding too */
    struct replica replica;
    struct campaign_result campaign;     /* the first; zeroed: there is none */
    size_t n_sets;
    double bound_s;
    int doa_dep, wla;                    /* wla: of more sets than WIDTH_EXACT_SETS, else zero */
};
struct grown_pair {
    struct told whole, grown;
    int most_iterations;                 /* in flight */
};
/* Of a scenario whose sessions can grow (scheduling/growing.h). It grows from the least number of
 * places on; some session takes no task at all: then both are zeroed. */
void grown_pair_run(const struct scenario *s, uint32_t replica, struct grown_pair *out);
/* What the two tell differently: "makespan 3.25 and 3.5 s"; NULL: nothing, bit by bit. free() it.
 */
char *grown_pair_difference(const struct grown_pair *p);

#endif
