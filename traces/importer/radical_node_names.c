/* Which node an entry of a list or of slots means: by its name and id or place, since names
 * repeat. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

/* Of each key: its node; adopted: by an entry with a surer key. */
struct radical_node { uint32_t number; bool adopted; };

static struct radical_node *find_key(struct radical *r, const char *key)
{
    int at = name_index_find(r->node_keys, key);
    return at < 0 ? NULL : &r->nodes[at];
}

static void add_key(struct radical *r, const char *key, uint32_t number, bool adopted)
{
    if (find_key(r, key))
        return;
    xgrow(&r->nodes, &r->keys_room, r->n_keys + 1, sizeof *r->nodes);
    r->nodes[r->n_keys] = (struct radical_node){ number, adopted };
    name_index_add(r->node_keys, arena_keep(&r->memory, key, strlen(key)), (int)r->n_keys++);
}

static uint32_t new_node(struct radical *r, const char *name)
{
    if (r->n_nodes >= RADICAL_MAX_NODES)
        return UINT32_MAX;
    xgrow(&r->node_names, &r->nodes_room, r->n_nodes + 1, sizeof *r->node_names);
    r->node_names[r->n_nodes] = xstrdup(name);
    return (uint32_t)r->n_nodes++;
}

/* What a file says of a node: its name, and an id or its place in the list; NULL if absent. */
struct node_ids { const char *name, *uid, *index; };

/* Its key by the surest thing it has, or by the next surest: 0 id, 1 place, 2 nothing but the name.
 * NULL: it has no such thing. New. */
static char *key_of(const struct node_ids *ids, int sureness)
{
    if (sureness == 0)
        return ids->uid ? str_format("%s\n%s", ids->name, ids->uid) : NULL;
    if (sureness == 1)
        return ids->index ? str_format("%s\n@%s", ids->name, ids->index) : NULL;
    return str_format("%s\n", ids->name);
}

/* By this key, which an entry with a surer one may use once: from then on the node belongs to that.
 */
static uint32_t find_by(struct radical *r, const char *key, bool surest)
{
    struct radical_node *node = find_key(r, key);
    if (!node || (!surest && node->adopted))
        return UINT32_MAX;
    node->adopted |= !surest;
    return node->number;
}

static void add_keys(struct radical *r, const struct node_ids *ids, uint32_t number)
{
    bool surest = true;
    for (int k = 0; k < 3; k++) {
        char *key = k < 2 || surest ? key_of(ids, k) : NULL;
        if (key)
            add_key(r, key, number, !surest);
        surest &= !key;
        free(key);
    }
    add_key(r, ids->name, number, false);
}

/* The node's number by name and id (names may repeat), added when new. UINT32_MAX: no name, or too
 * many. */
static uint32_t node_number(struct radical *r, const struct node_ids *ids, bool *added)
{
    if (!ids->name || !*ids->name)
        return UINT32_MAX;
    uint32_t number = UINT32_MAX;
    bool surest = true, by_surest = false;
    for (int k = 0; k < 3 && number == UINT32_MAX; k++) {
        char *key = key_of(ids, k);
        if (key)
            number = find_by(r, key, surest);
        by_surest = surest && number != UINT32_MAX;
        surest &= !key;
        free(key);
    }
    *added = false;
    if (by_surest)
        return number;
    const struct radical_node *named = ids->uid || ids->index ? NULL : find_key(r, ids->name);
    if (number == UINT32_MAX && named)
        number = named->number;
    *added = number == UINT32_MAX;
    if (number == UINT32_MAX)
        number = new_node(r, ids->name);
    if (number != UINT32_MAX)
        add_keys(r, ids, number);
    return number;
}

enum { ID_BYTES = 32 };

/* An id is a text or a number; NULL if it is neither, or empty. */
static const char *id_text(const cJSON *v, char room[ID_BYTES])
{
    if (cJSON_IsString(v))
        return v->valuestring[0] ? v->valuestring : NULL;
    if (!cJSON_IsNumber(v))
        return NULL;
    snprintf(room, ID_BYTES, "%.0f", v->valuedouble);
    return room;
}

static const char *text_or_null(const cJSON *v)
{
    return cJSON_IsString(v) ? v->valuestring : NULL;
}

static const cJSON *either(const cJSON *object, const char *key, const char *other)
{
    return value_at(object, key) ? value_at(object, key) : value_at(object, other);
}

/* A node in a list: "a11n17", ["a11n17", "1"], or an object with name and uid, or node_name and
 * node_id or node_index. */
static struct node_ids ids_of(const cJSON *entry, char uid[ID_BYTES], char index[ID_BYTES])
{
    if (cJSON_IsArray(entry))
        return (struct node_ids){ text_or_null(cJSON_GetArrayItem(entry, 0)),
                                  id_text(cJSON_GetArrayItem(entry, 1), uid), NULL };
    if (cJSON_IsString(entry))
        return (struct node_ids){ entry->valuestring, NULL, NULL };
    return (struct node_ids){ text_or_null(either(entry, "node_name", "name")),
                              id_text(either(entry, "node_id", "uid"), uid),
                              id_text(either(entry, "node_index", "index"), index) };
}

uint32_t radical_node_of(struct radical *r, const cJSON *entry, bool *added)
{
    char uid[ID_BYTES], index[ID_BYTES];
    struct node_ids ids = ids_of(entry, uid, index);
    return node_number(r, &ids, added);
}

uint32_t radical_listed_node(struct radical *r, const cJSON *entry, size_t *again)
{
    char uid[ID_BYTES], index[ID_BYTES];
    struct node_ids ids = ids_of(entry, uid, index);
    bool added;
    uint32_t number = node_number(r, &ids, &added);
    if (number == UINT32_MAX || added || ids.uid || ids.index)
        return number;
    ++*again;
    return new_node(r, ids.name);
}
