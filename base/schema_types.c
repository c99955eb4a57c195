/* What a field holds: numbers, texts, choices, objects and lists of objects. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema_impl.h"
#include "base/xalloc.h"

/* ---- numbers ---- */

static double load(const struct schema_field *f, const void *object)
{
    const void *at = schema_const_member(f, object);
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
    void *at = schema_member(f, object);
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
    double x, min = schema_is_limited(f) ? f->min : -INFINITY,
              max = schema_is_limited(f) ? f->max : INFINITY;
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
    } else if (json_as_int(at, schema_is_limited(f) ? (int64_t)f->min : INT64_MIN,
                           schema_is_limited(f) ? (int64_t)f->max : INT64_MAX, &whole, err) != 0) {
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
    return json_as_seed(at, schema_member(f, object), err);
}

static cJSON *save_seed(const struct schema_field *f, const void *object)
{
    return json_whole(*(const uint64_t *)schema_const_member(f, object));
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
    return (char **)schema_member(f, object);
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
    char *const *text = (char *const *)schema_const_member(f, object);
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
        schema_defaults(f->of, schema_member(f, object));
    } else if (f->initial != 0) {
        store(f, object, f->initial);
    }
}

/* ---- objects ---- */

static int read_object(const struct schema_field *f, const struct json *at, void *object,
                       struct error *err)
{
    return schema_read(f->of, at, schema_member(f, object), err);
}

static bool has_value(const struct schema_field *f, const void *object)
{
    if (f->type == &schema_text)
        return *(char *const *)schema_const_member(f, object) != NULL;
    return !(f->min > 0) || load(f, object) > 0;
}

static bool is_absent(const struct schema *s, const void *object)
{
    const struct schema_field *f;
    bool absent = (s->absent && s->absent(object)) ||
                  (s->present > 0 && !*((const bool *)object + s->present - 1));
    for (struct schema_walk w = schema_fields(s); !absent && (f = schema_next(&w));)
        absent = f->required && !has_value(f, object);
    return absent;
}

static cJSON *save_object(const struct schema_field *f, const void *object)
{
    const void *own = schema_const_member(f, object);
    if (is_absent(f->of, own))
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
    schema_clear(f->of, schema_member(f, object));
}

static void copy_object(const struct schema_field *f, void *object)
{
    schema_copy(f->of, schema_member(f, object));
}

const struct schema_type schema_object = { .read = read_object, .save = save_object,
                                           .clear = clear_object,
                                           .copy = copy_object };

const struct schema_type schema_ignored = { .words = "anything", .json = "{}" };
