#include "cli/advise_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "cli/advise_words.h"
#include "cli/front_picture.h"
#include "cli/scenario_doc.h"
#include "cli/show.h"
#include "plots/series.h"

/* ---- rows ---- */

static const struct advice_row *row_of(const struct doc_record *r)
{
    return r->item;
}

static const struct advised *advised_of(const struct doc_record *r)
{
    return r->context;
}

static const void *member_of(const struct doc_record *r)
{
    return (const char *)r->item + r->field->offset;
}

static struct doc_value figure(const struct doc_record *r)
{
    return row_of(r)->why_not ? doc_none() : doc_number(*(const double *)member_of(r));
}

static struct doc_value count(const struct doc_record *r)
{
    return row_of(r)->why_not ? doc_none() : doc_number((double)*(const size_t *)member_of(r));
}

static struct doc_value flag(const struct doc_record *r)
{
    return row_of(r)->why_not ? doc_none() : doc_flag(*(const bool *)member_of(r));
}

static struct doc_value interval(const struct doc_record *r)
{
    const struct stats_interval *i = member_of(r);
    return row_of(r)->why_not ? doc_none() : doc_range(i->low, i->high);
}

static struct doc_value mode(const struct doc_record *r)
{
    return doc_text(mode_name(row_of(r)->mode));
}

static struct doc_value bimodal(const struct doc_record *r)
{
    return row_of(r)->modes.found ? figure(r) : doc_none();
}

static bool has_order(const struct doc_record *r)
{
    return !row_of(r)->why_not && row_of(r)->order.n_orders > 0;
}

static struct doc_value order(const struct doc_record *r)
{
    return has_order(r) ? figure(r) : doc_none();
}

static struct doc_value order_count(const struct doc_record *r)
{
    return has_order(r) ? count(r) : doc_none();
}

static struct doc_value order_all(const struct doc_record *r)
{
    return has_order(r) ? flag(r) : doc_none();
}

static struct doc_value order_matters(const struct doc_record *r)
{
    return has_order(r) ? doc_flag(pipeline_orders_matter(&row_of(r)->order)) : doc_none();
}

static struct doc_value queue(const struct doc_record *r)
{
    return doc_text(!row_of(r)->why_not && row_of(r)->queue ? row_of(r)->queue->name : NULL);
}

static struct doc_value extrapolation(const struct doc_record *r)
{
    struct str why = { 0 };
    if (!row_of(r)->why_not)
        advise_extrapolates(advised_of(r), row_of(r)->nodes, &why);
    return doc_words(&why);
}

static struct doc_value extrapolation_factor(const struct doc_record *r)
{
    struct str why = { 0 };
    double factor = advise_extrapolates(advised_of(r), row_of(r)->nodes, &why);
    str_clear(&why);
    return row_of(r)->why_not ? doc_none() : doc_number(factor);
}

static bool is_choice(const struct advice *a, int i)
{
    return i == a->cheapest || i == a->fastest || i == a->smallest;
}

static struct doc_value marks(const struct doc_record *r)
{
    const struct advice *v = &advised_of(r)->advice;
    int i = (int)r->index;
    const struct {
        bool is;
        const char *words;
    } all[] = {
        { i == v->cheapest, "cheapest" },
        { i == v->fastest, "fastest" },
        { i == v->smallest, "smallest for the deadline" },
        { !is_choice(v, i) && v->rows[i].on_front, "on the front" },
        { i == v->refused && v->cheapest >= 0, "cheaper" },
        { !v->rows[i].accepted, "no queue accepts it" },
    };
    struct str text = { 0 }, why = { 0 };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (all[k].is)
            str_addf(&text, "%s%s", text.length ? ", " : "", all[k].words);
    advise_extrapolates(advised_of(r), v->rows[i].nodes, &why);
    if (why.length)
        str_addf(&text, "%sEXTRAPOLATION", text.length ? "; " : "");
    str_clear(&why);
    return doc_words(&text);
}

#define AT(member) .offset = offsetof(struct advice_row, member)
#define SECONDS(member) .format = { .unit = DOC_SECONDS }, .get = figure, AT(member)
#define BIMODAL(name)                                                                                                                      \
    {                                                                                                                                      \
        .key = "bimodal?/" #name, .get = bimodal, AT(modes.name)                                                                           \
    }
#define ORDER(name, member)                                                                                                                \
    {                                                                                                                                      \
        .key = "order?/" name, .get = order, AT(order.member)                                                                              \
    }

enum { FIELD_QUANTILE = 4 };
static const struct doc_field fields[] = {
    { .key = "nodes", .label = "nodes", .format = { .unit = DOC_COUNT }, DOC_MEMBER(struct advice_row, nodes) },
    { .key = "mode", .label = "mode", .get = mode },
    { .key = "session/mean", .label = "session", SECONDS(session.mean) },
    { .key = "session/quantiles/0.05", .label = "5 %", SECONDS(session.q05) },
    [FIELD_QUANTILE] = { .key = "quantile", .label = "", SECONDS(quantile_s) },
    { .key = "walltime", .label = "walltime", .format = { .unit = DOC_CLOCK }, .get = figure, AT(walltime_s) },
    { .key = "charge", .label = "node-hours", .format = { .unit = DOC_NUMBER, .decimals = 3 }, .get = figure, AT(charge) },
    { .key = "utilisation/cores", .label = "cores", .format = { .unit = DOC_SHARE }, .get = figure, AT(utilisation_slots) },
    { .key = "utilisation/gpus", .label = "GPUs", .format = { .unit = DOC_SHARE }, .get = figure, AT(utilisation_gpus) },
    { .key = "replicas", .label = "replicas", .format = { .unit = DOC_COUNT }, .get = count, AT(replicas) },
    { .key = "queue", .label = "queue", .get = queue },
    { .label = "choice", .get = marks },
    { .key = "cannot", DOC_MEMBER(struct advice_row, why_not) },
    { .key = "session/sd", SECONDS(session.sd) },
    { .key = "session/ci95", .get = interval, AT(session.ci95) },
    { .key = "session/quantiles/0.5", SECONDS(session.q50) },
    { .key = "session/quantiles/0.95", SECONDS(session.q95) },
    { .key = "session/min", SECONDS(session.min) },
    { .key = "session/max", SECONDS(session.max) },
    BIMODAL(low),
    BIMODAL(share_low),
    BIMODAL(high),
    BIMODAL(share_high),
    BIMODAL(gap),
    { .key = "order?/submitters", .get = order_count, AT(order.n_pipelines) },
    { .key = "order?/tried", .get = order_count, AT(order.n_orders) },
    { .key = "order?/all", .format = { .unit = DOC_FLAG }, .get = order_all, AT(order.all) },
    ORDER("file", file_s),
    ORDER("best", best_s),
    ORDER("worst", worst_s),
    { .key = "order?/matters", .format = { .unit = DOC_FLAG }, .get = order_matters },
    { .key = "quantile_ci95", .get = interval, AT(quantile_ci95) },
    { .key = "node_hours", .get = figure, AT(node_hours) },
    { .key = "share_complete", .get = figure, AT(share_complete) },
    { .key = "accepted", .format = { .unit = DOC_FLAG }, .get = flag, AT(accepted) },
    { .key = "front", .format = { .unit = DOC_FLAG }, .get = flag, AT(on_front) },
    { .key = "extrapolation", .get = extrapolation },
    { .key = "extrapolation_factor", .get = extrapolation_factor },
    DOC_FIELDS_END,
};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool can_run(const struct doc_record *r)
{
    return !row_of(r)->why_not;
}

static bool stands_out(const struct doc_record *r)
{
    const struct advised *a = advised_of(r);
    int i = (int)r->index;
    return can_run(r) &&
           (a->how->all || a->advice.n <= 3 * MODES || is_choice(&a->advice, i) || row_of(r)->on_front || i == a->advice.refused);
}

static bool is_main(const struct doc_record *r)
{
    return (int)r->index == advise_choice(advised_of(r));
}

/* Rows that can run but do not stand out. */
static size_t left_out(const struct advised *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->advice.n; i++) {
        const struct doc_record r = { .item = &a->advice.rows[i], .index = i, .context = a };
        n += can_run(&r) && !stands_out(&r);
    }
    return n;
}

/* `key` NULL: every row, for people only. */
static void add_rows(struct doc *d, const struct advised *a, const char *key)
{
    struct doc_field own[FIELDS];
    char *quantile = str_format("%g %%", 100 * a->how->confidence);
    memcpy(own, fields, sizeof fields);
    own[FIELD_QUANTILE].label = quantile;
    doc_table(d, &(struct doc_table){ .key = key,
                                      .fields = own,
                                      .items = a->advice.rows,
                                      .n = a->advice.n,
                                      .size = sizeof *a->advice.rows,
                                      .context = a,
                                      .shown = key ? stands_out : can_run,
                                      .main = is_main });
    free(quantile);
}

/* ---- the question and its answer ---- */

static void add_question(struct doc *d, const struct advised *a)
{
    struct str words = { 0 }, deadline = { 0 };
    struct doc_value v = doc_number(a->how->deadline_s);
    str_addf(&words,
             "How many nodes of %s, in which mode, and for how long should one ask for to run %s through %s, so that %g %% of sessions "
             "end within the walltime",
             a->set->platform->name, a->set->workflow->name, a->set->middleware->name, 100 * a->how->confidence);
    if (a->how->deadline_s > 0) {
        doc_value_add(&deadline, &v, (struct doc_format){ .unit = DOC_CLOCK }, false);
        str_addf(&words, ", and the walltime is at most %s", deadline.text);
    }
    str_add(&words, "?");
    doc_say(d, DOC_LEAD, NULL, words.text);
    str_clear(&words);
    str_clear(&deadline);
}

/* The choice in large figures, for a page. */
static void add_figures(struct doc *d, const struct advised *a)
{
    int choice = advise_choice(a);
    if (choice < 0)
        return;
    const struct advice_row *r = &a->advice.rows[choice];
    struct str nodes = { 0 }, walltime = { 0 }, charge = { 0 };
    struct doc_value v = doc_number(r->walltime_s);
    str_addf(&nodes, "%zu", r->nodes);
    doc_value_add(&walltime, &v, (struct doc_format){ .unit = DOC_CLOCK }, false);
    str_addf(&charge, "%.3g", r->charge);
    doc_figure(d, "nodes", nodes.text, a->how->deadline_s > 0 ? "the fewest for the deadline" : "the cheapest");
    doc_figure(d, "mode", mode_name(r->mode), NULL);
    doc_figure(d, "walltime", walltime.text, r->queue ? r->queue->name : NULL);
    doc_figure(d, "node-hours", charge.text, "charged on average");
    str_clear(&nodes);
    str_clear(&walltime);
    str_clear(&charge);
}

/* Says the words and clears them. */
static void say(struct doc *d, enum doc_role role, const char *key, struct str *words)
{
    doc_say(d, role, key, words->text);
    str_clear(words);
}

static void add_choices(struct doc *d, const struct advised *a)
{
    struct str words = { 0 };
    for (size_t i = 0; i < ADVISE_CHOICES; i++) {
        const struct advise_choice c = advise_choice_at(&a->advice, i);
        char *key = str_format("words/%s", c.key);
        if (c.row >= 0)
            advise_add_choice(&words, a, &c);
        say(d, c.row >= 0 && c.row == advise_choice(a) ? DOC_ANSWER : DOC_PLAIN, key, &words);
        free(key);
        key = str_format("choices/%s", c.key);
        doc_fact(d, key, NULL, DOC_COUNT, doc_number(c.row < 0 ? (double)NAN : c.row));
        free(key);
    }
}

static void add_answer(struct doc *d, const struct advised *a)
{
    struct str words = { 0 };
    advise_add_refusals(&words, &a->advice);
    say(d, DOC_PLAIN, "words/refusals", &words);
    advise_add_incomplete(&words, a);
    say(d, DOC_WARNING, "words/incomplete", &words);
    add_choices(d, a);
    advise_add_refused(&words, a);
    say(d, DOC_PLAIN, "words/refused", &words);
    advise_add_no_choice(&words, a);
    say(d, DOC_ANSWER, "words/no_choice", &words);
    advise_add_batch(&words, a);
    say(d, DOC_LINES, "batch", &words);
    advise_add_unknowns(&words, a);
    say(d, DOC_NOTE, "words/unknowns", &words);
}

/* ---- pictures ---- */

static int draw_front(const void *what, const char *path, struct error *err)
{
    const struct advised *a = what;
    struct front_point *points = xcalloc(a->advice.n + 1, sizeof *points);
    struct front front = {
        .workflow = a->set->workflow->name, .platform = a->set->platform->name, .confidence = a->how->confidence, .points = points
    };
    for (size_t i = 0; i < a->advice.n; i++) {
        const struct advice_row *r = &a->advice.rows[i];
        if (!r->why_not && r->accepted)
            points[front.n++] = (struct front_point){ r->mode, (double)r->nodes, r->charge, r->quantile_ci95.high, (double)r->replicas };
    }
    int status = front_draw(&front, path, err);
    free(points);
    return status;
}

static int draw_sessions(const void *what, const char *path, struct error *err)
{
    return advise_draw(what, path, err);
}

int advise_draw(const struct advised *a, const char *path, struct error *err)
{
    size_t n = a->advice.n / MODES;
    double *numbers = xcalloc(4 * MODES * n + 1, sizeof *numbers);
    struct series lines[MODES];
    for (size_t m = 0; m < MODES; m++) {
        double *x = numbers + 4 * m * n, *y = x + n, *low = y + n, *high = low + n;
        lines[m] = (struct series){ .name = mode_name((enum mode)m), .x = x, .y = y, .low = low, .high = high };
        for (size_t i = m; i < a->advice.n; i += MODES) {
            const struct advice_row *r = &a->advice.rows[i];
            size_t k = lines[m].n;
            if (r->why_not)
                continue;
            x[k] = (double)r->nodes;
            y[k] = r->session.mean;
            low[k] = r->session.q05;
            high[k] = r->quantile_s;
            lines[m].n++;
        }
    }
    char *title = str_format("%s on %s: mean session, from its 5 %% to its %g %% quantile", a->set->workflow->name, a->set->platform->name,
                             100 * a->how->confidence);
    int status = plot_sweep(
        &(struct series_picture){ .title = title, .x_name = "nodes", .y_name = "session [s]", .series = lines, .n_series = MODES }, path,
        err);
    free(title);
    free(numbers);
    return status;
}

/* ---- all ---- */

static void add_head(struct doc *d, const struct advised *a)
{
    doc_section(d, "How many nodes, in which mode, for how long");
    add_question(d, a);
    add_figures(d, a);
    scenario_doc_add(d, a->set, SCENARIO_PLACE);
    doc_factf(d, NULL, "Nodes", "%zu to %zu", a->how->nodes[0], a->how->nodes[a->how->n_nodes - 1]);
    doc_fact(d, "workflow", NULL, DOC_TEXT, doc_text(a->set->workflow->name));
    doc_fact(d, "confidence", NULL, DOC_EXACT, doc_number(a->how->confidence));
    doc_fact(d, "deadline", NULL, DOC_SECONDS, doc_number(a->how->deadline_s > 0 ? a->how->deadline_s : (double)NAN));
    doc_fact(d, "retired", NULL, DOC_FLAG, doc_flag(a->set->platform->retired));
}

struct doc *advise_doc(const struct advised *a)
{
    struct doc *d = show_new("advise");
    add_head(d, a);
    add_rows(d, a, "rows");
    if (left_out(a) > 0) {
        doc_say(d, DOC_PLAIN, NULL, "Rows left out are neither a choice nor on the front; --full shows them.");
        doc_details(d, "All numbers of nodes in all modes");
        add_rows(d, a, NULL);
        doc_details_end(d);
    }
    add_answer(d, a);
    doc_picture(d, "Walltime to ask for against what it costs; what no queue accepts is left out", draw_front, a);
    doc_picture(d, "Mean sessions over nodes, with their quantiles", draw_sessions, a);
    show_add_commands(d, a->call, &a->set->scenario.seed);
    return d;
}
