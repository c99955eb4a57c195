#include "core/longest_path.h"
#include "scheduling/order_impl.h"

/* Upward rank (Topcuoglu, Hariri, Wu 2002) of a set: its mean duration plus the largest upward rank of its children. */
void order_keys_critical_path(const struct workflow *w, const struct platform *p, double *keys)
{
    struct longest_path path;
    (void)p;
    longest_path_of_sets(&path, w, PATH_TO_THE_END);
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = -path.end_s[s];
    longest_path_clear(&path);
}
