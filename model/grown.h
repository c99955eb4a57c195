/* model/grown.h - what the closed forms tell of a session of which only some iterations are written
 * out at a time (scheduling/growing.h): the same as of the whole (model/bounds.h,
 * model/asynchronicity.h), from one walk through it. */
#ifndef DAGCAST_MODEL_GROWN_H
#define DAGCAST_MODEL_GROWN_H

#include "scheduling/growing.h"

struct grown_question {
    const struct workflow *from;         /* the description */
    const struct platform *platform;
    enum mode mode;
    uint64_t seed;
    uint32_t replica;
    double slope;                        /* the middleware's execute_slope */
    bool bounds;                         /* asked for */
};
struct grown_figures {
    double bound_s;                      /* 0: not asked for */
    int doa_dep, wla;
};
/* False: more iterations than `g` has places for. O(sets and tasks), for bounds as often as the
 * most sets that have one demand. */
bool grown_figures_of(struct growing *g, const struct grown_question *q, struct grown_figures *out);

#endif
