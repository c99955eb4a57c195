/* scheduling/demand_classes.h - the different demands of a workflow's task sets in a platform's
 * slots: what a pool is made for. */
#ifndef DAGCAST_SCHEDULING_DEMAND_CLASSES_H
#define DAGCAST_SCHEDULING_DEMAND_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "core/platform.h"
#include "core/workflow.h"

struct demand_classes {
    size_t n;
    struct slot_demand *demand;          /* no two equal; memory is 0 where no node limits it */
    /* one a set; classes are numbered as the sets bring them up */
    uint32_t *of_set;
};
/* O(sets) */
void demand_classes_init(struct demand_classes *c, const struct workflow *w,
                         const struct platform *p);
void demand_classes_clear(struct demand_classes *c);

#endif
