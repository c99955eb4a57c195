/* cli/list.c - `dagcast list`: everything that can be chosen by name, one line each. */
#include <stddef.h>
#include <stdlib.h>

#include "base/escape.h"
#include "cli/choices.h"
#include "cli/command.h"
#include "cli/presets.h"
#include "cli/show.h"
#include "cli/words.h"
#include "core/middleware.h"
#include "core/platform.h"

struct list_options { struct output_options output; };

static const struct option_group groups[] = {
    { .title = "Output", .rows = show_rows, .offset = offsetof(struct list_options, output) },
    { .title = NULL },
};

enum { KINDS = CHOICE_KINDS + PRESET_KINDS };

/* Names as on the command line: "modes" ... "distributions", "platforms", "middleware". New string. */
static char *kind_name(int kind)
{
    return kind < CHOICE_KINDS ? str_format("%ss", choice_kind_name((enum choice_kind)kind))
                               : str_format("%s", preset_kind_name((enum preset_kind)(kind - CHOICE_KINDS)));
}

static void add_row(struct table *t, const char *name, const char *summary)
{
    table_add_row(t);
    table_set_text(t, 0, name);
    table_set_text(t, 1, summary);
}

/* One line on a preset: what it holds; a file that does not load says why. */
static void add_summary(struct str *text, enum preset_kind k, const char *name, const char *const *data_dirs)
{
    struct error err = { "" };
    struct platform *p = k == PRESET_PLATFORM ? platform_open(name, data_dirs, &err) : NULL;
    struct middleware *m = k == PRESET_MIDDLEWARE ? middleware_open(name, data_dirs, &err) : NULL;
    if (p) {
        words_add_nodes(text, p);
        if (p->machine_nodes > p->n_nodes)
            str_addf(text, ", of %zu%s", p->machine_nodes, p->retired ? "; retired" : "");
    } else if (m) {
        escape_terminal(text, m->summary ? m->summary : m->name);
    } else {
        escape_terminal(text, err.text);
    }
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
    char *names[KINDS + 1] = { NULL };
    const char *known[KINDS + 1] = { NULL };
    int found = -1;
    for (int i = 0; i < KINDS; i++) {
        known[i] = names[i] = kind_name(i);
        if (str_equal(word, names[i]))
            found = i;
    }
    if (found < 0) {
        const char *near = str_nearest(word, known);
        error_set(err, "nothing is named '%s' here%s%s%s", word, near ? "; did you mean '" : "; give one of: modes, schedulers, "
                  "orders, overtakes, placements, distributions, executors, plots, platforms, middleware",
                  near ? near : "", near ? "'?" : "");
    }
    for (int i = 0; i < KINDS; i++)
        free(names[i]);
    return found;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct list_options *o = call->options;
    int only = -1;
    if (call->operands.n && (only = find_kind(call->operands.at[0], err)) < 0)
        return -1;
    struct doc *d = show_new("list");
    doc_title(d, "What dagcast knows by name");
    for (int kind = 0; kind < KINDS; kind++) {
        if (only >= 0 && kind != only)
            continue;
        char *name = kind_name(kind);
        struct table *t = table_of(kind, call->data_dirs);
        doc_section(d, name);
        doc_add_table(d, name, NULL, t);
        table_free(t);
        free(name);
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
    .min_operands = 0,
    .max_operands = 1,
    .description =
        "Prints the names that options and files accept, with a line on each. KIND is one of modes, schedulers, orders, overtakes, "
        "placements, distributions, executors, plots, platforms, middleware.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct list_options),
    .run = run,
};
