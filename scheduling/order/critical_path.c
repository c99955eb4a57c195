#include <math.h>
#include <stdlib.h>

#include "scheduling/order_impl.h"

/* Upward rank (Topcuoglu, Hariri, Wu 2002) of a set: its mean duration plus the largest upward rank of its children. */
void order_keys_critical_path(const struct workflow *w, const struct platform *p, double *keys)
{
    (void)p;
    int *order = workflow_topological_order(w);
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = 0;                             /* until a set is reached: minus the largest rank below it */
    for (size_t i = w->n_sets; i-- > 0;) {
        const struct task_set *set = &w->sets[order[i]];
        double *key = &keys[order[i]];
        *key -= dist_mean(set->duration);
        for (size_t d = 0; d < set->n_dependencies; d++) {
            double *parent = &keys[set->dependencies[d].parent];
            *parent = fmin(*parent, *key);
        }
    }
    free(order);
}
