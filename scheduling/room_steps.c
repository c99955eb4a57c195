#include "scheduling/room_steps.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/xalloc.h"

struct room_amount room_amount_of_part(const struct grant_part *part)
{
    int64_t each = part->gpu_share > 0 ? part->gpu_share : DEMAND_WHOLE_GPU;
    return (struct room_amount){ part->n_slots, each * bits_count(part->gpus), part->memory_mib };
}

struct room_amount room_amount_of_ranks(const struct slot_demand *d, int64_t ranks)
{
    int64_t gpus = d->gpu_share > 0 ? d->gpu_share : (int64_t)d->gpus * DEMAND_WHOLE_GPU;
    return (struct room_amount){ ranks * d->slots, ranks * gpus, ranks * d->memory_mib };
}

static int64_t free_gpus(const struct pool *pool, uint32_t node)
{
    int64_t sum = 0;
    if (!pool_shares_devices(pool))
        return (int64_t)pool_free_gpus(pool, node) * DEMAND_WHOLE_GPU;
    for (int g = 0; g < NODE_MOST_GPUS; g++)
        sum += pool_device_room(pool, node, g);
    return sum;
}

struct room_amount room_amount_free(const struct pool *pool, uint32_t node)
{
    return (struct room_amount){ pool_free_slots(pool, node), free_gpus(pool, node),
                                 pool_free_memory(pool, node) };
}

void room_amount_add(struct room_amount *a, const struct room_amount *by, int sign)
{
    a->slots += sign * by->slots;
    a->gpus += sign * by->gpus;
    a->memory_mib += sign * by->memory_mib;
}

static int64_t at_most(int64_t ranks, int64_t free, int64_t each)
{
    if (each <= 0 || free >= ranks * each)
        return ranks;
    return free > 0 ? free / each : 0;
}

int64_t room_amount_ranks(const struct room_amount *a, const struct slot_demand *d)
{
    struct room_amount each = room_amount_of_ranks(d, 1);
    int64_t ranks = at_most(d->ranks, a->slots, each.slots);
    ranks = at_most(ranks, a->gpus, each.gpus);
    ranks = at_most(ranks, a->memory_mib, each.memory_mib);
    return d->one_node && ranks < d->ranks ? 0 : ranks;
}

size_t room_steps_at(const struct room_steps *s, double at_s)
{
    size_t low = 0, high = s->n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (s->at[middle].from_s <= at_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t room_steps_cut(struct room_steps *s, double at_s)
{
    size_t k = room_steps_at(s, at_s) + 1;
    if (s->at[k - 1].from_s == at_s)
        return k - 1;
    xgrow(&s->at, &s->room, s->n + 1, sizeof *s->at);
    memmove(s->at + k + 1, s->at + k, (s->n - k) * sizeof *s->at);
    s->at[k] = (struct room_step){ at_s, s->at[k - 1].free, 0 };
    s->n++;
    return k;
}

void room_steps_take(struct room_steps *s, double from_s, double to_s,
                     const struct room_amount *by)
{
    if (to_s <= from_s)
        return;
    size_t first = room_steps_cut(s, from_s), end = isinf(to_s) ? s->n : room_steps_cut(s, to_s);
    for (size_t k = first; k < end; k++)
        room_amount_add(&s->at[k].free, by, -1);
}

int64_t room_steps_ranks(const struct room_steps *s, const struct slot_demand *d, double from_s,
                         double duration_s)
{
    size_t k = room_steps_at(s, from_s);
    int64_t ranks = room_amount_ranks(&s->at[k].free, d);
    for (k++; ranks > 0 && k < s->n && s->at[k].from_s < from_s + duration_s; k++) {
        int64_t here = room_amount_ranks(&s->at[k].free, d);
        ranks = here < ranks ? here : ranks;
    }
    return ranks;
}

double room_steps_first(const struct room_steps *s, const struct room_amount *need,
                        double duration_s, double from_s, double until_s)
{
    double since_s = INFINITY;           /* since when it is free; INFINITY: it is not */
    size_t k = room_steps_at(s, from_s);
    for (k += s->at[k].from_s < from_s; k < s->n; k++) {
        const struct room_step *step = &s->at[k];
        if (step->from_s >= since_s + duration_s && step->from_s > since_s)
            return since_s;
        if (since_s == INFINITY && step->from_s > until_s)
            return INFINITY;
        if (!room_amount_holds(&step->free, need))
            since_s = INFINITY;
        else if (since_s == INFINITY)
            since_s = step->from_s;
    }
    return since_s;
}
