/* cli/schema.c - `dagcast schema`: the fields of a file format, for editors and for
 * docs/formats.md. */
#include "cli/command.h"
#include "cli/formats.h"
#include "cli/output.h"

struct schema_options { bool markdown; };

#define AT(member) OPTION_AT(struct schema_options, member)

static const struct option_row rows[] = {
    { .name = "markdown", AT(markdown), .help = "the tables of docs/formats.md instead" },
    { .name = NULL },
};
static const struct option_group groups[] = {
    { .title = "Output", .rows = rows, .offset = 0 },
    { .title = NULL },
};

static const char *word_at(size_t i)
{
    return file_format_at(i) ? file_format_at(i)->name : NULL;
}

enum { FORMATS_MOST = 32 };

static int refuse(const char *name, struct error *err)
{
    const char *known[FORMATS_MOST + 1] = { NULL };
    struct str list = { 0 };
    for (size_t i = 0; i < FORMATS_MOST && word_at(i); i++) {
        known[i] = word_at(i);
        str_addf(&list, "%s%s", i ? ", " : "", known[i]);
    }
    const char *near = str_nearest(name, known);
    error_set(err, "no file format is named '%s'; %s%s%s", name,
              near ? "did you mean '" : "give one of: ", near ? near : list.text, near ? "'?" : "");
    str_clear(&list);
    return -1;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct schema_options *o = call->options;
    const struct file_format *f = file_format_find(call->operands.at[0]);
    struct str text = { 0 };
    if (!f)
        return refuse(call->operands.at[0], err);
    if (!o->markdown)
        return output_json(file_format_schema(f), err);
    file_format_add_markdown(f, &text);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static const struct example examples[] = {
    { "schema platform > platform.schema.json",
      "a JSON Schema, for an editor's completion and checks" },
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
        "Prints a JSON Schema (draft 2020-12) of a FORMAT: scenario, workflow, platform, "
        "middleware, distribution. An editor that knows it completes fields, shows what they mean "
        "and marks mistakes. The reader checks more than a schema can say.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct schema_options),
    .run = run,
};
