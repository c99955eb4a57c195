#include "scheduling/placement_impl.h"

#include <math.h>

/* Tasks without GPUs leave, for each free GPU of a node, the slots that a GPU task needs beside it,
 * while GPU tasks wait or are still to come. The dispatcher lifts the reservation when nothing
 * runs, so that nothing waits for ever. */
static double reserve_gpu_score(const struct placement_view *view, uint32_t node,
                                const struct slot_demand *d)
{
    if (d->gpus > 0 || d->gpu_share > 0)
        return 0;
    int64_t reserved = view->slots_per_gpu * pool_free_gpus(view->pool, node);
    return pool_free_slots(view->pool, node) - d->slots >= reserved ? 0 : INFINITY;
}

const struct placement_ops placement_reserve_gpu = {
    .name = "reserve_gpu",
    .summary = "CPU-only tasks leave, per free GPU, the slots that GPU tasks still to run need",
    .score = reserve_gpu_score, .reserves = true,
};
