/* scheduling/order_impl.h - the keys of scheduling/order/, for the registry alone. */
#ifndef DAGCAST_SCHEDULING_ORDER_IMPL_H
#define DAGCAST_SCHEDULING_ORDER_IMPL_H

#include "scheduling/order.h"

void order_keys_largest(const struct workflow *w, const struct platform *p, double *keys);
void order_keys_smallest(const struct workflow *w, const struct platform *p, double *keys);
void order_keys_longest(const struct workflow *w, const struct platform *p, double *keys);
void order_keys_shortest(const struct workflow *w, const struct platform *p, double *keys);
void order_keys_critical_path(const struct workflow *w, const struct platform *p, double *keys);
void order_keys_gpu_first(const struct workflow *w, const struct platform *p, double *keys);
void order_keys_priority(const struct workflow *w, const struct platform *p, double *keys);

#endif
