#include "cli/advise_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/words.h"
#include "core/extrapolation.h"
#include "plots/series.h"
#include "study/batch_lines.h"

static bool is_choice(const struct advice *a, int i)
{
    return i == a->cheapest || i == a->fastest || i == a->smallest;
}

/* The row that the batch script is for: what keeps the deadline, if there is one, else the cheapest. */
static int choice_of(const struct advised *a)
{
    return a->how->deadline_s > 0 ? a->advice.smallest : a->advice.cheapest;
}

/* Returns the factor by which the spread is widened there (1: by none), and adds the reasons to `why`. */
static double extrapolates(const struct advised *a, size_t nodes, struct str *why)
{
    struct platform p = *a->set->platform;       /* for its name and its number of nodes */
    struct scenario s = a->set->scenario;
    p.n_nodes = nodes;
    s.platform = &p;
    extrapolation_add_reasons(why, &s);
    return extrapolation_spread(&s);
}

/* --- table ------------------------------------------------------------------------------------------------------ */

static void add_clock(struct str *text, double seconds)
{
    long long s = (long long)ceil(seconds);
    str_addf(text, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

static void set_text(struct table *t, size_t column, struct str *text)
{
    table_set_text(t, column, text->text ? text->text : "");
    str_clear(text);
}

static void add_marks(const struct advised *a, int i, struct str *text)
{
    const struct advice *v = &a->advice;
    const struct { bool is; const char *words; } marks[] = {
        { i == v->cheapest, "cheapest" }, { i == v->fastest, "fastest" }, { i == v->smallest, "smallest for the deadline" },
        { !is_choice(v, i) && v->rows[i].on_front, "on the front" }, { i == v->refused && v->cheapest >= 0, "cheaper" },
        { !v->rows[i].accepted, "no queue accepts it" },
    };
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        if (marks[k].is)
            escape_addf(text, "%s%s", text->length ? ", " : "", marks[k].words);
    struct str why = { 0 };
    extrapolates(a, v->rows[i].nodes, &why);
    if (why.length)
        str_addf(text, "%sEXTRAPOLATION", text->length ? "; " : "");
    str_clear(&why);
}

static void add_row(struct table *t, const struct advised *a, int i)
{
    const struct advice_row *r = &a->advice.rows[i];
    struct str cell = { 0 };
    table_add_row(t);
    table_set_number(t, 0, (double)r->nodes, 0);
    table_set_text(t, 1, mode_name(r->mode));
    table_set_number(t, 2, r->session.mean, 1);
    table_set_number(t, 3, r->session.q05, 1);
    table_set_number(t, 4, r->quantile_s, 1);
    add_clock(&cell, r->walltime_s);
    set_text(t, 5, &cell);
    table_set_number(t, 6, r->charge, 3);
    table_set_number(t, 7, 100 * r->utilisation_slots, 1);
    table_set_number(t, 8, 100 * r->utilisation_gpus, 1);
    table_set_number(t, 9, (double)r->replicas, 0);
    if (r->queue)
        table_set_text(t, 10, r->queue->name);
    add_marks(a, i, &cell);
    set_text(t, 11, &cell);
}

static void add_table(struct str *text, const struct advised *a)
{
    static const char *const names[] = { "nodes", "mode", "session [s]", "5 % [s]", NULL, "walltime", "node-hours", "cores [%]", "GPUs [%]",
                                         "replicas", "queue", "" };
    char quantile[32];
    snprintf(quantile, sizeof quantile, "%g %% [s]", 100 * a->how->confidence);
    struct table *t = table_new();
    for (size_t c = 0; c < sizeof names / sizeof *names; c++)
        table_add_column(t, names[c] ? names[c] : quantile, c == 1 || c >= 10 ? TABLE_LEFT : TABLE_RIGHT);
    size_t left_out = 0;
    for (size_t i = 0; i < a->advice.n; i++) {
        const struct advice_row *r = &a->advice.rows[i];
        if (r->why_not)
            continue;
        if (a->how->all || a->advice.n <= 3 * MODES || is_choice(&a->advice, (int)i) || r->on_front || (int)i == a->advice.refused)
            add_row(t, a, (int)i);
        else
            left_out++;
    }
    table_print(t, text, 0);
    table_free(t);
    if (left_out)
        str_addf(text, "(%zu further rows are neither a choice nor on the front: --full or --json shows them)\n", left_out);
}

/* "1 to 3 nodes cannot run it: ..." for each stretch of node counts with one reason. */
static void add_refusals(struct str *text, const struct advice *a)
{
    for (size_t i = 0; i < a->n;) {
        const struct advice_row *first = &a->rows[i];
        size_t last = i;
        while (first->why_not && last + 1 < a->n && str_equal(a->rows[last + 1].why_not, first->why_not))
            last++;
        if (first->why_not && a->rows[last].nodes > first->nodes)
            escape_addf(text, "%zu to %zu nodes cannot run it: %s.\n", first->nodes, a->rows[last].nodes, first->why_not);
        else if (first->why_not)
            escape_addf(text, "%zu node%s cannot run it: %s.\n", first->nodes, first->nodes == 1 ? "" : "s", first->why_not);
        i = last + 1;
    }
}

/* --- words ------------------------------------------------------------------------------------------------------ */

enum { CHOICES = 3 };

struct choice { const char *key, *what; int row; };      /* row -1: there is none */

static struct choice choice_at(const struct advice *a, size_t i)
{
    const struct choice all[CHOICES] = { { "cheapest", "Cheapest", a->cheapest }, { "fastest", "Fastest once started", a->fastest },
                                         { "smallest", "Smallest that keeps the deadline", a->smallest } };
    return all[i];
}

static void add_choice(struct str *text, const struct advised *a, const struct choice *c)
{
    const struct advice_row *r = &a->advice.rows[c->row];
    str_addf(text, "%s: %zu node%s, %s, walltime ", c->what, r->nodes, r->nodes == 1 ? "" : "s", mode_name(r->mode));
    add_clock(text, r->walltime_s);
    str_addf(text, " (%.3g node-hours charged on average)", r->charge);
}

/* Why what would be charged least is no choice. */
static void add_refused(struct str *text, const struct advised *a)
{
    if (a->advice.refused < 0)
        return;
    const struct platform *p = a->set->platform;
    const struct advice_row *r = &a->advice.rows[a->advice.refused];
    const struct queue_rule *q = r->nearest;
    str_addf(text, "%s: %zu node%s, %s (%.3g node-hours charged on average): ",
             a->advice.cheapest < 0 ? "Would be the cheapest" : "Would be cheaper", r->nodes, r->nodes == 1 ? "" : "s", mode_name(r->mode),
             r->charge);
    if (p->machine_nodes > 0 && r->nodes > p->machine_nodes) {
        escape_addf(text, "%s has only %zu nodes", p->name, p->machine_nodes);
    } else if (!q) {
        str_addf(text, "no queue takes %zu node%s", r->nodes, r->nodes == 1 ? "" : "s");
    } else {
        str_add(text, "it needs a walltime of ");
        add_clock(text, r->walltime_s);
        str_addf(text, ", and of the queues that take %zu node%s none allows more than ", r->nodes, r->nodes == 1 ? "" : "s");
        add_clock(text, q->max_walltime_s);
        escape_addf(text, " (%s)", q->name);
    }
}

/* A walltime for replicas that gave tasks up is one for what ran of them. */
static void add_incomplete(struct str *text, const struct advised *a)
{
    double least = 1;
    for (size_t i = 0; i < CHOICES; i++) {
        int row = choice_at(&a->advice, i).row;
        least = row >= 0 ? fmin(least, a->advice.rows[row].share_complete) : least;
    }
    if (least < 1)
        str_addf(text, "Not all tasks are done: of the replicas behind these choices as few as %.1f %% finished them. Sessions and "
                       "walltimes are of what ran; more retries of the sets that fail would let more of them finish.", 100 * least);
}

/* Why there is nothing to ask for; false, nothing added: there is. */
static bool add_no_choice(struct str *text, const struct advised *a)
{
    if (a->advice.cheapest < 0)
        str_add(text, "None of these can be asked for: no queue accepts them.");
    else if (choice_of(a) < 0)
        str_addf(text, "None of these keeps the deadline with %g %%.", 100 * a->how->confidence);
    return choice_of(a) < 0;
}

static void add_batch(struct str *text, const struct advised *a)
{
    const struct platform *p = a->set->platform;
    const struct advice_row *r = &a->advice.rows[choice_of(a)];
    struct str lines = { 0 };
    if (batch_lines_add(&lines, p->scheduler, r->nodes, r->walltime_s)) {
        str_addf(text, "\n%s", lines.text);
        if (r->queue)
            escape_addf(text, "# accepted by: %s\n", r->queue->name);
    }
    str_clear(&lines);
    if (p->retired)
        escape_addf(text, "# %s is retired: its queue rules are history\n", p->name);
}

static void add_unknowns(struct str *words, const struct advised *a)
{
    const struct platform *p = a->set->platform;
    struct str why = { 0 };
    str_addf(words,
             "A session (start of the middleware and drain included) keeps its walltime with %g %%: the upper end of the 95 %% interval of "
             "that quantile, rounded up to the minute. Times count from the start of the job. Not known: how long it waits in the "
             "queue, which is often the longer part; what a site charges beyond nodes x time; what other jobs do to file systems and "
             "networks.",
             100 * a->how->confidence);
    if (p->n_queues == 0)
        escape_addf(words, " The queue rules of %s are not known either.", p->name);
    if (middleware_is_ideal(a->set->middleware))
        str_add(words, " The middleware is ideal: every real one takes more time.");
    int choice = choice_of(a);
    if (choice >= 0) {
        struct str ambiguous = { 0 };
        const struct advice_row *r = &a->advice.rows[choice];
        words_add_modes(&ambiguous, mode_name(r->mode), &r->modes);
        words_add_order(&ambiguous, mode_name(r->mode), &r->order);
        if (ambiguous.length)                            /* without the blank at its end */
            str_addf(words, " Makespans of the choice: %.*s", (int)ambiguous.length - 1, ambiguous.text);
        str_clear(&ambiguous);
    }
    double factor = choice >= 0 ? extrapolates(a, a->advice.rows[choice].nodes, &why) : 1;
    if (why.length)
        str_addf(words, " EXTRAPOLATION: %s; the spread between sessions is taken %g times as wide.", why.text, factor);
    str_clear(&why);
}

int advise_print_text(const struct advised *a, struct error *err)
{
    struct str text = { 0 }, unknowns = { 0 }, incomplete = { 0 };
    output_heading(&text, "How many nodes, in which mode, for how long");
    words_add_scenario(&text, a->set);
    str_addf(&text, "%-12s%zu to %zu\n\n", "Nodes", a->how->nodes[0], a->how->nodes[a->how->n_nodes - 1]);
    add_table(&text, a);
    add_refusals(&text, &a->advice);
    str_add(&text, "\n");
    add_incomplete(&incomplete, a);
    if (incomplete.length)
        output_paragraph(&text, incomplete.text);
    str_clear(&incomplete);
    for (size_t i = 0; i < CHOICES; i++) {
        const struct choice c = choice_at(&a->advice, i);
        if (c.row >= 0) {
            add_choice(&text, a, &c);
            str_add(&text, "\n");
        }
    }
    if (a->advice.refused >= 0) {
        add_refused(&text, a);
        str_add(&text, "\n");
    }
    if (add_no_choice(&text, a))
        str_add(&text, "\n");
    else
        add_batch(&text, a);
    str_add(&text, "\n");
    add_unknowns(&unknowns, a);
    output_paragraph(&text, unknowns.text);
    str_clear(&unknowns);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

/* --- JSON ------------------------------------------------------------------------------------------------------- */

static void add_number(cJSON *object, const char *key, double x)
{
    cJSON_AddItemToObject(object, key, output_json_number(x));
}

static void add_name(cJSON *object, const char *key, const char *name)
{
    cJSON_AddItemToObject(object, key, name ? cJSON_CreateString(name) : cJSON_CreateNull());
}

static cJSON *json_of_row(const struct advised *a, int i)
{
    const struct advice_row *r = &a->advice.rows[i];
    cJSON *o = cJSON_CreateObject();
    add_number(o, "nodes", (double)r->nodes);
    cJSON_AddStringToObject(o, "mode", mode_name(r->mode));
    add_name(o, "cannot", r->why_not);
    if (r->why_not)
        return o;
    add_number(o, "replicas", (double)r->replicas);
    cJSON_AddItemToObject(o, "session", json_of_sample(&r->session));
    cJSON_AddItemToObject(o, "bimodal", json_of_modes(&r->modes));
    cJSON_AddItemToObject(o, "order", json_of_order(&r->order));
    add_number(o, "quantile", r->quantile_s);
    cJSON_AddItemToObject(o, "quantile_ci95", json_of_interval(r->quantile_ci95));
    add_number(o, "walltime", r->walltime_s);
    add_number(o, "node_hours", r->node_hours);
    add_number(o, "charge", r->charge);
    cJSON *utilisation = cJSON_AddObjectToObject(o, "utilisation");
    add_number(utilisation, "cores", r->utilisation_slots);
    add_number(utilisation, "gpus", r->utilisation_gpus);
    add_number(o, "share_complete", r->share_complete);
    add_name(o, "queue", r->queue ? r->queue->name : NULL);
    cJSON_AddBoolToObject(o, "accepted", r->accepted);
    cJSON_AddBoolToObject(o, "front", r->on_front);
    struct str why = { 0 };
    double factor = extrapolates(a, r->nodes, &why);
    add_name(o, "extrapolation", why.length ? why.text : NULL);
    add_number(o, "extrapolation_factor", factor);
    str_clear(&why);
    return o;
}

/* Takes the words: null for none. */
static void add_words(cJSON *object, const char *key, struct str *words)
{
    add_name(object, key, words->length ? words->text : NULL);
    str_clear(words);
}

/* The same sentences as for people. */
static void add_sentences(cJSON *root, const struct advised *a)
{
    struct str words = { 0 };
    cJSON *o = cJSON_AddObjectToObject(root, "words");
    for (size_t i = 0; i < CHOICES; i++) {
        const struct choice c = choice_at(&a->advice, i);
        if (c.row >= 0)
            add_choice(&words, a, &c);
        add_words(o, c.key, &words);
    }
    add_refused(&words, a);
    add_words(o, "refused", &words);
    add_incomplete(&words, a);
    add_words(o, "incomplete", &words);
    add_no_choice(&words, a);
    add_words(o, "no_choice", &words);
    add_refusals(&words, &a->advice);
    add_words(o, "refusals", &words);
    add_unknowns(&words, a);
    add_words(o, "unknowns", &words);
}

static void add_batch_json(cJSON *root, const struct advised *a)
{
    struct str lines = { 0 };
    int choice = choice_of(a);
    if (choice >= 0)
        batch_lines_add(&lines, a->set->platform->scheduler, a->advice.rows[choice].nodes, a->advice.rows[choice].walltime_s);
    add_words(root, "batch", &lines);
}

int advise_print_json(const struct advised *a, struct error *err)
{
    cJSON *root = output_json_new("advise");
    command_add_call(root, a->call);
    cJSON_AddItemToObject(root, "scenario", json_of_scenario(a->set));
    cJSON_AddStringToObject(root, "workflow", a->set->workflow->name);
    add_number(root, "confidence", a->how->confidence);
    add_number(root, "deadline", a->how->deadline_s > 0 ? a->how->deadline_s : NAN);
    cJSON_AddBoolToObject(root, "retired", a->set->platform->retired);
    cJSON *rows = cJSON_AddArrayToObject(root, "rows");
    for (size_t i = 0; i < a->advice.n; i++)
        cJSON_AddItemToArray(rows, json_of_row(a, (int)i));
    cJSON *choices = cJSON_AddObjectToObject(root, "choices");
    for (size_t i = 0; i < CHOICES; i++) {
        const struct choice c = choice_at(&a->advice, i);
        add_number(choices, c.key, c.row < 0 ? NAN : c.row);
    }
    add_sentences(root, a);
    add_batch_json(root, a);
    return output_json(root, err);
}

/* --- picture ---------------------------------------------------------------------------------------------------- */

int advise_draw(const struct advised *a, const char *path, struct error *err)
{
    size_t n = a->advice.n / MODES;
    double *numbers = xcalloc(4 * MODES * n + 1, sizeof *numbers);
    struct series lines[MODES];
    for (size_t m = 0; m < MODES; m++) {
        double *x = numbers + 4 * m * n, *y = x + n, *low = y + n, *high = low + n;
        lines[m] = (struct series){ .name = mode_name((enum mode)m), .x = x, .y = y, .low = low, .high = high };
        for (size_t i = m; i < a->advice.n; i += MODES) {
            const struct advice_row *r = &a->advice.rows[i];
            size_t k = lines[m].n;
            if (r->why_not)
                continue;
            x[k] = (double)r->nodes;
            y[k] = r->session.mean;
            low[k] = r->session.q05;
            high[k] = r->quantile_s;
            lines[m].n++;
        }
    }
    char *title = str_format("%s on %s: mean session, from its 5 %% to its %g %% quantile", a->set->workflow->name, a->set->platform->name,
                             100 * a->how->confidence);
    int status = plot_sweep(&(struct series_picture){ .title = title, .x_name = "nodes", .y_name = "session [s]", .series = lines,
                                                      .n_series = MODES }, path, err);
    free(title);
    free(numbers);
    return status;
}
