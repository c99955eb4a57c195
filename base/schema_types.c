/* What a field holds: numbers, texts, choices, objects and lists of objects. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema_impl.h"
#include "base/xalloc.h"

static void *member(const struct schema_field *f, void *object)
{
    return (char *)object + f->offset;
}

static const void *const_member(const struct schema_field *f, const void *object)
{
    return (const char *)object + f->offset;
}

static bool is_limited(const struct schema_field *f)
{
    return f->min != 0 || f->max != 0;
}

/* ---- numbers ---- */

static double load(const struct schema_field *f, const void *object)
{
    const void *at = const_member(f, object);
    switch (f->storage) {
    case SCHEMA_DOUBLE: return *(const double *)at;
    case SCHEMA_INT: return *(const int *)at;
    case SCHEMA_UINT32: return *(const uint32_t *)at;
    case SCHEMA_INT64: return (double)*(const int64_t *)at;
    case SCHEMA_SIZE: return (double)*(const size_t *)at;
    case SCHEMA_OTHER: break;
    }
    return *(const bool *)at;
}

static void store(const struct schema_field *f, void *object, double x)
{
    void *at = member(f, object);
    switch (f->storage) {
    case SCHEMA_DOUBLE: *(double *)at = x; return;
    case SCHEMA_INT: *(int *)at = (int)x; return;
    case SCHEMA_UINT32: *(uint32_t *)at = (uint32_t)x; return;
    case SCHEMA_INT64: *(int64_t *)at = (int64_t)x; return;
    case SCHEMA_SIZE: *(size_t *)at = (size_t)x; return;
    case SCHEMA_OTHER: *(bool *)at = x != 0;
    }
}

static bool is_default(const struct schema_field *f, double x)
{
    return !f->always && !f->required && (x == f->initial || (isnan(x) && isnan(f->initial)));
}

static int read_number(const struct schema_field *f, const struct json *at, void *object,
                       struct error *err)
{
    double x, min = is_limited(f) ? f->min : -INFINITY, max = is_limited(f) ? f->max : INFINITY;
    if (json_as_quantity(at, f->unit, min, max, &x, err) != 0)
        return -1;
    store(f, object, x);
    return 0;
}

/* An amount with a unit is rounded: "1 GB" are 954 MiB. */
static int read_integer(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    double x;
    int64_t whole;
    if (f->unit != QUANTITY_PLAIN && cJSON_IsString(at->value)) {
        if (json_as_quantity(at, f->unit, f->min, f->max, &x, err) != 0)
            return -1;
        whole = (int64_t)round(x);
    } else if (json_as_int(at, is_limited(f) ? (int64_t)f->min : INT64_MIN,
                           is_limited(f) ? (int64_t)f->max : INT64_MAX, &whole, err) != 0) {
        return -1;
    }
    store(f, object, (double)whole);
    return 0;
}

static cJSON *save_number(const struct schema_field *f, const void *object)
{
    double x = load(f, object);
    return is_default(f, x) ? NULL : cJSON_CreateNumber(x);
}

const struct schema_type schema_number = { .read = read_number, .save = save_number };
const struct schema_type schema_integer = { .read = read_integer, .save = save_number };

static int read_bool(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    bool x;
    if (json_as_bool(at, &x, err) != 0)
        return -1;
    store(f, object, x);
    return 0;
}

static cJSON *save_bool(const struct schema_field *f, const void *object)
{
    double x = load(f, object);
    return is_default(f, x) ? NULL : cJSON_CreateBool(x != 0);
}

const struct schema_type schema_bool = { .read = read_bool, .save = save_bool };

static int read_seed(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    return json_as_seed(at, member(f, object), err);
}

static cJSON *save_seed(const struct schema_field *f, const void *object)
{
    return json_whole(*(const uint64_t *)const_member(f, object));
}

const struct schema_type schema_seed = {
    .words = "integer, 0 to 2^63 - 1; from 2^53 on as a text",
    .json = "{\"type\": [\"integer\", \"string\"], \"minimum\": 0}",
    .read = read_seed, .save = save_seed,
};

/* ---- names ---- */

static int read_choice(const struct schema_field *f, const struct json *at, void *object,
                       struct error *err)
{
    int i;
    if (json_as_choice(at, f->choices, &i, err) != 0)
        return -1;
    store(f, object, f->min + i);
    return 0;
}

static cJSON *save_choice(const struct schema_field *f, const void *object)
{
    double x = load(f, object);
    return is_default(f, x) || x < f->min ? NULL
                                          : cJSON_CreateString(f->choices[(int)(x - f->min)]);
}

const struct schema_type schema_choice = { .read = read_choice, .save = save_choice };

static char **text_at(const struct schema_field *f, void *object)
{
    return (char **)member(f, object);
}

static int read_text(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    const char *text;
    int i;
    if (f->choices ? json_as_choice(at, f->choices, &i, err) != 0
                   : json_as_string(at, &text, err) != 0)
        return -1;
    free(*text_at(f, object));
    *text_at(f, object) = xstrdup(f->choices ? f->choices[i] : text);
    return 0;
}

static cJSON *save_text(const struct schema_field *f, const void *object)
{
    char *const *text = (char *const *)const_member(f, object);
    bool omit = !*text || (!f->always && f->otherwise && str_equal(*text, f->otherwise));
    return omit ? NULL : cJSON_CreateString(*text);
}

static void clear_text(const struct schema_field *f, void *object)
{
    free(*text_at(f, object));
    *text_at(f, object) = NULL;
}

static void copy_text(const struct schema_field *f, void *object)
{
    char **text = text_at(f, object);
    *text = *text ? xstrdup(*text) : NULL;
}

const struct schema_type schema_text = { .read = read_text, .save = save_text, .clear = clear_text,
                                         .copy = copy_text };

void schema_set_default(const struct schema_field *f, void *object)
{
    if (f->type == &schema_text && f->otherwise && !f->required) {
        free(*text_at(f, object));
        *text_at(f, object) = xstrdup(f->otherwise);
    } else if (f->type == &schema_object) {
        schema_defaults(f->of, member(f, object));
    } else if (f->initial != 0) {
        store(f, object, f->initial);
    }
}

/* ---- objects ---- */

static int read_object(const struct schema_field *f, const struct json *at, void *object,
                       struct error *err)
{
    return schema_read(f->of, at, member(f, object), err);
}

static cJSON *save_object(const struct schema_field *f, const void *object)
{
    const void *own = const_member(f, object);
    if (f->of->absent && f->of->absent(own))
        return NULL;
    cJSON *out = cJSON_CreateObject();
    schema_save(f->of, own, out);
    if (out->child || f->always)
        return out;
    cJSON_Delete(out);
    return NULL;
}

static void clear_object(const struct schema_field *f, void *object)
{
    schema_clear(f->of, member(f, object));
}

static void copy_object(const struct schema_field *f, void *object)
{
    schema_copy(f->of, member(f, object));
}

const struct schema_type schema_object = { .read = read_object, .save = save_object,
                                           .clear = clear_object,
                                           .copy = copy_object };

/* ---- lists: a pointer to the elements, and how many ---- */

/* A member's type is a pointer to its elements' type, so it is read and written as bytes. */
static char *first_of(const struct schema_field *f, const void *object)
{
    char *first;
    memcpy(&first, const_member(f, object), sizeof first);
    return first;
}

static void set_first(const struct schema_field *f, void *object, void *first)
{
    memcpy(member(f, object), &first, sizeof first);
}

static size_t *count_of(const struct schema_field *f, void *object)
{
    return (size_t *)((char *)object + f->count);
}

static size_t number_of(const struct schema_field *f, const void *object)
{
    return *(const size_t *)((const char *)object + f->count);
}

static char *element(const struct schema_field *f, const void *object, size_t i)
{
    return first_of(f, object) + i * f->of->size;
}

static int read_list(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    set_first(f, object, xcalloc(json_count(at) + 1, f->of->size));
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (schema_read(f->of, &e, element(f, object, (*count_of(f, object))++), err) != 0)
            return -1;
    return 0;
}

static cJSON *save_list(const struct schema_field *f, const void *object)
{
    if (number_of(f, object) == 0 && !f->always)
        return NULL;
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < number_of(f, object); i++) {
        cJSON *one = cJSON_CreateObject();
        schema_save(f->of, element(f, object, i), one);
        cJSON_AddItemToArray(out, one);
    }
    return out;
}

static void free_elements(const struct schema_field *f, void *object)
{
    free(first_of(f, object));
    set_first(f, object, NULL);
    *count_of(f, object) = 0;
}

static void clear_list(const struct schema_field *f, void *object)
{
    for (size_t i = 0; i < number_of(f, object); i++)
        schema_clear(f->of, element(f, object, i));
    free_elements(f, object);
}

static void copy_list(const struct schema_field *f, void *object)
{
    set_first(f, object, xmemdup(first_of(f, object), number_of(f, object) * f->of->size));
    for (size_t i = 0; i < number_of(f, object); i++)
        schema_copy(f->of, element(f, object, i));
}

const struct schema_type schema_list = { .read = read_list, .save = save_list, .clear = clear_list,
                                         .copy = copy_list };

static int read_integers(const struct schema_field *f, const struct json *at, void *object,
                         struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    int *list = xcalloc(json_count(at) + 1, sizeof *list);
    set_first(f, object, list);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        int64_t x;
        if (json_as_int(&e, (int64_t)f->min, (int64_t)f->max, &x, err) != 0)
            return -1;
        list[(*count_of(f, object))++] = (int)x;
    }
    return 0;
}

static cJSON *save_integers(const struct schema_field *f, const void *object)
{
    const int *list = (const int *)(const void *)first_of(f, object);
    size_t n = number_of(f, object);
    return n > 0 || f->always ? cJSON_CreateIntArray(list, (int)n) : NULL;
}

static void copy_integers(const struct schema_field *f, void *object)
{
    set_first(f, object, xmemdup(first_of(f, object), number_of(f, object) * sizeof(int)));
}

const struct schema_type schema_integers = { .read = read_integers, .save = save_integers,
                                             .clear = free_elements, .copy = copy_integers };

static char **texts_of(const struct schema_field *f, const void *object)
{
    return (char **)(void *)first_of(f, object);
}

static int read_texts(const struct schema_field *f, const struct json *at, void *object,
                      struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    char **list = xcalloc(json_count(at) + 1, sizeof *list);
    set_first(f, object, list);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        const char *text = "";
        bool empty = f->may_be_empty && cJSON_IsString(e.value) && !*e.value->valuestring;
        if (!empty && json_as_string(&e, &text, err) != 0)
            return -1;
        list[(*count_of(f, object))++] = xstrdup(text);
    }
    return 0;
}

static cJSON *save_texts(const struct schema_field *f, const void *object)
{
    size_t n = number_of(f, object);
    const char *const *list = (const char *const *)texts_of(f, object);
    return n > 0 || f->always ? cJSON_CreateStringArray(list, (int)n) : NULL;
}

static void clear_texts(const struct schema_field *f, void *object)
{
    for (size_t i = 0; i < number_of(f, object); i++)
        free(texts_of(f, object)[i]);
    free_elements(f, object);
}

static void copy_texts(const struct schema_field *f, void *object)
{
    size_t n = number_of(f, object);
    char **list = n > 0 ? xmemdup(texts_of(f, object), n * sizeof *list) : NULL;
    set_first(f, object, list);
    for (size_t i = 0; i < n; i++)
        list[i] = xstrdup(list[i]);
}

const struct schema_type schema_texts = { .read = read_texts, .save = save_texts,
                                          .clear = clear_texts,
                                          .copy = copy_texts };

const struct schema_type schema_ignored = { .words = "anything", .json = "{}" };
