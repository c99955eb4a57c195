/* Where a task ran, in each layout in which RADICAL-Pilot noted it:
 *
 *     slots.nodes[]   0.5 to 1.9: name, uid, core_map, gpu_map, or the four as a list; in 1.4 one
 *                     entry a process
 *     slots.ranks[]   1.2x to 1.5x: node_name, node_id, core_map, gpu_map
 *     slots[]         1.6x and later: node_name, node_index, cores, gpus, each {index, occupation}
 *     opaque_slots    0.46, 0.47: task_slots, "node:core" each */
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

/* Appends an id, a number or {index}, to r->ids. -1: it is no id below the limit. */
static int add_id(struct radical *r, const cJSON *id, double limit)
{
    const cJSON *number = cJSON_IsObject(id) ? value_at(id, "index") : id;
    if (!cJSON_IsNumber(number) || !(number->valuedouble >= 0 && number->valuedouble < limit))
        return -1;
    xgrow(&r->ids, &r->ids_room, r->n_ids + 1, sizeof *r->ids);
    r->ids[r->n_ids++] = (uint16_t)number->valuedouble;
    return 0;
}

/* Ids of a core_map or gpu_map, whose entries may be lists (one a process, of any length) or ids
 * themselves. */
static int add_ids(struct radical *r, const cJSON *map, double limit)
{
    const cJSON *entry, *id;
    if (!cJSON_IsArray(map))
        return map && !cJSON_IsNull(map) ? -1 : 0;
    cJSON_ArrayForEach(entry, map) {
        bool list = cJSON_IsArray(entry);
        for (id = list ? entry->child : entry; id; id = list ? id->next : NULL)
            if (add_id(r, id, limit))
                return -1;
    }
    return 0;
}

/* The map of cores or GPUs of an entry: a member by either name, or the item of a list. */
struct map_place { const char *key, *new_key; int index; double limit; };
static const struct map_place core_place = { "core_map", "cores", 2, NODE_MOST_SLOTS };
static const struct map_place gpu_place = { "gpu_map", "gpus", 3, NODE_MOST_GPUS };

static const cJSON *map_of(const cJSON *entry, const struct map_place *place)
{
    if (cJSON_IsArray(entry))
        return cJSON_GetArrayItem(entry, place->index);
    const cJSON *map = value_at(entry, place->key);
    return map ? map : value_at(entry, place->new_key);
}

/* Sorts ids[first ..] and drops repetitions (several GPU processes on one GPU). */
static uint32_t tidy_ids(struct radical *r, size_t first)
{
    size_t kept = first;
    if (r->n_ids == first)
        return 0;
    qsort(r->ids + first, r->n_ids - first, sizeof *r->ids, sort_by_uint16);
    for (size_t i = first; i < r->n_ids; i++)
        if (i == first || r->ids[i] != r->ids[kept - 1])
            r->ids[kept++] = r->ids[i];
    r->n_ids = kept;
    return (uint32_t)(kept - first);
}

/* Gathers ids of one kind from a run of entries that lie on one node. */
static int gather(struct radical *r, const cJSON *from, const cJSON *to,
                  const struct map_place *place, uint32_t *first, uint32_t *n)
{
    *first = (uint32_t)r->n_ids;
    for (const cJSON *e = from; e != to; e = e->next)
        if (add_ids(r, map_of(e, place), place->limit))
            return -1;
    *n = tidy_ids(r, *first);
    return 0;
}

static void add_part(struct radical *r, struct radical_task *t, const struct radical_part *part)
{
    xgrow(&r->parts, &r->parts_room, r->n_parts + 1, sizeof *r->parts);
    r->parts[r->n_parts++] = *part;
    t->n_parts++;
}

/* A list of entries by node: neighbours on one node are one part. */
static int read_entries(struct radical *r, struct radical_task *t, const cJSON *list,
                        size_t *unlisted)
{
    for (const cJSON *e = list->child, *next; e; e = next) {
        bool added = false, same = false;
        struct radical_part part = { .node = radical_node_of(r, e, &added) };
        *unlisted += added;
        for (next = e->next; next && radical_node_of(r, next, &same) == part.node; )
            next = next->next;
        *unlisted += same;
        if (part.node == UINT32_MAX ||
            gather(r, e, next, &core_place, &part.first_core, &part.n_cores) ||
            gather(r, e, next, &gpu_place, &part.first_gpu, &part.n_gpus))
            return -1;
        add_part(r, t, &part);
    }
    return 0;
}

/* "smic366:7": the node's number, the core in *core. UINT32_MAX: it has not this form. */
static uint32_t read_place(struct radical *r, const cJSON *place, uint16_t *core, bool *added)
{
    const char *text = cJSON_IsString(place) ? place->valuestring : "", *colon = strrchr(text, ':');
    char *end = NULL;
    unsigned long id = colon ? strtoul(colon + 1, &end, 10) : NODE_MOST_SLOTS;
    if (!colon || end == colon + 1 || *end || id >= NODE_MOST_SLOTS)
        return UINT32_MAX;
    char *name = xstrndup(text, (size_t)(colon - text));
    cJSON node = { .type = cJSON_String, .valuestring = name };
    uint32_t number = radical_node_of(r, &node, added);
    free(name);
    *core = (uint16_t)id;
    return number;
}

/* Ends the part whose cores are the last ids. */
static void end_part(struct radical *r, struct radical_task *t, struct radical_part *part)
{
    if (part->node == UINT32_MAX)
        return;
    part->n_cores = tidy_ids(r, part->first_core);
    add_part(r, t, part);
}

static int read_opaque(struct radical *r, struct radical_task *t, const cJSON *list,
                       size_t *unlisted)
{
    struct radical_part part = { .node = UINT32_MAX };
    const cJSON *place;
    cJSON_ArrayForEach(place, list) {
        uint16_t core = 0;
        bool added = false;
        uint32_t node = read_place(r, place, &core, &added);
        if (node == UINT32_MAX)
            return -1;
        *unlisted += added;
        if (node != part.node) {
            end_part(r, t, &part);
            part = (struct radical_part){ .node = node, .first_core = (uint32_t)r->n_ids };
        }
        xgrow(&r->ids, &r->ids_room, r->n_ids + 1, sizeof *r->ids);
        r->ids[r->n_ids++] = core;
    }
    end_part(r, t, &part);
    return 0;
}

int radical_read_slots(struct radical *r, struct radical_task *t, size_t *unlisted)
{
    const cJSON *slots = value_at(t->json, "slots"), *list = slots;
    const cJSON *opaque = value_at(value_at(t->json, "opaque_slots"), "task_slots");
    if (!cJSON_IsArray(slots))
        list = value_at(slots, "ranks") ? value_at(slots, "ranks") : value_at(slots, "nodes");
    t->first_part = r->n_parts;
    int failed = cJSON_IsArray(list)     ? read_entries(r, t, list, unlisted)
                 : cJSON_IsArray(opaque) ? read_opaque(r, t, opaque, unlisted)
                                         : 0;
    if (failed)
        t->n_parts = 0;
    return failed;
}
