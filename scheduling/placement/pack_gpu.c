#include "scheduling/placement_impl.h"

/* Tasks without GPUs go where no GPU is free, or fewest, and so strand the least; GPU tasks go to
 * the lowest node. */
static double pack_gpu_score(const struct placement_view *view, uint32_t node,
                             const struct slot_demand *d)
{
    return d->gpus > 0 || d->gpu_share > 0 ? 0 : pool_free_gpus(view->pool, node);
}

const struct placement_ops placement_pack_gpu = {
    .name = "pack_gpu",
    .summary = "CPU-only tasks where no GPU is free, or fewest; GPU tasks first-fit",
    .score = pack_gpu_score,
};
