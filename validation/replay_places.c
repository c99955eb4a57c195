/* Where tasks were placed, as numbers: equal sets of nodes, slots and GPUs, equal numbers. */
#include <math.h>

#include "base/bits.h"
#include "base/xalloc.h"
#include "validation/replay_run.h"
#include "validation/replay_run_impl.h"

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

enum { IS_SLOT = 1, IS_GPU = 2, IS_SHARE = 3 };

/* Sets are numbers by sums over their members, so that neither order nor the cutting into parts
 * matters. */
static uint64_t member(uint32_t node, uint64_t kind, uint64_t id)
{
    return mix((uint64_t)node << 40 ^ kind << 36 ^ id);
}

uint64_t replay_nodes_of_grant(const struct pool *pool, uint32_t grant)
{
    uint64_t sum = 0;
    uint32_t last = POOL_NONE;
    struct grant_part part;
    for (struct grant_walk w = { grant, 0 }; pool_next_node(pool, &w, &part); last = part.node)
        sum += part.node != last ? member(part.node, IS_SLOT, 0) : 0;
    return sum;
}

uint64_t replay_slots_of_grant(const struct pool *pool, uint32_t grant)
{
    uint64_t sum = 0;
    struct grant_part part;
    for (struct grant_walk at = { grant, 0 }; pool_next_node(pool, &at, &part);) {
        for (size_t w = 0; w < part.n_words; w++)
            for (uint64_t left = grant_part_slots(&part, w); left; left &= left - 1)
                sum += member(part.node, IS_SLOT, w * 64 + (size_t)bits_lowest(left));
        for (unsigned g = 0; g < 64; g++)
            sum += part.gpus >> g & 1 ? member(part.node, IS_GPU, g) : 0;
        sum += part.gpu_share > 0 ? member(part.node, IS_SHARE, (uint64_t)part.gpu_share) : 0;
    }
    return sum;
}

void replay_outcome_init(struct replay_outcome *out, size_t n)
{
    *out = (struct replay_outcome){ .n = n };
    out->scheduled_s = xcalloc(n, sizeof *out->scheduled_s);
    out->slots = xcalloc(n, sizeof *out->slots);
    for (size_t i = 0; i < n; i++)
        out->scheduled_s[i] = NAN;
}

void replay_outcome_clear(struct replay_outcome *o)
{
    xfree(o->scheduled_s, o->slots);
    *o = (struct replay_outcome){ 0 };
}

void replay_measured(const struct session *s, struct replay_outcome *out)
{
    replay_outcome_init(out, s->timeline->n);
    bool plain = session_is_plain(s), named = timeline_has_slots(s->timeline);
    for (size_t i = 0; i < out->n; i++) {
        struct timeline_slots part;
        out->scheduled_s[i] = s->timeline->records[i].scheduled_s;
        out->slots[i] = plain && !named ? REPLAY_ANYWHERE : 0;
        for (bool more = timeline_slots_first(s->timeline, i, &part); more;
             more = timeline_slots_next(&part)) {
            if (plain) {
                out->slots[i] += member(part.node, IS_SLOT, 0);
                continue;
            }
            for (size_t c = 0; c < part.n_cores; c++)
                out->slots[i] += member(part.node, IS_SLOT, part.cores[c]);
            for (size_t g = 0; g < part.n_gpus; g++)
                out->slots[i] += member(part.node, IS_GPU, part.gpus[g]);
            out->slots[i] +=
                part.gpu_share > 0 ? member(part.node, IS_SHARE, (uint64_t)part.gpu_share) : 0;
        }
    }
}
