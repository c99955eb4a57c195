#include "cli/options_json.h"

#include <math.h>
#include <string.h>

#include "base/escape.h"

/* A row's value; NULL: it is a text that was not given. */
static cJSON *value_of(const struct option_row *row, const char *values)
{
    const char *at = values + row->offset, *text;
    int64_t whole;
    double x;
    switch (row->kind) {
    case OPTION_FLAG:
        return cJSON_CreateTrue();
    case OPTION_TEXT:
        memcpy(&text, at, sizeof text);
        return text ? cJSON_CreateString(text) : NULL;
    case OPTION_INTEGER:
        memcpy(&whole, at, sizeof whole);
        return whole >= 0 ? json_whole((uint64_t)whole) : cJSON_CreateNumber((double)whole);
    case OPTION_NUMBER:
    case OPTION_SECONDS:
        break;
    }
    memcpy(&x, at, sizeof x);
    return cJSON_CreateNumber(x);
}

static size_t size_of(enum option_kind kind)
{
    switch (kind) {
    case OPTION_FLAG:
        return sizeof(bool);
    case OPTION_TEXT:
        return sizeof(const char *);
    case OPTION_INTEGER:
        return sizeof(int64_t);
    case OPTION_NUMBER:
    case OPTION_SECONDS:
        break;
    }
    return sizeof(double);
}

void options_add_json(cJSON *object, const struct option_row *rows, const void *values, const void *defaults)
{
    for (const struct option_row *r = rows; r->name; r++) {
        const char *value = (const char *)values + r->offset, *usual = (const char *)defaults + r->offset;
        if (memcmp(value, usual, size_of(r->kind)) == 0)
            continue;
        cJSON *item = value_of(r, values);
        if (item)
            cJSON_AddItemToObject(object, r->name, item);
    }
}

void options_overlay(const struct option_row *rows, void *values, const void *over, const void *defaults)
{
    for (const struct option_row *r = rows; r->name; r++) {
        const char *value = (const char *)over + r->offset, *usual = (const char *)defaults + r->offset;
        if (memcmp(value, usual, size_of(r->kind)) != 0)
            memcpy((char *)values + r->offset, value, size_of(r->kind));
    }
}

static int take(const struct json *object, const struct option_row *row, char *target, struct error *err)
{
    double low = row->min, high = row->max;
    if (low == 0 && high == 0) {
        low = -INFINITY;
        high = INFINITY;
    }
    switch (row->kind) {
    case OPTION_FLAG: {
        bool flag;
        memcpy(&flag, target, sizeof flag);
        int status = json_get_bool(object, row->name, &flag, err);
        memcpy(target, &flag, sizeof flag);
        return status;
    }
    case OPTION_TEXT: {
        const char *text;
        memcpy(&text, target, sizeof text);
        int status = json_get_string(object, row->name, &text, err);
        memcpy(target, &text, sizeof text);
        return status;
    }
    case OPTION_INTEGER: {
        int64_t whole;
        memcpy(&whole, target, sizeof whole);
        uint64_t seed = (uint64_t)whole;
        if (high == OPTION_LARGEST_INTEGER) {
            int failed = json_get_seed(object, row->name, &seed, err);
            memcpy(target, &seed, sizeof seed);
            return failed;
        }
        int status = json_get_int(object, row->name, isinf(low) ? INT64_MIN : (int64_t)low, isinf(high) ? INT64_MAX : (int64_t)high,
                                  &whole, err);
        memcpy(target, &whole, sizeof whole);
        return status;
    }
    case OPTION_NUMBER:
    case OPTION_SECONDS:
        break;
    }
    double x;
    memcpy(&x, target, sizeof x);
    int status = json_get_number(object, row->name, low, high, &x, err);
    memcpy(target, &x, sizeof x);
    return status;
}

int options_take_json(const struct json *object, const struct option_row *rows, void *values, struct error *err)
{
    for (const struct option_row *r = rows; r->name; r++)
        if (take(object, r, (char *)values + r->offset, err))
            return -1;
    return 0;
}

void options_add_command_line(struct str *text, const cJSON *object)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object) {
        if (!item->string)
            continue;
        str_addf(text, " --%s", item->string);
        if (cJSON_IsTrue(item))
            continue;
        str_add(text, " ");
        if (cJSON_IsString(item))
            escape_shell(text, item->valuestring);
        else
            str_add_double(text, item->valuedouble);
    }
}
