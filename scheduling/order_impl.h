/* scheduling/order_impl.h - the keys of scheduling/order/, for the registry alone. */
#ifndef DAGCAST_SCHEDULING_ORDER_IMPL_H
#define DAGCAST_SCHEDULING_ORDER_IMPL_H

#include "scheduling/order.h"

/* A row each, and a function in scheduling/order/. */
#define ORDERS(ROW)                                                                                \
    ROW(largest, "largest dominant share of the platform first")                                   \
    ROW(smallest, "smallest dominant share of the platform first")                                 \
    ROW(longest, "longest expected duration first")                                                \
    ROW(shortest, "shortest expected duration first")                                              \
    ROW(critical_path, "longest expected path to the end of the workflow first (upward rank)")     \
    ROW(gpu_first, "tasks with GPUs before tasks without")                                         \
    ROW(priority, "highest `priority` of the task set first")
#define ORDER_DECLARE(name, summary)                                                               \
    void order_keys_##name(const struct workflow *w, const struct platform *p, double *keys);
ORDERS(ORDER_DECLARE)

#endif
