#include "traces/session.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/quantity.h"
#include "base/xalloc.h"
#include "num/stats.h"

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

const char *information_name(enum information level)
{
    static const char *const names[INFORMATION_LEVELS] = { "description", "requested", "measured",
                                                           "arrivals" };
    return names[level];
}

int information_find(const char *name)
{
    for (int i = 0; i < INFORMATION_LEVELS; i++)
        if (str_equal(information_name((enum information)i), name))
            return i;
    return -1;
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

static void free_files(struct session_files *f)
{
    if (!f)
        return;
    xfree(f->at, f->first, f->ids, f);
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
    free_files(s->files);
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

double session_files_bytes(const struct session_files *f, size_t task, int side)
{
    const size_t *first = &f->first[2 * task + (size_t)side];
    double sum = NAN;
    for (size_t k = first[0]; k < first[1]; k++)
        if (is_known(f->at[f->ids[k]].bytes))
            sum = known_or(sum, 0) + f->at[f->ids[k]].bytes;
    return sum;
}

double session_files_total(const struct session_files *f, size_t n_tasks, int side)
{
    double sum = 0;
    for (size_t i = 0; i < n_tasks; i++)
        sum += known_or(session_files_bytes(f, i, side), 0);
    return sum;
}

/* --- what every command that reads a session says of it before anything else ----------------- */

/* a clock that is off by less is in the import's table only */
static const double worth_saying_s = 1;

static void add(cJSON *list, char *sentence)
{
    cJSON_AddItemToArray(list, cJSON_CreateString(sentence));
    free(sentence);
}

static void add_skew(cJSON *list, const struct session_skew *k)
{
    if (k->corrected)
        add(list, str_format("the clock of node %s is off by %+.1f s (%zu violation%s of submitted "
                             "<= scheduled <= started <= stopped <= freed): starts and stops there "
                             "are corrected from the agent's launch records",
                             k->node, k->offset_s, k->violations, k->violations == 1 ? "" : "s"));
    else if (fabs(k->offset_s) >= worth_saying_s)
        add(list, str_format("on node %s %zu time%s of tasks violate%s submitted <= scheduled <= "
                             "started <= stopped <= freed",
                             k->node, k->violations, k->violations == 1 ? "" : "s",
                             k->violations == 1 ? "s" : ""));
}

static void add_alone(cJSON *list, const struct session *s)
{
    if (s->alone == ALONE_NEVER)
        return;
    struct str text = { 0 };
    str_addf(&text, "the launcher%s%s %s: ", s->launcher ? " " : "", s->launcher ? s->launcher : "",
             alone_rule_words(s->alone));
    if (s->n_alone_moved > 0)
        str_addf(
            &text,
            "the ends of its tasks show it; the starts of %zu were put where that lets them begin",
            s->n_alone_moved);
    else
        str_addf(&text, "%zu of %zu pairs that could have run together show it", s->n_alone,
                 s->n_alone + s->n_alone_against);
    add(list, str_take(&text));
}

/* Of RADICAL's tasks, which all have their ends recorded if they ran. */
static void add_endless(cJSON *list, const struct session *s)
{
    size_t *record = timeline_last_attempts(s->timeline), endless = 0;
    for (uint32_t t = 0; s->generation != GENERATION_NONE && t < s->workflow->n_tasks; t++) {
        size_t r = record[t];
        bool ran = r == SIZE_MAX || s->timeline->status[r] == TASK_DONE ||
                   s->timeline->status[r] == TASK_CUT;
        endless += ran && (r == SIZE_MAX || isnan(s->timeline->records[r].stopped_s));
    }
    free(record);
    if (endless > 0)
        add(list, str_format("%zu of %" PRIu32 " tasks have no end in the records, which were cut "
                             "off or lost: its makespan is that of the others, and a prediction of "
                             "all tasks may rightly be longer",
                             endless, s->workflow->n_tasks));
}

/* How many of n > 0 instants are far from all others: beyond 20 times what half of them span, and
 * a year. */
static size_t count_far(const double *at_s, size_t n, double middle_s)
{
    enum { SPANS = 20 };
    double half_s = stats_quantile(at_s, n, 0.75) - stats_quantile(at_s, n, 0.25);
    double near_s = fmax(QUANTITY_YEAR_S, SPANS * half_s);
    size_t far = 0;
    for (size_t i = 0; i < n; i++)
        far += fabs(at_s[i] - middle_s) > near_s;
    return far;
}

/* A start or an end far from all others is misrecorded more often than not. */
static void add_far(cJSON *list, const struct session *s)
{
    const struct timeline *t = s->timeline;
    double *at_s = xcalloc(2 * t->n + 1, sizeof *at_s), first_s = INFINITY, last_s = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < 2 * t->n; i++) {
        const struct timeline_record *r = &t->records[i / 2];
        at_s[n] = i % 2 ? r->stopped_s : r->started_s;
        first_s = fmin(first_s, at_s[n]);                /* fmin and fmax ignore a NAN */
        last_s = fmax(last_s, at_s[n]);
        n += !isnan(at_s[n]);
    }
    double years = (last_s - first_s) / QUANTITY_YEAR_S;
    double middle_s = years > 1 ? stats_quantile(at_s, n, 0.5) : (double)NAN;
    size_t far = isnan(middle_s) ? 0 : count_far(at_s, n, middle_s);
    double most_s = fmax(middle_s - first_s, last_s - middle_s);
    free(at_s);
    if (far > 0)
        add(list, str_format("%zu of %zu recorded starts and ends lie up to %.0f years from the "
                             "others, and its makespan counts them: correct these rows, or leave "
                             "them out",
                             far, n, most_s / QUANTITY_YEAR_S));
}

/* What a prediction takes for granted because files of RADICAL's are missing. */
static void add_unknown(cJSON *list, const struct session *s)
{
    if (s->n_demands_unknown > 0)
        add(list, str_format("what %zu of %" PRIu32 " tasks need is in none of its files (the JSON "
                             "holds it): one core each is assumed, so a prediction may run more "
                             "of them at once than did",
                             s->n_demands_unknown, s->workflow->n_tasks));
    if (s->edges_unknown)
        add(list, str_format("no submission of a task is in its files (the client's profiles hold "
                             "them, tmgr or umgr): dependencies cannot be inferred, so a "
                             "prediction lets no task wait for another"));
}

cJSON *session_cautions(const struct session *s)
{
    cJSON *list = cJSON_CreateArray();
    if (s->damage && !s->files_before_damage)
        add(list, str_format("damaged: %s; read up to there: %llu bytes", s->damage,
                             (unsigned long long)s->bytes_before_damage));
    else if (s->damage)
        add(list, str_format("damaged: %s; read up to there: %zu file%s, %.1f MB", s->damage,
                             s->files_before_damage, s->files_before_damage == 1 ? "" : "s",
                             (double)s->bytes_before_damage / 1e6));
    if (s->n_pilots > 1)
        add(list, str_format("%zu pilots in one session: their nodes are taken together as one "
                             "platform; walltime and start are the first "
                             "pilot's, and which pilot a task belonged to is not told apart",
                             s->n_pilots));
    for (size_t i = 0; i < s->n_skews; i++)
        add_skew(list, &s->skews[i]);
    add_alone(list, s);
    add_endless(list, s);
    add_far(list, s);
    add_unknown(list, s);
    return list;
}
