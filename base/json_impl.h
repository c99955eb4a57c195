/* base/json_impl.h - a document, for base/json*.c. */
#ifndef DAGCAST_BASE_JSON_IMPL_H
#define DAGCAST_BASE_JSON_IMPL_H

#include "base/arena.h"
#include "base/json.h"

struct json_document {
    char *name, *text;
    /* without blocks where cJSON's hooks are not ours: then malloc() made the tree */
    struct arena tree;
    cJSON *root;
    const cJSON *apart;                  /* a list that has no tree; NULL: there is none */
    uint32_t *elements;                  /* of it: where each begins in the text, n of them */
    size_t n_elements;
};

/* The value at the begin of `text`, in memory of the arena (or cJSON's own, see above). */
cJSON *json_tree_of(const char *text, size_t size, struct arena *a);
/* For documents with arenas. */
void json_tree_free(cJSON *tree, struct arena *a);
/* No key twice in an object, from here on. */
int json_check_keys(const struct json *at, struct error *err);

/* base/json_apart.c: parses the text without the elements of the root's list `list`, if that is a
 * long one; else all of it. NULL: cJSON refuses it. */
void json_parse_apart(struct json_document *doc, size_t size, const char *list);

#endif
