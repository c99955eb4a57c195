#include "base/json.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "base/xalloc.h"

struct json_document {
    char *name, *text;
    cJSON *root;
};

/* ---- documents ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct json *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static int check_keys(const struct json *at, struct error *err);

/* Keys are compared as read, so that "a" and "\u0061" are the same. */
static int check_keys_of_object(const struct json *at, struct error *err)
{
    size_t n = json_count(at), i = 0;
    struct json *members = xcalloc(n, sizeof *members);
    int status = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        members[i] = e;
        members[i].index = i;
        i++;
    }
    qsort(members, n, sizeof *members, compare_keys);
    for (i = 1; i < n && status == 0; i++)
        if (str_equal(members[i].key, members[i - 1].key))
            status = json_error(&members[i], err, "the key appears twice in its object");
    free(members);
    return status;
}

static int check_keys(const struct json *at, struct error *err)
{
    if (cJSON_IsObject(at->value) && check_keys_of_object(at, err))
        return -1;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (e.value->child && check_keys(&e, err))
            return -1;
    return 0;
}

/* Takes `text`, which ends with a NUL. */
static struct json_document *parse(char *text, size_t size, const char *name, struct error *err)
{
    struct json_document *doc = xcalloc(1, sizeof *doc);
    doc->name = xstrdup(name);
    doc->text = text;
    if (json_scan_check(text, size, err)) {
        error_prefix(err, "%s:", name);
        json_free(doc);
        return NULL;
    }
    doc->root = cJSON_ParseWithLength(text, size);
    if (!doc->root) {
        error_set(err, "%s: is not JSON that cJSON %s reads", name, cJSON_Version());
        json_free(doc);
        return NULL;
    }
    struct json root = json_root(doc);
    if (check_keys(&root, err)) {
        json_free(doc);
        return NULL;
    }
    return doc;
}

struct json_document *json_load(const char *path, struct error *err)
{
    size_t size;
    char *text = file_load(path, UINT32_MAX, &size, err);
    return text ? parse(text, size, path, err) : NULL;
}

struct json_document *json_parse(const char *text, size_t size, const char *name, struct error *err)
{
    char *copy = xmalloc(size + 1);
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return parse(copy, size, name, err);
}

void json_free(struct json_document *doc)
{
    if (!doc)
        return;
    cJSON_Delete(doc->root);
    free(doc->name);
    free(doc->text);
    free(doc);
}

/* ---- places ---- */

struct json json_root(const struct json_document *doc)
{
    return (struct json){ .document = doc, .value = doc->root };
}

struct json json_member(const struct json *at, const char *key)
{
    const cJSON *value = cJSON_IsObject(at->value) ? cJSON_GetObjectItemCaseSensitive(at->value, key) : NULL;
    return (struct json){ .document = at->document, .value = value, .parent = at, .key = key };
}

bool json_has(const struct json *at, const char *key)
{
    return json_member(at, key).value != NULL;
}

struct json json_first(const struct json *container)
{
    const cJSON *value = container->value ? container->value->child : NULL;
    return (struct json){ .document = container->document, .value = value, .parent = container, .key = value ? value->string : NULL };
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
    while (!at->value && at->parent)
        at = at->parent;
    for (; at->parent; at = at->parent) {
        assert(depth < JSON_DEEPEST);
        way[depth++] = ordinal_of(at->parent->value, at->value);
    }
    for (size_t i = 0; i < depth / 2; i++) {
        size_t kept = way[i];
        way[i] = way[depth - 1 - i];
        way[depth - 1 - i] = kept;
    }
    return json_scan_line(at->document->text, way, depth);
}

static void add_path(struct str *out, const struct json *at)
{
    if (!at->parent)
        return;
    add_path(out, at->parent);
    if (at->key)
        str_addf(out, "%s%s", out->length ? "." : "", at->key);
    else
        str_addf(out, "[%zu]", at->index);
}

int json_error(const struct json *at, struct error *err, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    struct str path = { 0 };
    add_path(&path, at);
    if (path.length)
        error_prefix(err, "%s: ", path.text);
    str_clear(&path);
    return error_prefix(err, "%s:%zu: ", at->document->name, line_of(at));
}

static int wrong_type(const struct json *at, const char *wanted, struct error *err)
{
    const cJSON *v = at->value;
    if (!v)
        return json_error(at, err, "must be %s, is missing", wanted);
    if (cJSON_IsString(v))
        return json_error(at, err, "must be %s, is the string \"%.100s\"", wanted, v->valuestring);
    if (cJSON_IsNumber(v))
        return json_error(at, err, "must be %s, is the number %.15g", wanted, v->valuedouble);
    return json_error(at, err, "must be %s, is %s", wanted, cJSON_IsArray(v) ? "an array" : cJSON_IsObject(v) ? "an object"
                      : cJSON_IsTrue(v) ? "true" : cJSON_IsFalse(v) ? "false" : "null");
}

static char *list_of(const char *const *names)
{
    struct str list = { 0 };
    for (size_t i = 0; names[i]; i++)
        str_addf(&list, "%s%s", i ? ", " : "", names[i]);
    return str_take(&list);
}

/* ---- types and values ---- */

static bool is_known(const char *key, const char *const *known)
{
    for (size_t i = 0; known[i]; i++)
        if (str_equal(key, known[i]))
            return true;
    return key[0] == '_' || str_equal(key, "comment");
}

static int unknown_field(const struct json *member, const char *const *known, struct error *err)
{
    const char *near = str_nearest(member->key, known);
    if (near)
        return json_error(member, err, "unknown field '%s'; did you mean '%s'?", member->key, near);
    char *list = list_of(known);
    json_error(member, err, "unknown field '%s'; known here: %s", member->key, list);
    free(list);
    return -1;
}

int json_expect_object(const struct json *at, const char *const *known, struct error *err)
{
    if (!cJSON_IsObject(at->value))
        return wrong_type(at, "an object", err);
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (!is_known(e.key, known))
            return unknown_field(&e, known, err);
    return 0;
}

int json_expect_array(const struct json *at, struct error *err)
{
    return cJSON_IsArray(at->value) ? 0 : wrong_type(at, "an array", err);
}

static int out_of_range(const struct json *at, double min, double max, struct error *err)
{
    double x = at->value->valuedouble;
    bool below = min > -DBL_MAX, above = max < DBL_MAX;
    if (min == DBL_MIN)
        return above ? json_error(at, err, "must be more than 0 and at most %.15g, is %.15g", max, x)
                     : json_error(at, err, "must be more than 0, is %.15g", x);
    if (below && above)
        return json_error(at, err, "must be between %.15g and %.15g, is %.15g", min, max, x);
    return json_error(at, err, below ? "must be at least %.15g, is %.15g" : "must be at most %.15g, is %.15g", below ? min : max, x);
}

int json_as_number(const struct json *at, double min, double max, double *out, struct error *err)
{
    if (!cJSON_IsNumber(at->value))
        return wrong_type(at, "a number", err);
    double x = at->value->valuedouble;
    if (x < min || x > max)
        return out_of_range(at, min, max, err);
    *out = x;
    return 0;
}

int json_as_int(const struct json *at, int64_t min, int64_t max, int64_t *out, struct error *err)
{
    const double largest = 9007199254740992.0;           /* 2^53 */
    if (!cJSON_IsNumber(at->value) || at->value->valuedouble != floor(at->value->valuedouble))
        return wrong_type(at, "an integer", err);
    double x = at->value->valuedouble;
    bool bounded = max < INT64_MAX;
    if (fabs(x) <= largest && (int64_t)x >= min && (int64_t)x <= max) {
        *out = (int64_t)x;
        return 0;
    }
    if (fabs(x) > largest && !bounded)
        return json_error(at, err, "must be an integer within +-2^53, is %.15g", x);
    if (bounded)
        return json_error(at, err, "must be between %" PRId64 " and %" PRId64 ", is %.15g", min, max, x);
    return json_error(at, err, "must be at least %" PRId64 ", is %.15g", min, x);
}

int json_as_string(const struct json *at, const char **out, struct error *err)
{
    if (!cJSON_IsString(at->value))
        return wrong_type(at, "a string", err);
    if (!*at->value->valuestring)
        return json_error(at, err, "must not be empty");
    *out = at->value->valuestring;
    return 0;
}

int json_as_bool(const struct json *at, bool *out, struct error *err)
{
    if (!cJSON_IsBool(at->value))
        return wrong_type(at, "true or false", err);
    *out = cJSON_IsTrue(at->value);
    return 0;
}

/* ---- members ---- */

int json_get_number(const struct json *at, const char *key, double min, double max, double *out, struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_number(&m, min, max, out, err) : 0;
}

int json_need_number(const struct json *at, const char *key, double min, double max, double *out, struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_number(&m, min, max, out, err);
}

int json_get_int(const struct json *at, const char *key, int64_t min, int64_t max, int64_t *out, struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_int(&m, min, max, out, err) : 0;
}

int json_need_int(const struct json *at, const char *key, int64_t min, int64_t max, int64_t *out, struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_int(&m, min, max, out, err);
}

int json_get_string(const struct json *at, const char *key, const char **out, struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_string(&m, out, err) : 0;
}

int json_need_string(const struct json *at, const char *key, const char **out, struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_string(&m, out, err);
}

int json_get_bool(const struct json *at, const char *key, bool *out, struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_bool(&m, out, err) : 0;
}

int json_get_choice(const struct json *at, const char *key, const char *const *names, int *out, struct error *err)
{
    struct json m = json_member(at, key);
    const char *text;
    if (!m.value)
        return 0;
    if (json_as_string(&m, &text, err))
        return -1;
    for (int i = 0; names[i]; i++) {
        if (str_equal(text, names[i])) {
            *out = i;
            return 0;
        }
    }
    char *list = list_of(names);
    json_error(&m, err, "must be one of %s, is \"%.100s\"", list, text);
    free(list);
    return -1;
}
