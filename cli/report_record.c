/* cli/report_record.c - what a report says of recorded runs. */
#include <math.h>
#include <stdlib.h>

#include "cli/report_page.h"
#include "core/metrics.h"

static void add_metrics(struct report *r, const struct timeline *t)
{
    struct metrics m = metrics_of(t);
    struct str text = { 0 };
    report_facts_begin(r);
    if (isnan(m.makespan_s))
        str_add(&text, "unknown: no task ran from its start to its end");
    else
        str_addf(&text, "%.1f s, from the first task's start to the last one's stop%s", m.makespan_s,
                 m.n_done == 0 ? "; no task is done: this is the makespan of a run that was cut" : "");
    report_fact(r, "makespan", text.text);
    str_clear(&text);
    str_addf(&text, "%zu done, %zu failed, %zu killed, %zu cancelled, %zu cut off; at most %zu at once", m.n_done, m.n_failed, m.n_killed,
             m.n_cancelled, m.n_cut, m.max_running);
    report_fact(r, "tasks", text.text);
    str_clear(&text);
    if (isnan(m.utilisation_slots))
        str_add(&text, "unknown: there is no time in which cores could be busy");
    else
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

static void warn_of_interruptions(struct report *r, const struct session *s)
{
    struct str words = { 0 };
    if (s->n_interruptions == 0)
        return;
    str_add(&words, "This run was ");
    session_add_interruptions(s, &words);
    str_add(&words, ": its makespan is no measure.");
    report_warning(r, words.text);
    str_clear(&words);
}

static void warn_of_cautions(struct report *r, const struct session *s)
{
    cJSON *list = session_cautions(s);
    const cJSON *entry;
    cJSON_ArrayForEach(entry, list) {
        char *words = str_format("Caution: %s.", entry->valuestring);
        report_warning(r, words);
        free(words);
    }
    cJSON_Delete(list);
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
    warn_of_cautions(r, t.session);
    warn_of_interruptions(r, t.session);
    add_metrics(r, t.at[0]);
    add_own_table(r, "Task sets", session_set_table(t.session));
    if (t.session->tasks)
        add_own_table(r, "Stages", session_stage_table(t.session));
    add_own_table(r, "What is missing", session_gap_table(t.session));
    report_timelines(r, &(struct picture){ .panels = t.panels, .n_panels = t.n });
    report_source(r, in);
    timelines_close(&t);
    return 0;
}
