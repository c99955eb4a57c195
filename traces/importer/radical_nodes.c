#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

struct radical_node { char *key; uint32_t number; UT_hash_handle hh; };

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

static uint32_t find_node(struct radical *r, const char *key)
{
    struct radical_node *found;
    HASH_FIND_STR(r->node_table, key, found);
    return found ? found->number : UINT32_MAX;
}

static void add_key(struct radical *r, const char *key, uint32_t number)
{
    if (find_node(r, key) != UINT32_MAX)
        return;
    struct radical_node *node = xcalloc(1, sizeof *node);
    *node = (struct radical_node){ .key = xstrdup(key), .number = number };
    HASH_ADD_KEYPTR(hh, r->node_table, node->key, strlen(node->key), node);
}

/* The node's number, by name and uid where both are given (names may repeat), added when new. UINT32_MAX: no name, or too many. */
static uint32_t node_number(struct radical *r, const char *name, const char *uid, bool *added)
{
    if (!name || !*name)
        return UINT32_MAX;
    char *full = str_format("%s\n%s", name, uid ? uid : "");
    uint32_t number = find_node(r, full);
    if (number == UINT32_MAX && (!uid || !*uid))
        number = find_node(r, name);
    if (number == UINT32_MAX && r->n_nodes < RADICAL_MAX_NODES) {
        number = (uint32_t)r->n_nodes;
        xgrow(&r->node_names, &r->nodes_room, r->n_nodes + 1, sizeof *r->node_names);
        r->node_names[r->n_nodes++] = xstrdup(name);
        add_key(r, full, number);
        add_key(r, name, number);
        *added = true;
    }
    free(full);
    return number;
}

/* A node's uid is a text or a number. */
static const char *uid_text(const cJSON *v, char *room, size_t size)
{
    if (cJSON_IsString(v))
        return v->valuestring;
    if (!cJSON_IsNumber(v))
        return NULL;
    snprintf(room, size, "%.0f", v->valuedouble);
    return room;
}

static const char *text_or_null(const cJSON *v)
{
    return cJSON_IsString(v) ? v->valuestring : NULL;
}

/* A node in a list: ["a11n17", "1"], or an object with name and uid, or node_name and node_id. */
static uint32_t node_of(struct radical *r, const cJSON *entry, bool *added)
{
    char room[32];
    if (cJSON_IsArray(entry))
        return node_number(r, text_or_null(cJSON_GetArrayItem(entry, 0)), uid_text(cJSON_GetArrayItem(entry, 1), room, sizeof room), added);
    if (cJSON_IsString(entry))
        return node_number(r, entry->valuestring, NULL, added);
    const cJSON *name = member(entry, "node_name") ? member(entry, "node_name") : member(entry, "name");
    const cJSON *uid = member(entry, "node_id") ? member(entry, "node_id") : member(entry, "uid");
    return node_number(r, text_or_null(name), uid_text(uid, room, sizeof room), added);
}

/* Ids of a core_map or gpu_map, whose entries (one a process) may be of any length, or numbers themselves. Appends those within the
 * limit to r->ids; -1 if one is not. */
static int add_ids(struct radical *r, const cJSON *map, double limit)
{
    const cJSON *entry, *id;
    cJSON_ArrayForEach(entry, map) {
        const cJSON *first = cJSON_IsArray(entry) ? entry->child : entry;
        for (id = first; id; id = cJSON_IsArray(entry) ? id->next : NULL) {
            if (!cJSON_IsNumber(id) || !(id->valuedouble >= 0 && id->valuedouble < limit))
                return -1;
            xgrow(&r->ids, &r->ids_room, r->n_ids + 1, sizeof *r->ids);
            r->ids[r->n_ids++] = (uint16_t)id->valuedouble;
        }
    }
    return 0;
}

static const cJSON *map_of(const cJSON *entry, const char *key, int index)
{
    return cJSON_IsArray(entry) ? cJSON_GetArrayItem(entry, index) : member(entry, key);
}

static int compare_ids(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* Sorts ids[first ..] and drops repetitions (several GPU processes on one GPU). */
static uint32_t tidy_ids(struct radical *r, size_t first)
{
    size_t kept = first;
    if (r->n_ids == first)
        return 0;
    qsort(r->ids + first, r->n_ids - first, sizeof *r->ids, compare_ids);
    for (size_t i = first; i < r->n_ids; i++)
        if (i == first || r->ids[i] != r->ids[kept - 1])
            r->ids[kept++] = r->ids[i];
    r->n_ids = kept;
    return (uint32_t)(kept - first);
}

/* Gathers ids of one kind from a run of entries that lie on one node. */
static int gather(struct radical *r, const cJSON *from, const cJSON *to, const char *key, int index, double limit, uint32_t *first,
                  uint32_t *n)
{
    *first = (uint32_t)r->n_ids;
    for (const cJSON *e = from; e != to; e = e->next)
        if (add_ids(r, map_of(e, key, index), limit))
            return -1;
    *n = tidy_ids(r, *first);
    return 0;
}

/* A task's slots, one part a node: in 1.4 every process has an entry, neighbours of one node are joined. -1: they make no sense. */
static int read_slots(struct radical *r, struct radical_task *t, size_t *unlisted)
{
    const cJSON *slots = member(t->json, "slots");
    const cJSON *list = member(slots, "ranks") ? member(slots, "ranks") : member(slots, "nodes");
    t->first_part = r->n_parts;
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL, *next; e; e = next) {
        bool added = false;
        struct radical_part part = { .node = node_of(r, e, &added) };
        *unlisted += added;
        for (next = e->next; next && node_of(r, next, &added) == part.node; )
            next = next->next;
        if (part.node == UINT32_MAX
            || gather(r, e, next, "core_map", 2, RADICAL_MAX_SLOTS, &part.first_core, &part.n_cores)
            || gather(r, e, next, "gpu_map", 3, RADICAL_MAX_GPUS, &part.first_gpu, &part.n_gpus)) {
            t->n_parts = 0;
            return -1;
        }
        xgrow(&r->parts, &r->parts_room, r->n_parts + 1, sizeof *r->parts);
        r->parts[r->n_parts++] = part;
        t->n_parts++;
    }
    return 0;
}

static void read_node_lists(struct radical *r, const cJSON *root)
{
    const cJSON *pilot, *entry;
    cJSON_ArrayForEach(pilot, member(root, "pilot")) {
        const cJSON *info = member(member(pilot, "resource_details"), "rm_info");
        const cJSON *list = member(info, "node_list") ? member(info, "node_list") : member(member(pilot, "resource_details"), "nodes");
        cJSON_ArrayForEach(entry, list) {
            bool added;
            node_of(r, entry, &added);
        }
    }
}

static void read_all_slots(struct radical *r)
{
    size_t unlisted = 0, broken = 0;
    bool had_list = r->n_nodes > 0;
    for (size_t i = 0; i < r->n; i++)
        broken += read_slots(r, &r->tasks[i], &unlisted) != 0;
    session_note(r->session, broken, "tasks whose slots make no sense", "a node without a name, or an id that no node has");
    session_note(r->session, unlisted, "nodes", had_list ? "in tasks' slots only, not in the pilot's node list"
                                                         : "taken from the tasks' slots: the pilot has no node list");
}

/* What a description leaves open, and what older RADICAL means by gpu_processes (all of a task's, or each process's), the slots tell. */
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

static void forget_nodes(struct radical *r)
{
    struct radical_node *node, *next;
    HASH_ITER(hh, r->node_table, node, next) {
        HASH_DEL(r->node_table, node);
        free(node->key);
        free(node);
    }
}

void radical_nodes(struct radical *r)
{
    struct json place = r->document ? json_root(r->document) : (struct json){ 0 };
    size_t uneven = 0;

    read_node_lists(r, place.value);
    read_all_slots(r);
    for (size_t i = 0; i < r->n; i++)
        settle_demand(r, &r->tasks[i], &uneven);
    session_note(r->session, uneven, "tasks whose GPUs do not divide among their processes", "rounded up");
    forget_nodes(r);
}
