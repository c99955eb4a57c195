/* The room of each node, as a pilot's node list gives it since 1.2x: {node_name, node_id, cores,
 * gpus, mem}, where cores and gpus are how many, or a list of what occupies each (0 free, 1 busy,
 * null or 2 down), or of {index, occupation}. */
#include <string.h>

#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

/* of nodes; what is beyond counts as a node whose room is unknown */
enum { MAX_KINDS = 256 };

static bool is_down(const cJSON *occupation)
{
    return cJSON_IsNull(occupation) || (cJSON_IsNumber(occupation) && occupation->valuedouble >= 2);
}

/* Slots 0 to n - 1 of a list, n <= limit; those that are down in `down`. */
static int read_list(const cJSON *list, int limit, bool *down)
{
    int n = 0, position = 0;
    const cJSON *slot;
    cJSON_ArrayForEach(slot, list) {
        const cJSON *index = value_at(slot, "index"),
                    *occupation = cJSON_IsObject(slot) ? value_at(slot, "occupation") : slot;
        double id = cJSON_IsNumber(index) ? index->valuedouble : position;
        position++;
        if (!(id >= 0 && id < limit))
            continue;
        n = (int)id + 1 > n ? (int)id + 1 : n;
        if (down && occupation)
            down[(int)id] = is_down(occupation);
    }
    return n;
}

static int read_count(const cJSON *v, int limit, bool *down)
{
    if (cJSON_IsArray(v))
        return read_list(v, limit, down);
    return cJSON_IsNumber(v) && v->valuedouble >= 1 && v->valuedouble <= limit ? (int)v->valuedouble
                                                                               : 0;
}

/* The number of a kind of node, from 1; 0 where there are too many kinds. */
static uint16_t kind_number(struct radical *r, const struct radical_room *room)
{
    for (size_t k = 0; k < r->n_kinds; k++)
        if (!memcmp(&r->kinds[k], room, sizeof *room))
            return (uint16_t)(k + 1);
    if (r->n_kinds == MAX_KINDS)
        return 0;
    xgrow(&r->kinds, &r->kinds_room, r->n_kinds + 1, sizeof *r->kinds);
    r->kinds[r->n_kinds++] = *room;
    return (uint16_t)r->n_kinds;
}

void radical_read_room(struct radical *r, uint32_t node, const cJSON *entry)
{
    const cJSON *memory = value_at(entry, "mem");
    struct radical_room room;
    if (node >= RADICAL_MAX_NODES)
        return;
    memset(&room, 0, sizeof room);                       /* kinds are compared byte by byte */
    room.slots = read_count(value_at(entry, "cores"), NODE_MOST_SLOTS, room.down);
    room.gpus = read_count(value_at(entry, "gpus"), NODE_MOST_GPUS, NULL);
    if (cJSON_IsNumber(memory) && memory->valuedouble >= 1 && memory->valuedouble <= 1e9)
        room.memory_mib = (int64_t)memory->valuedouble;
    size_t before = r->rooms_room;
    xgrow(&r->rooms, &r->rooms_room, (size_t)node + 1, sizeof *r->rooms);
    memset(r->rooms + before, 0, (r->rooms_room - before) * sizeof *r->rooms);
    r->rooms[node] = room.slots ? kind_number(r, &room) : 0;
}

size_t radical_kind_of(const struct radical *r, size_t node)
{
    return node < r->rooms_room ? r->rooms[node] : 0;
}
