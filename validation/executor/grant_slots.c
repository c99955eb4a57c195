#include "validation/executor/run_impl.h"

#include "base/bits.h"
#include "base/xalloc.h"

static size_t add_ids(uint64_t set, unsigned base, uint16_t *ids)
{
    size_t n = 0;
    for (; set; set &= set - 1)
        ids[n++] = (uint16_t)(base + (unsigned)bits_lowest(set));
    return n;
}

static void fill_part(struct executor_part *out, const struct grant_part *part,
                      const struct slot_demand *d, uint16_t **ids)
{
    uint16_t *slots = *ids;
    size_t n = 0;
    for (size_t w = 0; w < part->n_words; w++)
        n += add_ids(grant_part_slots(part, w), (unsigned)(64 * w), slots + n);
    size_t n_gpus = add_ids(part->gpus, 0, slots + n);
    *ids += n + n_gpus;
    *out = (struct executor_part){ .node = part->node, .n_slots = n, .n_gpus = n_gpus,
                                   .slots = slots, .gpus = slots + n, .ranks = 1 };
    if (d->slots > 0)
        out->ranks = (int)n / d->slots;
    else if (d->gpus > 0)
        out->ranks = (int)n_gpus / d->gpus;
}

struct grant_slots grant_slots_of(const struct pool *pool, uint32_t grant,
                                  const struct slot_demand *d)
{
    struct grant_slots g = { 0 };
    struct grant_part part;
    size_t room = 0;
    for (struct grant_walk w = { grant, 0 }; pool_next_node(pool, &w, &part);) {
        room += (size_t)part.n_slots + (size_t)bits_count(part.gpus);
        g.n++;
    }
    g.parts = xcalloc(g.n, sizeof *g.parts);
    g.ids = xcalloc(room + 1, sizeof *g.ids);
    uint16_t *ids = g.ids;
    size_t i = 0;
    for (struct grant_walk w = { grant, 0 }; pool_next_node(pool, &w, &part);) {
        fill_part(&g.parts[i++], &part, d, &ids);
    }
    return g;
}

void grant_slots_clear(struct grant_slots *g)
{
    xfree(g->parts, g->ids);
    *g = (struct grant_slots){ 0 };
}
