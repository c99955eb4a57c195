#include "scheduling/need_lanes.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The floats of at least 0 are ordered as their bits are. */
static uint32_t float_bits(double amount)
{
    float f = (float)fmin(1 + amount, FLT_MAX);
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    return bits;
}

static bool same_amounts(const struct kind_need *needs, size_t n, int a, int b)
{
    for (size_t k = 0; k < n; k++)
        if (needs[k].of[a] != needs[k].of[b])
            return false;
    return true;
}

static bool needs_lane(const struct need_lanes *l, const struct kind_need *needs, size_t n, int d)
{
    bool differs = l->least.of[d] < l->most.of[d];
    for (size_t i = 0; differs && i < l->n; i++)
        differs = !same_amounts(needs, n, l->lane[i].need, d);
    return differs;
}

void need_range_add(struct kind_need *least, struct kind_need *most, const struct kind_need *need)
{
    for (int d = 0; d < NEED_DIMENSIONS; d++) {
        least->of[d] = fmin(least->of[d], need->of[d]);
        most->of[d] = fmax(most->of[d], need->of[d]);
    }
}

void need_lanes_init(struct need_lanes *l, const struct kind_need *needs, size_t n)
{
    enum { FLOAT_BITS = 31 };            /* without the sign */
    *l = (struct need_lanes){ .n = 0 };
    l->least = l->most = needs[0];
    for (size_t k = 1; k < n; k++)
        need_range_add(&l->least, &l->most, &needs[k]);
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        if (needs_lane(l, needs, n, d))
            l->lane[l->n++].need = d;
    int share = l->n > 0 ? 64 / (int)l->n - 1 : FLOAT_BITS;
    l->width = share < FLOAT_BITS ? share : FLOAT_BITS;
    for (size_t i = 0; i < l->n; i++) {
        struct need_lane *lane = &l->lane[i];
        lane->at = (int)i * (l->width + 1);
        lane->base = float_bits(l->least.of[lane->need]);
        uint32_t range = float_bits(l->most.of[lane->need]) - lane->base;
        while (range >> lane->shift >> l->width != 0)
            lane->shift++;
        l->guards |= UINT64_C(1) << (lane->at + l->width);
    }
}

uint64_t need_lanes_of(const struct need_lanes *l, const struct kind_need *need)
{
    uint64_t word = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct need_lane *lane = &l->lane[i];
        uint32_t above = float_bits(need->of[lane->need]) - lane->base;
        word |= (uint64_t)(above >> lane->shift) << lane->at;
    }
    return word;
}

bool need_lanes_of_room(const struct need_lanes *l, const struct kind_need *room, uint64_t *out)
{
    struct kind_need within = *room;
    for (int d = 0; d < NEED_DIMENSIONS; d++) {
        if (room->of[d] < l->least.of[d])
            return false;
        within.of[d] = room->of[d] < l->most.of[d] ? room->of[d] : l->most.of[d];
    }
    *out = need_lanes_of(l, &within);
    return true;
}

static bool has_lane(const struct need_lanes *l, int need)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->lane[i].need == need)
            return true;
    return false;
}

/* Whether no smaller amount has the same step: amounts but for durations are whole numbers, and
 * floats hold each up to 2^24. */
static bool begins_step(const struct need_lane *lane, double amount)
{
    uint32_t rest = (UINT32_C(1) << lane->shift) - 1;
    return lane->need != NEED_DURATION && amount < 0x1p24 - 1 &&
           ((float_bits(amount) - lane->base) & rest) == 0;
}

bool need_lanes_least_of(const struct need_lanes *l, const struct kind_need *need, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct need_lane *lane = &l->lane[i];
        double amount = need->of[lane->need];
        if (amount <= l->least.of[lane->need])
            continue;
        uint64_t step = (float_bits(amount) - lane->base) >> lane->shift;
        step += !begins_step(lane, amount);
        if (step >> l->width)
            return false;
        *out |= step << lane->at;
    }
    return need->of[NEED_DURATION] <= l->least.of[NEED_DURATION] || has_lane(l, NEED_DURATION);
}
