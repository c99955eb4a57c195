#include "scheduling/queue_scheduler_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/overtake.h"
#include "scheduling/room_ahead.h"
#include "scheduling/to_come.h"
#include "scheduling/waiting_walk.h"

/* Where slots are left to GPU tasks, the placement looks at one rank's slots only. */
static struct kind_need need_of(const struct task_kind *k, const struct slot_demand *d,
                                bool reserves)
{
    struct kind_need need = kind_need_of(d, k->expected_s);
    if (reserves && need.of[NEED_NO_GPU] > 0)
        need.of[NEED_SLOTS] = d->slots;
    return need;
}

/* Keys become their ranks: whole numbers, in the same order. Returns how many there are. */
static size_t rank_keys(double *keys, size_t n)
{
    double *sorted = xmemdup(keys, n * sizeof *keys);
    size_t n_keys = 0;
    sort_doubles(sorted, n);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || sorted[i] != sorted[n_keys - 1])
            sorted[n_keys++] = sorted[i];
    for (size_t i = 0; i < n; i++) {
        size_t rank;
        SORT_COUNT_IF(rank, n_keys, at, sorted[at] < keys[i]);
        keys[i] = (double)rank;
    }
    free(sorted);
    return n_keys;
}

static struct kind_index *new_index(const struct queue_scheduler *q)
{
    struct kind_need *needs = xcalloc(q->kinds.n, sizeof *needs);
    for (size_t k = 0; k < q->kinds.n; k++)
        needs[k] =
            need_of(&q->kinds.kind[k], pool_class(q->common->pool, q->kinds.kind[k].demand_class),
                    q->to_come != NULL);
    struct room whole = pool_whole_room(q->common->pool);
    size_t n_keys = q->order->random ? 0
                    : q->keys        ? rank_keys(q->keys, q->common->workflow->n_sets)
                                     : 1;
    struct kind_index *ix = kind_index_new(needs, q->kinds.n, &whole, n_keys);
    free(needs);
    pool_keep_totals(q->common->pool);
    return ix;
}

static int check_reservable(const struct pool *pool, const char *overtake, struct error *err)
{
    for (size_t k = 0; k < pool_classes(pool); k++) {
        const struct slot_demand *d = pool_class(pool, k);
        if (d->has_named)
            return error_set(err,
                             "overtake %s reserves no named resources, and task sets ask for some; "
                             "use another one",
                             overtake);
        if (pool_pilots(pool) > 1 && d->ranks > 1 && !d->one_node)
            return error_set(err,
                             "overtake %s reserves nodes of any pilot, and tasks of %d ranks lie "
                             "in one; use another one",
                             overtake, d->ranks);
    }
    return 0;
}

static void list_heads(struct queue_scheduler *q)
{
    if (q->index)
        return;
    q->heads = xcalloc(q->kinds.n, sizeof *q->heads);
    q->shape_bits = xcalloc(q->kinds.n, sizeof *q->shape_bits);
    for (size_t k = 0; k < q->kinds.n; k++) {
        q->shape_bits[k] = pool_shape_bit(q->common->pool, q->kinds.kind[k].demand_class);
        q->asked |= (uint32_t)(q->shape_bits[k] == 0) << k;
    }
}

void *queue_scheduler_create(struct dispatch_common *c, const struct scheduler_options *o,
                             struct error *err)
{
    const struct order_ops *order = order_find(o->order);
    const struct overtake_ops *overtake = overtake_find(o->overtake);
    const struct placement_ops *placement = placement_find(o->placement);
    if (!order || !overtake || !placement) {
        error_set(err, "%s: no such %s; `dagcast list` shows them",
                  !order      ? o->order
                  : !overtake ? o->overtake
                              : o->placement,
                  !order      ? "order"
                  : !overtake ? "overtake"
                              : "placement");
        return NULL;
    }
    if (overtake->reserves && check_reservable(c->pool, overtake->name, err) != 0)
        return NULL;
    struct queue_scheduler *q = xcalloc(1, sizeof *q);
    q->common = c;
    q->order = order;
    q->overtake = overtake;
    q->overtake_every_s = o->overtake_every.s;
    task_kinds_init(&q->kinds, c->workflow, c->class_of_set, pool_classes(c->pool),
                    overtake->reserves);
    q->placement = placement_new(placement, c->pool);
    q->reservation = overtake->reserves ? reservation_new(c->pool) : NULL;
    q->waiting = xmalloc_large(q->kinds.n * sizeof *q->waiting);
    memset(q->waiting, 0, q->kinds.n * sizeof *q->waiting);
    q->to_come = placement->reserves ? to_come_new(c->workflow, c->class_of_set, c->pool) : NULL;
    if (order->keys) {
        q->keys = xcalloc(c->workflow->n_sets, sizeof *q->keys);
        order->keys(c->workflow, c->platform, q->keys);
    }
    q->index = q->kinds.n > QUEUE_MOST_UNINDEXED ? new_index(q) : NULL;
    q->sweep = q->index ? sweep_new(q) : NULL;
    list_heads(q);
    return q;
}

void queue_scheduler_destroy(void *state)
{
    struct queue_scheduler *q = state;
    if (!q)
        return;
    placement_free(q->placement);
    for (size_t k = 0; q->waiting && k < q->kinds.n; k++)
        waiting_clear(&q->waiting[k]);
    task_kinds_clear(&q->kinds);
    reservation_free(q->reservation);
    room_ahead_free(q->ahead);
    waiting_walk_free(q->walk);
    waiting_walk_free(q->look_ahead);
    xfree(q->ahead_s, q->fitting.open, q->fitting_rooms.at, q->waiting, q->keys);
    kind_index_free(q->index);
    sweep_free(q->sweep);
    xfree(q->heads, q->shape_bits);
    to_come_free(q->to_come);
    expected_ends_clear(&q->ends);
    free(q);
}
