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
uint32_t radical_node_of(struct radical *r, const cJSON *entry, bool *added)
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

/* An agent or a service that has a node for itself takes it out of reach of tasks. */
static bool is_reserved(const struct radical_pilot *pilot, const cJSON *node)
{
    static const char *const lists[] = { "agent_node_list", "service_node_list" };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        const cJSON *other;
        cJSON_ArrayForEach(other, radical_member(pilot->resources, lists[k]))
            if (cJSON_Compare(other, node, true))
                return true;
    }
    return false;
}

static void read_node_list(struct radical *r, const struct radical_pilot *pilot, size_t *reserved)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, pilot->node_list) {
        bool added;
        if (is_reserved(pilot, entry)) {
            ++*reserved;
            continue;
        }
        radical_read_room(r, radical_node_of(r, entry, &added), entry);
    }
}

static void read_node_lists(struct radical *r)
{
    size_t reserved = 0;
    for (size_t p = 0; p < r->layout.n_pilots; p++)
        read_node_list(r, &r->layout.pilots[p], &reserved);
    r->has_node_list = r->n_nodes > 0;
    session_note(r->session, reserved, "nodes of the pilot", "an agent or a service has them for itself: left out");
}

static void read_all_slots(struct radical *r)
{
    size_t unlisted = 0, broken = 0;
    for (size_t i = 0; i < r->n; i++)
        broken += radical_read_slots(r, &r->tasks[i], &unlisted) != 0;
    session_note(r->session, broken, "tasks whose slots make no sense", "a node without a name, or an id that no node has");
    session_note(r->session, unlisted, "nodes", r->has_node_list ? "in tasks' slots only, not in the pilot's node list"
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
    size_t uneven = 0;

    read_node_lists(r);
    read_all_slots(r);
    for (size_t i = 0; i < r->n; i++)
        settle_demand(r, &r->tasks[i], &uneven);
    session_note(r->session, uneven, "tasks whose GPUs do not divide among their processes", "rounded up");
    forget_nodes(r);
}
