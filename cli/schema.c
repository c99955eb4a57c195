/* cli/schema.c - `dagcast schema`: the fields of a file format, for editors and for docs/formats.md. */
#include "base/schema.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"
#include "core/scenario.h"

struct schema_options { bool markdown; };

static const struct option_row rows[] = {
    { .name = "markdown", .kind = OPTION_FLAG, .offset = offsetof(struct schema_options, markdown),
      .help = "the tables of docs/formats.md instead" },
    { .name = NULL },
};
static const struct option_group groups[] = {
    { .title = "Output", .rows = rows, .offset = 0 },
    { .title = NULL },
};

static cJSON *distribution_schema(void)
{
    cJSON *definitions = cJSON_CreateObject(), *out = dist_field.describe(NULL, definitions);
    cJSON_AddItemToObject(out, "$defs", definitions);
    return out;
}

/* With a schema, or with what prints one. */
static const struct format {
    const char *name;
    const struct schema *schema;
    void (*add_markdown)(struct str *out);
    cJSON *(*json_schema)(void);
} formats[] = {
    { "scenario", NULL, scenario_add_markdown, scenario_json_schema },
    { "workflow", &workflow_schema, NULL, NULL },
    { "platform", &platform_schema, NULL, NULL },
    { "middleware", &middleware_schema, NULL, NULL },
    { "distribution", NULL, dist_add_markdown, distribution_schema },
};
enum { FORMATS = sizeof formats / sizeof *formats };

static const char *word_at(size_t i)
{
    return i < FORMATS ? formats[i].name : NULL;
}

static const struct format *find_format(const char *name, struct error *err)
{
    const char *known[FORMATS + 1] = { NULL };
    struct str list = { 0 };
    for (size_t i = 0; i < FORMATS; i++) {
        if (str_equal(formats[i].name, name)) {
            str_clear(&list);
            return &formats[i];
        }
        known[i] = formats[i].name;
        str_addf(&list, "%s%s", i ? ", " : "", known[i]);
    }
    const char *near = str_nearest(name, known);
    error_set(err, "no file format is named '%s'; %s %s%s", name, near ? "did you mean" : "give one of:",
              near ? near : list.text, near ? "?" : "");
    str_clear(&list);
    return NULL;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct schema_options *o = call->options;
    const struct format *f = find_format(call->operands.at[0], err);
    struct str text = { 0 };
    if (!f)
        return -1;
    if (!o->markdown)
        return output_json(f->schema ? schema_to_json_schema(f->schema) : f->json_schema(), err);
    if (f->schema)
        schema_add_markdown(f->schema, &text);
    else
        f->add_markdown(&text);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static const struct example examples[] = {
    { "schema platform > platform.schema.json", "a JSON Schema, for an editor's completion and checks" },
    { "schema middleware --markdown", "its fields as tables, as in docs/formats.md" },
    { NULL, NULL },
};

const struct command command_schema = {
    .name = "schema",
    .section = "Look",
    .summary = "the fields of a file format, as JSON Schema for editors",
    .operands = "FORMAT",
    .min_operands = 1,
    .max_operands = 1,
    .first_file = 1,
    .word_at = word_at,
    .description =
        "Prints a JSON Schema (draft 2020-12) of a FORMAT: scenario, workflow, platform, middleware, "
        "distribution. An editor that knows it completes fields, shows what they mean and marks "
        "mistakes. The reader checks more than a schema can say.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct schema_options),
    .run = run,
};
