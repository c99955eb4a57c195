/* cli/describe_decisions.c - what a workflow decides at run time, in words: its loops, campaigns,
 * and sets whose number or existence is drawn. */
#include "cli/describe_output.h"

#include "base/str.h"

static void add_names(struct str *words, char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_addf(words, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", names[i]);
}

/* "2 to 20 times, 5 on average" */
static void add_times(struct str *words, const struct loop *l)
{
    bool fixed = l->at_most == l->at_least;
    if (fixed)
        str_addf(words, "%d times", l->at_most);
    else if (l->at_most > 0)
        str_addf(words, "%d to %d times, %.3g on average", l->at_least, l->at_most,
                 loop_expected(l));
    else
        str_addf(words, "%d or more times, %.3g on average", l->at_least, loop_expected(l));
    if (l->stop.budget_s > 0 && !fixed)
        str_addf(words, " if time allows, none begins after %g s", l->stop.budget_s);
}

static void describe_loop(struct doc *d, const struct loop *l)
{
    struct str words = { 0 };
    str_addf(&words, "%s: repeats ", l->name);
    add_names(&words, l->sets, l->n_sets);
    str_add(&words, " ");
    add_times(&words, l);
    str_addf(&words, "; decided by %s", l->decided_by ? l->decided_by : "the whole iteration");
    if (l->decision_time_s > 0)
        str_addf(&words, ", which takes %g s", l->decision_time_s);
    doc_fact(d, NULL, "Loop", DOC_TEXT, doc_words(&words));
}

static void add_ends(struct str *words, const struct campaign *c)
{
    const char *before = " until ";
    if (c->budget > 0) {
        str_addf(words, "%s%lld are done", before, (long long)c->budget);
        before = " or ";
    }
    if (c->hits > 0) {
        str_addf(words, "%s%d hits are found (each with probability %g", before, c->hits,
                 c->hit_probability);
        if (c->hit_gain != 1)
            str_addf(words, ", times %g for each learning", c->hit_gain);
        str_add(words, ")");
        before = " or ";
    }
    if (c->time_s > 0)
        str_addf(words, "%s%g s are over", before, c->time_s);
}

static void describe_campaign(struct doc *d, const struct campaign *c)
{
    struct str words = { 0 };
    str_addf(&words, "%s: candidates of %s, ", c->name, c->candidates);
    if (c->in_flight > 0)
        str_addf(&words, "%d in flight,", c->in_flight);
    else
        str_add(&words, "as many in flight as the platform holds,");
    add_ends(&words, c);
    if (c->learn)
        str_addf(&words, "; %s learns after every %d results", c->learn, c->every);
    doc_fact(d, NULL, "Campaign", DOC_TEXT, doc_words(&words));
}

static void add_number(struct str *words, const struct task_set *s)
{
    const struct set_decision *d = s->decided;
    if (d->count == COUNT_SHARE)
        str_addf(words, "%g %% as many tasks as %s", 100 * d->share, d->of);
    else if (d->count == COUNT_PER)
        str_addf(words, "for each task of %s %.3g on average (%s)", d->of, dist_mean(d->number),
                 dist_family(d->number));
    else
        str_addf(words, "%.3g tasks on average (%s)", dist_mean(d->number), dist_family(d->number));
}

static void describe_set(struct doc *d, const struct task_set *s)
{
    const struct set_decision *of = s->decided;
    struct str words = { 0 };
    const char *between = "";
    str_addf(&words, "%s: ", s->name);
    if (of->count != COUNT_WRITTEN) {
        add_number(&words, s);
        between = "; ";
    }
    if (of->conditional) {
        str_addf(&words, "%s%s with probability %g", between,
                 of->by_task ? "each of its tasks exists" : "exists", of->probability);
        if (of->otherwise)
            str_addf(&words, ", else %s", of->otherwise);
        between = "; ";
    }
    if (of->n_cancels > 0) {
        str_addf(&words, "%swhen it is done, what is left of ", between);
        add_names(&words, of->cancels, of->n_cancels);
        str_add(&words, " is cancelled");
    }
    doc_fact(d, NULL, "Decided", DOC_TEXT, doc_words(&words));
}

void describe_decisions(struct doc *d, const struct workflow *w)
{
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        describe_loop(d, &w->decisions.loops[i]);
    for (size_t i = 0; i < w->decisions.n_campaigns; i++)
        describe_campaign(d, &w->decisions.campaigns[i]);
    for (size_t s = 0; s < w->n_sets; s++)
        if (w->sets[s].decided)
            describe_set(d, &w->sets[s]);
    if (workflow_decides(w))
        doc_say(d, DOC_NOTE, NULL,
                "Tasks and sets above are those of the first iteration, with the numbers that are "
                "expected.");
}
