#include "scheduling/order.h"

#include "base/str.h"
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
