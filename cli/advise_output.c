#include "cli/advise_output.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "cli/plot_kinds.h"
#include "cli/scenario_doc.h"
#include "cli/show.h"

/* ---- the question and its answer ---- */

static void add_question(struct doc *d, const struct advised *a)
{
    struct str words = { 0 }, deadline = { 0 };
    struct doc_value v = doc_number(a->how->deadline_s);
    str_addf(&words,
             "How many nodes of %s, in which mode, and for how long should one ask for to run %s "
             "through %s, so that %g %% of sessions end within the walltime",
             a->set->platform->name, a->set->workflow->name, a->set->middleware->name,
             100 * a->how->confidence);
    if (a->how->deadline_s > 0) {
        doc_value_add(&deadline, &v, (struct doc_format){ .unit = DOC_CLOCK }, false);
        str_addf(&words, ", and the walltime is at most %s", deadline.text);
    }
    str_add(&words, "?");
    doc_say_str(d, DOC_LEAD, NULL, &words);
    str_clear(&deadline);
}

/* The choice in large figures, for a page. */
static void add_figures(struct doc *d, const struct advised *a)
{
    int choice = advise_choice(a);
    if (plans_add_figures(d, a) || choice < 0)
        return;
    const struct advice_row *r = &a->advice.rows[choice];
    struct str nodes = { 0 }, walltime = { 0 }, charge = { 0 };
    struct doc_value v = doc_number(r->walltime_s);
    str_addf(&nodes, "%zu", r->nodes);
    doc_value_add(&walltime, &v, (struct doc_format){ .unit = DOC_CLOCK }, false);
    str_addf(&charge, "%.3g", r->charge);
    doc_figure(d, "nodes", nodes.text,
               a->how->deadline_s > 0 ? "the fewest for the deadline" : "the cheapest");
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

/* One line a choice, that of the batch script first; of a row that is several choices once, with
 * all their names. */
static void add_short_choices(struct doc *d, const struct advised *a)
{
    static const size_t usual[] = { 0, 1, 2 }, by_deadline[] = { 2, 0, 1 };
    static const char *const names[ADVISE_CHOICES] = { "cheapest", "fastest", "in time" };
    const size_t *order = a->how->deadline_s > 0 ? by_deadline : usual;
    for (size_t i = 0; i < ADVISE_CHOICES; i++) {
        int row = advise_choice_at(&a->advice, order[i]).row;
        struct str label = { 0 }, words = { 0 };
        bool first = row >= 0;
        for (size_t k = 0; k < ADVISE_CHOICES && first; k++) {
            bool same = advise_choice_at(&a->advice, order[k]).row == row;
            first = k >= i || !same;
            if (same)
                str_addf(&label, "%s%s", label.length ? ", " : "", names[order[k]]);
        }
        if (first) {
            label.text[0] = (char)toupper((unsigned char)label.text[0]);
            advise_add_row(&words, &a->advice.rows[row]);
            doc_fact(d, NULL, label.text, DOC_TEXT, doc_words(&words));
        }
        str_clear(&label);
    }
}

/* The short answer: a line for each choice, and the batch script. */
static void add_short(struct doc *d, const struct advised *a)
{
    struct str words = { 0 };
    advise_add_incomplete(&words, a);
    say(d, DOC_WARNING, "words/incomplete", &words);
    plans_doc_add_short(d, a);
    add_short_choices(d, a);
    failures_doc_add_short(d, a);
    advise_add_no_choice(&words, a);
    say(d, DOC_ANSWER, "words/no_choice", &words);
    advise_add_batch(&words, a);
    say(d, DOC_LINES, "batch", &words);
    advise_add_terms(&words, a);
    say(d, DOC_NOTE, "words/terms", &words);
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
    add_choices(d, a);
    failures_doc_add(d, a);
    advise_add_refused(&words, a);
    say(d, DOC_PLAIN, "words/refused", &words);
    advise_add_unknowns(&words, a);
    say(d, DOC_NOTE, "words/unknowns", &words);
}

/* ---- all ---- */

static void add_head(struct doc *d, const struct advised *a)
{
    doc_section(d, "How many nodes, in which mode, for how long");
    add_question(d, a);
    add_figures(d, a);
    add_short(d, a);
    if (!a->verbose && (advise_choice(a) >= 0 || plans_choice(a) >= 0))
        doc_page_only(d);
    doc_subsection(d, "In full");
    scenario_doc_add(d, a->set, SCENARIO_PLACE);
    doc_factf(d, NULL, "Nodes", "%zu to %zu", a->how->nodes[0], a->how->nodes[a->how->n_nodes - 1]);
    doc_fact(d, "workflow", NULL, DOC_TEXT, doc_text(a->set->workflow->name));
    doc_fact(d, "confidence", NULL, DOC_EXACT, doc_number(a->how->confidence));
    doc_fact(d, "deadline", NULL, DOC_SECONDS,
             doc_number(a->how->deadline_s > 0 ? a->how->deadline_s : (double)NAN));
    doc_fact(d, "retired", NULL, DOC_FLAG, doc_flag(a->set->platform->retired));
}

struct doc *advise_doc(const struct advised *a)
{
    struct doc *d = show_new("advise");
    add_head(d, a);
    advise_rows_add(d, a, "rows");
    if (advise_rows_left_out(a) > 0) {
        doc_say(d, DOC_PLAIN, NULL,
                "Rows left out are neither a choice nor on the front; --full shows them.");
        doc_details(d, "All numbers of nodes in all modes");
        advise_rows_add(d, a, NULL);
        doc_details_end(d);
    }
    plans_doc_add(d, a);
    add_answer(d, a);
    doc_plot(d, "Walltime to ask for against what it costs; what no queue accepts is left out",
             plot_of_result, &(struct doc_plot){ "pareto", "rows" });
    doc_plot(d, "Mean sessions over nodes, with their quantiles", plot_of_result,
             &(struct doc_plot){ "sessions", "rows" });
    show_add_commands(d, a->call, &a->set->scenario.seed);
    return d;
}
