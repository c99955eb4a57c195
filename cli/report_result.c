/* cli/report_result.c - what a report says of the results of compare and simulate: question, scenario, table, meaning, pictures,
 * commands. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/asynchrony.h"
#include "cli/output.h"
#include "cli/plot_kinds.h"
#include "cli/report_page.h"
#include "cli/words.h"
#include "core/extrapolation.h"
#include "plots/dag.h"
#include "plots/html.h"

/* --- the question and the scenario ------------------------------------------------------------------------------------ */

static void add_question(struct report *r, const struct scenario_set *set, bool all_modes)
{
    const struct scenario *s = &set->scenario;
    struct str text = { 0 };
    str_add(&text, "<p class=\"lead\">How long ");
    str_add(&text, s->workflow->n_tasks == 1 ? "does the one task of " : "do the ");
    if (s->workflow->n_tasks != 1)
        str_addf(&text, "%u tasks of ", (unsigned)s->workflow->n_tasks);
    html_add_name(&text, s->workflow->name);
    str_addf(&text, " take on %zu node%s of ", s->platform->n_nodes, s->platform->n_nodes == 1 ? "" : "s");
    html_add_name(&text, s->platform->name);
    if (!middleware_is_ideal(s->middleware)) {
        str_add(&text, ", through ");
        html_add_name(&text, s->middleware->name);
    }
    if (all_modes)
        str_add(&text, " – sequentially, pipelined and asynchronously – and what does asynchronous execution gain?</p>\n");
    else
        str_addf(&text, ", in the %s mode?</p>\n", mode_name(s->mode));
    str_add_n(&r->body, text.text, text.length);
    str_clear(&text);
}

static void add_fact(struct report *r, const char *name, struct str *value)
{
    report_fact(r, name, value->text ? value->text : "");
    str_clear(value);
}

/* A table of the task sets in words. */
static void add_sets(struct report *r, const struct workflow *w)
{
    struct table *t = table_new();
    static const char *const names[] = { "task set", "tasks", "each needs", "duration", "after" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_add_column(t, names[i], i == 1 ? TABLE_RIGHT : TABLE_LEFT);
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *set = &w->sets[s];
        struct str demand = { 0 }, duration = { 0 }, after = { 0 };
        demand_add_words(&demand, &set->demand);
        words_add_duration(&duration, set);
        for (size_t d = 0; d < set->n_dependencies; d++)
            str_addf(&after, "%s%s", d ? ", " : "", w->sets[set->dependencies[d].parent].name);
        table_add_row(t);
        table_set_text(t, 0, set->name);
        table_set_number(t, 1, set->n_tasks, 0);
        table_set_text(t, 2, demand.text ? demand.text : "");
        table_set_text(t, 3, duration.text ? duration.text : "");
        table_set_text(t, 4, after.text ? after.text : "");
        str_clear(&demand);
        str_clear(&duration);
        str_clear(&after);
    }
    report_add_table(r, t);
    table_free(t);
}

static void add_scenario(struct report *r, const struct scenario_set *set, bool mode)
{
    const struct scenario *s = &set->scenario;
    struct str text = { 0 };
    report_heading(r, "Scenario");
    report_facts_begin(r);
    str_addf(&text, "%s: %zu task set%s, %u task%s", s->workflow->name, s->workflow->n_sets, s->workflow->n_sets == 1 ? "" : "s",
             (unsigned)s->workflow->n_tasks, s->workflow->n_tasks == 1 ? "" : "s");
    add_fact(r, "workflow", &text);
    words_add_platform(&text, s->platform);
    add_fact(r, "platform", &text);
    str_addf(&text, "%s%s%s%s", s->middleware->name, s->middleware->summary ? " (" : "",
             s->middleware->summary ? s->middleware->summary : "", s->middleware->summary ? ")" : "");
    add_fact(r, "middleware", &text);
    words_add_scheduler(&text, &s->scheduler);
    add_fact(r, "scheduler", &text);
    if (mode) {
        str_addf(&text, "%s (%s)", mode_name(s->mode), mode_summary(s->mode));
        add_fact(r, "mode", &text);
    }
    str_addf(&text, "%zu, from seed %llu", set->replicas, (unsigned long long)s->seed);
    add_fact(r, "replicas", &text);
    if (s->walltime_s > 0) {
        str_addf(&text, "%.6g s", s->walltime_s);
        add_fact(r, "walltime", &text);
    }
    report_facts_end(r);
    if (extrapolation_add(&text, s)) {
        char *warning = str_format("Extrapolation: %s.", text.text);
        report_warning(r, warning);
        free(warning);
    }
    str_clear(&text);
    add_sets(r, s->workflow);
}

/* --- the table of results ------------------------------------------------------------------------------------------------- */

enum cell { CELL_SECONDS, CELL_PERCENT, CELL_NUMBER, CELL_RANGE, CELL_PERCENT_RANGE };

static const struct result_row {
    const char *name;
    bool of_improvement;                 /* below "improvement", else below "modes" */
    enum cell cell;
    const char *way;                     /* ranges: of an array of two */
} result_rows[] = {
    { "makespan, mean", false, CELL_SECONDS, "makespan/mean" },
    { "standard deviation", false, CELL_NUMBER, "makespan/sd" },
    { "95 % interval of the mean", false, CELL_RANGE, "makespan/ci95" },
    { "5 % quantile", false, CELL_SECONDS, "makespan/quantiles/0.05" },
    { "median", false, CELL_SECONDS, "makespan/quantiles/0.5" },
    { "95 % quantile", false, CELL_SECONDS, "makespan/quantiles/0.95" },
    { "closed form", false, CELL_SECONDS, "closed_form" },
    { "closed form with expected maxima", false, CELL_SECONDS, "closed_form_expected_max" },
    { "lower bound", false, CELL_SECONDS, "lower_bound" },
    { "critical path", false, CELL_SECONDS, "critical_path" },
    { "session, with start and drain", false, CELL_SECONDS, "session/mean" },
    { "cores busy", false, CELL_PERCENT, "utilisation/cores" },
    { "GPUs busy", false, CELL_PERCENT, "utilisation/gpus" },
    { "node-hours", false, CELL_NUMBER, "node_hours" },
    { "improvement I over sequential", true, CELL_PERCENT, "mean" },
    { "95 % interval, paired", true, CELL_PERCENT_RANGE, "ci95_paired" },
    { "95 % interval, independent runs", true, CELL_PERCENT_RANGE, "ci95_independent" },
    { "I by the closed form", true, CELL_PERCENT, "closed_form" },
    { "replicas with every task done", false, CELL_PERCENT, "share_complete" },
    { "replicas that end in time", false, CELL_PERCENT, "share_in_time" },
};

/* Results that say nothing of it are complete. */
static double share_complete(const cJSON *mode)
{
    double share = report_number(mode, "share_complete");
    return isnan(share) ? 1 : share;
}

/* A mode's improvement over sequential; NULL where either left tasks undone: it would be none. */
static const cJSON *improvement_of(const cJSON *modes, const cJSON *improvement, const cJSON *mode)
{
    if (share_complete(mode) < 1 || share_complete(cJSON_GetObjectItemCaseSensitive(modes, mode_name(MODE_SEQUENTIAL))) < 1)
        return NULL;
    return cJSON_GetObjectItemCaseSensitive(improvement, mode->string);
}

static void add_result_cell(struct str *out, const cJSON *of_mode, const struct result_row *row)
{
    bool range = row->cell == CELL_RANGE || row->cell == CELL_PERCENT_RANGE;
    char *low_way = str_format("%s%s", row->way, range ? "/0" : ""), *high_way = str_format("%s/1", row->way);
    double low = report_number(of_mode, low_way), high = report_number(of_mode, high_way);
    str_add(out, "<td class=\"number\">");
    if (isnan(low) || (range && isnan(high)))
        str_add(out, "–");
    else if (row->cell == CELL_SECONDS)
        str_addf(out, "%.1f s", low);
    else if (row->cell == CELL_PERCENT)
        str_addf(out, "%.1f %%", 100 * low);
    else if (row->cell == CELL_NUMBER)
        str_addf(out, "%.4g", low);
    else if (row->cell == CELL_RANGE)
        str_addf(out, "%.1f … %.1f s", low, high);
    else
        str_addf(out, "%.1f … %.1f %%", 100 * low, 100 * high);
    str_add(out, "</td>");
    free(low_way);
    free(high_way);
}

/* `modes`: one object a column, by mode names. A row without any value is left out. */
static void add_results(struct report *r, const cJSON *modes, const cJSON *improvement)
{
    const cJSON *mode;
    report_heading(r, "Results");
    str_add(&r->body, "<div class=\"scroll\"><table><thead><tr><th></th>");
    cJSON_ArrayForEach(mode, modes)
        str_addf(&r->body, "<th scope=\"col\" class=\"number\">%s</th>", mode->string);
    str_add(&r->body, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < sizeof result_rows / sizeof *result_rows; i++) {
        const struct result_row *row = &result_rows[i];
        struct str cells = { 0 };
        cJSON_ArrayForEach(mode, modes) {
            const cJSON *over = improvement_of(modes, improvement, mode);
            bool itself = row->of_improvement && str_equal(mode->string, "sequential");
            add_result_cell(&cells, itself ? NULL : row->of_improvement ? over : mode, row);
        }
        if (strpbrk(cells.text, "0123456789"))
            str_addf(&r->body, "<tr%s><th scope=\"row\">%s</th>%s</tr>\n",
                     str_equal(row->way, "makespan/mean") || str_equal(row->way, "mean") ? " class=\"main\"" : "", row->name, cells.text);
        str_clear(&cells);
    }
    str_add(&r->body, "</tbody></table></div>\n");
}

/* --- what it means --------------------------------------------------------------------------------------------------------- */

static void add_gain(struct str *text, const char *name, const cJSON *improvement)
{
    double mean = report_number(improvement, "mean"), low = report_number(improvement, "ci95_paired/0"),
           high = report_number(improvement, "ci95_paired/1"), form = report_number(improvement, "closed_form");
    if (isnan(mean))
        return;
    if (isnan(low))
        str_addf(text, "%s execution takes %.1f %% %s time than sequential in the one replica (", name, 100 * fabs(mean),
                 mean >= 0 ? "less" : "more");
    else if (low > 0 || high < 0)
        str_addf(text, "%s execution takes %.1f %% %s time than sequential (95 %% interval: %.1f to %.1f %%", name, 100 * fabs(mean),
                 mean > 0 ? "less" : "more", 100 * (mean > 0 ? low : -high), 100 * (mean > 0 ? high : -low));
    else if (low == 0 && high == 0)
        str_addf(text, "%s execution takes exactly as long as sequential (", name);
    else
        str_addf(text, "%s execution and sequential do not differ by more than chance (95 %% interval: %.1f to %.1f %% less", name,
                 100 * low, 100 * high);
    if (!isnan(form))
        str_addf(text, "%sclosed form: %.1f %%%s", text->text[text->length - 1] == '(' ? "" : "; ", 100 * fabs(form),
                 form < 0 ? " more" : "");
    else if (text->text[text->length - 1] == '(')
        str_add(text, "no closed form");
    str_add(text, "). ");
}

/* A mode's makespan, large; `improvement` NULL: nothing to compare it with. */
static void add_figure(struct report *r, const cJSON *mode, const char *name, const cJSON *improvement)
{
    struct str makespan = { 0 }, note = { 0 };
    double gain = report_number(improvement, "mean"), in_time = report_number(mode, "share_in_time"), done = share_complete(mode);
    output_add_seconds(&makespan, report_number(mode, "makespan/mean"));
    if (!isnan(gain) && !str_equal(name, mode_name(MODE_SEQUENTIAL)))
        str_addf(&note, "%.1f %% %s time; ", 100 * fabs(gain), gain >= 0 ? "less" : "more");
    str_addf(&note, "%.2f node-hours", report_number(mode, "node_hours"));
    if (done < 1)
        str_addf(&note, "; %.1f %% do all tasks", 100 * done);
    if (in_time < 1)
        str_addf(&note, "; %.1f %% end in time", 100 * in_time);
    report_figure(r, name, makespan.text, note.text);
    str_clear(&makespan);
    str_clear(&note);
}

static void add_mode_figures(struct report *r, const cJSON *root)
{
    const cJSON *improvement = cJSON_GetObjectItemCaseSensitive(root, "improvement");
    const cJSON *modes = cJSON_GetObjectItemCaseSensitive(root, "modes"), *mode;
    cJSON_ArrayForEach(mode, modes)
        add_figure(r, mode, mode->string, improvement_of(modes, improvement, mode));
}

/* That no mode may be compared, since tasks were left undone; false: all were done. */
static bool add_incomplete(struct str *text, const struct scenario *s, const cJSON *modes)
{
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = share_complete(cJSON_GetObjectItemCaseSensitive(modes, mode_name((enum mode)m)));
    return words_add_incomplete(text, s, share);
}

static void add_answer(struct report *r, const struct scenario *s, const cJSON *root)
{
    const cJSON *improvement = cJSON_GetObjectItemCaseSensitive(root, "improvement");
    struct str text = { 0 };
    report_figures_begin(r);
    if (improvement)
        add_mode_figures(r, root);
    else
        add_figure(r, root, report_text(root, "mode", ""), NULL);
    report_figures_end(r);
    if (!improvement)
        return;
    if (!add_incomplete(&text, s, cJSON_GetObjectItemCaseSensitive(root, "modes"))) {
        add_gain(&text, "Asynchronous", cJSON_GetObjectItemCaseSensitive(improvement, "asynchronous"));
        add_gain(&text, "Pipelined", cJSON_GetObjectItemCaseSensitive(improvement, "pipelined"));
    }
    report_answer(r, text.text ? text.text : "");
    str_clear(&text);
}

static struct degree degree_of(const cJSON *workflow, const char *key)
{
    double value = report_number(workflow, key);
    const cJSON *exact = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(workflow, "exact"), key);
    return (struct degree){ .value = value >= 0 && value < INT_MAX ? (int)value : DEGREE_UNKNOWN, .exact = !cJSON_IsFalse(exact) };
}

/* `root`: the result; NULL: its gains do not count. */
static void add_asynchrony(struct str *text, const cJSON *workflow, const cJSON *root)
{
    const struct asynchronicity a = {
        .doa_dep = degree_of(workflow, "doa_dep").value, .width = degree_of(workflow, "width"),
        .doa_res = degree_of(workflow, "doa_res"), .doa_res_partial = degree_of(workflow, "doa_res_partial"),
        .wla = degree_of(workflow, "wla"),
    };
    const struct gain gain = {
        .source = root ? GAIN_SIMULATED : GAIN_UNKNOWN, .mean = report_number(root, "improvement/asynchronous/mean"),
        .low = report_number(root, "improvement/asynchronous/ci95_paired/0"),
        .high = report_number(root, "improvement/asynchronous/ci95_paired/1"),
    };
    asynchrony_add_meaning(text, &a, &gain);
}

static void add_meaning(struct report *r, const struct scenario *s, const cJSON *root)
{
    const cJSON *workflow = cJSON_GetObjectItemCaseSensitive(root, "workflow");
    struct str text = { 0 };
    report_heading(r, "What it means");
    bool complete = !add_incomplete(&text, s, cJSON_GetObjectItemCaseSensitive(root, "modes"));
    str_clear(&text);
    if (!isnan(report_number(workflow, "doa_dep")) && !isnan(report_number(workflow, "width"))) {
        add_asynchrony(&text, workflow, complete ? root : NULL);
        report_paragraph(r, text.text);
        str_clear(&text);
    }
    str_add(&text,
            "I = 1 - makespan / sequential makespan. All modes share their random numbers, so the paired interval is of the mode's effect "
            "itself; the independent one is what a measurement of one run each would show. The closed form knows no chance and no "
            "contention beyond waves of tasks.");
    str_add(&text, complete ? " No run can be shorter than its lower bound." : "");
    report_paragraph(r, text.text);
    str_clear(&text);
}

/* --- pictures and commands --------------------------------------------------------------------------------------------------- */

static int draw_makespans(const void *what, const char *path, struct error *err)
{
    static const struct plot_options plain = { .scenario = SCENARIO_OPTIONS_DEFAULTS, .files = { .quiet = true } };
    const struct plot_call call = { .options = &plain, .output = path };
    return plot_makespans(&call, what, err);
}

static int draw_workflow(const void *what, const char *path, struct error *err)
{
    const struct workflow *w = what;
    char *title = str_format("Workflow %s", w->name);
    int status = plot_dag(w, title, path, err);
    free(title);
    return status;
}

/* A result of simulate as one of compare with a single mode. */
static void add_single_results(struct report *r, const cJSON *root, enum mode m)
{
    cJSON *modes = cJSON_CreateObject();
    cJSON_AddItemToObject(modes, mode_name(m), cJSON_Duplicate(root, true));
    add_results(r, modes, NULL);
    cJSON_Delete(modes);
}

int report_scenario_result(struct report *r, const struct input *in, struct error *err)
{
    static const struct scenario_options nothing = SCENARIO_OPTIONS_DEFAULTS;
    const struct json at = json_root(in->document);
    const cJSON *root = at.value, *modes = cJSON_GetObjectItemCaseSensitive(root, "modes");
    struct timelines t;
    if (timelines_open(&t, in, &nothing, r->data_dirs, err))
        return -1;
    add_question(r, &t.set, modes != NULL);
    add_answer(r, &t.set.scenario, root);
    add_scenario(r, &t.set, modes == NULL);
    if (modes) {
        add_results(r, modes, cJSON_GetObjectItemCaseSensitive(root, "improvement"));
        report_picture(r, &(struct report_picture){ draw_makespans, &t.set, "Makespans of the replicas" });
        add_meaning(r, &t.set.scenario, root);
    } else {
        add_single_results(r, root, t.set.scenario.mode);
    }
    if (modes)
        report_explain(r, &t.set);
    report_timelines(r, &(struct picture){ .panels = t.panels, .n_panels = t.n });
    if (t.set.workflow->n_sets <= DAG_SETS_MOST / 10)
        report_picture(r, &(struct report_picture){ draw_workflow, t.set.workflow, "Task sets and their dependencies" });
    report_source(r, in);
    timelines_close(&t);
    return 0;
}
