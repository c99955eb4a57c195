/* The index of the kinds that wait, where kinds are many: it is told of the first task of each. A
 * kind that waits again is first put on a short list (`late`): where little waits, most start at
 * once, and the index need not hear of them. */
#include "base/compiler.h"
#include "scheduling/queue_scheduler_impl.h"

static bool is_late(const struct queue_scheduler *q, size_t kind)
{
    for (size_t i = 0; i < q->n_late; i++)
        if (q->late[i] == kind)
            return true;
    return false;
}

OUT_OF_LINE void queue_scheduler_note_in_index(struct queue_scheduler *q, size_t kind)
{
    if (!is_late(q, kind))
        kind_index_set(q->index, kind, waiting_first(&q->waiting[kind]));
}

void queue_scheduler_tell_index(struct queue_scheduler *q)
{
    while (q->n_late > 0) {
        uint32_t kind = q->late[--q->n_late];
        if (q->waiting[kind].n_tasks > 0)
            queue_scheduler_note_in_index(q, kind);
    }
}

OUT_OF_LINE void queue_scheduler_note_again(struct queue_scheduler *q, uint32_t kind)
{
    if (is_late(q, kind))
        return;
    kind_index_expect_leaf(q->index, kind);
    if (q->n_late == QUEUE_MOST_LATE)
        queue_scheduler_tell_index(q);
    q->late[q->n_late++] = kind;
}

int queue_scheduler_first_indexed(const struct queue_scheduler *q)
{
    int best = kind_index_first(q->index);
    for (size_t i = 0; i < q->n_late; i++) {
        const struct waiting_run *run = waiting_first(&q->waiting[q->late[i]]);
        if (run && (best < 0 || waiting_before(run, waiting_first(&q->waiting[best]))))
            best = (int)q->late[i];
    }
    return best;
}
