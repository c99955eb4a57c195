#include "cli/advise_output.h"

#include <math.h>

#include "base/escape.h"
#include "cli/words.h"
#include "core/extrapolation.h"
#include "study/batch_lines.h"

int advise_choice(const struct advised *a)
{
    return a->how->deadline_s > 0 ? a->advice.smallest : a->advice.cheapest;
}

enum transfer advise_extrapolates(const struct advised *a, size_t nodes, struct str *why)
{
    struct platform p = *a->set->platform; /* for its name and its number of nodes */
    struct scenario s = a->set->scenario;
    p.n_nodes = nodes;
    s.platform = &p;
    extrapolation_add_reasons(why, &s);
    return extrapolation_transfer(&s);
}

struct advise_choice advise_choice_at(const struct advice *a, size_t i)
{
    const struct advise_choice all[ADVISE_CHOICES] = {
        { "cheapest", "Cheapest", a->cheapest },
        { "fastest", "Fastest once started", a->fastest },
        { "smallest", "Smallest that keeps the deadline", a->smallest }
    };
    return all[i];
}

void advise_add_choice(struct str *text, const struct advised *a, const struct advise_choice *c)
{
    const struct advice_row *r = &a->advice.rows[c->row];
    str_addf(text, "%s: %zu node%s, %s, walltime ", c->what, r->nodes, r->nodes == 1 ? "" : "s",
             mode_name(r->mode));
    str_add_clock(text, r->walltime_s);
    str_addf(text, " (%.3g node-hours charged on average)", r->charge);
}

void advise_add_row(struct str *text, const struct advice_row *r)
{
    str_addf(text, "%zu node%s, %s, walltime ", r->nodes, r->nodes == 1 ? "" : "s",
             mode_name(r->mode));
    str_add_clock(text, r->walltime_s);
    str_addf(text, ", %.3g node-hours", r->charge);
}

void advise_add_refused(struct str *text, const struct advised *a)
{
    if (a->advice.refused < 0)
        return;
    const struct platform *p = a->set->platform;
    const struct advice_row *r = &a->advice.rows[a->advice.refused];
    const struct queue_rule *q = r->nearest;
    str_addf(text, "%s: %zu node%s, %s (%.3g node-hours charged on average): ",
             a->advice.cheapest < 0 ? "Would be the cheapest" : "Would be cheaper", r->nodes,
             r->nodes == 1 ? "" : "s", mode_name(r->mode), r->charge);
    if (p->machine_nodes > 0 && r->nodes > p->machine_nodes) {
        escape_addf(text, "%s has only %zu nodes", p->name, p->machine_nodes);
    } else if (!q) {
        str_addf(text, "no queue takes %zu node%s", r->nodes, r->nodes == 1 ? "" : "s");
    } else {
        str_add(text, "it needs a walltime of ");
        str_add_clock(text, r->walltime_s);
        str_addf(text, ", and of the queues that take %zu node%s none allows more than ", r->nodes,
                 r->nodes == 1 ? "" : "s");
        str_add_clock(text, q->max_walltime_s);
        escape_addf(text, " (%s)", q->name);
    }
}

/* No row that can be asked for ends often enough. */
static bool none_ends(const struct advice *a, const struct advice_row **best)
{
    *best = NULL;
    for (size_t i = 0; i < a->n; i++) {
        const struct advice_row *r = &a->rows[i];
        if (!r->why_not && r->accepted && (!*best || r->share_complete > (*best)->share_complete))
            *best = r;
    }
    return *best && !(*best)->enough;
}

void advise_add_incomplete(struct str *text, const struct advised *a)
{
    const struct advice_row *best;
    double least = 1;
    if (none_ends(&a->advice, &best)) {
        str_addf(text,
                 "Not all tasks are done: at best %.1f %% of the replicas finish them (%zu node%s, "
                 "%s). More retries of the sets that fail would let more replicas finish.",
                 100 * best->share_complete, best->nodes, best->nodes == 1 ? "" : "s",
                 mode_name(best->mode));
        return;
    }
    for (size_t i = 0; i < ADVISE_CHOICES; i++) {
        int row = advise_choice_at(&a->advice, i).row;
        least = row >= 0 ? fmin(least, a->advice.rows[row].share_complete) : least;
    }
    if (least < 1)
        str_addf(text,
                 "Not all tasks are done: of the replicas behind these choices as few as %.1f %% "
                 "finished them. Sessions and walltimes count what ran; more retries of the sets "
                 "that fail would let more replicas finish.",
                 100 * least);
}

bool advise_add_no_choice(struct str *text, const struct advised *a)
{
    const struct advice_row *best;
    if (none_ends(&a->advice, &best))
        str_addf(text, "None of these finishes all tasks with %g %%.", 100 * a->how->confidence);
    else if (a->advice.cheapest < 0)
        str_add(text, "None of these can be asked for: no queue accepts them.");
    else if (advise_choice(a) < 0)
        str_addf(text, "None of these keeps the deadline with %g %%.", 100 * a->how->confidence);
    return advise_choice(a) < 0;
}

void advise_add_refusals(struct str *text, const struct advice *a)
{
    for (size_t i = 0; i < a->n;) {
        const struct advice_row *first = &a->rows[i];
        size_t last = i;
        while (first->why_not && last + 1 < a->n &&
               str_equal(a->rows[last + 1].why_not, first->why_not))
            last++;
        if (first->why_not && a->rows[last].nodes > first->nodes)
            escape_addf(text, "%s%zu to %zu nodes cannot run it: %s.", text->length ? " " : "",
                        first->nodes, a->rows[last].nodes, first->why_not);
        else if (first->why_not)
            escape_addf(text, "%s%zu node%s cannot run it: %s.", text->length ? " " : "",
                        first->nodes, first->nodes == 1 ? "" : "s", first->why_not);
        i = last + 1;
    }
}

void advise_add_batch(struct str *lines, const struct advised *a)
{
    const struct platform *p = a->set->platform;
    int plan = a->planned ? plans_choice(a) : -1,
        choice = plan < 0 ? advise_choice(a) : (int)a->plans.at[plan].row;
    if (choice < 0)
        return;
    const struct advice_row *r = &a->advice.rows[choice];
    const struct queue_rule *queue = plan < 0 ? r->queue : a->plans.at[plan].queue;
    double walltime_s = plan < 0 ? r->walltime_s : a->plans.at[plan].walltime_s;
    size_t nodes = plan < 0 ? r->nodes : a->plans.at[plan].nodes;
    const struct batch_request request =
        batch_request_of(p, a->set->workflow, nodes, walltime_s, queue);
    if (!batch_lines_add(lines, p->scheduler, &request))
        return;
    if (queue)
        escape_addf(lines, "# accepted by: %s\n", queue->name);
    bool side_by_side = plan >= 0 && a->plans.at[plan].pilots > 1;
    if (side_by_side)
        str_addf(lines, "# submit it %zu times at once, each for tasks of one client\n",
                 a->plans.at[plan].pilots);
    else if (plan >= 0 && a->plans.at[plan].jobs_q > 1)
        str_addf(lines, "# submit it again when it ends: %g times at 50 %%, %g at %g %%\n",
                 a->plans.at[plan].jobs_q50, a->plans.at[plan].jobs_q, 100 * a->how->confidence);
    if (p->retired)
        escape_addf(lines, "# %s is retired: its queue rules are history\n", p->name);
}

static void add_extrapolation(struct str *words, const struct advised *a)
{
    int choice = advise_choice(a);
    struct str why = { 0 };
    struct platform p = *a->set->platform; /* for its name and its number of nodes */
    struct scenario s = a->set->scenario;
    p.n_nodes = choice >= 0 ? a->advice.rows[choice].nodes : 0;
    s.platform = &p;
    if (choice >= 0 && extrapolation_add(&why, &s))
        str_addf(words, " EXTRAPOLATION: %s.", why.text);
    str_clear(&why);
}

void advise_add_terms(struct str *words, const struct advised *a)
{
    if (advise_choice(a) < 0 && (!a->planned || plans_choice(a) < 0))
        return;
    str_addf(words, "%g %% of sessions end within the walltime%s.%s", 100 * a->how->confidence,
             a->set->scenario.allocation.wait ? "" : ", waits in the queue not counted",
             middleware_is_ideal(a->set->middleware)
                 ? " The middleware is ideal: every real one takes more time."
                 : "");
    add_extrapolation(words, a);
    if (!a->set->platform->scheduler)
        escape_addf(words,
                    " No batch script: the file of %s has no \"scheduler\" (slurm, pbs, lsf).",
                    a->set->platform->name);
    if (!a->verbose)
        str_add(words, " --verbose has the rows behind this, and what is not known.");
}

void advise_add_unknowns(struct str *words, const struct advised *a)
{
    const struct platform *p = a->set->platform;
    str_addf(
        words,
        "%g %% of sessions (start of the middleware and drain included) finish within the "
        "walltime. It is the upper end of the 95 %% interval of that quantile, rounded up to the "
        "minute. Times count from the start of the job. Not known: %swhat a site charges beyond "
        "nodes x time; what other jobs do to file systems and networks.",
        100 * a->how->confidence,
        a->set->scenario.allocation.wait
            ? ""
            : "how long it waits in the queue, which is often the longer part (--queue-history, "
              "--queue-wait); ");
    if (p->n_queues == 0)
        escape_addf(words, " The queue rules of %s are not known either.", p->name);
    if (middleware_is_ideal(a->set->middleware))
        str_add(words, " The middleware is ideal: every real one takes more time.");
    int choice = advise_choice(a);
    if (choice >= 0) {
        struct str ambiguous = { 0 };
        const struct advice_row *r = &a->advice.rows[choice];
        words_add_modes(&ambiguous, mode_name(r->mode), &r->modes);
        words_add_order(&ambiguous, mode_name(r->mode), &r->order);
        if (ambiguous.length) /* without the blank at its end */
            str_addf(words, " Makespans of the choice: %.*s", (int)ambiguous.length - 1,
                     ambiguous.text);
        str_clear(&ambiguous);
    }
}
