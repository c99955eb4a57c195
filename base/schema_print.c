/* The fields of a format for people (Markdown) and for editors (JSON Schema, draft 2020-12). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/schema_impl.h"
#include "base/xalloc.h"

static bool is_number(const struct schema_field *f)
{
    return f->storage != SCHEMA_OTHER && f->type != &schema_choice && !f->type->describe &&
           !f->type->words;
}

/* ---- Markdown ---- */

/* "1024", "-1e6", "2^40", "0.5". */
static void add_number(struct str *out, double x)
{
    int power;
    double tens = log10(fabs(x));
    if (frexp(x, &power) == 0.5 && power > 24)
        str_addf(out, "2^%d", power - 1);
    else if (tens >= 6 && tens == floor(tens))
        str_addf(out, "%s1e%.0f", x < 0 ? "-" : "", tens);
    else
        str_add_double(out, x);
}

static void add_range(struct str *out, const struct schema_field *f)
{
    if (!schema_is_limited(f))
        return;
    str_add(out, ", ");
    add_number(out, f->min);
    str_add(out, " to ");
    add_number(out, f->max);
}

static void add_choices(struct str *out, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        str_addf(out, "%s`%s`", i == 0 ? "" : names[i + 1] ? ", " : " or ", names[i]);
}

void schema_add_value(const struct schema_field *f, struct str *out)
{
    if (f->type->words) {
        str_add(out, f->type->words);
    } else if (f->choices) {
        add_choices(out, f->choices);
    } else if (f->type == &schema_text) {
        str_add(out, "text");
    } else if (f->type == &schema_bool) {
        str_add(out, "true or false");
    } else if (f->type == &schema_object) {
        str_add(out, "object");
    } else if (f->type == &schema_list) {
        str_add(out, "list of objects");
    } else if (f->type == &schema_texts) {
        str_add(out, "list of texts");
    } else if (f->type == &schema_integers) {
        str_add(out, "list of integers");
        add_range(out, f);
    } else {
        bool whole = f->storage != SCHEMA_DOUBLE;
        str_add(out, f->unit != QUANTITY_PLAIN ? quantity_name(f->unit)
                     : whole                   ? "integer"
                                               : "number");
        add_range(out, f);
    }
}

static void add_default(struct str *out, const struct schema_field *f)
{
    const char *mark =
        f->type == &schema_text && f->otherwise && !strchr(f->otherwise, ' ') ? "`" : "";
    if (f->required)
        str_add(out, "required");
    else if (f->otherwise)
        str_addf(out, "%s%s%s", mark, f->otherwise, mark);
    else if (f->type == &schema_bool)
        str_add(out, f->initial != 0 ? "true" : "false");
    else if (f->type == &schema_choice)
        str_addf(out, "`%s`", f->choices[(int)(f->initial - f->min)]);
    else if (is_number(f))
        add_number(out, f->initial);
    else
        str_add(out, "none");
}

static void add_table(const struct schema *s, struct str *out)
{
    const struct schema_field *f;
    str_addf(out, "**%s**\n\n| field | value | default | meaning |\n|---|---|---|---|\n", s->title);
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));) {
        str_addf(out, "| `%s` | ", f->key);
        schema_add_value(f, out);
        str_add(out, " | ");
        add_default(out, f);
        str_addf(out, " | %s |\n", f->help);
    }
}

static void add_tables(const struct schema *s, struct str *out, const struct schema **seen,
                       size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        if (seen[i] == s)
            return;
    seen[(*n)++] = s;
    if (s->title) {
        str_add(out, *n > 1 ? "\n" : "");
        add_table(s, out);
    }
    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].of)
            add_tables(s->fields[i].of, out, seen, n);
}

void schema_add_markdown(const struct schema *s, struct str *out)
{
    const struct schema *seen[SCHEMA_MOST_FIELDS];
    size_t n = 0;
    add_tables(s, out, seen, &n);
}

/* ---- JSON Schema ---- */

static cJSON *of_type(const char *type)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "type", type);
    return out;
}

static cJSON *number(const struct schema_field *f, bool whole)
{
    cJSON *out = of_type(whole ? "integer" : "number");
    if (schema_is_limited(f)) {
        cJSON_AddNumberToObject(out, "minimum", f->min);
        cJSON_AddNumberToObject(out, "maximum", f->max);
    }
    return out;
}

cJSON *schema_number_or_text(cJSON *number, enum quantity q)
{
    if (q == QUANTITY_PLAIN)
        return number;
    cJSON *out = cJSON_CreateObject(), *either = cJSON_AddArrayToObject(out, "anyOf"),
          *text = of_type("string");
    cJSON_AddStringToObject(text, "pattern", "^[+0-9.]");
    cJSON_AddItemToArray(either, number);
    cJSON_AddItemToArray(either, text);
    return out;
}

static cJSON *array_of(cJSON *items)
{
    cJSON *out = of_type("array");
    cJSON_AddItemToObject(out, "items", items);
    return out;
}

static cJSON *one_of_choices(const char *const *names)
{
    cJSON *out = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(out, "enum");
    for (size_t i = 0; names[i]; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(names[i]));
    return out;
}

static cJSON *text(void)
{
    cJSON *out = of_type("string");
    cJSON_AddNumberToObject(out, "minLength", 1);
    return out;
}

static cJSON *describe(const struct schema_field *f, cJSON *definitions)
{
    if (f->type->describe)
        return f->type->describe(f, definitions);
    if (f->type->json)
        return cJSON_Parse(f->type->json);
    if (f->type->like && f->type->like->describe)
        return f->type->like->describe(f, definitions);
    if (f->choices)
        return one_of_choices(f->choices);
    if (f->type == &schema_object)
        return schema_refer(f->of, definitions);
    if (f->of)
        return array_of(schema_refer(f->of, definitions));
    if (f->type == &schema_text)
        return text();
    if (f->type == &schema_texts)
        return array_of(text());
    if (f->type == &schema_bool)
        return of_type("boolean");
    if (f->type == &schema_integers)
        return array_of(number(f, true));
    return schema_number_or_text(number(f, f->storage != SCHEMA_DOUBLE), f->unit);
}

static cJSON *new_object(void)
{
    cJSON *out = of_type("object");
    cJSON_AddObjectToObject(out, "properties");
    cJSON *comment = cJSON_AddObjectToObject(out, "patternProperties");
    cJSON_AddBoolToObject(comment, "^(_.*|comment|[$]schema)$", true);
    cJSON_AddBoolToObject(out, "additionalProperties", false);
    return out;
}

/* The object that has the member of a dotted key; *key becomes the member's. */
static cJSON *group_of(const struct schema *s, cJSON *object, const char **key)
{
    cJSON *members = cJSON_GetObjectItemCaseSensitive(object, "properties");
    const char *dot = s->dotted ? strchr(*key, '.') : NULL;
    if (!dot)
        return members;
    char *first = xstrndup(*key, (size_t)(dot - *key));
    cJSON *group = cJSON_GetObjectItemCaseSensitive(members, first);
    if (!group) {
        group = new_object();
        cJSON_AddItemToObject(members, first, group);
    }
    free(first);
    *key = dot + 1;
    return cJSON_GetObjectItemCaseSensitive(group, "properties");
}

static void fill(const struct schema *s, cJSON *object, cJSON *definitions)
{
    const struct schema_field *f;
    cJSON *required = cJSON_CreateArray();
    for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));) {
        const char *key = f->key;
        cJSON *members = group_of(s, object, &key), *one = describe(f, definitions);
        cJSON_AddStringToObject(one, "description", f->help);
        cJSON_AddItemToObject(members, key, one);
        if (f->required)
            cJSON_AddItemToArray(required, cJSON_CreateString(f->key));
    }
    if (required->child)
        cJSON_AddItemToObject(object, "required", required);
    else
        cJSON_Delete(required);
}

cJSON *schema_refer(const struct schema *s, cJSON *definitions)
{
    if (!cJSON_GetObjectItemCaseSensitive(definitions, s->name)) {
        cJSON *object = new_object();
        cJSON_AddItemToObject(definitions, s->name, object);
        fill(s, object, definitions);
    }
    cJSON *out = cJSON_CreateObject();
    char *path = str_format("#/$defs/%s", s->name);
    cJSON_AddStringToObject(out, "$ref", path);
    free(path);
    return out;
}

cJSON *schema_to_json_schema(const struct schema *s)
{
    cJSON *out = cJSON_CreateObject(), *definitions = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(out, "title", s->title);
    cJSON *root = schema_refer(s, definitions);
    cJSON_AddItemToObject(out, "$ref", cJSON_DetachItemFromObjectCaseSensitive(root, "$ref"));
    cJSON_Delete(root);
    cJSON_AddItemToObject(out, "$defs", definitions);
    return out;
}
