/* model/grown.h - what the closed forms tell of a session of which only some iterations are written
 * out at a time (scheduling/growing.h): the same as of the whole (model/bounds.h,
 * model/asynchronicity.h), from one walk through it. */
#ifndef DAGCAST_MODEL_GROWN_H
#define DAGCAST_MODEL_GROWN_H

#include "model/asynchronicity.h"
#include "model/bounds.h"
#include "scheduling/growing.h"

struct grown_question {
    const struct workflow *from;         /* the description */
    const struct platform *platform;
    enum mode mode;
    uint64_t seed;
    uint32_t replica;
    double slope;                        /* the middleware's execute_slope */
    bool bounds;                         /* asked for */
    bool expected;                       /* of the expected durations, not of the replica's */
    bool degrees;                        /* all of them, not only doa_dep and wla */
};
struct grown_figures {
    struct bounds bounds;                /* 0: not asked for */
    struct asynchronicity asynchronicity;
};
/* False: more iterations than `g` has places for. O(sets and tasks), for bounds as often as the
 * most sets that have one demand. */
bool grown_figures_of(struct growing *g, const struct grown_question *q, struct grown_figures *out);

#endif
