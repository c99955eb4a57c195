#include "traces/samples_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"

/* submitted so soon after the last bulk left: it had waited for the client */
#define CLIENT_HAND_OVER_S 0.05
/* tasks that EnTK put up so close together it put up at once */
#define ONE_PUT_S 0.2
#define MOST_OF 0.5

double client_left_by(const struct session_bulk *b)
{
    return known_or(b->pushed_s, earlier_known(b->pulled_s, b->arrived_s));
}

/* ---- bookings ---- */

SORT_BY(compare_bookings, struct booking, booked_s)

void bookings_init(struct bookings *b, const struct session *s)
{
    *b = (struct bookings){ .at = xcalloc(s->timeline->n + 1, sizeof *b->at) };
    for (size_t i = 0; i < s->timeline->n; i++) {
        struct booking one = { s->timeline->records[i].notified_s, s->tasks[i].at[EVENT_ENTK_DONE],
                               NAN };
        if (is_known(one.notified_s) && is_known(one.booked_s) && one.booked_s >= one.notified_s)
            b->at[b->n++] = one;
    }
    qsort(b->at, b->n, sizeof *b->at, compare_bookings);
    for (size_t i = 0; i < b->n; i++) {
        double idle_s = i > 0 ? b->at[i - 1].booked_s : -INFINITY;
        b->at[i].service_s = b->at[i].booked_s - fmax(idle_s, b->at[i].notified_s);
    }
}

void bookings_clear(struct bookings *b)
{
    free(b->at);
}

bool bookings_fill(const struct bookings *b, double from_s, double to_s)
{
    double busy_s = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->at[i].booked_s > from_s && b->at[i].booked_s <= to_s)
            busy_s += fmin(b->at[i].service_s, b->at[i].booked_s - from_s);
    return busy_s > MOST_OF * (to_s - from_s);
}

/* ---- stages and run()s ---- */

/* When all tasks of a stage (stage >= 0), or of a run(), are over for the client. */
struct closing { double at_s; bool booked; };

static bool is_of(const struct session_task *t, const struct session_stage *stage, int run)
{
    return stage ? t->pipeline == stage->pipeline && t->stage == stage->stage : t->run == run;
}

static struct closing closing_of(const struct session *s, const struct session_stage *stage,
                                 int run)
{
    double booked_s = -INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++)
        if (is_of(&s->tasks[i], stage, run) && is_known(s->timeline->records[i].started_s))
            booked_s = later_of_both(booked_s, s->tasks[i].at[EVENT_ENTK_DONE]);
    double done_s = stage ? stage->done_s : s->runs[run].done_s;
    if (isfinite(booked_s) && booked_s >= done_s)
        return (struct closing){ booked_s, true };
    return (struct closing){ done_s, false };
}

/* Was the client, or can it have been, busy with an earlier bulk, so that the stage may have been
 * ready sooner than it was taken up? A bulk without a submission is earlier if it left before the
 * stage was submitted. */
static bool waited_for_client(const struct session *s, double closed_s, double submitted_s)
{
    for (size_t b = 0; b < s->n_bulks; b++) {
        double left_s = client_left_by(&s->bulks[b]), from_s = s->bulks[b].submitted_s;
        bool earlier =
            is_known(from_s) ? from_s < submitted_s : left_s <= submitted_s + CLIENT_HAND_OVER_S;
        if (is_known(left_s) && earlier && left_s > closed_s &&
            left_s > submitted_s - CLIENT_HAND_OVER_S)
            return true;
    }
    return false;
}

static void add_stages(struct samples *out, const struct session *s)
{
    for (size_t i = 1; i < s->n_stages; i++) {
        const struct session_stage *before = &s->stages[i - 1], *stage = &s->stages[i];
        if (before->pipeline != stage->pipeline || before->run != stage->run)
            continue;
        struct closing closing = closing_of(s, before, -1);
        double delay_s = stage->submitted_s - closing.at_s;
        if (!samples_accept(out, STATION_NEXT_STAGE, delay_s))
            continue;
        bool waited = waited_for_client(s, closing.at_s, stage->submitted_s);
        out->closes[out->n_closes++] = (struct close_sample){
            .n_tasks = out->singly ? 1 : (double)stage->n_tasks,
            .delay_s = { waited ? 0 : delay_s, delay_s }, .booked = closing.booked,
        };
    }
}

static double first_bulk_of_run(const struct session *s, int run)
{
    for (size_t b = 0; b < s->n_bulks; b++)
        if (s->bulks[b].run == run)
            return (double)s->bulks[b].n_tasks;
    return 0;
}

static void add_runs(struct samples *out, const struct session *s)
{
    for (size_t r = 1; r < s->n_runs; r++) {
        struct closing closing = closing_of(s, NULL, (int)r - 1);
        double delay_s = s->runs[r].submitted_s - closing.at_s;
        if (samples_accept(out, STATION_NEXT_RUN, delay_s))
            out->closes[out->n_closes++] = (struct close_sample){
                .n_tasks = first_bulk_of_run(s, (int)r), .delay_s = { delay_s, delay_s },
                .run = true, .booked = closing.booked,
            };
    }
}

/* ---- creating tasks ---- */

bool client_submits_singly(const struct session *s)
{
    bool several = false;
    for (size_t i = 0; i < s->n_stages; i++)
        several |= s->stages[i].n_tasks > 1;
    for (size_t b = 0; b < s->n_bulks; b++)
        if (s->bulks[b].n_tasks != 1)
            return false;
    return several && s->n_bulks > 1;
}

/* Stage of each bulk's task. */
static const struct session_task **tasks_of_bulks(const struct session *s)
{
    const struct session_task **of = xcalloc(s->n_bulks + 1, sizeof *of);
    for (size_t i = 0; i < s->timeline->n; i++)
        if (s->tasks[i].bulk >= 0)
            of[s->tasks[i].bulk] = &s->tasks[i];
    return of;
}

/* From one task of a stage to the next. */
static void add_single_opens(struct samples *out, const struct session *s)
{
    const struct session_task **of = tasks_of_bulks(s);
    for (size_t b = 1; b < s->n_bulks; b++) {
        double took_s = s->bulks[b].submitted_s - s->bulks[b - 1].submitted_s;
        bool same = of[b] && of[b - 1] && of[b]->pipeline == of[b - 1]->pipeline &&
                    of[b]->stage == of[b - 1]->stage;
        if (same && took_s >= 0)
            out->opens[out->n_opens++] = (struct open_sample){ 1, took_s };
    }
    free(of);
}

struct put { double first_s, last_s; };

/* When EnTK put up the tasks of each bulk. */
static struct put *puts_of(const struct session *s)
{
    struct put *puts = xcalloc(s->n_bulks + 1, sizeof *puts);
    for (size_t b = 0; b < s->n_bulks; b++)
        puts[b] = (struct put){ NAN, NAN };
    for (size_t i = 0; i < s->timeline->n; i++) {
        double at_s = s->tasks[i].at[EVENT_ENTK_SCHEDULED];
        if (s->tasks[i].bulk < 0)
            continue;
        struct put *put = &puts[s->tasks[i].bulk];
        *put = (struct put){ earlier_known(put->first_s, at_s), later_known(put->last_s, at_s) };
    }
    return puts;
}

static void add_opens(struct samples *out, const struct session *s)
{
    struct put *puts = puts_of(s);
    out->opens = xcalloc(s->n_bulks + 1, sizeof *out->opens);
    if (out->singly)
        add_single_opens(out, s);
    for (size_t b = 1; b < s->n_bulks && !out->singly; b++) {
        const struct session_bulk *bulk = &s->bulks[b];
        double took_s = bulk->submitted_s - puts[b].first_s;
        bool at_once = puts[b].last_s - puts[b].first_s <= ONE_PUT_S;
        if (took_s >= 0 && at_once && client_left_by(&s->bulks[b - 1]) <= puts[b].first_s)
            out->opens[out->n_opens++] = (struct open_sample){ (double)bulk->n_tasks, took_s };
    }
    free(puts);
}

void client_samples_add(struct samples *out, const struct session *s, const struct bookings *b)
{
    out->closes = xcalloc(s->n_stages + s->n_runs + 1, sizeof *out->closes);
    add_stages(out, s);
    add_runs(out, s);
    add_opens(out, s);
    for (size_t i = 0; i < b->n; i++)
        samples_add(&out->of[STATION_CLOSE_TASK], b->at[i].service_s, b->at[i].service_s);
}
