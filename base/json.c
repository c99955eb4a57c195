#include "base/json.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_impl.h"
#include "base/json_scan.h"
#include "base/str.h"

const char *json_name(const struct json_document *doc)
{
    return doc->name;
}

struct json json_root(const struct json_document *doc)
{
    return (struct json){ .document = doc, .value = doc->root };
}

struct json json_member(const struct json *at, const char *key)
{
    const cJSON *value = cJSON_IsObject(at->value) ? at->value->child : NULL;
    while (value && !json_is_called(value, key))
        value = value->next;
    return (struct json){ .document = at->document, .value = value, .parent = at, .key = key };
}

bool json_has(const struct json *at, const char *key)
{
    return json_member(at, key).value != NULL;
}

struct json json_first(const struct json *container)
{
    const cJSON *value = container->value ? container->value->child : NULL;
    assert(!json_apart_of(container->document, container->value));
    return (struct json){ .document = container->document, .value = value, .parent = container,
                          .key = value ? value->string : NULL };
}

struct json json_next(const struct json *element)
{
    struct json next = *element;
    next.value = element->value->next;
    next.key = next.value ? next.value->string : NULL;
    next.index++;
    return next;
}

size_t json_count(const struct json *container)
{
    size_t n = 0;
    for (const cJSON *e = container->value ? container->value->child : NULL; e; e = e->next)
        n++;
    return n;
}

/* ---- errors ---- */

static size_t ordinal_of(const cJSON *container, const cJSON *child)
{
    size_t i = 0;
    for (const cJSON *e = container->child; e != child; e = e->next)
        i++;
    return i;
}

/* The line of the innermost place around `at` that is there. */
static size_t line_of(const struct json *at)
{
    size_t way[JSON_DEEPEST], depth = 0;
    const struct json_apart *apart = NULL;
    while (!at->value && at->parent)
        at = at->parent;
    for (; at->parent; at = at->parent) {
        if ((apart = json_apart_of(at->document, at->parent->value)))
            break;
        assert(depth < JSON_DEEPEST);
        way[depth++] = ordinal_of(at->parent->value, at->value);
    }
    for (size_t i = 0; i < depth / 2; i++) {
        size_t kept = way[i];
        way[i] = way[depth - 1 - i];
        way[depth - 1 - i] = kept;
    }
    return apart ? json_line_of_element(at->document, apart, at->index, way, depth)
                 : json_line_of_rest(at->document, way, depth);
}

static void add_key(struct str *out, const char *key)
{
    char *shown = str_shortened(key, ERROR_QUOTED_MOST);
    str_addf(out, "%s%s", out->length ? "." : "", shown);
    free(shown);
}

static void add_path(struct str *out, const struct json *at)
{
    if (!at->parent)
        return;
    add_path(out, at->parent);
    if (at->key)
        add_key(out, at->key);
    else
        str_addf(out, "[%zu]", at->index);
}

int json_error(const struct json *at, struct error *err, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    error_vset(err, format, args);
    va_end(args);
    struct str path = { 0 };
    add_path(&path, at);
    if (path.length)
        error_prefix(err, "%s: ", path.text);
    str_clear(&path);
    return error_prefix(err, "%s:%zu: ", at->document->name, line_of(at));
}
