#include "scheduling/order.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/order_impl.h"

#define ROW(key, words) { .name = #key, .summary = words, .keys = order_keys_##key },
static const struct order_ops registry[] = {
    { .name = "arrival", .summary = "first come, first served" },
    ORDERS(ROW)
    { .name = "random", .summary = "a random order, one keyed draw a task", .random = true },
};

const struct order_ops *order_at(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i] : NULL;
}

const struct order_ops *order_find(const char *name)
{
    for (size_t i = 0; order_at(i); i++)
        if (str_equal(registry[i].name, name))
            return &registry[i];
    return NULL;
}

static double *keys_of(const struct order_ops *o, const struct workflow *w,
                       const struct platform *p)
{
    double *keys = xcalloc(w->n_sets, sizeof *keys);
    if (o->keys)
        o->keys(w, p, keys);
    return keys;
}

const struct order_ops *order_alike(const struct order_ops *o, const struct workflow *w,
                                    const struct platform *p)
{
    double *keys = keys_of(o, w, p);
    const struct order_ops *alike = NULL;
    for (size_t i = 0; !o->random && order_at(i) != o && !alike; i++) {
        double *others = keys_of(order_at(i), w, p);
        size_t same = 0;
        while (same < w->n_sets && keys[same] == others[same])
            same++;
        alike = same == w->n_sets && !order_at(i)->random ? order_at(i) : NULL;
        free(others);
    }
    free(keys);
    return alike;
}
