/* model/together.h - how many mutually independent task sets an empty platform holds at once,
 * really packed node by node.
 *
 * To 24 sets by branch and bound over all subsets, packed first fit, the largest demands first;
 * where that fails, and neither the area nor what nodes hold of a demand shows why, by exhaustive
 * search within limits (model/packing.h). A subset that stays undecided and could have changed the
 * answer makes it a lower limit. Beyond 24 sets greedily, smallest first: a lower limit. Of alike
 * sets that no order relates those do not count that are more than the platform holds. */
#ifndef DAGCAST_MODEL_TOGETHER_H
#define DAGCAST_MODEL_TOGETHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/platform.h"
#include "model/poset.h"
#include "scheduling/demand_classes.h"

#define TOGETHER_EXACT_SETS 24

struct together_item {
    int element;                         /* of the order */
    uint32_t demand_class;
    size_t tasks;                        /* all of them must be held */
};
struct together { size_t count; bool exact; };

/* The most items that are pairwise unordered in `order` (NULL: all are) and fit the empty platform
 * at once. */
struct together together_most(const struct platform *p, const struct demand_classes *classes,
                              const struct poset *order, const struct together_item *items,
                              size_t n);

#endif
