#include "cli/advise_output.h"

#include <stdlib.h>
#include <string.h>


static const struct advice_row *row_of(const struct doc_record *r)
{
    return r->item;
}

static const struct advised *advised_of(const struct doc_record *r)
{
    return r->context;
}

DOC_TEST(can_run, const struct advice_row *a = r->item, !a->why_not)
DOC_TEST(is_bimodal, const struct advice_row *a = r->item, can_run(r) && a->modes.found)
DOC_TEST(has_order, const struct advice_row *a = r->item, can_run(r) && a->order.n_orders > 0)

DOC_GETTER(mode, const struct advice_row *a = r->item, doc_text(mode_name(a->mode)))

/* The modes of the row and of those that are the same as it. */
static struct doc_value modes(const struct doc_record *r)
{
    const struct advice *a = &advised_of(r)->advice;
    struct str words = { 0 };
    str_add(&words, mode_name(row_of(r)->mode));
    for (size_t i = r->index + 1; i < a->n && a->rows[i].nodes == row_of(r)->nodes; i++)
        if (a->rows[i].same_as == (int)r->index)
            str_addf(&words, ", %s", mode_name(a->rows[i].mode));
    return doc_words(&words);
}

DOC_GETTER(order_matters, const struct advice_row *a = r->item,
           doc_flag(pipeline_orders_matter(&a->order)))
DOC_GETTER(queue, const struct advice_row *a = r->item, doc_text(a->queue ? a->queue->name : NULL))

static struct doc_value extrapolation(const struct doc_record *r)
{
    struct str why = { 0 };
    advise_extrapolates(advised_of(r), row_of(r)->nodes, &why);
    return doc_words(&why);
}

static struct doc_value extrapolation_as(const struct doc_record *r)
{
    struct str why = { 0 };
    enum transfer transfer = advise_extrapolates(advised_of(r), row_of(r)->nodes, &why);
    str_clear(&why);
    return doc_text(transfer_name(transfer));
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
        { !v->rows[i].enough, "not all tasks done" },
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

/* Of rows that can run. */
#define ROW(member) .when = can_run, DOC_MEMBER(struct advice_row, member)
#define AS(unit_, member) .format = { .unit = (unit_) }, ROW(member)
#define SECONDS(member) AS(DOC_SECONDS, member)
#define BIMODAL(name)                                                                              \
    { .key = "bimodal?/" #name, .when = is_bimodal, DOC_MEMBER(struct advice_row, modes.name) }
#define ORDER(name, unit_, member)                                                                 \
    { .key = "order?/" name, .format = { .unit = (unit_) }, .when = has_order,                     \
      DOC_MEMBER(struct advice_row, order.member) }

enum { FIELD_QUANTILE = 5 };
static const struct doc_field fields[] = {
    { DOC_COLUMN("nodes", "nodes", DOC_COUNT, struct advice_row, nodes) },
    { .key = "mode", .get = mode },
    { .label = "mode", .get = modes },
    { .key = "session/mean", .label = "session", SECONDS(session.mean) },
    { .key = "session/quantiles/0.05", .label = "5 %", SECONDS(session.q05) },
    [FIELD_QUANTILE] = { .key = "quantile", .label = "", SECONDS(quantile_s) },
    { .key = "walltime", .label = "walltime", AS(DOC_CLOCK, walltime_s) },
    { .key = "charge", .label = "node-hours", .format = { .unit = DOC_NUMBER, .decimals = 3 },
      ROW(charge) },
    { .key = "energy_kwh", .label = "kWh", .optional = true, AS(DOC_NUMBER, energy_kwh) },
    { .key = "utilisation/cores", .label = "cores", AS(DOC_SHARE, utilisation_slots) },
    { .key = "utilisation/gpus", .label = "GPUs", AS(DOC_SHARE, utilisation_gpus) },
    { .key = "replicas", .label = "replicas", AS(DOC_COUNT, replicas) },
    { .key = "queue", .label = "queue", .get = queue, .when = can_run },
    { .label = "choice", .get = marks },
    { .key = "cannot", DOC_MEMBER(struct advice_row, why_not) },
    { .key = "session/sd", SECONDS(session.sd) },
    { .key = "session/ci95", .when = can_run,
      DOC_MEMBER_INTERVAL(struct advice_row, session.ci95) },
    { .key = "session/quantiles/0.5", SECONDS(session.q50) },
    { .key = "session/quantiles/0.95", SECONDS(session.q95) },
    { .key = "session/min", SECONDS(session.min) },
    { .key = "session/max", SECONDS(session.max) },
    BIMODAL(low),
    BIMODAL(share_low),
    BIMODAL(high),
    BIMODAL(share_high),
    BIMODAL(gap),
    ORDER("submitters", DOC_TEXT, n_pipelines),
    ORDER("tried", DOC_TEXT, n_orders),
    ORDER("all", DOC_FLAG, all),
    ORDER("file", DOC_TEXT, file_s),
    ORDER("best", DOC_TEXT, best_s),
    ORDER("worst", DOC_TEXT, worst_s),
    { .key = "order?/matters", .format = { .unit = DOC_FLAG }, .get = order_matters,
      .when = has_order },
    { .key = "quantile_ci95", .when = can_run,
      DOC_MEMBER_INTERVAL(struct advice_row, quantile_ci95) },
    { .key = "node_hours", ROW(node_hours) },
    { .key = "share_complete", ROW(share_complete) },
    { .key = "accepted", AS(DOC_FLAG, accepted) },
    { .key = "enough", AS(DOC_FLAG, enough) },
    { .key = "front", AS(DOC_FLAG, on_front) },
    { .key = "extrapolation", .get = extrapolation, .when = can_run },
    { .key = "extrapolation_as", .get = extrapolation_as, .when = can_run },
    DOC_FIELDS_END,
};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool stands_out(const struct doc_record *r)
{
    const struct advised *a = advised_of(r);
    int i = (int)r->index;
    if (row_of(r)->same_as >= 0)
        return false;
    return can_run(r) && (a->how->all || a->advice.n <= 3 * MODES || is_choice(&a->advice, i) ||
                          row_of(r)->on_front || i == a->advice.refused);
}

DOC_TEST(is_main, const struct advised *a = r->context, (int)r->index == advise_choice(a))

size_t advise_rows_left_out(const struct advised *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->advice.n; i++) {
        const struct doc_record r = { .item = &a->advice.rows[i], .index = i, .context = a };
        n += can_run(&r) && !stands_out(&r);
    }
    return n;
}

void advise_rows_add(struct doc *d, const struct advised *a, const char *key)
{
    struct doc_field own[FIELDS];
    char *quantile = str_format("%g %%", 100 * a->how->confidence);
    memcpy(own, fields, sizeof fields);
    own[FIELD_QUANTILE].label = quantile;
    doc_table(d, &(struct doc_table){ .key = key, .fields = own,
                                      DOC_ITEMS(a->advice.rows, a->advice.n), .context = a,
                                      .shown = key ? stands_out : can_run, .main = is_main });
    free(quantile);
}
