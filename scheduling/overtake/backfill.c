#include "base/compiler.h"
#include "scheduling/queue_scheduler_impl.h"

OUT_OF_LINE static void pass_many(struct queue_scheduler *q)
{
    queue_scheduler_tell_index(q);
    sweep_begin(q->sweep, false, 0, 0);
    for (int k; (k = sweep_next(q->sweep)) >= 0;) {
        size_t n;
        const uint32_t *nodes = sweep_nodes(q->sweep, k, &n);
        sweep_tried(q->sweep, k, queue_scheduler_start_among(q, (size_t)k, nodes, n));
    }
}

/* Within one pass room only shrinks, so a kind that does not fit once is left alone until the next.
 */
static void backfill_pass(struct queue_scheduler *q, double now_s)
{
    (void)now_s;
    if (q->sweep) {
        pass_many(q);
        return;
    }
    for (int k; (k = queue_scheduler_first_of(q, q->may)) >= 0;)
        if (!queue_scheduler_start(q, (size_t)k))
            queue_scheduler_refuse(q, (size_t)k);
}

const struct overtake_ops overtake_backfill = {
    .name = "backfill",
    .summary = "any task that fits may pass one that does not; nothing is reserved",
    .pass = backfill_pass,
};
