/* Launchers that keep tasks apart: the rules, how many sessions showed each, and their form in a
 * profile. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/middleware.h"

static const char *const names[] = { "never", "nodes", "own_nodes", "without_gpu", "core", NULL };
static const char *const words[ALONE_RULES] = {
    [ALONE_NEVER] = "lets tasks run beside each other wherever they have slots",
    [ALONE_NODES] = "runs one task a node at a time, wherever slots are free",
    [ALONE_OWN_NODES] = "runs one task a node at a time, on the nodes of its slots",
    [ALONE_WITHOUT_GPU] = "runs a task without GPUs only while nothing else runs on its nodes",
    [ALONE_CORE] = "runs tasks with slots on one physical core one after another",
};

const char *alone_rule_words(enum alone_rule r)
{
    return words[r];
}

static int sessions_of(const struct alone_shown *a)
{
    int sum = 0;
    for (int r = 0; r < ALONE_RULES; r++)
        sum += a->sessions[r];
    return sum;
}

enum alone_rule alone_drawn(const struct alone_shown *a, double u)
{
    double left = u * sessions_of(a);
    int chosen = ALONE_NEVER;
    for (int r = 0; r < ALONE_RULES && left >= 0; r++) {
        chosen = a->sessions[r] > 0 ? r : chosen;
        left -= a->sessions[r];
    }
    return (enum alone_rule)chosen;
}

enum alone_rule alone_only(const struct alone_shown *a)
{
    enum alone_rule r = alone_drawn(a, 0);
    return a->sessions[r] == sessions_of(a) ? r : ALONE_RULES;
}

void alone_set_only(struct alone_shown *a, enum alone_rule only)
{
    *a = (struct alone_shown){ { 0 } };
    a->sessions[only] = only != ALONE_NEVER;
}

char *alone_text(const struct alone_shown *a, bool in_words)
{
    struct str text = { 0 };
    enum alone_rule only = alone_only(a);
    for (int r = 0; r < ALONE_RULES; r++) {
        if (only < ALONE_RULES ? only != (enum alone_rule)r : a->sessions[r] == 0)
            continue;
        str_addf(&text, "%s%s", text.length > 0 ? ", or " : "", in_words ? words[r] : names[r]);
        if (only == ALONE_RULES)
            str_addf(&text, " (%d of %d sessions)", a->sessions[r], sessions_of(a));
    }
    return str_take(&text);
}

/* ---- in a profile ---- */

static const char *name_of(int r)
{
    return names[r];
}

static const struct schema_field shown_fields[] = {
    { .type = &schema_integer, SCHEMA_AT(struct alone_shown, sessions[0]), .repeat = ALONE_RULES,
      .stride = sizeof(int), .key_of = name_of, .max = 1000000,
      .help = "how many sessions showed this rule" },
};
static const struct schema shown = { "alone", SCHEMA_FIELDS(shown_fields),
                                     .size = sizeof(struct alone_shown) };

static struct alone_shown *member(const struct schema_field *f, void *object)
{
    return (struct alone_shown *)(void *)((char *)object + f->offset);
}

static int read_shown(const struct schema_field *f, const struct json *at, void *object,
                      struct error *err)
{
    int rule;
    if (!cJSON_IsString(at->value))
        return schema_read(&shown, at, member(f, object), err);
    if (json_as_choice(at, names, &rule, err) != 0)
        return -1;
    alone_set_only(member(f, object), (enum alone_rule)rule);
    return 0;
}

static cJSON *save_shown(const struct schema_field *f, const void *object)
{
    const struct alone_shown *a =
        (const struct alone_shown *)(const void *)((const char *)object + f->offset);
    enum alone_rule only = alone_only(a);
    if (only == ALONE_NEVER)
        return NULL;
    if (only < ALONE_RULES)
        return cJSON_CreateString(names[only]);
    cJSON *out = cJSON_CreateObject();
    schema_save(&shown, a, out);
    return out;
}

static cJSON *describe_shown(const struct schema_field *f, cJSON *definitions)
{
    (void)f;
    cJSON *out = cJSON_CreateObject(), *either = cJSON_AddArrayToObject(out, "anyOf"),
          *name = cJSON_CreateObject();
    cJSON_AddItemToObject(name, "enum", cJSON_CreateStringArray(names, ALONE_RULES));
    cJSON_AddItemToArray(either, name);
    cJSON_AddItemToArray(either, schema_refer(&shown, definitions));
    return out;
}

const struct schema_type alone_field = {
    .words = "`never`, `nodes`, `own_nodes`, `without_gpu` or `core`; or an object of these",
    .takes = JSON_TEXT | JSON_OBJECT,
    .read = read_shown, .save = save_shown, .describe = describe_shown,
};
