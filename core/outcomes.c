#include "core/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"

const char *const outcome_kind_names[] = { "iterations", "tasks", "candidates", "goes_on",
                                           "cancels", NULL };

struct outcome { char *key; int64_t value; };

struct outcomes {
    struct name_index *index;
    struct outcome *at;
    size_t n, room;
};

struct outcomes *outcomes_new(void)
{
    struct outcomes *o = xcalloc(1, sizeof *o);
    o->index = name_index_new();
    return o;
}

static void add(struct outcomes *o, char *key, int64_t value)
{
    name_index_add(o->index, key, (int)o->n);
    xgrow(&o->at, &o->room, o->n + 1, sizeof *o->at);
    o->at[o->n++] = (struct outcome){ key, value };
}

struct outcomes *outcomes_copy(const struct outcomes *o)
{
    struct outcomes *copy = outcomes_new();
    for (size_t i = 0; o && i < o->n; i++)
        add(copy, xstrdup(o->at[i].key), o->at[i].value);
    return copy;
}

void outcomes_free(struct outcomes *o)
{
    if (!o)
        return;
    name_index_free(o->index);
    for (size_t i = 0; i < o->n; i++)
        free(o->at[i].key);
    xfree(o->at, o);
}

void outcomes_set(struct outcomes *o, enum outcome_kind kind, const char *name, int64_t value)
{
    char *key = str_format("%d %s", (int)kind, name);
    int known = name_index_find(o->index, key);
    if (known < 0) {
        add(o, key, value);
        return;
    }
    o->at[known].value = value;
    free(key);
}

bool outcomes_get(const struct outcomes *o, enum outcome_kind kind, const char *name,
                  int64_t *value)
{
    if (!o || o->n == 0)
        return false;
    char *key = str_format("%d %s", (int)kind, name);
    int known = name_index_find(o->index, key);
    free(key);
    if (known >= 0)
        *value = o->at[known].value;
    return known >= 0;
}

size_t outcomes_count(const struct outcomes *o)
{
    return o ? o->n : 0;
}

enum outcome_kind outcomes_at(const struct outcomes *o, size_t i, const char **name, int64_t *value)
{
    const char *key = o->at[i].key;
    *name = strchr(key, ' ') + 1;
    *value = o->at[i].value;
    return (enum outcome_kind)atoi(key);
}
