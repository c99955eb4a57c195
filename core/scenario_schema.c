/* Files whose fields are settings (core/setting.h), as schemas. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/scenario.h"
#include "core/setting.h"

static cJSON *name_or(const struct schema *s, cJSON *definitions)
{
    cJSON *out = cJSON_CreateObject(), *either = cJSON_AddArrayToObject(out, "anyOf"),
          *name = cJSON_CreateObject();
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

static const struct schema_type workflow_source = { .words = "path, or a workflow",
                                                    .describe = describe_workflow },
                                platform_source = { .words = "name, path, or a platform",
                                                    .describe = describe_platform },
                                middleware_source = { .words = "name, path, or a profile",
                                                      .describe = describe_middleware };

static cJSON *describe_wait(const struct schema_field *f, cJSON *definitions)
{
    cJSON *out = cJSON_CreateObject(), *either = cJSON_AddArrayToObject(out, "anyOf");
    cJSON_AddItemToArray(either, schema_number_or_text(cJSON_CreateObject(), f->unit));
    cJSON_AddItemToArray(either, dist_field.describe(f, definitions));
    return out;
}

static const struct schema_type wait_source = { .words = "seconds, or a distribution",
                                                .describe = describe_wait };

static const struct schema_type *type_of(enum setting_id id)
{
    if (id == SETTING_QUEUE_WAIT)
        return &wait_source;
    if (id == SETTING_QUEUE_HISTORY)
        return &schema_text;
    switch (setting_at(id)->type) {
    case SETTING_SOURCE:
        return id == SETTING_WORKFLOW   ? &workflow_source
               : id == SETTING_PLATFORM ? &platform_source
                                        : &middleware_source;
    case SETTING_NAME:
    case SETTING_TEXT: return &schema_text;
    case SETTING_INTEGER: return &schema_integer;
    case SETTING_SEED_NUMBER: return &schema_seed;
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

static struct schema_field field_of(enum setting_id id)
{
    const struct setting *s = setting_at(id);
    char *what, *otherwise = split_help(s->help, &what);
    if (!otherwise && s->type != SETTING_TEXT && s->type != SETTING_SOURCE)
        otherwise = xstrdup("as it is");
    return (struct schema_field){
        .key = s->name, .type = type_of(id),
        .storage = s->type == SETTING_INTEGER ? SCHEMA_INT64
                   : s->type == SETTING_TEXT  ? SCHEMA_OTHER
                                              : SCHEMA_DOUBLE,
        .min = s->min, .max = s->max,
        .unit = s->type == SETTING_SECONDS ? QUANTITY_SECONDS : QUANTITY_PLAIN,
        .choices = id == SETTING_MODE ? mode_names : NULL, .otherwise = otherwise, .help = what,
    };
}

/* Calls `use` with the schema, which lives until it returns. */
static void with_schema(const struct settings_format *f,
                        void (*use)(const struct schema *s, void *result), void *result)
{
    struct schema_field *fields = xcalloc(f->n_own + SETTINGS, sizeof *fields);
    size_t n = 0;
    for (; n < f->n_own; n++)
        fields[n] = f->own[n];
    for (int id = 0; id < SETTINGS; id++) {
        const struct setting *s = setting_at((enum setting_id)id);
        if (!(s->views & f->views) || s->of == SETTING_OF_STATION)
            continue;
        fields[n] = field_of((enum setting_id)id);
        fields[n++].required = f->needs_workflow && id == SETTING_WORKFLOW;
    }
    const struct schema s = { f->name, .fields = fields, .n_fields = n, .title = f->title };
    use(&s, result);
    for (size_t i = f->n_own; i < n; i++) {
        xfree((char *)(uintptr_t)fields[i].help, (char *)(uintptr_t)fields[i].otherwise);
    }
    free(fields);
}

static void use_markdown(const struct schema *s, void *result)
{
    schema_add_markdown(s, result);
}

static void use_json(const struct schema *s, void *result)
{
    *(cJSON **)result = schema_to_json_schema(s);
}

void settings_add_markdown(const struct settings_format *f, struct str *out)
{
    with_schema(f, use_markdown, out);
}

/* "cores.training": settings of a task set or a station. */
static void allow_parts(const struct settings_format *f, cJSON *object)
{
    struct str names = { 0 };
    for (int id = 0; id < SETTINGS; id++) {
        const struct setting *s = setting_at((enum setting_id)id);
        if ((s->views & f->views) && s->of != SETTING_OF_SCENARIO)
            str_addf(&names, "%s%s", names.length ? "|" : "", s->name);
    }
    if (names.length) {
        char *pattern = str_format("^(%s)\\..+$", names.text);
        cJSON_AddItemToObject(cJSON_GetObjectItemCaseSensitive(object, "patternProperties"),
                              pattern, cJSON_CreateObject());
        free(pattern);
    }
    str_clear(&names);
}

cJSON *settings_json_schema(const struct settings_format *f)
{
    cJSON *out = NULL;
    with_schema(f, use_json, &out);
    cJSON *definitions = cJSON_GetObjectItemCaseSensitive(out, "$defs");
    allow_parts(f, cJSON_GetObjectItemCaseSensitive(definitions, f->name));
    return out;
}

static const struct settings_format scenario = { "scenario", "A scenario", SETTING_KEY,
                                                 .needs_workflow = true };

void scenario_add_markdown(struct str *out)
{
    settings_add_markdown(&scenario, out);
}

cJSON *scenario_json_schema(void)
{
    return settings_json_schema(&scenario);
}
