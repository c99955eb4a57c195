/* cli/report_record.c - what a report says of recorded runs, and of the results of commands without a scenario. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cli/options_json.h"
#include "cli/report_page.h"
#include "cli/result_pictures.h"
#include "core/metrics.h"

/* --- recorded runs ----------------------------------------------------------------------------------------------------- */

static void add_metrics(struct report *r, const struct timeline *t)
{
    struct metrics m = metrics_of(t);
    struct str text = { 0 };
    report_facts_begin(r);
    str_addf(&text, "%.1f s, from the first task's start to the last one's stop", m.makespan_s);
    report_fact(r, "makespan", text.text);
    str_clear(&text);
    str_addf(&text, "%zu done, %zu failed, %zu killed, %zu cancelled, %zu cut off; at most %zu at once", m.n_done, m.n_failed, m.n_killed,
             m.n_cancelled, m.n_cut, m.max_running);
    report_fact(r, "tasks", text.text);
    str_clear(&text);
    str_addf(&text, "%.1f %% of cores busy, %.1f %% held", 100 * m.utilisation_slots, 100 * m.held_slots);
    if (!isnan(m.utilisation_gpus))
        str_addf(&text, "; %.1f %% of GPUs busy, %.1f %% held", 100 * m.utilisation_gpus, 100 * m.held_gpus);
    report_fact(r, "utilisation", text.text);
    str_clear(&text);
    report_facts_end(r);
}

static void add_own_table(struct report *r, const char *title, struct table *t)
{
    if (t && table_rows(t) > 0) {
        report_subheading(r, title);
        report_add_table(r, t);
    }
    table_free(t);
}

int report_record(struct report *r, const struct input *in, struct error *err)
{
    static const struct scenario_options nothing = SCENARIO_OPTIONS_DEFAULTS;
    struct timelines t;
    if (timelines_open(&t, in, &nothing, r->data_dirs, err))
        return -1;
    char *title = str_format("Recorded run: %s", t.session->name);
    report_heading(r, title);
    free(title);
    add_metrics(r, t.at[0]);
    add_own_table(r, "Task sets", session_set_table(t.session));
    if (t.session->tasks)
        add_own_table(r, "Stages", session_stage_table(t.session));
    add_own_table(r, "What is missing", session_gap_table(t.session));
    report_timelines(r, &(struct picture){ .panels = t.panels, .n_panels = t.n });
    struct str command = { 0 };
    str_add(&command, "dagcast report ");
    options_add_shell_word(&command, in->path);
    report_subheading(r, "How to come to the same");
    report_command(r, command.text);
    str_clear(&command);
    timelines_close(&t);
    return 0;
}

/* --- other results ------------------------------------------------------------------------------------------------------ */

static int draw_parity(const void *what, const char *path, struct error *err)
{
    return result_draw_parity(what, NULL, path, err);
}

static int draw_explanation(const void *what, const char *path, struct error *err)
{
    return result_draw_explanation(what, NULL, path, err);
}

static const struct { const char *command, *title; } titles[] = {
    { "validate", "Validation: predicted against measured" },
    { "advise", "Advice" },
    { "explain", "Explanation: what the time goes into" },
    { "sweep", "Sweep" },
    { "model", "Closed forms" },
    { "calibrate", "Calibration" },
};

int report_other_result(struct report *r, const struct input *in, struct error *err)
{
    const struct json root = json_root(in->document);
    const char *command = NULL, *title = NULL;
    if (json_need_string(&root, "command", &command, err))
        return -1;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (str_equal(titles[i].command, command))
            title = titles[i].title;
    report_heading(r, title ? title : command);
    if (str_equal(command, "validate"))
        report_picture(r, &(struct report_picture){ draw_parity, root.value, "Predicted against measured, with 95 % intervals" });
    if (str_equal(command, "explain"))
        report_picture(r, &(struct report_picture){ draw_explanation, root.value, "What the makespan of each mode consists of" });
    report_add_json(r, root.value);
    return 0;
}
