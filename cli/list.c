/* cli/list.c - `dagcast list`: everything that can be chosen by name, one line each. */
#include <stddef.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/show.h"
#include "cli/words.h"
#include "core/middleware.h"
#include "core/platform.h"
#include "core/presets.h"

struct list_options { struct output_options output; };

static const struct option_group groups[] = {
    SHOW_PROGRESS_GROUP(struct list_options),
    { .title = NULL },
};

enum { KINDS = CHOICE_KINDS + PRESET_KINDS };

/* "modes" ... "distributions", "platforms", "middleware". */
static const char *kind_name(size_t kind)
{
    return kind < CHOICE_KINDS ? choice_kind_name((enum choice_kind)kind)
           : kind < KINDS      ? preset_kind_name((enum preset_kind)(kind - CHOICE_KINDS))
                               : NULL;
}

static void add_row(struct table *t, const char *name, const char *summary)
{
    table_add_row(t);
    table_set_text(t, 0, name);
    table_set_text(t, 1, summary);
}

/* What a template says of itself, new; NULL: nothing. */
static char *template_comment(const char *name, const char *const *data_dirs)
{
    const char *text = NULL;
    char *path = preset_path(PRESET_TEMPLATE, name, data_dirs);
    struct json_document *doc = path ? json_load(path, NULL) : NULL;
    const struct json root = doc ? json_root(doc) : (struct json){ 0 };
    char *comment =
        doc && json_get_string(&root, "comment", &text, NULL) == 0 && text ? xstrdup(text) : NULL;
    json_free(doc);
    free(path);
    return comment;
}

/* One line on a preset: what it holds; a file that does not load says why. */
static void add_summary(struct str *text, enum preset_kind k, const char *name,
                        const char *const *data_dirs)
{
    struct error err = { "" };
    struct platform *p =
        k == PRESET_PLATFORM ? platform_open(name, data_dirs, json_load, &err) : NULL;
    char *comment = k == PRESET_TEMPLATE ? template_comment(name, data_dirs) : NULL;
    struct middleware *m =
        k == PRESET_MIDDLEWARE ? middleware_open(name, data_dirs, json_load, &err) : NULL;
    if (p) {
        words_add_nodes(text, p);
        if (p->machine_nodes > p->n_nodes)
            str_addf(text, ", of %zu%s", p->machine_nodes, p->retired ? "; retired" : "");
    } else if (m) {
        escape_terminal(text, m->summary ? m->summary : m->name);
    } else if (comment) {
        escape_terminal(text, comment);
    } else {
        escape_terminal(text, err.text);
    }
    free(comment);
    platform_free(p);
    middleware_free(m);
}

static struct table *table_of(int kind, const char *const *data_dirs)
{
    struct table *t = table_new();
    table_add_column(t, "name", TABLE_LEFT);
    table_add_column(t, "summary", TABLE_LEFT);
    struct choice c;
    for (size_t i = 0; kind < CHOICE_KINDS && choice_at((enum choice_kind)kind, i, &c); i++)
        add_row(t, c.name, c.summary);
    if (kind < CHOICE_KINDS)
        return t;
    enum preset_kind k = (enum preset_kind)(kind - CHOICE_KINDS);
    struct presets presets = presets_find(k, data_dirs);
    for (size_t i = 0; i < presets.n; i++) {
        struct str summary = { 0 };
        add_summary(&summary, k, presets.names[i], data_dirs);
        add_row(t, presets.names[i], summary.text);
        str_clear(&summary);
    }
    presets_clear(&presets);
    return t;
}

static int find_kind(const char *word, struct error *err)
{
    const char *known[KINDS + 1] = { NULL };
    struct str all = { 0 };
    int found = -1;
    for (size_t i = 0; i < KINDS; i++) {
        known[i] = kind_name(i);
        str_addf(&all, "%s%s", i ? ", " : "", known[i]);
        if (str_equal(word, known[i]))
            found = (int)i;
    }
    const char *near = str_nearest(word, known);
    if (found < 0 && near)
        error_set(err, "nothing is named '%s' here; did you mean '%s'?", word, near);
    else if (found < 0)
        error_set(err, "nothing is named '%s' here; give one of: %s", word, all.text);
    str_clear(&all);
    return found;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct list_options *o = call->options;
    int only = -1;
    if (o->output.csv && !call->operands.n)
        return error_set(err, "--csv: prints one table; give a KIND");
    if (call->operands.n && (only = find_kind(call->operands.at[0], err)) < 0)
        return -1;
    struct doc *d = show_new("list");
    doc_title(d, "What dagcast knows by name");
    for (int kind = 0; kind < KINDS; kind++) {
        if (only >= 0 && kind != only)
            continue;
        const char *name = kind_name((size_t)kind);
        struct table *t = table_of(kind, call->data_dirs);
        doc_section(d, name);
        doc_add_table(d, name, NULL, t);
        table_free(t);
    }
    return show(d, &o->output, err);
}

static const struct example examples[] = {
    { "list", "all of it" },
    { "list platforms", "machines to run on" },
    { "list orders --json", "names for another program" },
    { NULL, NULL },
};

const struct command command_list = {
    .name = "list",
    .section = "Look",
    .summary = "what can be chosen by name: modes, schedulers, platforms ...",
    .operands = "[KIND]",
    .max_operands = 1,
    .word_at = kind_name,
    .description = "Prints the names that options and files accept, with a line on each. KIND is "
                   "one of modes, schedulers, orders, overtakes, placements, distributions, "
                   "executors, plots, importers, commands, formats, platforms, middleware, "
                   "templates.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct list_options),
    .run = run,
};
