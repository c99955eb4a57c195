#include <math.h>

#include "scheduling/order_impl.h"

/* Dominant share: the largest of demand / platform's total over slots, GPUs and memory (Ghodsi et
 * al., NSDI 2011). */
static double dominant_share(const struct platform *p, const struct demand *demand)
{
    struct slot_demand d = platform_slots(p, demand);
    double share = 0, memory = 0;
    for (size_t n = 0; n < p->n_nodes; n++)
        memory += (double)platform_node(p, n)->memory_mib;
    if (d.slots > 0)
        share = (double)d.slots / (double)platform_usable_slots(p);
    if (d.gpus > 0 || d.gpu_share > 0)
        share = fmax(share,
                     (d.gpus + (double)d.gpu_share / DEMAND_WHOLE_GPU) / (double)platform_gpus(p));
    if (d.memory_mib > 0 && memory > 0)
        share = fmax(share, (double)d.memory_mib / memory);
    return d.ranks * share;
}

void order_keys_smallest(const struct workflow *w, const struct platform *p, double *keys)
{
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = s > 0 && demand_equal(&w->sets[s].traits->demand, &w->sets[s - 1].traits->demand)
                      ? keys[s - 1]
                      : dominant_share(p, &w->sets[s].traits->demand);
}

void order_keys_largest(const struct workflow *w, const struct platform *p, double *keys)
{
    order_keys_smallest(w, p, keys);
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = -keys[s];
}
