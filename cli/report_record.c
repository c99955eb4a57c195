/* cli/report_record.c - what a report says of recorded runs, and of the results of commands without a scenario. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cli/options_json.h"
#include "cli/report_page.h"
#include "core/metrics.h"
#include "plots/parity.h"

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

static double number_of(const cJSON *object, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(v) ? v->valuedouble : (double)NAN;
}

struct parity { const struct parity_point *points; size_t n; };

static int draw_parity(const void *what, const char *path, struct error *err)
{
    const struct parity *p = what;
    return plot_parity_points(p->points, p->n, "Predicted against measured makespans", path, err);
}

/* Of a validation: sessions with what was measured and what was predicted. */
static void add_parity(struct report *r, const cJSON *sessions)
{
    struct parity_point *points = xcalloc((size_t)cJSON_GetArraySize(sessions) + 1, sizeof *points);
    const cJSON *session;
    size_t n = 0;
    cJSON_ArrayForEach(session, sessions) {
        const cJSON *predicted = cJSON_GetObjectItemCaseSensitive(session, "predicted");
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(session, "session");
        const cJSON *interval = cJSON_GetObjectItemCaseSensitive(predicted, "pi95");
        const cJSON *low = cJSON_GetArrayItem(interval, 0), *high = cJSON_GetArrayItem(interval, 1);
        points[n] = (struct parity_point){ cJSON_IsString(name) ? name->valuestring : "", number_of(session, "measured"),
                                           number_of(predicted, "mean"), cJSON_IsNumber(low) ? low->valuedouble : (double)NAN,
                                           cJSON_IsNumber(high) ? high->valuedouble : (double)NAN };
        if (points[n].measured_s > 0 && points[n].predicted_s > 0 && points[n].low_s > 0 && points[n].high_s > 0)
            n++;
    }
    if (n > 0)
        report_picture(r, &(struct report_picture){ draw_parity, &(struct parity){ points, n }, "Predicted against measured, with 95 % intervals" });
    free(points);
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
    const cJSON *sessions = cJSON_GetObjectItemCaseSensitive(root.value, "sessions");
    if (cJSON_IsArray(sessions))
        add_parity(r, sessions);
    report_add_json(r, root.value);
    return 0;
}
