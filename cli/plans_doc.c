#include "cli/advise_output.h"

#include <math.h>
#include <stdlib.h>

int plans_choice(const struct advised *a)
{
    const struct plans *p = &a->plans;
    double deadline_s = a->how->deadline_s;
    int best = deadline_s > 0 || !a->planned ? -1 : p->soonest;
    for (size_t i = 0; i < p->n && deadline_s > 0; i++)
        if (p->at[i].solution_q_s <= deadline_s &&
            (best < 0 || p->at[i].charge < p->at[best].charge))
            best = (int)i;
    return best;
}

static void add_clock(struct str *text, double seconds)
{
    const struct doc_value v = doc_number(seconds);
    doc_value_add(text, &v, (struct doc_format){ .unit = DOC_CLOCK }, false);
}

static void add_jobs(struct str *text, const struct plan *p)
{
    if (p->jobs_q == 1)
        str_add(text, "1 job");
    else if (p->jobs_q50 == p->jobs_q)
        str_addf(text, "%g jobs", p->jobs_q);
    else
        str_addf(text, "%g to %g jobs", p->jobs_q50, p->jobs_q);
}

/* "16 nodes, asynchronous, 1 job of 0:28:00" */
static void add_asked(struct str *text, const struct advised *a, const struct plan *p)
{
    str_addf(text, "%zu node%s", p->nodes, p->nodes == 1 ? "" : "s");
    if (p->pilots > 1)
        str_addf(text, " a job, %zu jobs side by side", p->pilots);
    str_addf(text, ", %s, ", mode_name(a->advice.rows[p->row].mode));
    if (p->pilots == 1 || p->jobs_q > (double)p->pilots) {
        add_jobs(text, p);
        str_add(text, p->pilots > 1 ? " in all, of " : " of ");
    }
    add_clock(text, p->walltime_s);
    str_add(text, p->jobs_q > 1 || p->pilots > 1 ? " each" : "");
}

/* "By form, at 95 %: one job 0:16:08 (32 nodes, ...); jobs side by side 0:20:10 (...)." */
static void add_forms(struct doc *d, const struct advised *a)
{
    struct str words = { 0 };
    size_t n = 0;
    str_addf(&words, "The soonest of each form, at %g %%: ", 100 * a->how->confidence);
    for (int f = 0; f < PLAN_FORMS; f++) {
        int i = a->plans.of_form[f];
        if (i < 0)
            continue;
        str_addf(&words, "%s%s ", n++ ? "; " : "", plan_form_name((enum plan_form)f));
        add_clock(&words, a->plans.at[i].solution_q_s);
        str_add(&words, " (");
        add_asked(&words, a, &a->plans.at[i]);
        str_add(&words, ")");
    }
    str_add(&words, ".");
    doc_say(d, DOC_PLAIN, "words/plan_forms", n > 1 ? words.text : NULL);
    str_clear(&words);
}

/* "Result soonest: 16 nodes, asynchronous, 1 job of 0:28:00: after 1:02:10 at 50 %, ..." */
static void add_choice(struct doc *d, const struct advised *a, const char *key, const char *what,
                       int i)
{
    struct str words = { 0 };
    if (i >= 0) {
        const struct plan *p = &a->plans.at[i];
        str_addf(&words, "%s: ", what);
        add_asked(&words, a, p);
        str_add(&words, "; the result is there after ");
        add_clock(&words, p->solution_q50_s);
        str_add(&words, " at 50 % and ");
        add_clock(&words, p->solution_q_s);
        str_addf(&words, " at %g %%, of it ", 100 * a->how->confidence);
        add_clock(&words, p->queue_q50_s);
        str_add(&words, " and ");
        add_clock(&words, p->queue_q_s);
        str_addf(&words, " waiting in the queue (%.3g node-hours charged on average", p->charge);
        if (p->lost_hours > 0)
            str_addf(&words, ", %.3g of them for work that is cut", p->lost_hours);
        if (!isnan(p->energy_kwh))
            str_addf(&words, ", %.3g kWh", p->energy_kwh);
        str_add(&words, ").");
        if (p->share_second > 0)
            str_addf(&words,
                     " %.1f %% of the replicas take more jobs than the work was divided into.",
                     100 * p->share_second);
    }
    char *path = str_format("words/plan_%s", key);
    doc_say(d, i >= 0 && i == plans_choice(a) ? DOC_ANSWER : DOC_PLAIN, path, words.text);
    free(path);
    path = str_format("choices/plan_%s", key);
    doc_fact(d, path, NULL, DOC_COUNT, doc_number(i < 0 ? (double)NAN : i));
    free(path);
    str_clear(&words);
}

/* The choice asks for what no past job has. */
static void add_outside(struct doc *d, const struct advised *a)
{
    int choice = plans_choice(a);
    const struct plan *p = choice < 0 ? NULL : &a->plans.at[choice];
    struct platform *on = p ? platform_with_nodes(a->set->platform, p->nodes, NULL) : NULL;
    struct str why = { 0 };
    if (on && queue_wait_add_outside(&why, a->set->scenario.allocation.wait, on, p->walltime_s))
        doc_sayf(d, DOC_WARNING, "words/queue_extrapolation", "EXTRAPOLATION: %s.", why.text);
    str_clear(&why);
    platform_free(on);
}

static void add_no_choice(struct doc *d, const struct advised *a)
{
    if (a->plans.n == 0)
        doc_say(d, DOC_ANSWER, "words/no_plan",
                "No plan: no queue accepts jobs in which the workflow ends, however many.");
    else if (plans_choice(a) < 0)
        doc_sayf(d, DOC_ANSWER, "words/no_plan",
                 "No plan has the result by the deadline with %g %%, waits in the queue included.",
                 100 * a->how->confidence);
    else
        doc_say(d, DOC_PLAIN, "words/no_plan", NULL);
}

void plans_doc_add_short(struct doc *d, const struct advised *a)
{
    int choice = a->planned ? plans_choice(a) : -1;
    struct str words = { 0 };
    if (choice >= 0) {
        const struct plan *p = &a->plans.at[choice];
        add_asked(&words, a, p);
        str_add(&words, ", done after ");
        add_clock(&words, p->solution_q50_s);
        str_add(&words, " (50 %), ");
        add_clock(&words, p->solution_q_s);
        str_addf(&words, " (%g %%), %.3g node-hours", 100 * a->how->confidence, p->charge);
        doc_fact(d, NULL, a->how->deadline_s > 0 ? "Result by the deadline" : "Result soonest",
                 DOC_TEXT, doc_words(&words));
    }
    if (a->planned)
        add_no_choice(d, a);
    if (a->planned)
        add_outside(d, a);
}

void plans_doc_add(struct doc *d, const struct advised *a)
{
    const struct plans *p = &a->plans;
    if (!a->planned)
        return;
    doc_section(d, "Until the result is there: nodes, walltime, number of jobs");
    plans_doc_add_table(d, a);
    add_choice(d, a, "soonest", "Result soonest", p->soonest);
    add_choice(d, a, "soonest_median", "Soonest at 50 %",
               p->soonest_median == p->soonest ? -1 : p->soonest_median);
    add_choice(d, a, "cheapest", "Result for the least charge",
               p->cheapest == p->soonest ? -1 : p->cheapest);
    if (a->how->deadline_s > 0)
        add_choice(d, a, "deadline", "Cheapest result by the deadline", plans_choice(a));
    add_forms(d, a);
    doc_say(d, DOC_NOTE, NULL,
            "A job that its walltime ends is followed by another, which waits anew and runs again "
            "what was cut. Jobs side by side wait each for itself; tasks go to whichever is up. "
            "Times count from the first request to the last task's stop.");
}

bool plans_add_figures(struct doc *d, const struct advised *a)
{
    int choice = a->planned ? plans_choice(a) : -1;
    if (choice < 0)
        return false;
    const struct plan *p = &a->plans.at[choice];
    struct str nodes = { 0 }, walltime = { 0 }, jobs = { 0 }, half = { 0 }, most = { 0 };
    str_addf(&nodes, p->pilots > 1 ? "%zu x %zu" : "%.0zu%zu", p->pilots > 1 ? p->pilots : 0,
             p->nodes);
    add_clock(&walltime, p->walltime_s);
    add_jobs(&jobs, p);
    add_clock(&half, p->solution_q50_s);
    add_clock(&most, p->solution_q_s);
    char *level = str_format("result at %g %%", 100 * a->how->confidence);
    doc_figure(d, "nodes", nodes.text, mode_name(a->advice.rows[p->row].mode));
    doc_figure(d, "walltime", walltime.text, jobs.text);
    doc_figure(d, "result at 50 %", half.text, "queue included");
    doc_figure(d, level, most.text, "queue included");
    free(level);
    str_clear(&nodes);
    str_clear(&walltime);
    str_clear(&jobs);
    str_clear(&half);
    str_clear(&most);
    return true;
}
