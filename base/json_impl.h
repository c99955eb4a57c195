/* base/json_impl.h - a document, for base/json*.c. */
#ifndef DAGCAST_BASE_JSON_IMPL_H
#define DAGCAST_BASE_JSON_IMPL_H

#include "base/arena.h"
#include "base/json.h"
#include "base/json_parts.h"
#include "base/str.h"
#include "base/text_source.h"

struct json_document {
    char *name;
    struct text_source *source;          /* NULL: no list was set apart, so the rest is all */
    size_t window_bytes;                 /* see struct text_window */
    struct json_parts parts;
    /* of the rest; without blocks where cJSON's hooks are not ours: then malloc() made the tree */
    struct arena tree;
    cJSON *root;
};

/* As json_parse_source() (base/json.h), with a window of so many bytes, 0: the usual one. */
struct json_document *json_read(struct text_source *source, size_t window_bytes, const char *name,
                                const char *lists, struct error *err);

/* The value at the begin of `text`, in memory of the arena (or cJSON's own, see above). */
cJSON *json_tree_of(const char *text, size_t size, struct arena *a);
/* For documents with arenas. */
void json_tree_free(cJSON *tree, struct arena *a);
static inline bool json_is_called(const cJSON *member, const char *key)
{
    return member->string[0] == key[0] && str_equal(member->string, key);
}
/* No key twice in an object, from here on. */
int json_check_keys(const struct json *at, struct error *err);

/* base/json_apart.c: finds the lists set apart in the tree. */
void json_apart_find(struct json_document *doc);
/* NULL: the list is not set apart. */
const struct json_apart *json_apart_of(const struct json_document *doc, const cJSON *list);
/* The line of a value, in the whole text: of the rest, or of element `index` of a list set apart;
 * on from there by `way`, as json_find() takes it. */
size_t json_line_of_rest(const struct json_document *doc, const size_t *way, size_t depth);
size_t json_line_of_element(const struct json_document *doc, const struct json_apart *list,
                            size_t index, const size_t *way, size_t depth);

#endif
