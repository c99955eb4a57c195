/* A scenario file's fields: the settings that are keys of one (core/setting.h), as a schema. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/scenario.h"
#include "core/setting.h"

static cJSON *name_or(const struct schema *s, cJSON *definitions)
{
    cJSON *out = cJSON_CreateObject(), *either = cJSON_AddArrayToObject(out, "anyOf"), *name = cJSON_CreateObject();
    cJSON_AddStringToObject(name, "type", "string");
    cJSON_AddItemToArray(either, name);
    cJSON_AddItemToArray(either, schema_refer(s, definitions));
    return out;
}

static cJSON *describe_workflow(const struct schema_field *f, cJSON *definitions)
{
    (void)f;
    return name_or(&workflow_schema, definitions);
}

static cJSON *describe_platform(const struct schema_field *f, cJSON *definitions)
{
    (void)f;
    return name_or(&platform_schema, definitions);
}

static cJSON *describe_middleware(const struct schema_field *f, cJSON *definitions)
{
    (void)f;
    return name_or(&middleware_schema, definitions);
}

static const struct schema_type workflow_source = { .words = "path, or a workflow", .describe = describe_workflow },
                                platform_source = { .words = "name, path, or a platform", .describe = describe_platform },
                                middleware_source = { .words = "name, path, or a profile",
                                                      .describe = describe_middleware },
                                seed = { .words = "integer, 0 to 2^63 - 1; from 2^53 on as a text",
                                         .json = "{\"type\": [\"integer\", \"string\"], \"minimum\": 0}" };

static cJSON *describe_wait(const struct schema_field *f, cJSON *definitions)
{
    cJSON *out = cJSON_CreateObject(), *either = cJSON_AddArrayToObject(out, "anyOf");
    cJSON_AddItemToArray(either, schema_number_or_text(cJSON_CreateObject(), f->unit));
    cJSON_AddItemToArray(either, dist_field.describe(f, definitions));
    return out;
}

static const struct schema_type wait_source = { .words = "seconds, or a distribution", .describe = describe_wait };

static const struct schema_type *type_of(enum setting_id id)
{
    if (id == SETTING_QUEUE_WAIT)
        return &wait_source;
    if (id == SETTING_QUEUE_HISTORY)
        return &schema_text;
    switch (setting_at(id)->type) {
    case SETTING_SOURCE:
        return id == SETTING_WORKFLOW ? &workflow_source : id == SETTING_PLATFORM ? &platform_source : &middleware_source;
    case SETTING_NAME:
    case SETTING_TEXT: return &schema_text;
    case SETTING_INTEGER: return &schema_integer;
    case SETTING_SEED_NUMBER: return &seed;
    case SETTING_NUMBER:
    case SETTING_SECONDS:
    case SETTING_SWITCH: break;
    }
    return &schema_number;
}

/* "what it is (default: X)": the default, new, or NULL, and *what without it, new. */
static char *split_help(const char *help, char **what)
{
    static const char mark[] = " (default: ";
    const char *from = strstr(help, mark), *end = from ? strchr(from, ')') : NULL;
    *what = end ? str_format("%.*s%s", (int)(from - help), help, end + 1) : xstrdup(help);
    return end ? xstrndup(from + strlen(mark), (size_t)(end - from) - strlen(mark)) : NULL;
}

static struct schema_field field_of(enum setting_id id, const char *const *modes)
{
    const struct setting *s = setting_at(id);
    char *what, *otherwise = split_help(s->help, &what);
    return (struct schema_field){
        .key = s->name, .type = type_of(id), .storage = s->type == SETTING_INTEGER ? SCHEMA_INT64 : SCHEMA_DOUBLE,
        .min = s->min, .max = s->max, .unit = s->type == SETTING_SECONDS ? QUANTITY_SECONDS : QUANTITY_PLAIN,
        .choices = id == SETTING_MODE ? modes : NULL, .required = id == SETTING_WORKFLOW,
        .otherwise = otherwise, .help = what,
    };
}

/* Calls `use` with the schema, which lives until it returns. */
static void with_schema(void (*use)(const struct schema *s, void *result), void *result)
{
    const char *modes[MODES + 1] = { NULL };
    struct schema_field fields[SETTINGS];
    size_t n = 0;
    for (int m = 0; m < MODES; m++)
        modes[m] = mode_name((enum mode)m);
    for (int id = 0; id < SETTINGS; id++)
        if (setting_at((enum setting_id)id)->views & SETTING_KEY)
            fields[n++] = field_of((enum setting_id)id, modes);
    const struct schema s = { "scenario", .fields = fields, .n_fields = n, .title = "A scenario" };
    use(&s, result);
    for (size_t i = 0; i < n; i++) {
        free((char *)(uintptr_t)fields[i].help);
        free((char *)(uintptr_t)fields[i].otherwise);
    }
}

static void use_markdown(const struct schema *s, void *result)
{
    schema_add_markdown(s, result);
}

static void use_json(const struct schema *s, void *result)
{
    *(cJSON **)result = schema_to_json_schema(s);
}

void scenario_add_markdown(struct str *out)
{
    with_schema(use_markdown, out);
}

cJSON *scenario_json_schema(void)
{
    cJSON *out = NULL;
    with_schema(use_json, &out);
    return out;
}
