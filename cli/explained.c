#include "cli/explained.h"

#include <math.h>

#include "base/escape.h"
#include "cli/interrupt.h"
#include "cli/words.h"

static const char interrupted[] = "interrupted; nothing was written";

void explained_take(struct explained *e, enum mode m, struct replicas *runs)
{
    e->mode[m] = runs->explanation;
    runs->explanation = (struct explanation){ 0 };
}

void explained_end(struct explained *e)
{
    e->table = explain_table_of(e->set->workflow, e->mode);
}

int explained_modes(struct explained *e, struct progress *progress, struct error *err)
{
    const struct replicate_options how = {
        .replicas = e->set->replicas, .explain = e->set->replicas, .threads = e->set->threads,
        .stop = interrupt_flag(), .progress = progress,
    };
    int status = 0;
    for (int m = 0; m < MODES && status == 0; m++) {
        struct scenario one = e->set->scenario;
        struct replicas runs;
        one.mode = (enum mode)m;
        status = replicate(&one, &how, &runs, err);
        if (status)
            break;
        if (runs.interrupted)
            status = error_set(err, "%s", interrupted);
        explained_take(e, one.mode, &runs);
        if (one.mode == e->set->scenario.mode)
            e->real = runs;
        else if (one.mode == MODE_PIPELINED)
            e->pipelined = runs;
        else
            replicas_clear(&runs);
    }
    if (status == 0)
        explained_end(e);
    return status;
}

/* Of the pipelined mode, whichever the what-ifs are of. */
static int run_orders(struct explained *e, const struct replicate_options *how, struct error *err)
{
    struct scenario pipelined = e->set->scenario;
    const struct replicas *known =
        pipelined.mode == MODE_PIPELINED ? &e->real : &e->pipelined;
    pipelined.mode = MODE_PIPELINED;
    return pipeline_orders(&pipelined, how, PIPELINE_ORDERS_MOST, known, &e->orders, err);
}

int explained_what_if(struct explained *e, struct progress *progress, struct error *err)
{
    struct replicate_options how = { .replicas = e->set->replicas,
                                     .threads = e->set->threads,
                                     .stop = interrupt_flag(),
                                     .progress = progress };
    e->asked_what_if = true;
    if (counterfactuals(&e->set->scenario, &how, e->real.n > 0 ? &e->real : NULL, &e->worlds,
                        err) ||
        run_orders(e, &how, err))
        return -1;
    return e->worlds.interrupted || e->orders.interrupted ? error_set(err, "%s", interrupted) : 0;
}

void explained_clear(struct explained *e)
{
    for (int m = 0; m < MODES; m++)
        explanation_clear(&e->mode[m]);
    replicas_clear(&e->real);
    replicas_clear(&e->pipelined);
    explain_table_clear(&e->table);
    counterfactuals_clear(&e->worlds);
    pipeline_orders_clear(&e->orders);
}

/* ---- words ---- */

enum { CHAIN_MOST = 12, PIPELINES_MOST = 8 };

/* An order that gains less than the decimal that is printed is not named as better. */
static const double printed_alike_s = 0.05;
/* of the makespan: a gain below this is none */
static const double nothing_share = 1e-3;

void explained_add_row_name(struct str *words, const struct explain_row *r)
{
    str_addf(words, "%s%s%s", explain_kind_words(r->kind), r->label ? " " : "",
             r->label ? r->label : "");
}

static const struct { const char *name, *adverb; } said[MODES] = {
    [MODE_SEQUENTIAL] = { "Sequential", "sequentially" },
    [MODE_PIPELINED] = { "Pipelined", "pipelined" },
    [MODE_ASYNCHRONOUS] = { "Asynchronous", "asynchronously" },
};

/* The mode that sequential execution is compared with. */
static enum mode other_mode(const struct explained *e)
{
    enum mode asked = e->asked;
    return asked == MODE_SEQUENTIAL ? MODE_ASYNCHRONOUS : asked;
}

/* What the mode loses most time to besides execution: its largest row of another class. */
static const struct explain_row *most_lost(const struct explained *e)
{
    const enum mode asked = e->asked;
    const struct explain_row *most = NULL;
    for (size_t i = 0; i < e->table.n; i++) {
        const struct explain_row *r = &e->table.rows[i];
        if (explain_class_of(r->kind) != EXPLAIN_CLASS_WORK && r->seconds[asked] > 0 &&
            (!most || r->seconds[asked] > most->seconds[asked]))
            most = r;
    }
    return most;
}

static void add_chain(struct str *text, const struct explained *e)
{
    const enum mode asked = e->asked;
    const char *labels[CHAIN_MOST + 1];
    size_t n = explain_chain(e->set->workflow, &e->mode[asked].path, labels, CHAIN_MOST + 1);
    for (size_t i = 0; i < n && i < CHAIN_MOST; i++)
        str_addf(text, "%s%s", i ? " -> " : "", labels[i]);
    str_add(text, n > CHAIN_MOST ? " -> ..." : "");
}

static void add_most_lost(struct str *text, const struct explained *e)
{
    const enum mode asked = e->asked;
    const struct explain_row *lost = most_lost(e);
    double makespan_s = e->mode[asked].makespan_s;
    if (!lost || lost->seconds[asked] < nothing_share * makespan_s)
        return;
    str_add(text, " It loses most time to '");
    explained_add_row_name(text, lost);
    str_addf(text, "': %.1f s of its %.1f s.", lost->seconds[asked], makespan_s);
}

/* Modes that left tasks undone are not compared; what their time went to can still be said. */
static bool add_incomplete(struct str *words, const struct explained *e)
{
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = e->mode[m].share_complete;
    if (!words_add_incomplete(words, &e->set->scenario, share))
        return false;
    str_addf(words, "What ran %s follows the chain ", said[e->asked].adverb);
    add_chain(words, e);
    str_add(words, " (replica 0).");
    add_most_lost(words, e);
    return true;
}

/* The row that grew most over sequential execution: what replaces barriers. NULL: none grew. */
static const struct explain_row *most_grown(const struct explained *e, enum mode m)
{
    const struct explain_row *most = NULL;
    double most_s = 0;
    for (size_t i = 0; i < e->table.n; i++) {
        const struct explain_row *r = &e->table.rows[i];
        double grown_s = r->seconds[m] - r->seconds[MODE_SEQUENTIAL];
        if (explain_class_of(r->kind) != EXPLAIN_CLASS_BARRIER && grown_s > most_s) {
            most = r;
            most_s = grown_s;
        }
    }
    return most;
}

static void add_replacement(struct str *words, const struct explained *e)
{
    enum mode m = other_mode(e);
    const struct explain_row *grown = most_grown(e, m);
    if (!grown)
        return;
    str_add(words, "'");
    explained_add_row_name(words, grown);
    str_addf(words, "' replaces %s: %.1f s sequentially, %.1f s %s. ",
             grown->seconds[MODE_SEQUENTIAL] > 0 ? "most of the rest" : "them",
             grown->seconds[MODE_SEQUENTIAL], grown->seconds[m], said[m].adverb);
}

/* The other mode's run decides; the time that sequential execution waits at barriers does not. */
static void add_barriers(struct str *words, const struct explained *e, double gain_s,
                         double barrier_s)
{
    const char *mode = said[other_mode(e)].name;
    double sequential_s = e->mode[MODE_SEQUENTIAL].makespan_s;
    double share = 100 * barrier_s / sequential_s, gain = 100 * gain_s / sequential_s;
    if (fabs(gain_s) < nothing_share * sequential_s && share < 1) {
        str_addf(words, "%s execution has next to nothing to gain (%.1f s): sequential execution "
                        "waits at barriers for only %.1f s (%.1f %%). ",
                 mode, gain_s + 0.0, barrier_s, share);
        return;
    }
    if (fabs(gain_s) < nothing_share * sequential_s)
        str_addf(words, "Barriers are not the reason: %s execution gains nothing, although "
                        "sequential execution waits at them for %.1f s (%.1f %%). ",
                 mode_name(other_mode(e)), barrier_s, share);
    else if (gain_s < 0)
        str_addf(words, "Barriers are not the reason: %s execution takes %.1f s (%.1f %%) longer. ",
                 mode_name(other_mode(e)), -gain_s, -gain);
    else
        str_addf(words,
                 "%s execution gains %.1f s (%.1f %%) of the %.1f s (%.1f %%) that sequential "
                 "execution waits at barriers. ",
                 mode, gain_s, gain, barrier_s, share);
    if (gain_s < barrier_s)
        add_replacement(words, e);
}

void explained_add_reason(struct str *words, const struct explained *e)
{
    const struct explanation *sequential = &e->mode[MODE_SEQUENTIAL],
                             *other = &e->mode[other_mode(e)],
                             *asked = &e->mode[e->asked];
    if (add_incomplete(words, e))
        return;
    if (!(sequential->makespan_s > 0) || !(other->makespan_s > 0)) {
        str_add(words, "The makespan is 0 s: no task takes time.");
        return;
    }
    add_barriers(words, e, sequential->makespan_s - other->makespan_s,
                 explanation_of_class(sequential, EXPLAIN_CLASS_BARRIER));
    str_addf(words, "Of the %s makespan %.1f %% is execution, along the chain ",
             mode_name(e->asked),
             100 * explanation_of_class(asked, EXPLAIN_CLASS_WORK) / asked->makespan_s);
    add_chain(words, e);
    str_add(words, " (replica 0).");
    add_most_lost(words, e);
}

void explained_add_orders(struct str *words, const struct workflow *w,
                          const struct pipeline_orders *o)
{
    double range_s = o->worst_s - o->best_s;
    if (o->n_orders == 0)
        return;
    str_addf(words,
             "Order of submission (pipelined): of %s%zu orders of the %zu pipelines the best takes "
             "%.1f s, the worst %.1f s, the file's %.1f s: the order matters by %.1f s (%.1f %%).",
             o->all ? "all " : "", o->n_orders, o->n_pipelines, o->best_s, o->worst_s, o->file_s,
             range_s, o->file_s > 0 ? 100 * range_s / o->file_s : 0);
    if (o->file_s - o->best_s < printed_alike_s || o->n_pipelines > PIPELINES_MOST)
        return;
    bool named = w->n_pipelines == o->n_pipelines;
    str_add(words, " Best: ");
    for (size_t i = 0; i < o->n_pipelines; i++)
        if (named)
            escape_addf(words, "%s%s", i ? ", " : "", w->pipelines[o->best[i]].name);
        else
            str_addf(words, "%s%d", i ? ", " : "", o->best[i] + 1);
    str_add(words, named ? "." : " (numbers of the pipelines in the file's order).");
}
