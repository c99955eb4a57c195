/* base/json_impl.h - a document, for base/json*.c. */
#ifndef DAGCAST_BASE_JSON_IMPL_H
#define DAGCAST_BASE_JSON_IMPL_H

#include "base/arena.h"
#include "base/json.h"

enum { JSON_MOST_APART = 8 };

struct json_apart {
    const cJSON *list;                   /* an empty one in the tree */
    size_t begin, end, n;                /* of its text, with the brackets; elements */
    uint32_t *elements;                  /* where each begins in the text, and then `end` */
};

struct json_document {
    char *name, *text;
    /* without blocks where cJSON's hooks are not ours: then malloc() made the tree */
    struct arena tree;
    cJSON *root;
    size_t n_apart;
    struct json_apart apart[JSON_MOST_APART];
};

/* The value at the begin of `text`, in memory of the arena (or cJSON's own, see above). */
cJSON *json_tree_of(const char *text, size_t size, struct arena *a);
/* For documents with arenas. */
void json_tree_free(cJSON *tree, struct arena *a);
/* No key twice in an object, from here on. */
int json_check_keys(const struct json *at, struct error *err);

/* base/json_apart.c: parses the text without the elements of `lists`, as far as they are long; else
 * all of it. root stays NULL: cJSON refuses it. */
void json_parse_apart(struct json_document *doc, size_t size, const char *lists);
/* NULL: the list is not set apart. */
const struct json_apart *json_apart_of(const struct json_document *doc, const cJSON *list);

#endif
