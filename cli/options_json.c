#include "cli/options.h"

#include <string.h>

#include "base/escape.h"

/* A row's value; NULL: it is a text that was not given. */
static cJSON *value_of(const struct option_row *row, const char *values)
{
    const char *at = values + row->offset, *text;
    struct setting_value setting;
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
    case OPTION_SETTING:
        memcpy(&setting, at, sizeof setting);
        return setting_value_to_json(&setting, row->setting);
    case OPTION_NUMBER:
    case OPTION_SECONDS:
        break;
    }
    memcpy(&x, at, sizeof x);
    return cJSON_CreateNumber(x);
}

static size_t size_of(enum option_kind kind)
{
    static const size_t sizes[] = { [OPTION_FLAG] = sizeof(bool),
                                    [OPTION_TEXT] = sizeof(const char *),
                                    [OPTION_INTEGER] = sizeof(int64_t),
                                    [OPTION_NUMBER] = sizeof(double),
                                    [OPTION_SECONDS] = sizeof(double) };
    return sizes[kind];
}

static bool is_usual(const struct option_row *row, const char *value, const char *usual)
{
    struct setting_value a, b;
    if (row->kind != OPTION_SETTING)
        return memcmp(value, usual, size_of(row->kind)) == 0;
    memcpy(&a, value, sizeof a);
    memcpy(&b, usual, sizeof b);
    return setting_value_equal(&a, &b);
}

void options_add_json(cJSON *object, const struct option_group *groups, const void *values,
                      const void *defaults)
{
    struct option_row r;
    for (const struct option_group *g = groups; g->title; g++)
        for (size_t i = 0; option_at(g, i, &r); i++) {
            if (is_usual(&r, (const char *)values + r.offset, (const char *)defaults + r.offset))
                continue;
            cJSON *item = value_of(&r, values);
            if (item)
                cJSON_AddItemToObject(object, r.name, item);
        }
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
