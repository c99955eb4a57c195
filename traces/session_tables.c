#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/known.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "traces/session.h"

/* Seconds as a person wants to see them; NAN: an empty cell. */
static void set_seconds(struct table *t, size_t column, double value, int decimals)
{
    if (!isnan(value))
        table_set_number(t, column, value, decimals);
}

static void add_columns(struct table *t, const char *const *names, size_t n, size_t texts)
{
    for (size_t i = 0; i < n; i++)
        table_add_column(t, names[i], i < texts ? TABLE_LEFT : TABLE_RIGHT);
}

/* Of all demands: "cores", "threads", "slots"; where some count cores and some threads, what the
 * platform counts. */
static const char *demand_unit(const struct session *s, bool *as_slots)
{
    bool cores = false, threads = false;
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        cores |= s->workflow->sets[k].traits->demand.cores > 0;
        threads |= s->workflow->sets[k].traits->demand.threads > 0;
    }
    *as_slots = cores && threads && s->platform;
    if (s->slots_unnamed || *as_slots || cores == threads)
        return session_slot_name(s);
    return cores ? "cores" : "threads";
}

static void set_demand(struct table *t, size_t column, const struct demand *d,
                       const struct platform *as_slots)
{
    char gpus[32] = "0";
    if (d->gpus || d->gpu_share)
        snprintf(gpus, sizeof gpus, "%g", d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU);
    table_set_number(t, column, d->ranks, 0);
    table_set_number(t, column + 1,
                     as_slots   ? platform_slots(as_slots, d).slots
                     : d->cores ? d->cores
                                : d->threads,
                     0);
    table_set_text(t, column + 2, gpus);
}

static void set_parents(struct table *t, size_t column, const struct workflow *w,
                        const struct task_set *set)
{
    struct str names = { 0 };
    for (size_t i = 0; i < set->n_dependencies; i++)
        str_addf(&names, "%s%s", i ? " " : "", w->sets[set->dependencies[i].parent].name);
    if (names.length)
        table_set_text(t, column, names.text);
    str_clear(&names);
}

struct table *session_set_table(const struct session *s)
{
    const struct workflow *w = s->workflow;
    bool as_slots;
    const char *const names[] = { "set", "after", "tasks", "ranks", demand_unit(s, &as_slots),
                                  "gpus", "duration_s", "sd_s",
                                  "start_s", "stop_s" };
    struct table *t = table_new();
    double *start = xcalloc(w->n_sets + 1, sizeof *start),
           *stop = xcalloc(w->n_sets + 1, sizeof *stop);
    add_columns(t, names, sizeof names / sizeof *names, 2);
    metrics_set_spans(s->timeline, start, stop);
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct task_set *set = &w->sets[k];
        table_add_row(t);
        table_set_text(t, 0, set->name);
        set_parents(t, 1, w, set);
        table_set_number(t, 2, set->n_tasks, 0);
        set_demand(t, 3, &set->traits->demand, as_slots ? s->platform : NULL);
        set_seconds(t, 6, dist_mean(set->duration), 3);
        /* one value has no spread */
        set_seconds(t, 7, set->n_tasks > 1 ? dist_sd(set->duration) : (double)NAN, 3);
        set_seconds(t, 8, start[k], 3);
        set_seconds(t, 9, stop[k], 3);
    }
    xfree(start, stop);
    return t;
}

/* From the last stop of what it waited for to its first start: the stage before, or the run()
 * before. */
static double gap_before(const struct session *s, size_t k)
{
    const struct session_stage *stage = &s->stages[k];
    double stopped = -INFINITY;
    for (size_t i = 0; i < s->n_stages; i++) {
        const struct session_stage *other = &s->stages[i];
        bool before = stage->stage > 0
                          ? other->pipeline == stage->pipeline && other->stage == stage->stage - 1
                          : other->run == stage->run - 1;
        if (before)
            stopped = later_of_both(stopped, other->stopped_s);
    }
    return isinf(stopped) ? (double)NAN : stage->started_s - stopped;
}

struct table *session_stage_table(const struct session *s)
{
    static const char *const names[] = { "pipeline", "stage", "name", "run", "tasks", "submit_s",
                                         "start_s", "stop_s", "done_s", "gap_s" };
    struct table *t = table_new();
    add_columns(t, names, sizeof names / sizeof *names, 3);
    for (size_t k = 0; k < s->n_stages; k++) {
        const struct session_stage *stage = &s->stages[k];
        table_add_row(t);
        table_set_text(t, 0, s->workflow->pipelines[stage->pipeline].name);
        table_set_text(t, 1, stage->uid);
        if (stage->name)
            table_set_text(t, 2, stage->name);
        table_set_number(t, 3, stage->run, 0);
        table_set_number(t, 4, (double)stage->n_tasks, 0);
        set_seconds(t, 5, stage->submitted_s, 3);
        set_seconds(t, 6, stage->started_s, 3);
        set_seconds(t, 7, stage->stopped_s, 3);
        set_seconds(t, 8, stage->done_s, 3);
        set_seconds(t, 9, gap_before(s, k), 3);
    }
    return t;
}

struct table *session_run_table(const struct session *s)
{
    static const char *const names[] = { "run", "from", "tasks", "start_s", "submit_s", "done_s" };
    struct table *t = table_new();
    add_columns(t, names, sizeof names / sizeof *names, 2);
    for (size_t k = 0; k < s->n_runs; k++) {
        table_add_row(t);
        table_set_number(t, 0, (double)k, 0);
        table_set_text(t, 1, s->runs[k].inferred ? "times" : "record");
        table_set_number(t, 2, (double)s->runs[k].n_tasks, 0);
        set_seconds(t, 3, s->runs[k].started_s, 3);
        set_seconds(t, 4, s->runs[k].submitted_s, 3);
        set_seconds(t, 5, s->runs[k].done_s, 3);
    }
    return t;
}

struct table *session_gap_table(const struct session *s)
{
    static const char *const names[] = { "what", "why", "count" };
    struct table *t = table_new();
    add_columns(t, names, sizeof names / sizeof *names, 2);
    for (size_t k = 0; k < s->notes.n; k++) {
        table_add_row(t);
        table_set_text(t, 0, s->notes.at[k].what);
        table_set_text(t, 1, s->notes.at[k].why);
        table_set_number(t, 2, (double)s->notes.at[k].count, 0);
    }
    return t;
}

/* A step of a task's way, from one event to another; START and STOP are the timeline's. */
enum { FROM_START = SESSION_EVENTS, FROM_STOP, DURATION, REQUESTED };
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

struct table *session_step_table(const struct session *s)
{
    static const char *const names[] = { "step", "tasks", "mean_s", "min_s", "median_s", "max_s" };
    struct table *t = table_new();
    double *x = xcalloc(s->timeline->n + 1, sizeof *x);
    add_columns(t, names, sizeof names / sizeof *names, 1);
    for (size_t k = 0; s->tasks && k < sizeof steps / sizeof *steps; k++) {
        size_t n = 0;
        double sum = 0;
        for (size_t i = 0; i < s->timeline->n; i++) {
            x[n] = moment(s, i, steps[k].to) - moment(s, i, steps[k].from);
            sum += isnan(x[n]) ? 0 : x[n];
            n += !isnan(x[n]);
        }
        if (!n)
            continue;
        sort_doubles(x, n);
        table_add_row(t);
        table_set_text(t, 0, steps[k].name);
        table_set_number(t, 1, (double)n, 0);
        table_set_number(t, 2, sum / (double)n, 4);
        table_set_number(t, 3, x[0], 4);
        table_set_number(t, 4, x[n / 2], 4);
        table_set_number(t, 5, x[n - 1], 4);
    }
    free(x);
    return t;
}
