#include "cli/record_doc.h"

#include <math.h>

#include "base/escape.h"
#include "base/str.h"
#include "cli/page_pictures.h"
#include "cli/show.h"
#include "core/metrics.h"

static void add_metrics(struct doc *d, const struct timeline *t)
{
    struct metrics m = metrics_of(t);
    struct str words = { 0 };
    if (isnan(m.makespan_s))
        str_add(&words, "unknown: no task ran from its start to its end");
    else
        str_addf(&words, "%.1f s, from the first task's start to the last one's stop%s",
                 m.makespan_s,
                 m.n_done == 0 ? "; no task is done, so this is the makespan of a run that was cut"
                               : "");
    doc_fact(d, NULL, "makespan", DOC_TEXT, doc_words(&words));
    doc_factf(d, NULL, "tasks",
              "%zu done, %zu failed, %zu killed, %zu cancelled, %zu cut off; at most %zu at once",
              m.n_done, m.n_failed, m.n_killed, m.n_cancelled, m.n_cut, m.max_running);
    if (isnan(m.utilisation_slots))
        str_add(&words, "unknown: there is no time in which cores could be busy");
    else
        str_addf(&words, "%.1f %% of cores busy, %.1f %% held", 100 * m.utilisation_slots,
                 100 * m.held_slots);
    if (!isnan(m.utilisation_gpus))
        str_addf(&words, "; %.1f %% of GPUs busy, %.1f %% held", 100 * m.utilisation_gpus,
                 100 * m.held_gpus);
    doc_fact(d, NULL, "utilisation", DOC_TEXT, doc_words(&words));
}

static void add_table(struct doc *d, const char *title, struct table *t)
{
    if (table_rows(t) > 0)
        doc_add_table(d, NULL, title, t);
    table_free(t);
}

static void add_cautions(struct doc *d, const struct session *s)
{
    cJSON *cautions = session_cautions(s);
    const cJSON *caution;
    struct str words = { 0 };
    if (s->n_interruptions > 0) {
        str_add(&words, "This run was ");
        session_add_interruptions(s, &words);
        str_add(&words, ": its makespan is no measure.");
        doc_say_str(d, DOC_WARNING, NULL, &words);
    }
    cJSON_ArrayForEach(caution, cautions)
        doc_sayf(d, DOC_WARNING, NULL, "Caution: %s.", caution->valuestring);
    cJSON_Delete(cautions);
}

struct doc *record_doc(const struct timelines *t, const struct picture *p, const char *path)
{
    const struct session *s = t->session;
    struct doc *d = show_new("report");
    struct str words = { 0 };
    doc_title(d, str_file_name(path));
    str_addf(&words, "Recorded run: %s", s->name);
    doc_section(d, words.text);
    add_cautions(d, s);
    add_metrics(d, t->panels[0].timeline);
    add_table(d, "Task sets", session_set_table(s));
    if (s->tasks)
        add_table(d, "Stages", session_stage_table(s));
    add_table(d, "What is missing", session_gap_table(s));
    page_add_timelines(d, p);
    str_clear(&words);
    str_add(&words, "dagcast report ");
    escape_shell(&words, path);
    doc_subsection(d, "How to reproduce this");
    doc_say_str(d, DOC_LINES, NULL, &words);
    doc_say(d, DOC_NOTE, NULL, "By dagcast " DAGCAST_VERSION ".");
    return d;
}
