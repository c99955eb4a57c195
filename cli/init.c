/* cli/init.c - `dagcast init`: a commented workflow to start from. */
#include <stddef.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/output.h"
#include "core/presets.h"

enum { TEMPLATE_MOST = 1 << 20 };

struct init_options {
    bool force;
    const char *output;
};

#define AT(member) OPTION_AT(struct init_options, member)

static const struct option_row rows[] = {
    { .name = "output", .letter = 'o', AT(output), .file = OPTION_WRITES, .argument = "FILE",
      .help = "the workflow; - is standard output (default: TEMPLATE.json)" },
    { .name = "force", .letter = 'f', AT(force), .help = "overwrite FILE if it exists" },
    { .name = NULL },
};
static const struct option_group groups[] = {
    { .title = "Output", .rows = rows },
    { .title = NULL },
};

static char *unsaid_output(const struct invocation *call)
{
    const struct init_options *o = call->options;
    return o->output ? NULL : str_format("%s.json", call->operands.at[0]);
}

static char *load_template(const char *name, const char *const *data_dirs, size_t *size,
                           struct error *err)
{
    char *path = presets_is_path(name) ? NULL : preset_path(PRESET_TEMPLATE, name, data_dirs);
    if (presets_is_path(name))
        error_set(err,
                  "expected the name of a template, got '%s'; 'dagcast list templates' shows them",
                  name);
    else if (!path && presets_check(PRESET_TEMPLATE, "TEMPLATE", name, data_dirs, err) == 0)
        error_set(err, "template '%s' cannot be read", name);
    char *text = path ? file_load(path, TEMPLATE_MOST, size, err) : NULL;
    free(path);
    return text;
}

static int write_file(const struct init_options *o, const char *path, const char *text, size_t size,
                      struct error *err)
{
    if (!o->force && file_exists(path))
        return error_set(err, "%s exists; --force overwrites it, --output names another file",
                         path);
    if (file_save(path, text, size, err))
        return -1;
    struct str next = { 0 }, word = { 0 };
    escape_shell(&word, path);
    escape_addf(&next, "wrote %s\n\nnext:\n", path);
    str_addf(&next,
             "  dagcast describe %s --platform summit               # in words\n  dagcast compare "
             "%s --platform summit --nodes 16     # how long it takes\n  dagcast execute %s "
             "--platform summit --dry-run      # what would start where, and when\n",
             word.text, word.text, word.text);
    int status = output_text(&next, err);
    str_clear(&word);
    str_clear(&next);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct init_options *o = call->options;
    size_t size = 0;
    char *text = load_template(call->operands.at[0], call->data_dirs, &size, err);
    if (!text)
        return -1;
    char *unsaid = unsaid_output(call);
    const char *path = unsaid ? unsaid : o->output;
    int status;
    if (str_equal(path, "-")) {
        struct str out = { 0 };
        str_add_n(&out, text, size);
        status = output_text(&out, err);
        str_clear(&out);
    } else {
        status = write_file(o, path, text, size, err);
    }
    xfree(unsaid, text);
    return status;
}

static const struct example examples[] = {
    { "init ddmd", "writes ddmd.json: simulate, train, infer, three times" },
    { "init campaign -o mine.json", "independent pipelines that share an allocation" },
    { "list templates", "which templates there are" },
    { NULL, NULL },
};

const struct command command_init = {
    .name = "init",
    .section = "Look",
    .summary = "a commented workflow to start from: ddmd, campaign, chain, ensemble",
    .operands = "TEMPLATE",
    .min_operands = 1,
    .max_operands = 1,
    .first_file = 1,
    .unsaid_output = unsaid_output,
    .description = "Writes a workflow with comments, which any command reads as it is: change "
                   "names, numbers of tasks, demands and durations to your own. TEMPLATE is a name "
                   "of 'dagcast list templates': ddmd (iterations that train a model), campaign "
                   "(independent pipelines), chain (sets one after the other), ensemble "
                   "(independent members, then an analysis). Your own templates are JSON files in "
                   "examples/templates/ of the folder that DAGCAST_DATA names.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct init_options),
    .run = run,
};
