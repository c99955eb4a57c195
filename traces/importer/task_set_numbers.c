/* Tasks to the numbers of their sets: a set is (name, level, demand, priority). */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/name_index.h"
#include "traces/importer/task_groups.h"

struct set_key { /* without padding: it is compared as bytes */
    int64_t name, level, demand, priority;
};

/* `name`: the number of the task's name. */
static struct set_key key_of(const struct listed_task *t, int level, int name)
{
    return (struct set_key){ name, t->named_set ? -1 : level, (int64_t)(uintptr_t)t->demand,
                             t->priority };
}

/* Sets found by their keys: a table of their numbers from 1 (0: empty) with linear probing. */
struct set_table {
    const struct listed_task *tasks;
    const struct task_links *links;
    uint32_t *slots;
    size_t size; /* a power of two, more than twice the sets */
    size_t n, room, size_room;
    struct found {
        uint32_t first;
        int name;
    } * found; /* of each set: its first task, its name */
    uint32_t *sizes; /* tasks of each */
};

static struct set_key key_of_set(const struct set_table *t, struct found set)
{
    return key_of(&t->tasks[set.first], t->links->level[set.first], set.name);
}

static size_t hash_of(const struct set_key *key)
{
    const int64_t parts[] = { key->name, key->level, key->demand, key->priority };
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        hash = (hash ^ (uint64_t)parts[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (size_t)hash;
}

/* The key's slot, or the empty one where it belongs. */
static uint32_t *slot_of(const struct set_table *t, const struct set_key *key)
{
    for (size_t i = hash_of(key) & (t->size - 1);; i = (i + 1) & (t->size - 1)) {
        if (t->slots[i] == 0)
            return &t->slots[i];
        struct set_key other = key_of_set(t, t->found[t->slots[i] - 1]);
        if (memcmp(&other, key, sizeof other) == 0)
            return &t->slots[i];
    }
}

static void grow_table(struct set_table *t)
{
    t->size = t->size ? 2 * t->size : 64;
    free(t->slots);
    t->slots = xcalloc(t->size, sizeof *t->slots);
    for (size_t k = 0; k < t->n; k++) {
        struct set_key key = key_of_set(t, t->found[k]);
        *slot_of(t, &key) = (uint32_t)k + 1;
    }
}

/* The task's set, a new one if there is none of its key. */
static int set_of(struct set_table *t, struct found task)
{
    if (2 * (t->n + 1) > t->size)
        grow_table(t);
    struct set_key key = key_of_set(t, task);
    uint32_t *slot = slot_of(t, &key);
    if (*slot == 0) {
        xgrow(&t->found, &t->room, t->n + 1, sizeof *t->found);
        xgrow(&t->sizes, &t->size_room, t->n + 1, sizeof *t->sizes);
        t->found[t->n] = task;
        t->sizes[t->n++] = 0;
        *slot = (uint32_t)t->n;
    }
    return (int)*slot - 1;
}

size_t task_number_sets(const struct listed_task *tasks, const struct task_links *links,
                        struct set_member *of, uint32_t **sizes)
{
    struct name_index *names = name_index_new();
    struct set_table table = { .tasks = tasks, .links = links };
    int name = -1;
    for (size_t i = 0; i < links->n; i++) {
        /* as most neighbours have */
        bool same_name = i && tasks[i].category == tasks[i - 1].category;
        int known = same_name ? name : name_index_add(names, tasks[i].category, (int)i);
        name = known >= 0 ? known : (int)i;
        int set = set_of(&table, (struct found){ (uint32_t)i, name });
        of[i] = (struct set_member){ set, table.sizes[set]++ };
    }
    name_index_free(names);
    xfree(table.slots, table.found);
    *sizes = table.sizes;
    return table.n;
}
