/* The parts of a recorded session as tables: cli/session_doc.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "cli/session_doc.h"
#include "core/metrics.h"
#include "traces/session_cautions.h"

/* A column whose name is its key and its heading. */
#define NAMED(name) .key = name, .label = name
#define TEXT(name, type, member) { NAMED(name), DOC_MEMBER(type, member) }
#define COUNT(name, type, member) { DOC_COLUMN(name, name, DOC_COUNT, type, member) }
#define OF_DECIMALS(n) .format = { .unit = DOC_NUMBER, .decimals = (n) }
#define SECONDS(name, type, member) { NAMED(name), OF_DECIMALS(3), DOC_MEMBER(type, member) }

/* ---- task sets ---- */

struct sets {
    const struct session *session;
    const struct platform *as_slots;     /* counts what demands name in different units; or NULL */
    double *start_s, *stop_s;
};

/* Of all demands: "cores", "threads", "slots"; where some count cores and some threads, what the
 * platform counts. */
static const char *demand_unit(const struct session *s, const struct platform **as_slots)
{
    bool cores = false, threads = false;
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        cores |= s->workflow->sets[k].traits->demand.cores > 0;
        threads |= s->workflow->sets[k].traits->demand.threads > 0;
    }
    *as_slots = cores && threads ? s->platform : NULL;
    if (s->slots_unnamed || *as_slots || cores == threads)
        return session_slot_name(s);
    return cores ? "cores" : "threads";
}

static const struct demand *demand_of(const struct doc_record *r)
{
    return &((const struct task_set *)r->item)->traits->demand;
}

static struct doc_value after(const struct doc_record *r)
{
    const struct task_set *set = r->item;
    const struct workflow *w = ((const struct sets *)r->context)->session->workflow;
    struct str names = { 0 };
    for (size_t i = 0; i < set->n_dependencies; i++)
        str_addf(&names, "%s%s", i ? " " : "", w->sets[set->dependencies[i].parent].name);
    return doc_words(&names);
}

static struct doc_value slots(const struct doc_record *r)
{
    const struct platform *as_slots = ((const struct sets *)r->context)->as_slots;
    const struct demand *d = demand_of(r);
    return doc_number(as_slots   ? platform_slots(as_slots, d).slots
                      : d->cores ? d->cores
                                 : d->threads);
}

DOC_GETTER(ranks, const struct demand *d = demand_of(r), doc_number(d->ranks))
DOC_GETTER(gpus, const struct demand *d = demand_of(r),
           doc_take(str_format("%g", d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU)))
DOC_GETTER(duration, const struct task_set *set = r->item, doc_number(dist_mean(set->duration)))
/* One value has no spread. */
DOC_GETTER(sd, const struct task_set *set = r->item,
           set->n_tasks > 1 ? doc_number(dist_sd(set->duration)) : doc_none())
DOC_GETTER(start, const struct sets *s = r->context, doc_number(s->start_s[r->index]))
DOC_GETTER(stop, const struct sets *s = r->context, doc_number(s->stop_s[r->index]))

enum { FIELD_SLOTS = 4 };                /* named after its unit */
static const struct doc_field set_fields[] = {
    TEXT("set", struct task_set, name),
    { NAMED("after"), .get = after },
    COUNT("tasks", struct task_set, n_tasks),
    { NAMED("ranks"), .format = { .unit = DOC_COUNT }, .get = ranks },
    [FIELD_SLOTS] = { .format = { .unit = DOC_COUNT }, .get = slots },
    { NAMED("gpus"), .get = gpus },
    { NAMED("duration_s"), OF_DECIMALS(3), .get = duration },
    { NAMED("sd_s"), OF_DECIMALS(3), .get = sd },
    { NAMED("start_s"), OF_DECIMALS(3), .get = start },
    { NAMED("stop_s"), OF_DECIMALS(3), .get = stop },
    DOC_FIELDS_END,
};

void session_doc_add_sets(struct doc *d, const char *key, const char *title,
                          const struct session *s)
{
    const struct workflow *w = s->workflow;
    struct sets sets = { s, NULL, xcalloc(w->n_sets + 1, sizeof(double)),
                         xcalloc(w->n_sets + 1, sizeof(double)) };
    struct doc_field own[sizeof set_fields / sizeof *set_fields];
    memcpy(own, set_fields, sizeof own);
    own[FIELD_SLOTS].key = own[FIELD_SLOTS].label = demand_unit(s, &sets.as_slots);
    metrics_set_spans(s->timeline, sets.start_s, sets.stop_s);
    doc_table(d, &(struct doc_table){ .key = key, .title = title, .fields = own,
                                      DOC_ITEMS(w->sets, w->n_sets), .context = &sets });
    xfree(sets.start_s, sets.stop_s);
}

/* ---- stages and run() calls ---- */

/* From the last stop of what it waited for to its first start: the stage before, or the run()
 * before. */
static struct doc_value gap_before(const struct doc_record *r)
{
    const struct session *s = r->context;
    const struct session_stage *stage = r->item;
    double stopped_s = -INFINITY;
    for (const struct session_stage *other = s->stages; other < s->stages + s->n_stages; other++)
        if (stage->stage > 0
                ? other->pipeline == stage->pipeline && other->stage == stage->stage - 1
                : other->run == stage->run - 1)
            stopped_s = later_of_both(stopped_s, other->stopped_s);
    return isinf(stopped_s) ? doc_none() : doc_number(stage->started_s - stopped_s);
}

static struct doc_value pipeline(const struct doc_record *r)
{
    const struct workflow *w = ((const struct session *)r->context)->workflow;
    return doc_text(w->pipelines[((const struct session_stage *)r->item)->pipeline].name);
}

void session_doc_add_stages(struct doc *d, const char *key, const char *title,
                            const struct session *s)
{
    static const struct doc_field fields[] = {
        { NAMED("pipeline"), .get = pipeline },
        TEXT("stage", struct session_stage, uid),
        TEXT("name", struct session_stage, name),
        COUNT("run", struct session_stage, run),
        COUNT("tasks", struct session_stage, n_tasks),
        SECONDS("submit_s", struct session_stage, submitted_s),
        SECONDS("start_s", struct session_stage, started_s),
        SECONDS("stop_s", struct session_stage, stopped_s),
        SECONDS("done_s", struct session_stage, done_s),
        { NAMED("gap_s"), OF_DECIMALS(3), .get = gap_before },
        DOC_FIELDS_END,
    };
    doc_table(d, &(struct doc_table){ .key = key, .title = title, .fields = fields,
                                      DOC_ITEMS(s->stages, s->n_stages), .context = s });
}

DOC_GETTER(run_number, size_t number = r->index, doc_number((double)number))
DOC_GETTER(run_from, const struct session_run *run = r->item,
           doc_text(run->inferred ? "times" : "record"))

void session_doc_add_runs(struct doc *d, const struct session *s)
{
    static const struct doc_field fields[] = {
        { NAMED("run"), .format = { .unit = DOC_COUNT }, .get = run_number },
        { NAMED("from"), .get = run_from },
        COUNT("tasks", struct session_run, n_tasks),
        SECONDS("start_s", struct session_run, started_s),
        SECONDS("submit_s", struct session_run, submitted_s),
        SECONDS("done_s", struct session_run, done_s),
        DOC_FIELDS_END,
    };
    doc_table(d, &(struct doc_table){ .key = "runs", .title = "run() calls", .fields = fields,
                                      DOC_ITEMS(s->runs, s->n_runs) });
}

/* ---- notes ---- */

void session_doc_add_notes(struct doc *d, const char *key, const char *title,
                           const struct notes *notes)
{
    static const struct doc_field fields[] = {
        TEXT("what", struct note, what),
        TEXT("why", struct note, why),
        COUNT("count", struct note, count),
        DOC_FIELDS_END,
    };
    doc_table(d, &(struct doc_table){ .key = key, .title = title, .fields = fields,
                                      DOC_ITEMS(notes->at, notes->n) });
}

/* ---- steps: of a task's way, from one event to another ---- */

enum { FROM_START = SESSION_EVENTS, FROM_STOP, DURATION, REQUESTED };   /* besides events */
static const struct step { const char *name; int from, to; } steps[] = {
    { "submit -> pushed", EVENT_CLIENT_SUBMITTED, EVENT_CLIENT_PUSHED },
    { "pushed -> pulled", EVENT_CLIENT_PUSHED, EVENT_AGENT_PULLED },
    { "pulled -> arrived", EVENT_AGENT_PULLED, EVENT_AGENT_ARRIVED },
    { "arrived -> scheduled", EVENT_AGENT_ARRIVED, EVENT_SCHEDULE_OK },
    { "scheduled -> launch", EVENT_SCHEDULE_OK, EVENT_LAUNCH_START },
    { "launch -> start", EVENT_LAUNCH_START, FROM_START },
    { "duration", FROM_START, FROM_STOP },
    { "duration - requested", REQUESTED, DURATION },
    { "stop -> agent knows", FROM_STOP, EVENT_AGENT_STOP },
    { "agent knows -> freed", EVENT_AGENT_STOP, EVENT_UNSCHEDULE_STOP },
    { "freed -> client knows", EVENT_UNSCHEDULE_STOP, EVENT_CLIENT_DONE },
};
enum { STEPS = sizeof steps / sizeof *steps };

static double moment(const struct session *s, size_t i, int which)
{
    const struct timeline_record *r = &s->timeline->records[i];
    switch (which) {
    case FROM_START: return r->started_s;
    case FROM_STOP: return r->stopped_s;
    case DURATION:
        return s->timeline->status[i] == TASK_DONE ? session_measured_s(s, i) : (double)NAN;
    case REQUESTED: return s->tasks[i].requested_s;
    default: return s->tasks[i].at[which];
    }
}

struct step_times { const char *name; size_t n; double mean_s, min_s, median_s, max_s; };

/* `x`: room for a number a record. */
static struct step_times times_of(const struct session *s, const struct step *step, double *x)
{
    size_t n = 0;
    double sum = 0;
    for (size_t i = 0; i < s->timeline->n; i++) {
        x[n] = moment(s, i, step->to) - moment(s, i, step->from);
        sum += isnan(x[n]) ? 0 : x[n];
        n += !isnan(x[n]);
    }
    sort_doubles(x, n);
    return n == 0 ? (struct step_times){ .n = 0 }
                  : (struct step_times){ step->name, n, sum / (double)n, x[0], x[n / 2], x[n - 1] };
}

void session_doc_add_steps(struct doc *d, const struct session *s)
{
#define TIME(name, member) { NAMED(name), OF_DECIMALS(4), DOC_MEMBER(struct step_times, member) }
    static const struct doc_field fields[] = {
        TEXT("step", struct step_times, name), COUNT("tasks", struct step_times, n),
        TIME("mean_s", mean_s), TIME("min_s", min_s), TIME("median_s", median_s),
        TIME("max_s", max_s), DOC_FIELDS_END,
    };
    struct step_times rows[STEPS];
    size_t n = 0;
    double *x = xcalloc(s->timeline->n + 1, sizeof *x);
    for (size_t k = 0; s->tasks && k < STEPS; k++) {
        rows[n] = times_of(s, &steps[k], x);
        n += rows[n].n > 0;
    }
    free(x);
    doc_table(d, &(struct doc_table){ .key = "steps", .title = "steps", .fields = fields,
                                      DOC_ITEMS(rows, n) });
}

/* ---- cautions about sessions ---- */

void cautions_tell(const char *command, const struct session *s)
{
    struct str text = { 0 };
    cJSON *list = session_cautions(s);
    const cJSON *entry;
    cJSON_ArrayForEach(entry, list)
        escape_addf(&text, "dagcast %s: %s: %s\n", command, s->name, entry->valuestring);
    cJSON_Delete(list);
    if (text.length)
        fputs(text.text, stderr);
    str_clear(&text);
}

static void add(struct doc *d, const struct session *s, const char *label, const char *caution)
{
    doc_open(d, NULL);
    doc_fact(d, "session", NULL, DOC_TEXT, doc_text(s->name));
    doc_fact(d, "caution", label, DOC_TEXT, doc_text(caution));
    doc_close(d);
}

void cautions_add(struct doc *d, const struct session *const *sessions, size_t n)
{
    doc_open_list(d, "cautions");
    for (size_t i = 0; i < n; i++) {
        char *label = n > 1 ? str_format("caution, %s", sessions[i]->name) : xstrdup("caution");
        cJSON *list = session_cautions(sessions[i]);
        const cJSON *entry;
        cJSON_ArrayForEach(entry, list)
            add(d, sessions[i], label, entry->valuestring);
        cJSON_Delete(list);
        free(label);
    }
    doc_close(d);
}
