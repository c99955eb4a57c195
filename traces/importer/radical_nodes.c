#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/name_index.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

/* --- rooms ------------------------------------------------------------------------------------
 *
 * The room of each node, as a pilot's node list gives it since 1.2x: {node_name, node_id, cores,
 * gpus, mem}, where cores and gpus are how many, or a list of what occupies each (0 free, 1 busy,
 * null or 2 down), or of {index, occupation}. */

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

static void read_room(struct radical *r, uint32_t node, const cJSON *entry)
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

/* --- lists and slots -------------------------------------------------------------------------- */

/* An agent or a service that has a node for itself takes it out of reach of tasks. */
static bool is_reserved(const struct radical_pilot *pilot, const cJSON *node)
{
    static const char *const lists[] = { "agent_node_list", "service_node_list" };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        const cJSON *other;
        cJSON_ArrayForEach(other, value_at(pilot->resources, lists[k]))
            if (cJSON_Compare(other, node, true))
                return true;
    }
    return false;
}

static void read_node_list(struct radical *r, const struct radical_pilot *pilot, size_t *reserved,
                           size_t *again)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, pilot->node_list) {
        if (is_reserved(pilot, entry)) {
            ++*reserved;
            continue;
        }
        read_room(r, radical_listed_node(r, entry, again), entry);
    }
}

static void read_node_lists(struct radical *r)
{
    size_t reserved = 0, again = 0;
    for (size_t p = 0; p < r->layout.n_pilots; p++)
        read_node_list(r, &r->layout.pilots[p], &reserved, &again);
    r->has_node_list = r->n_nodes > 0;
    session_note(r->session, reserved, "nodes of the pilot",
                 "an agent or a service has them for itself: left out");
    session_note(
        r->session, again, "nodes",
        "of the name of another and without an id: slots by that name are all the first one's");
}

static void read_all_slots(struct radical *r)
{
    size_t unlisted = 0, broken = 0;
    for (size_t i = 0; i < r->n; i++)
        broken += radical_read_slots(r, &r->tasks[i], &unlisted) != 0;
    session_note(r->session, broken, "tasks whose slots make no sense",
                 "a node without a name, or an id that no node has");
    session_note(r->session, unlisted, "nodes",
                 r->has_node_list ? "in tasks' slots only, not in the pilot's node list"
                                  : "taken from the tasks' slots: the pilot has no node list");
}

/* What a description leaves open, and what older RADICAL means by gpu_processes (all of a task's,
 * or each process's), the slots tell. */
static void settle_demand(struct radical *r, struct radical_task *t, size_t *uneven)
{
    uint32_t cores = 0, gpus = 0, ranks = (uint32_t)t->demand.ranks;
    for (size_t i = 0; i < t->n_parts; i++) {
        cores += r->parts[t->first_part + i].n_cores;
        gpus += r->parts[t->first_part + i].n_gpus;
    }
    if (!t->n_parts)
        return;
    if (!t->has_demand && cores + gpus > 0) {
        t->demand = (struct demand){ .ranks = 1, .threads = (int)cores, .gpus = (int32_t)gpus };
        t->has_demand = t->n_parts == 1;
        return;
    }
    t->demand.one_node &= t->n_parts == 1;
    if (t->demand.gpus > 0 && gpus != (uint32_t)t->demand.gpus * ranks) {
        *uneven += gpus % ranks != 0;
        t->demand.gpus = (int32_t)((gpus + ranks - 1) / ranks);
    }
    if (cores == 0 && gpus > 0)
        t->demand.threads = 0;
}

void radical_nodes(struct radical *r)
{
    size_t uneven = 0;
    r->node_keys = name_index_new();
    read_node_lists(r);
    read_all_slots(r);
    for (size_t i = 0; i < r->n; i++)
        settle_demand(r, &r->tasks[i], &uneven);
    session_note(r->session, uneven, "tasks whose GPUs do not divide among their processes",
                 "rounded up");
    name_index_free(r->node_keys);
    free(r->nodes);
}
