/* scheduling/order.h - which waiting task goes first.
 *
 * An order gives each task set a key, once; lower goes first and equal keys go by arrival:
 * (instant, pipeline, set, task). Adding one: a row in order_impl.h, and a file in
 * scheduling/order/ for its key. */
#ifndef DAGCAST_SCHEDULING_ORDER_H
#define DAGCAST_SCHEDULING_ORDER_H

#include <stdbool.h>

#include "core/platform.h"
#include "core/workflow.h"

struct order_ops {
    const char *name, *summary;
    /* Fills keys[n_sets]; NULL: all equal. */
    void (*keys)(const struct workflow *w, const struct platform *p, double *keys);
    /* each task draws its own key (RNG_ORDER), in place of its set's */
    bool random;
};
/* NULL: none of that name */
const struct order_ops *order_find(const char *name);
const struct order_ops *order_at(size_t i);                              /* NULL past the end */
/* The first listed before it that gives each set the same key, so that both put tasks in one order;
 * NULL: none does. */
const struct order_ops *order_alike(const struct order_ops *o, const struct workflow *w,
                                    const struct platform *p);

#endif
