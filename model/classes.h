/* model/classes.h - the different demands of a workflow's task sets, in a platform's slots: what a pool is made for. */
#ifndef DAGCAST_MODEL_CLASSES_H
#define DAGCAST_MODEL_CLASSES_H

#include <stddef.h>

#include "core/platform.h"
#include "core/workflow.h"

struct classes {
    size_t n;
    struct slot_demand *demand;          /* no two equal */
    int *of_set;                         /* one a set */
};
void classes_init(struct classes *c, const struct workflow *w, const struct platform *p);     /* O(sets log sets) */
void classes_clear(struct classes *c);

#endif
