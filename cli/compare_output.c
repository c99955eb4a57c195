#include "cli/compare_output.h"

#include <math.h>

#include "base/escape.h"
#include "cli/asynchrony.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/words.h"

static size_t most_replicas(const struct comparison *c)
{
    size_t most = 0;
    for (size_t m = 0; m < MODES; m++)
        most = c->mode[m].n > most ? c->mode[m].n : most;
    return most;
}

/* Rows of makespans and closed forms. */
static void add_makespan_rows(struct row_table *t, const struct comparison *c)
{
    static const char *const names[] = { "makespan: mean", "  sd", "  95 % interval of the mean", "  5 / 50 / 95 % quantiles" };
    for (size_t row = 0; row < sizeof names / sizeof *names && (row == 0 || most_replicas(c) > 1); row++) {
        row_table_add(t, names[row]);
        for (size_t m = 0; m < MODES; m++) {
            const struct stats_summary *s = &c->mode[m].makespan;
            if (row == 0)
                row_table_seconds(t, m, s->mean);
            else if (s->n < 2)
                continue;
            else if (row == 1)
                row_table_text(t, m, "%.3g s", s->sd);
            else if (row == 2)
                row_table_text(t, m, "%.1f .. %.1f s", s->ci95.low, s->ci95.high);
            else
                row_table_text(t, m, "%.1f / %.1f / %.1f s", s->q05, s->q50, s->q95);
        }
    }
}

static void add_model_rows(struct row_table *t, const struct comparison *c)
{
    row_table_add(t, "closed form");
    for (size_t m = 0; m < MODES; m++)
        row_table_seconds(t, m, c->prediction.mode[m].mean.makespan_s);
    row_table_add(t, "  with expected maxima");
    for (size_t m = 0; m < MODES; m++)
        row_table_seconds(t, m, c->prediction.mode[m].expected_max.makespan_s);
    row_table_add(t, "lower bound");
    for (size_t m = 0; m < MODES; m++)
        row_table_seconds(t, m, c->mode[m].lower_bound_s);
}

static void add_resource_rows(struct row_table *t, const struct comparison *c)
{
    row_table_add(t, "utilisation of cores");
    for (size_t m = 0; m < MODES; m++)
        row_table_percent(t, m, c->mode[m].utilisation_slots);
    row_table_add(t, "utilisation of GPUs");
    for (size_t m = 0; m < MODES; m++)
        row_table_percent(t, m, c->mode[m].utilisation_gpus);
    row_table_add(t, "node-hours");
    for (size_t m = 0; m < MODES; m++)
        row_table_text(t, m, "%.2f", c->mode[m].node_hours);
}

static void add_percent_range(struct row_table *t, size_t m, struct stats_interval i)
{
    if (!isnan(i.low) && !isnan(i.high))
        row_table_text(t, m, "%.1f .. %.1f %%", 100 * i.low, 100 * i.high);
}

static void add_improvement_rows(struct row_table *t, const struct comparison *c)
{
    static const char *const names[] = { "I over sequential: simulated", "  95 % interval, paired", "  95 % interval, independent runs",
                                         "  closed form" };
    for (size_t row = 0; row < sizeof names / sizeof *names; row++) {
        if ((row == 1 || row == 2) && most_replicas(c) < 2)
            continue;
        row_table_add(t, names[row]);
        for (size_t m = MODE_SEQUENTIAL + 1; m < MODES; m++) {
            const struct stats_improvement *i = &c->improvement[m];
            if (row == 0)
                row_table_percent(t, m, i->mean);
            else if (row == 1)
                add_percent_range(t, m, i->ci95_paired);
            else if (row == 2)
                add_percent_range(t, m, i->ci95_independent);
            else
                row_table_percent(t, m, c->prediction.mode[m].improvement);
        }
    }
}

/* Rows that are of interest only where something was lost, or a walltime set. */
static void add_failure_rows(struct row_table *t, const struct comparison *c, const struct scenario *s)
{
    bool incomplete = false;
    for (size_t m = 0; m < MODES; m++)
        incomplete = incomplete || !summary_is_complete(&c->mode[m]);
    if (incomplete) {
        row_table_add(t, "replicas with every task done");
        for (size_t m = 0; m < MODES; m++)
            row_table_percent(t, m, c->mode[m].share_complete);
    }
    if (s->walltime_s > 0) {
        row_table_add(t, "replicas that end in time");
        for (size_t m = 0; m < MODES; m++)
            row_table_percent(t, m, c->mode[m].share_in_time);
    }
    if (!middleware_is_ideal(s->middleware)) {
        row_table_add(t, "session, with start and drain");
        for (size_t m = 0; m < MODES; m++)
            row_table_seconds(t, m, c->mode[m].session.mean);
    }
}

/* Of a mode whose gain has no interval: a makespan of 0, or one replica. */
static void add_bare_verdict(struct str *text, const char *name, double gain)
{
    if (isnan(gain))
        escape_addf(text, "Sequential execution takes no time, so %s execution has nothing to gain. ", name);
    else if (gain == 0)
        escape_addf(text, "%s execution takes as long as sequential in this replica. ", name);
    else
        escape_addf(text, "%s execution takes %.1f %% %s time than sequential in this replica. ", name, 100 * fabs(gain),
                    gain > 0 ? "less" : "more");
}

/* "Asynchronous execution takes 12.3 % less time ..." */
static void add_verdict(struct str *text, const struct comparison *c, enum mode m)
{
    const struct stats_improvement *i = &c->improvement[m];
    double low = i->ci95_paired.low, high = i->ci95_paired.high;
    const char *name = m == MODE_PIPELINED ? "Pipelined" : "Asynchronous";
    if (isnan(i->mean) || isnan(low)) {
        add_bare_verdict(text, name, i->mean);
        return;
    }
    if (low > 0 || high < 0)
        escape_addf(text, "%s execution takes %.1f %% %s than sequential on average (closed form: %.1f %% %s); ", name,
                    100 * fabs(i->mean), i->mean > 0 ? "less time" : "more time", 100 * fabs(c->prediction.mode[m].improvement),
                    c->prediction.mode[m].improvement >= 0 ? "less" : "more");
    else if (low == 0 && high == 0)
        escape_addf(text, "%s execution takes exactly as long as sequential; ", name);
    else
        escape_addf(text, "%s execution and sequential do not differ by more than chance; ", name);
    if (isnan(i->ci95_independent.low))
        str_add(text, "some sequential replicas take no time, so what two single runs would show is no percentage. ");
    else if (i->ci95_independent.low <= 0 && i->ci95_independent.high >= 0)
        str_add(text, "two single runs, one of each, may show either as the faster. ");
    else
        str_addf(text, "two single runs, one of each, would mostly show from %.1f to %.1f %%. ", 100 * i->ci95_independent.low,
                 100 * i->ci95_independent.high);
}

/* A verdict on both modes; false: there is none, since tasks were left undone. */
static bool add_verdicts(struct str *text, const struct comparison *c, const struct scenario *s)
{
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = c->mode[m].share_complete;
    if (words_add_incomplete(text, s, share))
        return false;
    add_verdict(text, c, MODE_ASYNCHRONOUS);
    add_verdict(text, c, MODE_PIPELINED);
    return true;
}

static void add_meaning(struct str *text, const struct comparison *c, const struct scenario *s)
{
    struct str words = { 0 };
    bool complete = add_verdicts(&words, c, s);
    const struct stats_improvement *i = &c->improvement[MODE_ASYNCHRONOUS];
    for (int m = 0; m < MODES; m++) {
        words_add_modes(&words, mode_name((enum mode)m), &c->mode[m].modes);
        words_add_order(&words, mode_name((enum mode)m), &c->order[m]);
    }
    words_add_one_replica(&words, most_replicas(c));
    asynchrony_add_meaning(&words, &c->prediction.asynchronicity,
                           &(struct gain){ complete ? GAIN_SIMULATED : GAIN_UNKNOWN, i->mean, i->ci95_paired.low, i->ci95_paired.high });
    str_add(&words, "I = 1 - makespan / sequential makespan. ");
    if (most_replicas(c) > 1)
        str_add(&words, "The paired interval is of the mode's effect itself (all modes share their random numbers), the independent one of "
                        "what a measurement of one run each would show. ");
    str_add(&words, "The closed form "
                    "knows no chance and no contention beyond waves of tasks");
    str_add(&words, complete ? "; no run can be shorter than its lower bound." : ".");
    output_paragraph(text, words.text);
    str_clear(&words);
}

int compare_print_text(const struct scenario_set *set, const struct comparison *c, struct error *err)
{
    const char *names[MODES];
    for (int m = 0; m < MODES; m++)
        names[m] = mode_name((enum mode)m);
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = c->mode[m].share_complete;
    struct str text = { 0 };
    words_add_cut_runs(&text, &set->scenario, names, share, MODES);
    output_heading(&text, "Sequential, pipelined and asynchronous execution compared");
    words_add_header(&text, set, false);
    str_add(&text, "Asynchrony  ");
    run_output_add_asynchronicity(&text, &c->prediction.asynchronicity);
    str_add(&text, "\n\n");
    struct row_table t = row_table_new(names, MODES);
    add_makespan_rows(&t, c);
    add_model_rows(&t, c);
    add_resource_rows(&t, c);
    add_improvement_rows(&t, c);
    add_failure_rows(&t, c, &set->scenario);
    row_table_print(&t, &text);
    str_add(&text, "\n");
    add_meaning(&text, c, &set->scenario);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static cJSON *json_of_improvement(const struct comparison *c, size_t m)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddItemToObject(o, "mean", output_json_number(c->improvement[m].mean));
    cJSON_AddItemToObject(o, "ci95_paired", json_of_interval(c->improvement[m].ci95_paired));
    cJSON_AddItemToObject(o, "ci95_independent", json_of_interval(c->improvement[m].ci95_independent));
    cJSON_AddItemToObject(o, "closed_form", output_json_number(c->prediction.mode[m].improvement));
    cJSON_AddItemToObject(o, "closed_form_expected_max", output_json_number(c->prediction.mode[m].improvement_expected_max));
    return o;
}

int compare_print_json(const struct scenario_set *set, const struct comparison *c, struct error *err)
{
    cJSON *root = output_json_new("compare");
    cJSON_AddItemToObject(root, "scenario", json_of_scenario(set));
    cJSON_AddItemToObject(root, "workflow", json_of_workflow(set->workflow, &c->prediction.asynchronicity));
    const char *names[MODES];
    double share[MODES];
    for (int m = 0; m < MODES; m++) {
        names[m] = mode_name((enum mode)m);
        share[m] = c->mode[m].share_complete;
    }
    json_add_notes(root, &set->scenario, names, share, MODES, most_replicas(c));
    cJSON *modes = cJSON_AddObjectToObject(root, "modes");
    cJSON *improvement = cJSON_AddObjectToObject(root, "improvement");
    for (size_t m = 0; m < MODES; m++) {
        cJSON *mode = json_of_summary(&c->mode[m]);
        cJSON_AddItemToObject(mode, "order", json_of_order(&c->order[m]));
        json_add_closed_forms(mode, &c->prediction.mode[m]);
        cJSON_AddItemToObject(modes, mode_name((enum mode)m), mode);
        cJSON_AddItemToObject(improvement, mode_name((enum mode)m), json_of_improvement(c, m));
    }
    return output_json(root, err);
}
