/* cli/model.c - `dagcast model`: the closed forms alone, without a simulation. */
#include <stddef.h>

#include "cli/asynchrony.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/scenario_options.h"
#include "cli/words.h"
#include "model/predict.h"

struct model_options {
    struct scenario_options scenario;
    struct output_options output;
};

static const struct option_group groups[] = {
    { .title = "Where", .rows = scenario_place_rows, .offset = offsetof(struct model_options, scenario) },
    { .title = "Output", .rows = output_rows, .offset = offsetof(struct model_options, output) },
    { .title = NULL },
};

static void add_sets(struct str *text, const struct scenario *s)
{
    static const char *const names[] = { "task set", "tasks", "held at once", "waves", "TX", "set time", "with expected maxima" };
    struct table *t = table_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_add_column(t, names[i], i == 0 ? TABLE_LEFT : TABLE_RIGHT);
    for (size_t i = 0; i < s->workflow->n_sets; i++) {
        struct set_form f = set_form_of(s->workflow, s->platform, (int)i);
        table_add_row(t);
        table_set_text(t, 0, s->workflow->sets[i].name);
        table_set_number(t, 1, s->workflow->sets[i].n_tasks, 0);
        table_set_number(t, 2, (double)f.capacity, 0);
        table_set_number(t, 3, (double)f.waves, 0);
        table_set_number(t, 4, f.tx_s, 1);
        table_set_number(t, 5, f.time_s, 1);
        table_set_number(t, 6, f.time_max_s, 1);
    }
    table_print(t, text, 0);
    table_free(t);
}

static void add_modes(struct str *text, const struct prediction *p)
{
    const char *names[MODES];
    for (int m = 0; m < MODES; m++)
        names[m] = mode_name((enum mode)m);
    static const char *const rows[] = { "makespan, closed form", "  with expected maxima", "  of which middleware (C)",
                                        "critical path", "lower bound", "I over sequential", "  with expected maxima" };
    struct row_table t = row_table_new(names, MODES);
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        row_table_add(&t, rows[row]);
        for (size_t m = 0; m < MODES; m++) {
            const struct mode_prediction *q = &p->mode[m];
            const double values[] = { q->mean.makespan_s, q->expected_max.makespan_s, q->mean.overhead_s, q->critical_path_s,
                                      q->bounds.best_s, q->improvement, q->improvement_expected_max };
            if (row >= 5)
                row_table_percent(&t, m, values[row]);
            else
                row_table_seconds(&t, m, values[row]);
        }
    }
    row_table_print(&t, text);
}

static int print_text(const struct scenario_set *set, const struct prediction *p, struct error *err)
{
    struct str text = { 0 };
    output_heading(&text, "Closed forms");
    words_add_scenario(&text, set);
    str_add(&text, "Asynchrony  ");
    run_output_add_asynchronicity(&text, &p->asynchronicity);
    str_add(&text, "\n\n");
    add_sets(&text, &set->scenario);
    str_add(&text, "\n");
    add_modes(&text, p);
    str_add(&text, "\n");
    struct str words = { 0 };
    asynchrony_add_meaning(&words, &p->asynchronicity,
                           &(struct gain){ .source = GAIN_CLOSED_FORM, .mean = p->mode[MODE_ASYNCHRONOUS].improvement });
    output_paragraph(&text, words.text);
    str_clear(&words);
    output_paragraph(&text,
                     "A set takes waves x TX (TX: a task's mean duration; a wave: as many tasks as the platform holds at once); with "
                     "expected maxima a wave lasts as long as its longest task is expected to. The lower bound is on the "
                     "expected durations. I = 1 - makespan / sequential makespan.");
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

static cJSON *json_of_bounds(const struct bounds *b)
{
    cJSON *o = cJSON_CreateObject();
    for (int k = 0; k < BOUND_KINDS; k++)
        cJSON_AddItemToObject(o, bound_kind_name((enum bound_kind)k), output_json_number(b->of_s[k]));
    return o;
}

static cJSON *json_of_sets(const struct scenario *s)
{
    cJSON *sets = cJSON_CreateObject();
    for (size_t i = 0; i < s->workflow->n_sets; i++) {
        struct set_form f = set_form_of(s->workflow, s->platform, (int)i);
        cJSON *o = cJSON_AddObjectToObject(sets, s->workflow->sets[i].name);
        cJSON_AddNumberToObject(o, "tasks", s->workflow->sets[i].n_tasks);
        cJSON_AddNumberToObject(o, "capacity", (double)f.capacity);
        cJSON_AddNumberToObject(o, "waves", (double)f.waves);
        cJSON_AddItemToObject(o, "tx", output_json_number(f.tx_s));
        cJSON_AddItemToObject(o, "time", output_json_number(f.time_s));
        cJSON_AddItemToObject(o, "time_expected_max", output_json_number(f.time_max_s));
    }
    return sets;
}

static int print_json(const struct scenario_set *set, const struct prediction *p, struct error *err)
{
    cJSON *root = output_json_new("model");
    cJSON_AddItemToObject(root, "scenario", json_of_scenario(set));
    cJSON_AddItemToObject(root, "workflow", json_of_workflow(set->workflow, &p->asynchronicity));
    cJSON_AddItemToObject(root, "sets", json_of_sets(&set->scenario));
    cJSON *modes = cJSON_AddObjectToObject(root, "modes"), *improvement = cJSON_AddObjectToObject(root, "improvement");
    for (int m = 0; m < MODES; m++) {
        const struct mode_prediction *q = &p->mode[m];
        cJSON *mode = cJSON_AddObjectToObject(modes, mode_name((enum mode)m));
        json_add_closed_forms(mode, q);
        cJSON_AddItemToObject(mode, "lower_bound", output_json_number(q->bounds.best_s));
        cJSON_AddItemToObject(mode, "bounds", json_of_bounds(&q->bounds));
        cJSON *i = cJSON_AddObjectToObject(improvement, mode_name((enum mode)m));
        cJSON_AddItemToObject(i, "closed_form", output_json_number(q->improvement));
        cJSON_AddItemToObject(i, "closed_form_expected_max", output_json_number(q->improvement_expected_max));
    }
    return output_json(root, err);
}

static int run(const struct invocation *call, struct error *err)
{
    const struct model_options *o = call->options;
    struct scenario_set set;
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    struct prediction p;
    int status = predict(&set.scenario, &p, err);
    if (status == 0)
        status = o->output.json ? print_json(&set, &p, err) : print_text(&set, &p, err);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "model examples/ddmd.json --platform summit --nodes 16", "on the back of an envelope" },
    { "model w.json -p summit -n 4 --json | jq .workflow.wla", "one figure of it" },
    { NULL, NULL },
};

const struct command command_model = {
    .name = "model",
    .section = "Predict",
    .summary = "closed forms alone: degrees of asynchronicity, makespans, bounds",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description =
        "What is known without simulating: how much could run at the same time by the dependencies (DOA_dep, width) and by the platform "
        "(DOA_res), the makespan of each mode as waves of tasks, the relative improvement I, and bounds that no run can beat. "
        "docs/model.md has the formulas and says what is assumed.\n\n"
        "SCENARIO is a workflow (JSON; docs/formats.md), with --platform to say where; or a scenario file.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct model_options),
    .defaults = &(const struct model_options){ .scenario = SCENARIO_OPTIONS_DEFAULTS },
    .run = run,
};
