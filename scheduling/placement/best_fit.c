#include "scheduling/placement_impl.h"

static double best_fit_score(const struct placement_view *view, uint32_t node,
                             const struct slot_demand *d)
{
    return placement_left(view->pool, node, d);
}

const struct placement_ops placement_best_fit = {
    .name = "best_fit",
    .summary = "the node with least room left (largest share over the demanded resources)",
    .score = best_fit_score,
};
