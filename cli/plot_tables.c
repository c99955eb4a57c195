/* cli/plot_tables.c - the kinds of `dagcast plot` that need a table: what sweep, advise and others
 * print as CSV or JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/plot_kinds.h"
#include "doc/render.h"
#include "plots/style.h"
#include "study/explain.h"

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

static int draw_series(const struct plot_call *call, const struct columns *c, struct error *err)
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

/* --- tables of results: of advise, validate, explain ------------------------------------------ */

const char *plot_stored_title(const struct plot_call *call)
{
    return call->result ? doc_stored_title(call->result) : NULL;
}

static int draw_front(const struct plot_call *call, const struct columns *c, struct error *err)
{
    const struct plot_options *o = call->options;
    return columns_find(c, "accepted") < 0 || o->x || o->y || o->by
               ? draw_series(call, c, err)
               : advice_draw_front(call, c, err);
}

static bool parity_point_of(const struct columns *c, size_t row, struct parity_point *p)
{
    *p = (struct parity_point){
        columns_text(c, row, columns_find(c, "session")),
        columns_number(c, row, columns_find(c, "measured")),
        columns_number(c, row, columns_find(c, "predicted.mean")),
        columns_number(c, row, columns_find(c, "predicted.pi95.0")),
        columns_number(c, row, columns_find(c, "predicted.pi95.1")),
    };
    if (isnan(p->low_s))                 /* one replica: a point without a bar */
        p->low_s = p->high_s = p->predicted_s;
    return p->measured_s > 0 && p->predicted_s > 0 && p->low_s > 0 && p->high_s > 0;
}

static int draw_parity(const struct plot_call *call, const struct columns *c, struct error *err)
{
    const char *title = call->options->title;
    struct parity_point *points = xcalloc(c->n_rows, sizeof *points);
    size_t n = 0;
    for (size_t row = 0; row < c->n_rows; row++)
        n += parity_point_of(c, row, &points[n]);
    int status = n == 0 ? error_set(err,
                                    "%s: holds no sessions with measured and predicted makespans; "
                                    "'dagcast validate --json' prints such",
                                    call->name)
                        : plot_parity_points(points, n,
                                             title ? title : "Predicted against measured makespans",
                                             call->output, err);
    free(points);
    return status;
}

/* Results of before have no "place". */
static int place_of_part(const struct columns *c, size_t row)
{
    int place = columns_find(c, "place");
    double x = place < 0 ? (double)NAN : columns_number(c, row, place);
    return x >= 0 && x < STYLE_LABELS ? (int)x : -1;
}

static int draw_parts(const struct plot_call *call, const struct columns *c, struct error *err)
{
    struct makespan_parts parts = { 0 };
    const char *names[MODES], *what = plot_stored_title(call);
    for (int m = 0; m < MODES; m++)
        if (columns_find(c, mode_name((enum mode)m)) >= 0)
            names[parts.n_bars++] = mode_name((enum mode)m);
    const char *work = explain_class_name(EXPLAIN_CLASS_WORK);
    int words = columns_find(c, "words"), class = columns_find(c, "class");
    if (words < 0 || parts.n_bars == 0)
        return error_set(err,
                         "%s: holds no parts of makespans; 'dagcast explain --json' prints such",
                         call->name);
    for (size_t row = 0; row < c->n_rows; row++)
        for (size_t m = 0; m < parts.n_bars; m++)
            makespan_parts_add(
                &parts,
                &(struct makespan_part){ xstrdup(columns_text(c, row, words)),
                                         columns_text(c, row, class), place_of_part(c, row),
                                         str_equal(columns_text(c, row, class), work) },
                m, columns_number(c, row, columns_find(c, names[m])));
    char *title = call->options->title
                      ? xstrdup(call->options->title)
                      : str_format("What the makespan consists of%s%s", what ? ": " : "",
                                   what ? what : "");
    int status = makespan_parts_draw(&parts, names, title, call->output, err);
    makespan_parts_clear(&parts);
    free(title);
    return status;
}

/* --- which of them ---------------------------------------------------------------------------- */

typedef int columns_draw_fn(const struct plot_call *call, const struct columns *c,
                            struct error *err);
static columns_draw_fn *const draw[] = {
    [PLOT_SERIES] = draw_series, [PLOT_FRONT] = draw_front, [PLOT_SESSIONS] = advice_draw_sessions,
    [PLOT_PARITY] = draw_parity, [PLOT_PARTS] = draw_parts,
};

int plot_of_table(const struct plot_call *call, struct error *err)
{
    struct columns c;
    if (columns_open(&c, call->input, err))
        return -1;
    int status = draw[call->kind->needs](call, &c, err);
    columns_close(&c);
    return status;
}

int plot_of_result(const cJSON *result, const struct doc_plot *plot, const char *path,
                   struct error *err)
{
    static const struct plot_options plain;
    const struct plot_kind *kind = plot_kind_find(plot->kind);
    const char *title = doc_stored_title(result);
    const struct plot_call call = { .kind = kind, .options = &plain, .result = result,
                                    .name = title ? title : "a result", .output = path };
    struct columns c;
    if (!kind || kind->needs >= sizeof draw / sizeof *draw || !draw[kind->needs])
        return error_set(err, "no kind of picture of a table is named '%s'", plot->kind);
    if (columns_of_result(&c, result, plot->table, err))
        return -1;
    int status = draw[kind->needs](&call, &c, err);
    columns_close(&c);
    return status;
}

int plot_of_doc(const struct doc *d, const struct doc_plot *plot, const char *path,
                struct error *err)
{
    cJSON *result = doc_render_json(d);
    int status = plot_of_result(result, plot, path, err);
    cJSON_Delete(result);
    return status;
}
