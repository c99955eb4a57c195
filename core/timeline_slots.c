/* Slots of a timeline's records in its arena. */
#include "core/timeline.h"

#include <assert.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/timeline_impl.h"

/* In the arena a record's slots are parts, one a node: a header of 16-bit words, the core ids, the
 * GPU ids.
 *     node (2 words, low first), cores, gpus, share of the GPU (2 words), 1 when another part
 *     follows */
enum {
    PART_NODE = 0,
    PART_CORES = 2,
    PART_GPUS = 3,
    PART_SHARE = 4,
    PART_MORE = 6,
    PART_HEADER = 7
};

void timeline_add_slots(struct timeline *t, const struct timeline_slots *s)
{
    assert(t->n > 0 && s->n_cores <= UINT16_MAX && s->n_gpus <= UINT16_MAX);
    struct timeline_record *r = &t->records[t->n - 1];
    size_t at = t->arena_length, length = PART_HEADER + s->n_cores + s->n_gpus;
    uint32_t share = (uint32_t)s->gpu_share;

    assert(at + length < TIMELINE_NO_SLOTS);
    xgrow(&t->arena, &t->arena_room, at + length, sizeof *t->arena);
    if (r->slots == TIMELINE_NO_SLOTS)
        r->slots = (uint32_t)at;
    else
        t->arena[t->last_part + PART_MORE] = 1;

    uint16_t *part = t->arena + at;
    part[PART_NODE] = (uint16_t)(s->node & 0xffff);
    part[PART_NODE + 1] = (uint16_t)(s->node >> 16);
    part[PART_CORES] = (uint16_t)s->n_cores;
    part[PART_GPUS] = (uint16_t)s->n_gpus;
    part[PART_SHARE] = (uint16_t)(share & 0xffff);
    part[PART_SHARE + 1] = (uint16_t)(share >> 16);
    part[PART_MORE] = 0;
    if (s->n_cores)
        memcpy(part + PART_HEADER, s->cores, s->n_cores * sizeof *s->cores);
    if (s->n_gpus)
        memcpy(part + PART_HEADER + s->n_cores, s->gpus, s->n_gpus * sizeof *s->gpus);
    t->last_part = at;
    t->arena_length += length;
}

size_t timeline_slots_length(const struct timeline *t, size_t record)
{
    const uint16_t *first = t->arena + t->records[record].slots, *part = first;
    bool more = true;
    while (more) {
        more = part[PART_MORE];
        part += PART_HEADER + part[PART_CORES] + part[PART_GPUS];
    }
    return (size_t)(part - first);
}

static struct timeline_slots read_part(const uint16_t *part)
{
    size_t n_cores = part[PART_CORES], n_gpus = part[PART_GPUS];
    return (struct timeline_slots){
        .node = part[PART_NODE] | (uint32_t)part[PART_NODE + 1] << 16,
        .n_cores = n_cores, .n_gpus = n_gpus,
        .cores = part + PART_HEADER, .gpus = part + PART_HEADER + n_cores,
        .gpu_share = (int32_t)(part[PART_SHARE] | (uint32_t)part[PART_SHARE + 1] << 16),
        .next = part[PART_MORE] ? part + PART_HEADER + n_cores + n_gpus : NULL,
    };
}

bool timeline_has_slots(const struct timeline *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->records[i].slots != TIMELINE_NO_SLOTS)
            return true;
    return false;
}

bool timeline_slots_first(const struct timeline *t, size_t record, struct timeline_slots *s)
{
    uint32_t at = t->records[record].slots;
    if (at == TIMELINE_NO_SLOTS)
        return false;
    *s = read_part(t->arena + at);
    return true;
}

bool timeline_slots_next(struct timeline_slots *s)
{
    if (!s->next)
        return false;
    *s = read_part(s->next);
    return true;
}
