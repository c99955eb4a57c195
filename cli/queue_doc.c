#include "cli/queue_doc.h"

#include <math.h>

#include "base/escape.h"
#include "cli/show.h"

static const struct queue_model *model_of(const struct doc_record *r)
{
    return r->item;
}

static const struct queue_answer *answer_of(const struct doc_record *r)
{
    return r->context;
}

/* ---- what the history holds ---- */

DOC_GETTER(machine, const struct queue_model *q = r->item,
           doc_text(q->machine ? q->machine : "the machine"))
DOC_GETTER(covered, const struct waits *w = model_of(r)->waits,
           w ? doc_number(waits_coverage(w, r->field->offset).left_out) : doc_none())
DOC_GETTER(forecast, const struct waits *w = model_of(r)->waits,
           w ? doc_number(waits_coverage(w, r->field->offset).forecast) : doc_none())
DOC_GETTER(left_out, const struct waits *w = model_of(r)->waits,
           w ? doc_number((double)waits_coverage(w, 0).n) : doc_none())

static struct doc_value predicted(const struct doc_record *r)
{
    const struct queue_answer *a = answer_of(r);
    const struct waits *w = model_of(r)->waits;
    return w && !isnan(a->size)
               ? doc_number(waits_quantile(w, a->size, a->length_s, r->field->offset))
               : doc_none();
}

/* Levels of num/waits.h, as the field's offset. */
enum { LEVEL_05 = 1, LEVEL_25 = 5, LEVEL_50 = 10, LEVEL_75 = 15, LEVEL_95 = 19, LEVEL_99 = 20 };
#define SHARE .format = { .unit = DOC_SHARE }
#define SECONDS .format = { .unit = DOC_SECONDS }

static const struct doc_field machine_fields[] = {
    { .key = "machine", .label = "machine", .get = machine },
    { DOC_COLUMN("jobs", "jobs", DOC_COUNT, struct queue_model, n) },
    { .key = "sizes", .label = "sizes", .format = { .unit = DOC_EXACT },
      DOC_MEMBER_INTERVAL(struct queue_model, sizes) },
    { .key = "walltimes", .format = { .unit = DOC_SECONDS },
      DOC_MEMBER_INTERVAL(struct queue_model, lengths_s) },
    { .key = "submitted", .format = { .unit = DOC_SECONDS },
      DOC_MEMBER_INTERVAL(struct queue_model, submitted_s) },
    { .key = "wait/q50", .label = "median wait", SECONDS,
      DOC_MEMBER(struct queue_model, median_s) },
    { .key = "wait/q95", .label = "95 % of waits", SECONDS, DOC_MEMBER(struct queue_model, q95_s) },
    { .key = "left_out", .format = { .unit = DOC_COUNT }, .get = left_out },
    { .key = "coverage/q50", .label = "50 % covers", SHARE, .get = covered, .offset = LEVEL_50 },
    { .key = "coverage/q95", .label = "95 % covers", SHARE, .get = covered, .offset = LEVEL_95 },
    { .key = "forecast/q50", .label = "forecast: 50 %", SHARE, .get = forecast,
      .offset = LEVEL_50 },
    { .key = "forecast/q95", .label = "95 %", SHARE, .get = forecast, .offset = LEVEL_95 },
    DOC_FIELDS_END,
};

static const struct doc_field request_fields[] = {
    { .label = "machine", .get = machine },
    { .key = "predicted?/q05", .label = "5 %", SECONDS, .get = predicted, .offset = LEVEL_05 },
    { .key = "predicted?/q25", .label = "25 %", SECONDS, .get = predicted, .offset = LEVEL_25 },
    { .key = "predicted?/q50", .label = "50 %", SECONDS, .get = predicted, .offset = LEVEL_50,
      .main = true },
    { .key = "predicted?/q75", .label = "75 %", SECONDS, .get = predicted, .offset = LEVEL_75 },
    { .key = "predicted?/q95", .label = "95 %", SECONDS, .get = predicted, .offset = LEVEL_95,
      .main = true },
    { .key = "predicted?/q99", .label = "99 %", SECONDS, .optional = true, .get = predicted,
      .offset = LEVEL_99 },
    DOC_FIELDS_END,
};

static void add_skipped(struct doc *d, const struct queue_history *h)
{
    const struct {
        size_t n;
        const char *key, *words;
    } kinds[] = {
        { h->steps, "skipped/steps", "steps of jobs" },
        { h->not_started, "skipped/not_started", "never started" },
        { h->no_size, "skipped/no_size", "say no size" },
        { h->no_walltime, "skipped/no_walltime", "ask for no walltime" },
        { h->bad, "skipped/unreadable", "cannot be read" },
    };
    struct str words = { 0 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        doc_fact(d, kinds[i].key, NULL, DOC_COUNT, doc_number((double)kinds[i].n));
        if (kinds[i].n > 0)
            str_addf(&words, "%s%zu %s", words.length ? ", " : "", kinds[i].n, kinds[i].words);
    }
    if (h->first_bad[0])
        str_addf(&words, " (%s)", h->first_bad);
    if (words.length)
        doc_factf(d, NULL, "Rows skipped", "%s", words.text);
    if (h->damage)
        doc_factf(d, "damage", "Cut off", "%s; what follows is not read", h->damage);
    str_clear(&words);
}

static void add_history(struct doc *d, const struct queue_answer *a)
{
    const struct queue_history *h = a->history;
    struct str file = { 0 };
    escape_terminal(&file, a->file);
    doc_factf(d, "history", "History", "%s", file.text);
    doc_factf(d, NULL, "Jobs", "%zu, by %s%s", h->n, h->in_nodes ? "nodes" : "cores",
              h->has_walltimes ? " and walltime" : "; no walltimes are known");
    doc_fact(d, "jobs", NULL, DOC_COUNT, doc_number((double)h->n));
    doc_fact(d, "size", NULL, DOC_TEXT, doc_text(h->in_nodes ? "nodes" : "cores"));
    add_skipped(d, h);
    str_clear(&file);
}

/* ---- the request ---- */

static bool outside(struct stats_interval known, double x)
{
    return x < known.low || x > known.high;
}

static void add_cautions(struct doc *d, const struct queue_answer *a)
{
    for (size_t i = 0; i < a->n; i++) {
        const struct queue_model *m = &a->models[i];
        const char *name = m->machine ? m->machine : "the machine";
        if (!m->waits)
            doc_sayf(d, DOC_WARNING, "cautions[]",
                     "%s has %zu job%s: too few; a 95 %% quantile takes %d.", name, m->n,
                     m->n == 1 ? "" : "s", WAITS_LEAST);
        else if (!isnan(a->size) && outside(m->sizes, a->size))
            doc_sayf(d, DOC_WARNING, "cautions[]",
                     "EXTRAPOLATION: the jobs of %s asked for %g to %g %s, not %g.", name,
                     m->sizes.low, m->sizes.high, a->history->in_nodes ? "nodes" : "cores",
                     a->size);
        if (m->waits && !isnan(a->length_s) && outside(m->lengths_s, a->length_s))
            doc_sayf(d, DOC_WARNING, "cautions[]",
                     "EXTRAPOLATION: the jobs of %s asked for %g to %g minutes, not %g.", name,
                     m->lengths_s.low / 60, m->lengths_s.high / 60, a->length_s / 60);
    }
}

static void add_request(struct doc *d, const struct queue_answer *a)
{
    struct doc_value length = doc_number(a->length_s);
    struct str words = { 0 };
    str_addf(&words, "%g %s", isnan(a->nodes) ? a->size : a->nodes,
             isnan(a->nodes) ? "cores" : "nodes");
    if (!isnan(a->length_s)) {
        str_add(&words, " for ");
        doc_value_add(&words, &length, (struct doc_format){ .unit = DOC_CLOCK }, false);
    }
    doc_section(d, "How long a request waits");
    doc_factf(d, NULL, "Request", "%s", words.text);
    doc_fact(d, "request/size", NULL, DOC_EXACT, doc_number(a->size));
    doc_fact(d, "request/walltime", NULL, DOC_SECONDS, length);
    str_clear(&words);
}

struct doc *queue_doc(const struct queue_answer *a)
{
    struct doc *d = show_new("queue");
    struct doc_table machines = { .key = "machines",
                                  .fields = machine_fields,
                                  .items = a->models,
                                  .n = a->n,
                                  .size = sizeof *a->models,
                                  .context = a };
    struct doc_table request = machines;
    request.fields = request_fields;
    doc_title(d, "How long jobs wait in the queue");
    add_history(d, a);
    doc_table(d, &machines);
    doc_say(d, DOC_NOTE, NULL,
            "covers: the share of jobs that waited no longer than the quantile predicted for them "
            "from all other jobs. forecast: the same from the jobs submitted before it alone; it "
            "falls behind where the queue drifts.");
    if (!isnan(a->size)) {
        add_request(d, a);
        doc_table(d, &request);
    }
    add_cautions(d, a);
    show_add_commands(d, a->call, NULL);
    return d;
}
