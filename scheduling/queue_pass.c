/* A pass of the queue scheduler: the freed grant passes on, then the overtaking rule starts what
 * may start; and the looks, if tasks overtake only now and then (overtake_every_s). */
#include <math.h>

#include "base/compiler.h"
#include "scheduling/queue_scheduler_impl.h"
#include "scheduling/to_come.h"

/* On a full machine, one task's slots mostly pass to the next of its kind. Whoever is first in the
 * order starts if it fits, whatever the overtaking rule. Of many kinds the first is hardly of that
 * class; of few it is more work to find than whether it may. */
static void pass_freed_on(struct queue_scheduler *q)
{
    uint32_t grant = q->freed;
    if (grant == POOL_NONE)
        return;
    bool few = !q->index, may = few && placement_can_pass_on(q->placement, grant);
    int kind = may || !few ? queue_scheduler_first(q) : -1;
    if (kind < 0 ||
        q->kinds.kind[kind].demand_class != pool_grant_class(q->common->pool, grant) ||
        (!few && !placement_can_pass_on(q->placement, grant))) {
        queue_scheduler_release_freed(q);
        return;
    }
    q->freed = POOL_NONE;
    placement_pass_on(q->placement, grant);
    queue_scheduler_keep(q, (size_t)kind, waiting_first(&q->waiting[kind]), grant);
}

bool queue_scheduler_may_start(const struct queue_scheduler *q, size_t kind)
{
    return q->waiting[kind].n_tasks > 0 &&
           pool_holds_task(q->common->pool, q->kinds.kind[kind].demand_class);
}

uint32_t queue_scheduler_startable(const struct queue_scheduler *q)
{
    uint32_t may = 0, held = pool_held_shapes(q->common->pool);
    for (size_t k = q->kinds.n; k-- > 0;)
        may = 2 * may + ((q->shape_bits[k] & held) != 0);
    for (uint32_t left = q->asked & q->waits; left; left &= left - 1) {
        int k = bits_lowest(left);
        bool holds = pool_holds_task(q->common->pool, q->kinds.kind[k].demand_class);
        may |= (uint32_t)holds << k;
    }
    return may & q->waits;
}

/* The k-th look is at exactly k * overtake_every_s. The first one behind, or from `from_s` on. */
static double look_behind(const struct queue_scheduler *q, double from_s, bool included)
{
    double every_s = q->overtake_every_s;
    double k = included ? ceil(from_s / every_s) : floor(from_s / every_s) + 1;
    if (k * every_s < from_s || (!included && k * every_s == from_s))
        k++;                             /* the quotient was rounded */
    return fmax(k * every_s, included ? from_s : nextafter(from_s, INFINITY));
}

static bool is_look(const struct queue_scheduler *q, double now_s)
{
    double every_s = q->overtake_every_s;
    return now_s >= q->look_s || rint(now_s / every_s) * every_s == now_s;
}

/* After a look the next one can find something else only if something changes (then a pass is made,
 * and asks for it), if what runs outlives its expected end, on which reservations stand, if they
 * stand at the instant of the look, or if slots that were left to GPU tasks are so no longer. */
static double next_look(const struct queue_scheduler *q, bool looked)
{
    if (q->common->n_waiting == 0)
        return INFINITY;
    bool moved = (q->moves && q->ends.n > 0) || (q->to_come && q->common->n_decisions > 0);
    if (!looked || moved)
        return look_behind(q, q->now_s, false);
    double end_s = expected_ends_behind(&q->ends, q->now_s);
    return end_s < INFINITY ? look_behind(q, end_s, true) : INFINITY;
}

/* Nothing runs that could end: a reservation must not wait for ever. */
RARE static void pass_without_reserve(struct queue_scheduler *q, const struct overtake_ops *rule)
{
    q->lifts = true;
    queue_scheduler_update_reserve(q);
    if (!q->index)
        q->may = queue_scheduler_startable(q);
    rule->pass(q, q->now_s);
    q->lifts = false;
    queue_scheduler_update_reserve(q);
}

static void pass_by(struct queue_scheduler *q, const struct overtake_ops *rule)
{
    rule->pass(q, q->now_s);
    if (q->to_come && q->common->n_running == 0 && q->common->n_waiting > 0)
        pass_without_reserve(q, rule);
}

/* Tasks overtake at looks only. */
OUT_OF_LINE static void pass_at_looks(struct queue_scheduler *q, bool any)
{
    bool looks = is_look(q, q->now_s);
    q->look_s = INFINITY;
    if (!any)
        return;
    pass_by(q, looks ? q->overtake : &overtake_none);
    q->look_s = next_look(q, looks);
}

bool queue_scheduler_pass(void *state, double now_s)
{
    struct queue_scheduler *q = state;
    q->now_s = now_s;
    pass_freed_on(q);
    if (!q->index)
        q->may = queue_scheduler_startable(q);
    bool any = q->index || q->may != 0;
    if (q->overtake_every_s > 0)
        pass_at_looks(q, any);
    else if (any)
        pass_by(q, q->overtake);
    return false;
}
