#include "cli/compare_doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/interrupt.h"
#include "cli/show.h"
#include "study/comparison.h"

enum { MOST = 16 };

struct launcher {                        /* what the modes took through one middleware */
    char *name, *summary;
    struct summary mode[MODES];
    struct stats_improvement gain;       /* of asynchronous execution */
    enum mode best;
    bool complete;
};

struct launchers { size_t n; struct launcher at[MOST]; };

bool compare_launchers_asked(const struct scenario_options *o)
{
    const struct setting_value *v = &o->said[SETTING_MIDDLEWARE];
    return v->said && v->text && strchr(v->text, ',');
}

static void clear(struct launchers *l)
{
    for (size_t i = 0; i < l->n; i++) {
        xfree(l->at[i].name, l->at[i].summary);
    }
}

/* ---- running ---- */

static void take(struct launcher *l, const struct comparison *c)
{
    l->complete = true;
    for (int m = 0; m < MODES; m++) {
        l->mode[m] = c->mode[m];
        l->complete = l->complete && summary_is_complete(&c->mode[m]);
        if (c->mode[m].makespan.mean < c->mode[l->best].makespan.mean)
            l->best = (enum mode)m;
    }
    l->gain = c->improvement[MODE_ASYNCHRONOUS];
}

static int run_one(struct launcher *l, const struct invocation *call,
                   const struct scenario_options *o, bool silent,
                   const struct output_options *output, struct error *err)
{
    struct scenario_options one = *o;
    struct scenario_set set;
    one.said[SETTING_MIDDLEWARE].text = l->name;
    one.silent = silent;
    if (scenario_set_open(&set, call->operands.at[0], &one, call->data_dirs, err))
        return -1;
    if (set.choice.n_candidates) {                       /* of "auto" the profile that was chosen */
        free(l->name);
        l->name = xstrdup(set.middleware->name);
    }
    l->summary = xstrdup(set.middleware->summary ? set.middleware->summary : "");
    struct progress *progress = output_progress(output, "replicas", MODES * set.replicas);
    struct replicate_options how = { .replicas = set.replicas, .precision = set.precision,
                                     .threads = set.threads,
                                     .stop = interrupt_flag(), .progress = progress };
    struct comparison c;
    int status = comparison_run(&set.scenario, &how, &c, err);
    progress_free(progress);
    scenario_set_clear(&set);
    if (status)
        return -1;
    if (c.interrupted)
        status = error_set(err, "interrupted; nothing was written");
    else
        take(l, &c);
    comparison_clear(&c);
    return status;
}

/* The names between the commas. */
static int split(struct launchers *l, const char *names, struct error *err)
{
    for (const char *at = names;; at++) {
        size_t n = strcspn(at, ",");
        if (n == 0)
            return error_set(err, "--middleware %s: expected names with one comma between them",
                             names);
        if (l->n == MOST)
            return error_set(err, "--middleware %s: expected at most %d names", names, MOST);
        l->at[l->n++].name = xstrndup(at, n);
        at += n;
        if (!*at)
            return 0;
    }
}

/* ---- the answer ---- */

static double best_s(const struct launcher *l)
{
    return l->mode[l->best].makespan.mean;
}

static int by_makespan(const void *a, const void *b)
{
    double x = best_s(a), y = best_s(b);
    return (x > y) - (x < y);
}

/* Do single runs of both, each in its best mode, mostly come out in this order? */
static bool apart(const struct launcher *faster, const struct launcher *slower)
{
    return faster->mode[faster->best].makespan.q95 < slower->mode[slower->best].makespan.q05;
}

static void add_answer(struct doc *d, const struct launchers *l)
{
    struct str words = { 0 };
    const struct launcher *first = &l->at[0];
    str_addf(&words, "%s is fastest: %.1f s, %s. ", first->name, best_s(first),
             mode_name(first->best));
    for (size_t i = 1; i < l->n; i++)
        str_addf(&words, "%s takes %.1f %% longer%s. ", l->at[i].name,
                 100 * (best_s(&l->at[i]) / best_s(first) - 1),
                 apart(first, &l->at[i])
                     ? ""
                     : " on average (one run of each may come out in either order)");
    for (size_t i = 0; i < l->n; i++)
        if (!l->at[i].complete)
            str_addf(&words, "Under %s some replicas leave tasks undone. ", l->at[i].name);
    doc_say_str(d, DOC_ANSWER, "answer", &words);
}

#define SECONDS(of, what)                                                                          \
    .format = { .unit = DOC_SECONDS }, DOC_MEMBER(struct launcher, mode[of].makespan.what)

DOC_GETTER(get_best, const struct launcher *l = r->item, doc_text(mode_name(l->best)))
DOC_GETTER(get_session, const struct launcher *l = r->item,
           doc_number(l->mode[l->best].session.mean))

static const struct doc_field fields[] = {
    { .key = "middleware", .label = "middleware", DOC_MEMBER(struct launcher, name) },
    { .key = "sequential", .label = "sequential", SECONDS(MODE_SEQUENTIAL, mean) },
    { .key = "pipelined", .label = "pipelined", SECONDS(MODE_PIPELINED, mean) },
    { .key = "asynchronous", .label = "asynchronous", SECONDS(MODE_ASYNCHRONOUS, mean) },
    { .key = "asynchronous_sd", .label = "sd", SECONDS(MODE_ASYNCHRONOUS, sd) },
    { .key = "best", .label = "best mode", .get = get_best },
    { DOC_COLUMN("improvement", "I asynchronous", DOC_SHARE, struct launcher, gain.mean) },
    { .key = "session", .label = "session", .format = { .unit = DOC_SECONDS }, .get = get_session },
    { .key = "summary", .label = "what it is", DOC_MEMBER(struct launcher, summary) },
    DOC_FIELDS_END,
};

static struct doc *doc_of(const struct launchers *l, const struct invocation *call)
{
    struct doc *d = show_new(call->command->name);
    doc_section(d, "Sequential, pipelined and asynchronous execution through several middlewares");
    add_answer(d, l);
    doc_section(d, "Mean makespans");
    doc_table(d, &(struct doc_table){ .key = "middleware", .fields = fields,
                                      DOC_ITEMS(l->at, l->n) });
    doc_say(d, DOC_NOTE, NULL,
            "The same workflow, platform, seed and durations through each. A profile of published "
            "figures knows a launcher's rate and cap, not how sessions differ; 'dagcast describe "
            "NAME' says where each figure comes from.");
    show_add_call(d, call);
    return d;
}

int compare_launchers(const struct invocation *call, const struct scenario_options *o,
                      const struct output_options *output, struct error *err)
{
    struct launchers l = { .n = 0 };
    int status = split(&l, o->said[SETTING_MIDDLEWARE].text, err);
    for (size_t i = 0; i < l.n && status == 0; i++)
        status = run_one(&l.at[i], call, o, i > 0, output, err);
    if (status == 0) {
        qsort(l.at, l.n, sizeof *l.at, by_makespan);
        status = show(doc_of(&l, call), output, err);
    }
    clear(&l);
    return status;
}
