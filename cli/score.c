/* cli/score.c - `dagcast score`: how registered predictions turned out. */
#include <stddef.h>
#include <stdint.h>

#include "cli/command.h"
#include "cli/show.h"
#include "traces/importer.h"
#include "validation/track_record.h"

struct score_call {
    struct output_options output;
    const char *of, *contains;
    bool show;
};

#define AT(member) OPTION_AT(struct score_call, member)

static const struct option_row what_rows[] = {
    { .name = "of", AT(of), .argument = "HASH",
      .help = "the prediction that RUN is of, by its hash or how that begins (default: the only "
              "open one that it matches)" },
    { .name = "show", AT(show),
      .help = "only show the track record; what happens without RUN too" },
    { .name = "contains", AT(contains), .argument = "HASH",
      .help = "refuse a ledger without this entry: one that was cut off, or replaced" },
    { .name = NULL },
};

static const struct option_group groups[] = {
    { .title = "What", .rows = what_rows },
    SHOW_PROGRESS_GROUP(struct score_call),
    { .title = NULL },
};

/* ---- the result ---- */

DOC_GETTER(short_hash, const struct prediction *p = r->item, doc_take(str_format("%.8s", p->hash)))
DOC_GETTER(inside, const struct prediction *p = r->item,
           p->scored ? doc_flag(p->inside) : doc_none())

#define SECONDS .format = { .unit = DOC_SECONDS }

static const struct doc_field prediction_fields[] = {
    { .key = "hash", DOC_MEMBER(struct prediction, hash) },
    { .label = "hash", .get = short_hash },
    { .key = "name", .label = "prediction", DOC_MEMBER(struct prediction, name) },
    { .key = "workflow", DOC_MEMBER(struct prediction, workflow) },
    { .key = "platform", .label = "platform", DOC_MEMBER(struct prediction, platform) },
    { DOC_COLUMN("nodes", "nodes", DOC_COUNT, struct prediction, nodes) },
    { .key = "middleware", DOC_MEMBER(struct prediction, middleware) },
    { .key = "mode", .label = "mode", DOC_MEMBER(struct prediction, mode) },
    { .key = "version", DOC_MEMBER(struct prediction, version) },
    { .key = "registered", DOC_MEMBER(struct prediction, registered_epoch_s) },
    { .key = "predicted", .label = "predicted", SECONDS,
      DOC_MEMBER(struct prediction, predicted_s) },
    { .key = "interval95", .label = "95 % interval", SECONDS,
      DOC_MEMBER_INTERVAL(struct prediction, pi95) },
    { .key = "run", DOC_MEMBER(struct prediction, run) },
    { .key = "measured", .label = "measured", SECONDS, DOC_MEMBER(struct prediction, measured_s) },
    { .key = "error", .label = "error", .format = { .unit = DOC_SECONDS, .sign = true },
      DOC_MEMBER(struct prediction, error_s) },
    { .key = "inside", .label = "inside", .format = { .unit = DOC_FLAG }, .get = inside },
    DOC_FIELDS_END,
};

DOC_GETTER(platform_of, const struct track *t = r->item,
           doc_text(t->platform ? t->platform : "all"))

static const struct doc_field track_fields[] = {
    { .key = "platform", .label = "platform", .get = platform_of },
    { DOC_COLUMN("n", "runs", DOC_COUNT, struct track, n) },
    { DOC_COLUMN("coverage", "inside", DOC_SHARE, struct track, coverage) },
    { .key = "coverage_ci95", .label = "its 95 % interval", .format = { .unit = DOC_SHARE },
      DOC_MEMBER_INTERVAL(struct track, coverage_ci95) },
    { .key = "bias", .label = "bias", .format = { .unit = DOC_SHARE, .sign = true },
      DOC_MEMBER(struct track, bias) },
    { DOC_COLUMN("mean_error", "mean size of errors", DOC_SHARE, struct track, mean_error) },
    DOC_FIELDS_END,
};

static void add_answer(struct doc *d, const struct track_record *t)
{
    const struct track *all = &t->all;
    if (all->n == 0)
        doc_sayf(d, DOC_ANSWER, "answer", "%zu prediction%s registered; none has an outcome yet.",
                 t->n, t->n == 1 ? " is" : "s are");
    else
        doc_sayf(d, DOC_ANSWER, "answer",
                 "%zu of %zu runs fell into their 95 %% interval; predictions were %.1f %% too %s "
                 "on average; %zu open.",
                 all->inside, all->n, 100 * (all->bias < 0 ? -all->bias : all->bias),
                 all->bias < 0 ? "short" : "long", t->n - all->n);
}

static struct doc *result_of(const struct track_record *t, const struct ledger *l,
                             const struct invocation *call)
{
    struct doc *d = show_new("score");
    size_t n = ledger_count(l);
    doc_title(d, "Track record");
    add_answer(d, t);
    doc_fact(d, "entries", NULL, DOC_COUNT, doc_number((double)n));
    doc_fact(d, "head", NULL, DOC_TEXT, doc_text(n ? ledger_at(l, n - 1).hash : NULL));
    doc_table(d, &(struct doc_table){ .key = "predictions", .title = "Predictions",
                                      .fields = prediction_fields,
                                      DOC_ITEMS(t->predictions, t->n) });
    doc_open(d, "all");
    for (const struct doc_field *f = track_fields; t->all.n && f->key; f++)
        doc_facts(d,
                  (const struct doc_field[]){ { .key = f->key,
                                                .format = f->format,
                                                .source = f->source,
                                                .offset = f->offset,
                                                .get = f->get },
                                              DOC_FIELDS_END },
                  &t->all, NULL);
    doc_close(d);
    if (t->n_platforms)
        doc_table(d, &(struct doc_table){ .key = "platforms", .title = "By platform",
                                          .fields = track_fields,
                                          DOC_ITEMS(t->platforms, t->n_platforms) });
    if (n)
        doc_sayf(d, DOC_NOTE, NULL, "The chain of %zu entr%s is whole; its last hash is %.16s.", n,
                 n == 1 ? "y" : "ies", ledger_at(l, n - 1).hash);
    show_add_call(d, call);
    return d;
}

/* ---- the work ---- */

static int find(const struct ledger *l, const char *option, const char *hash, size_t *out,
                struct error *err)
{
    *out = hash ? ledger_find(l, hash) : SIZE_MAX;
    if (hash && *out == SIZE_MAX)
        return error_set(err,
                         "%s: the ledger has no entry, or several, whose hash begins with '%s'",
                         option, hash);
    return 0;
}

static int score_runs(struct ledger *l, const struct invocation *call, size_t which,
                      struct error *err)
{
    for (size_t i = 1; i < call->operands.n; i++) {
        struct session *s = importer_load(call->operands.at[i], NULL, err);
        int status = s ? track_score(l, s, which, err) : -1;
        session_free(s);
        if (status)
            return -1;
    }
    return 0;
}

static int score(struct ledger *l, const struct invocation *call, struct error *err)
{
    const struct score_call *o = call->options;
    size_t which, kept;
    struct track_record t;
    if (find(l, "--contains", o->contains, &kept, err) || find(l, "--of", o->of, &which, err) ||
        score_runs(l, call, which, err) || track_record_load(&t, l, err))
        return -1;
    int status = show(result_of(&t, l, call), &o->output, err);
    track_record_clear(&t);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct score_call *o = call->options;
    if (o->show && call->operands.n > 1)
        return error_set(err, "--show adds no outcome: expected no RUN, got '%s'",
                         call->operands.at[1]);
    if (o->of && call->operands.n != 2)
        return error_set(err, "--of names the prediction of one RUN: give one");
    struct ledger *l = ledger_open(call->operands.at[0], err);
    int status = l ? score(l, call, err) : -1;
    ledger_close(l);
    return status;
}

static const struct example examples[] = {
    { "score ledger.sqlite run1", "the outcome of a registered prediction, and the track record" },
    { "score ledger.sqlite re.session.login1.tgz --of 3fa1",
      "which of several predictions it is of" },
    { "score ledger.sqlite --show --json", "the track record for a program" },
    { NULL, NULL },
};

const struct command command_score = {
    .name = "score",
    .section = "Measured runs",
    .summary = "outcomes of registered predictions: coverage, bias, by platform",
    .operands = "LEDGER [RUN]...",
    .min_operands = 1,
    .max_operands = -1,
    .description = "Adds the outcome of RUN (anything that 'dagcast import' reads) to the LEDGER "
                   "that 'dagcast predict --register' wrote, and shows the track record: how many "
                   "runs fell into their interval, and how far predictions were off, by "
                   "platform.\n\n"
                   "A run counts if it is whole, its task sets are those of the prediction, and it "
                   "began after the prediction was registered. The chain of hashes is checked "
                   "whenever a ledger is opened: an entry that was changed, removed or put in "
                   "between is named.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct score_call),
    .run = run,
};
