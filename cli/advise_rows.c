#include "cli/advise_rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/advise_words.h"

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

static struct doc_value extrapolation_as(const struct doc_record *r)
{
    struct str why = { 0 };
    enum transfer transfer = advise_extrapolates(advised_of(r), row_of(r)->nodes, &why);
    str_clear(&why);
    return doc_text(row_of(r)->why_not ? NULL : transfer_name(transfer));
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

enum { FIELD_QUANTILE = 5 };
static const struct doc_field fields[] = {
    { .key = "nodes", .label = "nodes", .format = { .unit = DOC_COUNT },
      DOC_MEMBER(struct advice_row, nodes) },
    { .key = "mode", .get = mode },
    { .label = "mode", .get = modes },
    { .key = "session/mean", .label = "session", SECONDS(session.mean) },
    { .key = "session/quantiles/0.05", .label = "5 %", SECONDS(session.q05) },
    [FIELD_QUANTILE] = { .key = "quantile", .label = "", SECONDS(quantile_s) },
    { .key = "walltime", .label = "walltime", .format = { .unit = DOC_CLOCK }, .get = figure,
      AT(walltime_s) },
    { .key = "charge", .label = "node-hours", .format = { .unit = DOC_NUMBER, .decimals = 3 },
      .get = figure, AT(charge) },
    { .key = "energy_kwh", .label = "kWh", .format = { .unit = DOC_NUMBER }, .optional = true,
      .get = figure, AT(energy_kwh) },
    { .key = "utilisation/cores", .label = "cores", .format = { .unit = DOC_SHARE }, .get = figure,
      AT(utilisation_slots) },
    { .key = "utilisation/gpus", .label = "GPUs", .format = { .unit = DOC_SHARE }, .get = figure,
      AT(utilisation_gpus) },
    { .key = "replicas", .label = "replicas", .format = { .unit = DOC_COUNT }, .get = count,
      AT(replicas) },
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
    { .key = "extrapolation_as", .get = extrapolation_as },
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
    if (row_of(r)->same_as >= 0)
        return false;
    return can_run(r) && (a->how->all || a->advice.n <= 3 * MODES || is_choice(&a->advice, i) ||
                          row_of(r)->on_front || i == a->advice.refused);
}

static bool is_main(const struct doc_record *r)
{
    return (int)r->index == advise_choice(advised_of(r));
}

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
