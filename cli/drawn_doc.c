/* cli/drawn_doc.c - sessions with loops that are decided at run time: predicted with outcomes known
 * beside outcomes drawn, as the table "outcomes_drawn". */
#include "cli/validate_doc.h"

#include "base/str.h"

DOC_GETTER(drawn_session, const struct drawn_prediction *d = r->item,
           doc_text(d->of->session->name))
DOC_GETTER(drawn_holds, const struct drawn_prediction *p = r->item,
           p->done ? doc_text(p->in_interval ? "yes" : "no") : doc_none())

static struct doc_value drawn_from(const struct doc_record *r)
{
    const struct drawn_prediction *p = r->item;
    if (!p->done)
        return doc_text(p->why.text);
    struct str words = { 0 };
    if (p->n_loops == 0)
        str_add(&words, "a campaign: its number of tasks is configured, durations are drawn");
    else if (p->n_others > 0)
        str_addf(&words, "%zu loop%s of other sessions of its kind", p->n_others,
                 p->n_others == 1 ? "" : "s");
    else
        str_add(&words, "this session's own loops: none of another of its kind is at hand");
    return doc_words(&words);
}

#define DRAWN(unit_, decimals_, member)                                                            \
    .format = { .unit = (unit_), .decimals = (decimals_) },                                        \
    DOC_MEMBER(struct drawn_prediction, member)

static const struct doc_field drawn_fields[] = {
    { .key = "session", .label = "session", .get = drawn_session },
    { .key = "iterations/measured", .label = "iterations", DRAWN(DOC_COUNT, 0, iterations) },
    { .key = "iterations/drawn", .label = "drawn", DRAWN(DOC_NUMBER, 1, drawn.mean) },
    { .key = "measured", .label = "measured", .format = { .unit = DOC_SECONDS, .decimals = 1 },
      DOC_MEMBER_OF(struct drawn_prediction, of, struct validation, measured_s) },
    { .key = "outcomes_known", .label = "outcomes known",
      .format = { .unit = DOC_SECONDS, .decimals = 1 },
      DOC_MEMBER_OF(struct drawn_prediction, of, struct validation, forecast.makespan.mean) },
    { .key = "predicted/mean", .label = "outcomes drawn", DRAWN(DOC_SECONDS, 1, makespan.mean) },
    { .key = "predicted/pi95", .label = "95 %", .format = { .unit = DOC_SECONDS },
      DOC_MEMBER_INTERVAL(struct drawn_prediction, pi95) },
    { .key = "in_interval", DRAWN(DOC_FLAG, 0, in_interval) },
    { .label = "holds", .get = drawn_holds },
    { .key = "learnt_from", .label = "drawn from", .get = drawn_from },
    DOC_FIELDS_END,
};

void drawn_doc_add(struct doc *d, const struct drawn_predictions *drawn)
{
    size_t held = 0, done = 0;
    for (size_t i = 0; i < drawn->n; i++) {
        held += drawn->at[i].done && drawn->at[i].in_interval;
        done += drawn->at[i].done;
    }
    if (drawn->n == 0)
        return;
    doc_section(d, "Decisions: with outcomes known, and with outcomes drawn");
    doc_sayf(
        d, DOC_NOTE, NULL,
        "Stages that repeat are taken for loops whose end is decided at run time, and predicted "
        "before it is known how often they do. The 95 %% interval holds in %zu of %zu.",
        held, done);
    doc_table(d, &(struct doc_table){ .key = "outcomes_drawn", .fields = drawn_fields,
                                      DOC_ITEMS(drawn->at, drawn->n) });
}
