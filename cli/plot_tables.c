/* cli/plot_tables.c - the kinds of `dagcast plot` that need a table: what sweep, advise and others print as CSV or JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "cli/columns.h"
#include "cli/plot_kinds.h"
#include "cli/result_pictures.h"
#include "plots/series.h"

/* --- which columns --------------------------------------------------------------------------------------------------- */

/* The settings of a sweep stand before its results: columns up to "error" or "replicas", but for the point's number. */
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

/* Said by `option`, else the first of `usual` (NULL-terminated) that there is, else (settings) the first setting of numbers that varies. */
static int choose(const struct columns *c, const char *option, const char *said, const char *const *usual, bool settings, struct error *err)
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
    char *sweeps = str_format("%.*s_ci95_%s%s", (int)stem, name, which, name + stem), *plain = str_format("%s_%s", name, which);
    int found = columns_find(c, sweeps) >= 0 ? columns_find(c, sweeps) : columns_find(c, plain);
    free(sweeps);
    free(plain);
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
    bool share = strncmp(text, "utilisation", strlen("utilisation")) == 0 || strncmp(text, "share", strlen("share")) == 0;
    str_add(&name, text[n] ? " [s]" : share ? " [0 to 1]" : "");
    return str_take(&name);
}

/* --- rows in groups ---------------------------------------------------------------------------------------------------- */

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
    g->series[k] = (struct series){ .name = *name ? name : NULL, .x = numbers, .y = numbers + rows, .low = numbers + 2 * rows,
                                    .high = numbers + 3 * rows, .labels = (const char *const *)g->labels[k] };
    return k;
}

struct chosen { int x, y, low, high; };  /* columns; -1: none */

static struct groups groups_of(const struct columns *c, const struct chosen *at, const char *by)
{
    struct groups g = { .series = xcalloc(c->n_rows, sizeof *g.series), .names = xcalloc(c->n_rows, sizeof *g.names),
                        .numbers = xcalloc(c->n_rows, sizeof *g.numbers), .labels = xcalloc(c->n_rows, sizeof *g.labels) };
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
        free(g->names[k]);
        free(g->numbers[k]);
        free(g->labels[k]);
    }
    free(g->series);
    free(g->names);
    free(g->numbers);
    free(g->labels);
}

/* --- pictures ------------------------------------------------------------------------------------------------------------ */

static int draw(const struct plot_call *call, const struct columns *c, const struct chosen *at, const char *by, const char *what,
                int (*picture)(const struct series_picture *, const char *, struct error *), struct error *err)
{
    struct groups g = groups_of(c, at, by);
    const char *slash = strrchr(call->input->path, '/'), *given = call->options->title;
    char *x = axis_name(c, at->x), *y = at->y < 0 ? xstrdup("share of rows [0 to 1]") : axis_name(c, at->y);
    const char *file = slash ? slash + 1 : call->input->path;
    char *title = given       ? xstrdup(given)
                  : at->y < 0 ? str_format("%s of %s (%s)", what, x, file)
                              : str_format("%s: %s over %s (%s)", what, y, x, file);
    const struct series_picture p = { .title = title, .x_name = x, .y_name = y, .series = g.series, .n_series = g.n };
    int status = picture(&p, call->output, err);
    free(title);
    free(x);
    free(y);
    groups_clear(&g);
    return status;
}

static int with_columns(const struct plot_call *call, int (*use)(const struct plot_call *, const struct columns *, struct error *),
                        struct error *err)
{
    struct columns c;
    if (columns_open(&c, call->input, err))
        return -1;
    int status = call->options->by && columns_need(&c, "--by", call->options->by, err) < 0 ? -1 : use(call, &c, err);
    columns_close(&c);
    return status;
}

static const char *const times[] = { "makespan_s", "session_s", "makespan", "session", "session.mean", NULL };
static const char *const costs[] = { "node_hours", "charge", "cost", "nodes", NULL };
static const char *const sizes[] = { "nodes", NULL };

static int sweep(const struct plot_call *call, const struct columns *c, struct error *err)
{
    struct chosen at;
    at.x = choose(c, "--x", call->options->x, sizes, true, err);
    at.y = at.x < 0 ? -1 : choose(c, "--y", call->options->y, times, false, err);
    if (at.x < 0 || at.y < 0)
        return -1;
    at.low = find_bound(c, at.y, "low");
    at.high = find_bound(c, at.y, "high");
    return draw(call, c, &at, call->options->by, "Sweep", plot_sweep, err);
}

static int pareto(const struct plot_call *call, const struct columns *c, struct error *err)
{
    struct chosen at = { .low = -1, .high = -1 };
    at.x = choose(c, "--x", call->options->x, costs, false, err);
    at.y = at.x < 0 ? -1 : choose(c, "--y", call->options->y, times, false, err);
    if (at.x < 0 || at.y < 0)
        return -1;
    const char *by = call->options->by ? call->options->by : "mode";
    return draw(call, c, &at, by, "Pareto front", plot_pareto, err);
}

static int ecdf(const struct plot_call *call, const struct columns *c, struct error *err)
{
    struct chosen at = { .y = -1, .low = -1, .high = -1 };
    at.x = choose(c, "--x", call->options->x, times, false, err);
    if (at.x < 0)
        return -1;
    const char *by = call->options->by ? call->options->by : "mode";
    return draw(call, c, &at, by, "Distribution", plot_ecdf, err);
}

int plot_call_sweep(const struct plot_call *call, struct error *err)
{
    return with_columns(call, sweep, err);
}

int plot_sweep_csv(struct str *csv, const char *name, const char *path, struct error *err)
{
    static const struct plot_options plain;
    const struct input input = { .path = name };
    const struct plot_call call = { .options = &plain, .input = &input, .output = path };
    struct columns c = { 0 };
    int status = columns_of_csv(&c, csv->text, csv->length, name, err);
    if (status == 0)
        status = sweep(&call, &c, err);
    columns_close(&c);
    return status;
}

/* Advice knows which of its rows can be asked for, and is drawn so unless columns are said. */
static bool is_advice(const struct plot_call *call)
{
    const char *command = NULL;
    if (!call->input->document || call->options->x || call->options->y || call->options->by)
        return false;
    const struct json root = json_root(call->input->document);
    return json_get_string(&root, "command", &command, NULL) == 0 && str_equal(command, "advise");
}

int plot_call_pareto(const struct plot_call *call, struct error *err)
{
    if (is_advice(call))
        return result_draw_advice(json_root(call->input->document).value, call->options->title, call->output, err)
                   ? error_prefix(err, "%s: ", call->input->path) : 0;
    return with_columns(call, pareto, err);
}

int plot_call_ecdf(const struct plot_call *call, struct error *err)
{
    return with_columns(call, ecdf, err);
}
