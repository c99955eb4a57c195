#include "scheduling/order_impl.h"

void order_keys_shortest(const struct workflow *w, const struct platform *p, double *keys)
{
    (void)p;
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = dist_mean(w->sets[s].duration);
}

void order_keys_longest(const struct workflow *w, const struct platform *p, double *keys)
{
    order_keys_shortest(w, p, keys);
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = -keys[s];
}
