#include "scheduling/order_impl.h"

void order_keys_gpu_first(const struct workflow *w, const struct platform *p, double *keys)
{
    (void)p;
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] =
            w->sets[s].traits->demand.gpus > 0 || w->sets[s].traits->demand.gpu_share > 0 ? 0 : 1;
}

void order_keys_priority(const struct workflow *w, const struct platform *p, double *keys)
{
    (void)p;
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = -(double)w->sets[s].priority;
}
