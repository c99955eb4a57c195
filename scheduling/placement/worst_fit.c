#include "scheduling/placement_impl.h"

static double worst_fit_score(const struct placement_view *view, uint32_t node,
                              const struct slot_demand *d)
{
    return -placement_left(view->pool, node, d);
}

const struct placement_ops placement_worst_fit = {
    .name = "worst_fit",
    .summary = "the node with most room left (largest share over the demanded resources)",
    .score = worst_fit_score,
};
