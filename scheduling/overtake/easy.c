/* EASY backfilling (Lifka 1995; Mu'alem and Feitelson 2001): the first task that does not fit gets
 * a reservation, the earliest instant T at which enough of what runs is expected to have ended, and
 * ranks on the lowest nodes with room then. Each task behind it is looked at, in order. One that is
 * expected to end by T may start on any node; one that is not may start on nodes where the reserved
 * ranks keep their room at T. Among the allowed nodes the placement chooses. Expected durations are
 * the means, or those given by task; with constant ones a reservation is never delayed. */
#include "scheduling/queue_scheduler_impl.h"

static uint32_t spares(const void *reservation, uint32_t node, size_t demand_class)
{
    return reservation_spares(reservation, node, demand_class);
}

/* Starts the kind's first task beside the reservation if it may. */
static bool pass_reserved(struct queue_scheduler *q, size_t kind, double reserved_s)
{
    const struct task_kind *k = &q->kinds.kind[kind];
    queue_scheduler_expect_draw(q, waiting_first(&q->waiting[kind]));
    bool in_time = q->now_s + k->expected_s <= reserved_s;
    size_t n = 0;
    const uint32_t *nodes = q->sweep && in_time ? sweep_nodes(q->sweep, (int)kind, &n) : NULL;
    uint32_t grant =
        nodes     ? placement_place_among(q->placement, k->demand_class, nodes, n)
        : in_time ? placement_place(q->placement, k->demand_class)
                  : placement_place_within(q->placement, k->demand_class, spares, q->reservation);
    if (grant == POOL_NONE)
        return false;
    queue_scheduler_keep(q, kind, waiting_first(&q->waiting[kind]), grant);
    return true;
}

/* Without an index: the kinds of other demands of which a task fits, a bit each. */
static uint32_t others_that_fit(const struct queue_scheduler *q, uint32_t head_class)
{
    uint32_t others = queue_scheduler_startable(q);
    for (uint32_t left = others; left; left &= left - 1)
        if (q->kinds.kind[bits_lowest(left)].demand_class == head_class)
            others ^= left & (~left + 1);
    return others;
}

static void pass_few(struct queue_scheduler *q, uint32_t head_class, double reserved_s)
{
    q->may = others_that_fit(q, head_class);
    for (int k; (k = queue_scheduler_first_of(q, q->may)) >= 0;)
        if (!pass_reserved(q, (size_t)k, reserved_s))
            queue_scheduler_refuse(q, (size_t)k);
}

static void pass_many(struct queue_scheduler *q, uint32_t head_class, double reserved_s)
{
    queue_scheduler_tell_index(q);
    sweep_begin(q->sweep, true, head_class, reserved_s);
    for (int k; (k = sweep_next(q->sweep)) >= 0;)
        sweep_tried(q->sweep, k, pass_reserved(q, (size_t)k, reserved_s));
}

static void easy_pass(struct queue_scheduler *q, double now_s)
{
    int head;
    while ((head = queue_scheduler_first(q)) >= 0 && queue_scheduler_start(q, (size_t)head))
        continue;
    if (head < 0) {
        if (q->sweep)
            sweep_nothing_waits(q->sweep);
        return;
    }
    uint32_t head_class = q->kinds.kind[head].demand_class;
    if (!q->sweep && others_that_fit(q, head_class) == 0)
        return;
    double reserved_s = reservation_make(q->reservation, head_class, now_s, &q->ends);
    (q->sweep ? pass_many : pass_few)(q, head_class, reserved_s);
}

const struct overtake_ops overtake_easy = {
    .name = "easy",
    .summary = "backfill that does not delay the first waiting task's reservation (expected "
               "durations)",
    .pass = easy_pass, .reserves = true,
};
