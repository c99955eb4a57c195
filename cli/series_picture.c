/* cli/series_picture.c - lines, bars and points of a table's columns: which columns, which rows
 * make a series, and what axes and series are called. */
#include "cli/plot_kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"

/* --- which columns ---------------------------------------------------------------------------- */

/* The settings of a sweep come before its results: columns up to "error" or "replicas", but for
 * the point's number. */
static size_t n_settings(const struct columns *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_equal(c->names[i], "error") || str_equal(c->names[i], "replicas"))
            return i;
    return 0;
}

static bool is_setting(const struct columns *c, size_t i)
{
    return i < n_settings(c) && !str_equal(c->names[i], "point") && columns_vary(c, (int)i);
}

static bool all_numbers(const struct columns *c, int column)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (isnan(columns_number(c, i, column)))
            return false;
    return true;
}

/* Said by `option`, else the first of `usual` (NULL-terminated) that there is, else (settings) the
 * first setting of numbers that varies. */
static int choose(const struct columns *c, const char *option, const char *said,
                  const char *const *usual, bool settings, struct error *err)
{
    if (said)
        return columns_need(c, option, said, err);
    for (; *usual; usual++)
        if (columns_find(c, *usual) >= 0 && (!settings || columns_vary(c, columns_find(c, *usual))))
            return columns_find(c, *usual);
    for (size_t i = 0; settings && i < c->n; i++)
        if (is_setting(c, i) && all_numbers(c, (int)i))
            return (int)i;
    return error_set(err, "which column? give %s NAME", option);
}

static int find_bound(const struct columns *c, int y, const char *which)
{
    const char *name = c->names[y];
    size_t stem = str_ends(name, "_s") ? strlen(name) - 2 : strlen(name);
    char *sweeps = str_format("%.*s_ci95_%s%s", (int)stem, name, which, name + stem),
         *plain = str_format("%s_%s", name, which);
    int found = columns_find(c, sweeps) >= 0 ? columns_find(c, sweeps) : columns_find(c, plain);
    xfree(sweeps, plain);
    return found;
}

/* "makespan_s" -> "makespan [s]", "utilisation_gpus" -> "utilisation gpus [0 to 1]" */
static char *axis_name(const struct columns *c, int column)
{
    struct str name = { 0 };
    const char *text = c->names[column];
    size_t n = str_ends(text, "_s") ? strlen(text) - 2 : strlen(text);
    for (size_t i = 0; i < n; i++)
        str_add_n(&name, text[i] == '_' || text[i] == '.' ? " " : text + i, 1);
    bool share = strncmp(text, "utilisation", strlen("utilisation")) == 0 ||
                 strncmp(text, "share", strlen("share")) == 0;
    str_add(&name, text[n] ? " [s]" : share ? " [0 to 1]" : "");
    return str_take(&name);
}

/* --- rows in groups --------------------------------------------------------------------------- */

struct groups {
    size_t n;
    struct series *series;
    char **names;
    double **numbers;                    /* x, y, low, high of each */
    char ***labels;
};

/* What tells a row's series: --by's columns, else every setting but x. */
static char *group_name(const struct columns *c, size_t row, const char *by, int x)
{
    struct str name = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        bool in = by ? str_equal(by, c->names[i]) : is_setting(c, i) && (int)i != x;
        if (in)
            escape_addf(&name, "%s%s", name.length ? ", " : "", columns_text(c, row, (int)i));
    }
    return str_take(&name);
}

/* What names a point of a front: all settings. */
static char *point_label(const struct columns *c, size_t row)
{
    struct str label = { 0 };
    for (size_t i = 0; i < c->n; i++)
        if (is_setting(c, i))
            escape_addf(&label, "%s%s%s", label.length ? ", " : "", columns_text(c, row, (int)i),
                        str_equal(c->names[i], "nodes") ? " nodes" : "");
    return str_take(&label);
}

static size_t group_of(struct groups *g, char *name, size_t rows)
{
    for (size_t k = 0; k < g->n; k++)
        if (str_equal(g->names[k], name)) {
            free(name);
            return k;
        }
    size_t k = g->n++;
    g->names[k] = name;
    g->numbers[k] = xcalloc(4 * rows, sizeof **g->numbers);
    g->labels[k] = xcalloc(rows, sizeof **g->labels);
    const double *numbers = g->numbers[k];
    g->series[k] = (struct series){ .name = *name ? name : NULL,
                                    .x = numbers,
                                    .y = numbers + rows,
                                    .low = numbers + 2 * rows,
                                    .high = numbers + 3 * rows,
                                    .labels = (const char *const *)g->labels[k] };
    return k;
}

struct chosen { int x, y, low, high; };  /* columns; -1: none */

static struct groups groups_of(const struct columns *c, const struct chosen *at, const char *by)
{
    struct groups g = { .series = xcalloc(c->n_rows, sizeof *g.series),
                        .names = xcalloc(c->n_rows, sizeof *g.names),
                        .numbers = xcalloc(c->n_rows, sizeof *g.numbers),
                        .labels = xcalloc(c->n_rows, sizeof *g.labels) };
    for (size_t row = 0; row < c->n_rows; row++) {
        size_t k = group_of(&g, group_name(c, row, by, at->x), c->n_rows), i = g.series[k].n++;
        double *numbers = g.numbers[k];
        numbers[i] = columns_number(c, row, at->x);
        numbers[c->n_rows + i] = at->y < 0 ? 0 : columns_number(c, row, at->y);
        numbers[2 * c->n_rows + i] = columns_number(c, row, at->low);
        numbers[3 * c->n_rows + i] = columns_number(c, row, at->high);
        g.labels[k][i] = point_label(c, row);
    }
    return g;
}

static void groups_clear(struct groups *g)
{
    for (size_t k = 0; k < g->n; k++) {
        for (size_t i = 0; i < g->series[k].n; i++)
            free(g->labels[k][i]);
        xfree(g->names[k], g->numbers[k], g->labels[k]);
    }
    xfree(g->series, g->names, g->numbers, g->labels);
}

/* --- pictures --------------------------------------------------------------------------------- */

static char *title_of(const struct plot_call *call, const char *x, const char *y)
{
    const char *word = call->kind->word, *file = call->name;
    if (call->options->title)
        return xstrdup(call->options->title);
    return y ? str_format("%s: %s over %s (%s)", word, y, x, file)
             : str_format("%s of %s (%s)", word, x, file);
}

static int draw_chosen(const struct plot_call *call, const struct columns *c,
                       const struct chosen *at, struct error *err)
{
    struct groups g = groups_of(c, at, call->options->by ? call->options->by : call->kind->by);
    char *x = axis_name(c, at->x), *y = at->y < 0 ? NULL : axis_name(c, at->y);
    char *title = title_of(call, x, y);
    const struct series_picture p = { .title = title, .x_name = x,
                                      .y_name = y ? y : "share of rows [0 to 1]",
                                      .series = g.series, .n_series = g.n };
    int status = call->kind->series(&p, call->output, err);
    xfree(title, x, y);
    groups_clear(&g);
    return status;
}

int columns_draw_series(const struct plot_call *call, const struct columns *c, struct error *err)
{
    const struct plot_options *o = call->options;
    const struct plot_kind *k = call->kind;
    struct chosen at = { .y = -1, .low = -1, .high = -1 };
    if (o->by && columns_need(c, "--by", o->by, err) < 0)
        return -1;
    at.x = choose(c, "--x", o->x, k->x, k->over_settings, err);
    if (at.x < 0 || (k->y && (at.y = choose(c, "--y", o->y, k->y, false, err)) < 0))
        return -1;
    if (k->over_settings) {
        at.low = find_bound(c, at.y, "low");
        at.high = find_bound(c, at.y, "high");
    }
    return draw_chosen(call, c, &at, err);
}
