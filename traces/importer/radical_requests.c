#include "traces/importer/radical_requests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { MOST_SPANS = 4000000, MOST_NAMES = 64 };

static const double duplicate_s = 1e-6;

void radical_requests_init(struct radical_requests *r)
{
    *r = (struct radical_requests){ 0 };
    radical_uids_init(&r->tasks);
    radical_uids_init(&r->names);
}

void radical_requests_clear(struct radical_requests *r)
{
    radical_uids_clear(&r->tasks);
    radical_uids_clear(&r->names);
    free(r->spans);
}

static uint32_t number_of(struct radical_uids *u, struct text_slice s)
{
    size_t i = radical_uids_find(u, s.text, s.length);
    return (uint32_t)(i == RADICAL_UIDS_NONE ? radical_uids_add(u, s.text, s.length) : i);
}

/* "ollama_prompt_start" -> "ollama_prompt" */
static bool take_ending(struct text_slice *s, const char *ending)
{
    size_t n = strlen(ending);
    if (s->length <= n || memcmp(s->text + s->length - n, ending, n) != 0)
        return false;
    s->length -= n;
    return true;
}

static void open_span(struct radical_requests *r, uint32_t task, uint32_t name, double time_s)
{
    if (r->n == MOST_SPANS)
        return;
    xgrow(&r->spans, &r->room, r->n + 1, sizeof *r->spans);
    r->spans[r->n++] = (struct radical_span){ task, name, time_s, NAN };
}

/* A task's spans lie together, since its profile is a file: the open one is among the last. */
static void close_span(struct radical_requests *r, uint32_t task, uint32_t name, double time_s)
{
    for (size_t i = r->n; i-- > 0 && r->n - i <= 2 * MOST_NAMES;) {
        struct radical_span *s = &r->spans[i];
        if (s->task != task || s->name != name || !isnan(s->stop_s))
            continue;
        if (time_s >= s->start_s)
            s->stop_s = time_s;
        return;
    }
}

void radical_requests_add(struct radical_requests *r, const struct radical_row *row)
{
    struct text_slice name = row->event;
    bool staging = slice_begins(name, "staging_in_") || slice_begins(name, "staging_out_");
    bool own = row->uid.length > 0 &&
               (staging ||
                (row->component.length == row->uid.length &&
                 memcmp(row->component.text, row->uid.text, row->uid.length) == 0));
    bool starts = own && (take_ending(&name, "_start") || take_ending(&name, "_begin"));
    if (!starts && (!own || !(take_ending(&name, "_stop") || take_ending(&name, "_end"))))
        return;
    if (r->names.n >= MOST_NAMES &&
        radical_uids_find(&r->names, name.text, name.length) == RADICAL_UIDS_NONE)
        return;
    uint32_t task = number_of(&r->tasks, row->uid), of = number_of(&r->names, name);
    if (starts)
        open_span(r, task, of, row->time_s);
    else
        close_span(r, task, of, row->time_s);
}

/* ---- which spans are requests ---- */

SORT_BY_3(by_task_and_start, struct radical_span, task, start_s, name)

static bool is_same(const struct radical_span *a, const struct radical_span *b)
{
    return a->task == b->task && a->name == b->name && b->start_s - a->start_s <= duplicate_s;
}

/* The agent's profile repeats those of its tasks: each span once, and only those that ended. */
static void drop_copies(struct radical_requests *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!isnan(r->spans[i].stop_s))
            r->spans[kept++] = r->spans[i];
    r->n = kept;
    if (kept > 0)
        qsort(r->spans, r->n, sizeof *r->spans, by_task_and_start);
    kept = 0;
    for (size_t i = 0; i < r->n; i++)
        if (kept == 0 || !is_same(&r->spans[kept - 1], &r->spans[i]))
            r->spans[kept++] = r->spans[i];
    r->n = kept;
}

static bool holds(const struct radical_span *a, const struct radical_span *b)
{
    return a->task == b->task && a->name != b->name && a->start_s <= b->start_s &&
           a->stop_s >= b->stop_s && a->stop_s - a->start_s > b->stop_s - b->start_s;
}

/* The name with most time of those without spans that hold another's; RADICAL_UIDS_NONE: none. */
static size_t choose_name(const struct radical_requests *r)
{
    double spent_s[MOST_NAMES + 1] = { 0 };
    bool outer[MOST_NAMES + 1] = { false };
    size_t best = RADICAL_UIDS_NONE;
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_span *s = &r->spans[i];
        spent_s[s->name] += s->stop_s - s->start_s;
        for (size_t k = i + 1; k < r->n && k <= i + MOST_NAMES && r->spans[k].task == s->task; k++)
            outer[s->name] = outer[s->name] || holds(s, &r->spans[k]);
    }
    for (size_t k = 0; k < r->names.n; k++)
        if (!outer[k] && spent_s[k] > 0 && !str_starts(r->names.at[k].text, "staging_") &&
            (best == RADICAL_UIDS_NONE || spent_s[k] > spent_s[best]))
            best = k;
    return best;
}

static void map_records(struct radical_requests *r, const struct session *s, size_t *record_of)
{
    for (size_t t = 0; t < r->tasks.n; t++)
        record_of[t] = SIZE_MAX;
    for (size_t i = 0; i < s->timeline->n; i++) {
        const char *uid = s->tasks[i].uid;
        size_t task = radical_uids_find(&r->tasks, uid, strlen(uid));
        if (task != RADICAL_UIDS_NONE)
            record_of[task] = i;
    }
}

SORT_BY_2(by_end, struct session_request, stopped_s, record)

void radical_requests_give(struct radical_requests *r, struct session *s)
{
    drop_copies(r);
    if (r->n == 0)
        return;
    size_t name = choose_name(r), room = 0;
    size_t *record_of = xcalloc(r->tasks.n + 1, sizeof *record_of);
    map_records(r, s, record_of);
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_span *span = &r->spans[i];
        size_t record = record_of[span->task];
        if (span->name != name || record == SIZE_MAX)
            continue;
        xgrow(&s->requests, &room, s->n_requests + 1, sizeof *s->requests);
        s->requests[s->n_requests++] = (struct session_request){
            record, span->start_s - s->zero_epoch_s, span->stop_s - s->zero_epoch_s };
    }
    if (s->n_requests > 0)
        qsort(s->requests, s->n_requests, sizeof *s->requests, by_end);
    radical_phases_give(r, record_of, s);
    free(record_of);
}
