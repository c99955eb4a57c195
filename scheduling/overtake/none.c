#include "scheduling/queue_scheduler_impl.h"

static void none_pass(struct queue_scheduler *q, double now_s)
{
    (void)now_s;
    for (int k; (k = queue_scheduler_first(q)) >= 0;)
        if (!queue_scheduler_start(q, (size_t)k))
            return;
}

const struct overtake_ops overtake_none = {
    .name = "none", .summary = "a first task that does not fit blocks those behind it",
    .pass = none_pass,
};
