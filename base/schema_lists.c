/* Lists: of objects, integers, texts, numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema_impl.h"
#include "base/xalloc.h"

/* ---- lists: a pointer to the elements, and how many ---- */

/* A member's type is a pointer to its elements' type, so it is read and written as bytes. */
static char *first_of(const struct schema_field *f, const void *object)
{
    char *first;
    memcpy(&first, schema_const_member(f, object), sizeof first);
    return first;
}

static void set_first(const struct schema_field *f, void *object, void *first)
{
    memcpy(schema_member(f, object), &first, sizeof first);
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
    size_t size = number_of(f, object) * f->of->size;
    set_first(f, object, size ? xmemdup(first_of(f, object), size) : NULL);
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

static int read_numbers(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    struct number_list *list = schema_member(f, object);
    double min = schema_is_limited(f) ? f->min : -INFINITY,
           max = schema_is_limited(f) ? f->max : INFINITY;
    if (json_expect_array(at, err) != 0)
        return -1;
    list->at = xcalloc(json_count(at) + 1, sizeof *list->at);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        double x = NAN;
        if (!cJSON_IsNull(e.value) && json_as_number(&e, min, max, &x, err) != 0)
            return -1;
        list->at[list->n++] = x;
    }
    return 0;
}

static cJSON *save_numbers(const struct schema_field *f, const void *object)
{
    const struct number_list *list = schema_const_member(f, object);
    cJSON *out = list->n > 0 || f->always ? cJSON_CreateArray() : NULL;
    for (size_t i = 0; i < list->n; i++)
        cJSON_AddItemToArray(out, isnan(list->at[i]) ? cJSON_CreateNull()
                                                     : cJSON_CreateNumber(list->at[i]));
    return out;
}

static void clear_numbers(const struct schema_field *f, void *object)
{
    struct number_list *list = schema_member(f, object);
    free(list->at);
    *list = (struct number_list){ 0 };
}

static void copy_numbers(const struct schema_field *f, void *object)
{
    struct number_list *list = schema_member(f, object);
    list->at = list->n > 0 ? xmemdup(list->at, list->n * sizeof *list->at) : NULL;
}

const struct schema_type schema_numbers = {
    .words = "a list of numbers, null where unknown",
    .json = "{\"type\": \"array\", \"items\": {\"type\": [\"number\", \"null\"]}}",
    .read = read_numbers, .save = save_numbers, .clear = clear_numbers, .copy = copy_numbers,
};
