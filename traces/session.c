#include "traces/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/session_files.h"

enum { TEXT_BLOCK_BYTES = 1 << 14, TIMES_BLOCK_BYTES = 1 << 17 };

/* The events that are instants; the others are finer than core/instant.h. */
static const struct { enum session_event event; enum instant instant; } instant_events[] = {
    { EVENT_ENTK_SCHEDULED, INSTANT_READY },
    { EVENT_CLIENT_SUBMITTED, INSTANT_SUBMITTED },
    { EVENT_CLIENT_PUSHED, INSTANT_LEFT },
    { EVENT_AGENT_ARRIVED, INSTANT_ARRIVED },
    { EVENT_SCHEDULE_OK, INSTANT_SCHEDULED },
    { EVENT_LAUNCH_START, INSTANT_LAUNCHED },
    { EVENT_AGENT_STOP, INSTANT_DETECTED },
    { EVENT_UNSCHEDULE_STOP, INSTANT_FREED },
    { EVENT_CLIENT_DONE, INSTANT_NOTIFIED },
    { EVENT_ENTK_DONE, INSTANT_BOOKED },
};

int session_event_of(enum instant i)
{
    for (size_t k = 0; k < sizeof instant_events / sizeof *instant_events; k++)
        if (instant_events[k].instant == i)
            return (int)instant_events[k].event;
    return -1;
}

double session_span_s(const struct session *s)
{
    return s->n_pilots > 1 ? (double)NAN : s->pilot_end_s - s->bootstrap_s;
}

double session_at(const struct session *s, size_t record, enum instant i)
{
    int event = session_event_of(i);
    double at_s = timeline_at(s->timeline, record, i);
    return is_known(at_s) || event < 0 || !s->tasks || !s->tasks[record].at
               ? at_s
               : s->tasks[record].at[event];
}

const char *session_generation_name(enum session_generation g)
{
    static const char *const names[] = { "none", "unit (0.6 to 1.8)", "task (1.9)",
                                         "rank (1.2x and later)", "spawn (before 0.5)" };
    return names[g];
}

struct session *session_new(const char *name, const char *path, const char *importer)
{
    struct session *s = xcalloc(1, sizeof *s);
    s->name = xstrdup(name);
    s->path = xstrdup(path);
    s->importer = importer;
    s->texts.block_bytes = TEXT_BLOCK_BYTES;
    s->highest_slot_seen = -1;
    s->zero_epoch_s = s->pilot_active_s = s->bootstrap_s = s->pilot_end_s = s->agent_poll_s =
        s->broker_s = s->walltime_s = s->recorded_makespan_s = NAN;
    return s;
}

void session_free(struct session *s)
{
    if (!s)
        return;
    timeline_free(s->timeline);
    workflow_free(s->workflow);
    workflow_free(s->described);
    platform_free(s->platform);
    arena_clear(&s->texts);
    arena_clear(&s->times);
    xfree(s->name, s->path, s->skews, s->tasks, s->bulks, s->runs, s->stages);
    notes_clear(&s->notes);
    session_files_free(s->files);
    xfree(s->services, s->requests, s);
}

double *session_times_alloc(struct arena *times, size_t n)
{
    times->block_bytes = TIMES_BLOCK_BYTES;
    return arena_alloc(times, n * SESSION_EVENTS * sizeof(double));
}

double *session_times_add(struct arena *times)
{
    double *at = session_times_alloc(times, 1);
    for (int e = 0; e < SESSION_EVENTS; e++)
        at[e] = NAN;
    return at;
}

const char *session_keep_n(struct session *s, const char *text, size_t n)
{
    return arena_keep(&s->texts, text, n);
}

const char *session_keep(struct session *s, const char *text)
{
    return session_keep_n(s, text, strlen(text));
}

void session_set_damage(struct session *s, const char *why, size_t files, uint64_t bytes)
{
    s->damage = session_keep(s, why);
    s->files_before_damage = files;
    s->bytes_before_damage = bytes;
}

void session_note(struct session *s, size_t count, const char *what, const char *why)
{
    notes_add(&s->notes, count, what, why);
}

double session_makespan_s(const struct session *s)
{
    return known_or(timeline_makespan(s->timeline), s->recorded_makespan_s);
}

double session_recorded_s(const struct session *s, size_t record)
{
    const struct session_task *t = s->tasks ? &s->tasks[record] : NULL;
    bool inferred = s->n_alone_moved > 0 && t && t->kept && t->at;
    double handed_s =
        !inferred ? (double)NAN
                  : t->at[t->clock == CLOCK_STATES ? EVENT_STATE_EXECUTING : EVENT_LAUNCH_START];
    return isnan(handed_s) ? session_measured_s(s, record)
                           : s->timeline->records[record].stopped_s - handed_s;
}

bool session_excludes_alone(const struct session *s, const struct alone_shown *rules)
{
    for (int r = ALONE_NEVER + 1; r < ALONE_RULES; r++)
        if (rules->sessions[r] > 0 && s->alone_says[r] != ALONE_EXCLUDED)
            return false;
    return true;
}

double session_measured_s(const struct session *s, size_t record)
{
    return s->timeline->records[record].stopped_s - s->timeline->records[record].started_s;
}

double session_submission_s(const struct session *s, size_t record)
{
    double known_s = s->timeline->records[record].submitted_s;
    if (!s->tasks || is_known(known_s))
        return known_s;
    const struct session_task *t = &s->tasks[record];
    known_s = t->bulk >= 0 ? s->bulks[t->bulk].submitted_s : (double)NAN;
    return known_or(known_s, t->at ? t->at[EVENT_CLIENT_PUSHED] : (double)NAN);
}

double session_arrival_s(const struct session *s, size_t record)
{
    const struct timeline_record *r = &s->timeline->records[record];
    const double *at = s->tasks ? s->tasks[record].at : NULL;
    double known_s = known_or(r->arrived_s, at ? at[EVENT_AGENT_PULLED] : (double)NAN);
    known_s = known_or(known_s, r->scheduled_s);
    return known_or(known_s, at ? at[EVENT_CLIENT_PUSHED] : (double)NAN);
}

size_t session_count(const struct session *s, enum task_status status)
{
    size_t *record = timeline_last_attempts(s->timeline), count = 0;
    for (uint32_t i = 0; i < s->workflow->n_tasks; i++)
        count += record[i] != SIZE_MAX && s->timeline->status[record[i]] == (uint8_t)status;
    free(record);
    return count;
}

bool session_is_plain(const struct session *s)
{
    return s->generation == GENERATION_NONE && !s->executed;
}

const char *session_launcher(const struct session *s)
{
    return s->launcher || !session_is_plain(s) ? s->launcher : s->importer;
}

static char *copy_or_null(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void session_record_radical(struct session *s)
{
    if (s->generation == GENERATION_NONE || !s->workflow || !s->platform)
        return;
    s->workflow->radical = (struct run_record){ .version = copy_or_null(s->version),
                                                .launcher = copy_or_null(s->launcher),
                                                .client = s->has_entk ? CLIENT_ENTK : CLIENT_ALONE,
                                                .durations = DURATIONS_MEASURED };
    s->platform->radical = run_record_copy(&s->workflow->radical);
    s->platform->radical.durations = DURATIONS_REQUESTED;
}

const char *session_slot_name(const struct session *s)
{
    return s->slots_unnamed                                       ? "slots"
           : s->platform && s->platform->slot_kind == SLOT_THREAD ? "threads"
                                                                  : "cores";
}

void session_add_interruptions(const struct session *s, struct str *out)
{
    if (s->n_interruptions > 0)
        str_addf(out, "interrupted %zu time%s, for %.1f s in all", s->n_interruptions,
                 s->n_interruptions == 1 ? "" : "s", s->interrupted_s);
}
