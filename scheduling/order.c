#include "scheduling/order.h"

#include "base/str.h"
#include "scheduling/order_impl.h"

static const struct order_ops registry[] = {
    { .name = "arrival", .summary = "first come, first served" },
    { .name = "largest", .summary = "largest dominant share of the platform first",
      .keys = order_keys_largest },
    { .name = "smallest", .summary = "smallest dominant share of the platform first",
      .keys = order_keys_smallest },
    { .name = "longest", .summary = "longest expected duration first", .keys = order_keys_longest },
    { .name = "shortest", .summary = "shortest expected duration first",
      .keys = order_keys_shortest },
    { .name = "critical_path",
      .summary = "longest expected path to the end of the workflow first (upward rank)",
      .keys = order_keys_critical_path },
    { .name = "gpu_first", .summary = "tasks with GPUs before tasks without",
      .keys = order_keys_gpu_first },
    { .name = "priority", .summary = "highest `priority` of the task set first",
      .keys = order_keys_priority },
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
