#include "cli/session_doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/metrics.h"
#include "traces/session_files.h"

/* ---- origin ---- */

#define OF(member) DOC_MEMBER(struct session, member)

DOC_GETTER(generation, const struct session *s = r->item,
           doc_text(s->generation == GENERATION_NONE ? NULL
               : session_generation_name(s->generation)))
DOC_GETTER(executors, const struct session *s = r->item,
           s->n_executors > 0 ? doc_number((double)s->n_executors) : doc_none())

static const struct doc_field origin_fields[] = {
    { .key = "session", .label = "session", OF(name) },
    { .key = "importer", OF(importer) },
    { .key = "pilot_version", OF(version) },
    { .key = "generation", .get = generation },
    { .key = "launcher", OF(launcher) },
    { .key = "executors", .get = executors },
    { .key = "resource", OF(resource) },
    { .key = "entk", .format = { .unit = DOC_FLAG }, OF(has_entk) },
    { .key = "edges_inferred", .format = { .unit = DOC_FLAG }, OF(edges_inferred) },
    { .key = "edges_named", .format = { .unit = DOC_FLAG }, OF(edges_named) },
    { .key = "pilots", OF(n_pilots) },
    { .key = "interruptions", OF(n_interruptions) },
    { .key = "interrupted_s", OF(interrupted_s) },
    DOC_FIELDS_END,
};

static void add_origin(struct doc *d, const struct session *s)
{
    struct str words = { 0 };
    doc_facts(d, origin_fields, s, NULL);
    if (s->generation != GENERATION_NONE) {
        str_addf(&words, "RADICAL-Pilot %s%s, events of generation %s", s->version,
                 s->has_entk ? " with EnTK" : "", session_generation_name(s->generation));
        if (s->launcher)
            str_addf(&words, ", launcher %s", s->launcher);
        if (s->n_executors > 1)
            str_addf(&words, " from %zu executors", s->n_executors);
        if (s->resource)
            str_addf(&words, ", on %s", s->resource);
        doc_fact(d, NULL, "origin", DOC_TEXT, doc_words(&words));
    }
    if (s->lines_read)
        doc_factf(d, NULL, "read", "%.1f MB, %llu lines of profiles", (double)s->bytes_read / 1e6,
                  (unsigned long long)s->lines_read);
}

static void add_damage(struct doc *d, const struct session *s)
{
    static const struct doc_field fields[] = {
        { .key = "reason", OF(damage) },
        { .key = "files_read", OF(files_before_damage) },
        DOC_FIELDS_END,
    };
    if (!s->damage) {
        doc_data(d, "damaged", cJSON_CreateNull());
        return;
    }
    doc_open(d, "damaged");
    doc_facts(d, fields, s, NULL);
    doc_fact(d, "bytes_read", NULL, DOC_COUNT, doc_number((double)s->bytes_before_damage));
    doc_close(d);
}

static void add_clocks(struct doc *d, const struct session *s)
{
    static const struct doc_field fields[] = {
        { .key = "node", .label = "node", DOC_MEMBER(struct session_skew, node) },
        { DOC_COLUMN("violations", "violations", DOC_COUNT, struct session_skew, violations) },
        { .key = "offset_s", .label = "offset", .format = { .unit = DOC_SECONDS, .decimals = 3 },
          DOC_MEMBER(struct session_skew, offset_s) },
        { DOC_COLUMN("corrected", "corrected", DOC_FLAG, struct session_skew, corrected) },
        DOC_FIELDS_END,
    };
    if (s->n_skews)
        doc_details(d, "Clocks of nodes");
    doc_table(d, &(struct doc_table){ .key = "clocks", .fields = fields,
                                      DOC_ITEMS(s->skews, s->n_skews) });
    if (s->n_skews)
        doc_details_end(d);
}

/* ---- times ---- */

static struct doc_value critical_path(const struct doc_record *r)
{
    return doc_number(session_critical_path_s(r->item));
}

DOC_GETTER(first_start, const struct session *s = r->item,
           doc_number(timeline_first_start(s->timeline)))

#define TIME(key_, label_)                                                                         \
    .key = (key_), .label = (label_), .optional = true, .format = { .unit = DOC_SECONDS }

static const struct doc_field time_fields[] = {
    { TIME("critical_path_s", "critical path"), .get = critical_path },
    { TIME("recorded_makespan_s", "recorded makespan"), OF(recorded_makespan_s) },
    { TIME("agent_active_s", "agent up at"), OF(pilot_active_s) },
    { TIME("first_start_s", "first start at"), .get = first_start },
    { TIME("session_end_s", "records end at"),
      DOC_MEMBER_OF(struct session, timeline, struct timeline, session_end_s) },
    DOC_FIELDS_END,
};

static void add_times(struct doc *d, const struct session *s)
{
    double makespan_s = timeline_makespan(s->timeline);
    doc_fact(d, "makespan_s", isnan(makespan_s) ? NULL : "makespan", DOC_LONG_SECONDS,
             doc_number(makespan_s));
    if (isnan(makespan_s))
        doc_factf(d, NULL, "makespan", "unknown: no task has both a start and a stop");
    if (s->n_interruptions > 0)
        doc_factf(d, NULL, "", "of which %.1f s interrupted: the makespan measures nothing",
                  s->interrupted_s);
    doc_facts(d, time_fields, s, NULL);
}

#define SHARE(key_, label_, member)                                                                \
    { .key = (key_), .label = (label_), .optional = true, .format = { .unit = DOC_SHARE },         \
      DOC_MEMBER(struct metrics, member) }

/* Of every attempt with a start and a stop: its demand times how long it ran. */
static double busy_s(const struct session *s, bool gpus)
{
    const struct timeline *t = s->timeline;
    double sum = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct task_set *set =
            &s->workflow->sets[workflow_set_of_task(s->workflow, t->records[i].task)];
        struct slot_demand d = platform_slots(s->platform, &set->traits->demand);
        double ran_s = session_measured_s(s, i);
        double each = gpus ? d.gpus + d.gpu_share / (double)DEMAND_WHOLE_GPU : d.slots;
        sum += isnan(ran_s) ? 0 : ran_s * each * d.ranks;
    }
    return sum;
}

static enum doc_unit whole_if_large(double x)
{
    return x >= 1000 ? DOC_COUNT : DOC_NUMBER;
}

static void add_busy(struct doc *d, const struct session *s)
{
    double cores_s = busy_s(s, false), gpus_s = busy_s(s, true);
    char *what = str_format("%.*s-seconds", (int)strlen(session_slot_name(s)) - 1,
                            session_slot_name(s));
    doc_fact(d, "busy_core_s", what, whole_if_large(cores_s), doc_number(cores_s));
    doc_fact(d, "busy_gpu_s", gpus_s > 0 ? "GPU-seconds" : NULL, whole_if_large(gpus_s),
             doc_number(gpus_s));
    free(what);
}

static void add_files(struct doc *d, const struct session *s)
{
    if (!s->files)
        return;
    double read = session_files_total(s->files, s->workflow->n_tasks, 0);
    double written = session_files_total(s->files, s->workflow->n_tasks, 1);
    doc_open(d, "files");
    doc_fact(d, "count", NULL, DOC_COUNT, doc_number((double)s->files->n));
    doc_fact(d, "read_bytes", NULL, DOC_COUNT, doc_number(read));
    doc_fact(d, "written_bytes", NULL, DOC_COUNT, doc_number(written));
    doc_close(d);
    doc_factf(d, NULL, "files", "%zu; tasks read %.4g GB and wrote %.4g GB", s->files->n,
              read / 1e9, written / 1e9);
}

static void add_use(struct doc *d, const struct session *s)
{
    static const struct doc_field fields[] = {
        { DOC_COLUMN("max_running", "tasks at once", DOC_COUNT, struct metrics, max_running) },
        SHARE("utilisation/cores", "cores busy", utilisation_slots),
        SHARE("held/cores", "cores held", held_slots),
        SHARE("utilisation/gpus", "GPUs busy", utilisation_gpus),
        SHARE("held/gpus", "GPUs held", held_gpus),
        DOC_FIELDS_END,
    };
    if (isnan(timeline_makespan(s->timeline)))
        return;
    struct metrics m = metrics_of(s->timeline);
    doc_facts(d, fields, &m, NULL);
    add_busy(d, s);
}

/* ---- all of it ---- */

void session_doc_add(struct doc *d, const struct session *s, double io_rate)
{
    cautions_add(d, &s, 1);
    add_origin(d, s);
    add_damage(d, s);
    platform_doc_add(d, s);
    session_doc_add_tasks(d, s);
    add_times(d, s);
    add_use(d, s);
    add_files(d, s);
    ideal_doc_add(d, s, io_rate);
    session_doc_add_services(d, s);
    session_doc_add_sets(d, "sets", "task sets", s);
    session_doc_add_stages(d, "stages", "stages", s);
    session_doc_add_runs(d, s);
    session_doc_add_steps(d, s);
    session_doc_add_notes(d, "missing", "missing or unusual", &s->notes);
    add_clocks(d, s);
}
