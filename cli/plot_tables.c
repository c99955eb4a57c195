/* cli/plot_tables.c - the kinds of `dagcast plot` that need a table: what sweep, advise and others
 * print as CSV or JSON. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/plot_kinds.h"
#include "doc/render.h"
#include "plots/style.h"
#include "study/explain.h"

/* --- tables of results: of advise, validate, explain ------------------------------------------ */

const char *plot_stored_title(const struct plot_call *call)
{
    return call->result ? doc_stored_title(call->result) : NULL;
}

static int draw_front(const struct plot_call *call, const struct columns *c, struct error *err)
{
    const struct plot_options *o = call->options;
    return columns_find(c, "accepted") < 0 || o->x || o->y || o->by
               ? columns_draw_series(call, c, err)
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
    [PLOT_SERIES] = columns_draw_series, [PLOT_FRONT] = draw_front,
    [PLOT_SESSIONS] = advice_draw_sessions, [PLOT_PARITY] = draw_parity, [PLOT_PARTS] = draw_parts,
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
