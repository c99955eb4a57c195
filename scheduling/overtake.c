#include "scheduling/overtake.h"

#include "base/str.h"
#include "scheduling/queue_scheduler_impl.h"

static const struct overtake_ops *const registry[] = { &overtake_none, &overtake_backfill,
                                                       &overtake_easy,
                                                    &overtake_conservative };

const struct overtake_ops *overtake_at(size_t i)
{
    return i < sizeof registry / sizeof *registry ? registry[i] : NULL;
}

const struct overtake_ops *overtake_find(const char *name)
{
    for (size_t i = 0; overtake_at(i); i++)
        if (str_equal(registry[i]->name, name))
            return registry[i];
    return NULL;
}
