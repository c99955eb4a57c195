/* model/packing.h - can these tasks run at the same time on the empty platform, whatever the order
 * in which they are placed? First fit finds most packings; this settles small cases that it misses,
 * by exhaustive search. */
#ifndef DAGCAST_MODEL_PACKING_H
#define DAGCAST_MODEL_PACKING_H

#include <stddef.h>

#include "core/platform.h"

#define PACKING_MAX_NODES 64             /* larger platforms are left undecided, */
/* so are more demands, and two different shares of a GPU */
#define PACKING_MAX_DEMANDS 24

enum packing { PACKING_IMPOSSIBLE, PACKING_POSSIBLE, PACKING_UNDECIDED };
struct packing_need {
    struct slot_demand demand;
    size_t tasks;
};
/* Gives up as undecided after `limit` steps; *steps is increased by those taken. */
enum packing packing_decide(const struct platform *p, const struct packing_need *needs, size_t n,
                            size_t limit, size_t *steps);

#endif
