/* Streams a replica's records to a reader. A record is complete as soon as its task's end is known,
 * mostly at its launch; a small timeline collects records and hands them on, in the order of the
 * whole. */
#include <math.h>

#include "core/realised.h"
#include "sim/phases.h"
#include "sim/simulate_impl.h"

enum { PIECE = 4096 };                           /* records, and twice what a piece had to leave */

/* Only what can fail, be killed or lack nodes leaves tasks that never ran. */
static bool may_lack_tasks(const struct scenario *scenario)
{
    const struct workflow *w = scenario->workflow;
    bool may = scenario->walltime_s > 0 || platform_pilots(scenario->platform) > 1 ||
               w->n_services > 0 || (w->realised && w->realised->n_cancels > 0) ||
               scenario->platform->failures.mtbf_s > 0 || scenario->platform->blocks.nodes > 0;
    for (size_t i = 0; i < w->n_sets; i++)
        may |= w->sets[i].traits->failure_probability > 0;
    return may;
}

void stream_begin(struct simulator *s, const struct record_sink *sink)
{
    s->sink = sink;
    if (!sink)
        return;
    if (!s->piece)
        s->piece = timeline_new(s->drive.scenario.workflow, s->drive.scenario.platform);
    timeline_clear(s->piece);
    /* late records are not in order before the end */
    s->piece_full = s->drive.cancels ? SIZE_MAX : PIECE;
    driver_keep_records(&s->drive, may_lack_tasks(&s->drive.scenario));
}

void stream_clear(struct simulator *s)
{
    timeline_free(s->piece);
}

/* Hands on what starts before `before_s`: nothing that is still to come does. Infinity: all. */
static void hand_on(struct simulator *s, double before_s)
{
    struct timeline *t = s->piece;
    size_t n = t->n;
    if (s->phases && before_s < INFINITY)
        before_s = fmin(before_s, phases_oldest_s(s->phases));
    timeline_sort(t);                            /* what never started stands last */
    while (before_s < INFINITY && n > 0 && !(t->records[n - 1].started_s < before_s))
        n--;
    if (s->phases)
        phases_add_notified(s->phases, t, n);
    s->sink->take(s->sink->context, t, n);
    timeline_drop_first(t, n);
    s->piece_full = PIECE + 2 * t->n;
}

/* What the walltime leaves of a record that would end behind it. */
static void cut(struct timeline_record *r, enum task_status status, double walltime_s)
{
    r->freed_s = walltime_s;
    r->notified_s = NAN;
    if (status == TASK_KILLED && r->stopped_s > walltime_s)
        r->stopped_s = walltime_s;
    if (status == TASK_CANCELLED)
        r->started_s = r->stopped_s = NAN;
}

void stream_task(struct simulator *s, uint32_t attempt, double freed_s)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    double walltime_s = s->drive.stuck                      ? s->drive.engine.now_s
                        : s->drive.scenario.walltime_s > 0 ? s->drive.scenario.walltime_s
                                                           : INFINITY;
    enum task_status status = a->fails ? TASK_FAILED : TASK_DONE;
    struct timeline_record record = driver_record(&s->drive, a, freed_s);
    if (a->cancelled && freed_s <= walltime_s)
        cut(&record, status = a->started_s < INFINITY ? TASK_KILLED : TASK_CANCELLED, freed_s);
    else if (freed_s <= walltime_s)
        record.notified_s = s->phases && phases_stages_out(s->phases, a)
                                ? NAN
                                : execute_notified(s, a, freed_s);
    else
        cut(&record, status = execute_status_at(a, walltime_s), walltime_s);
    driver_add_record(&s->drive, s->piece, &record, status, a);
    if (s->phases)
        phases_add_to(s->phases, s->piece, attempt);
    if (s->piece->n >= s->piece_full)
        hand_on(s, s->drive.engine.now_s);
}

void stream_lost(struct simulator *s, uint32_t attempt, double freed_s)
{
    const struct attempt *a = &s->drive.attempts.at[attempt];
    struct timeline_record record = driver_record(&s->drive, a, freed_s);
    if (record.started_s > a->stopped_s)
        record.started_s = record.stopped_s = NAN;
    driver_add_record(&s->drive, s->piece, &record, TASK_KILLED, a);
    if (s->phases)
        phases_add_lost(s->phases, s->piece, attempt);
}

/* Tasks that never ran are in the timeline too: cancelled, with what was staged in for them. */
static void add_cancelled(struct simulator *s)
{
    for (uint32_t next = 0; driver_add_cancelled(&s->drive, s->piece, &next);) {
        if (s->phases)
            phases_add_unplaced(s->phases, s->piece, s->piece->records[s->piece->n - 1].task);
        if (s->piece->n >= PIECE)
            hand_on(s, INFINITY);
    }
}

void stream_end(struct simulator *s)
{
    hand_on(s, INFINITY);
    if (s->phases)
        phases_end_staging_in(s->phases);
    if (!s->out.complete || s->drive.count.n_stopped > 0)
        add_cancelled(s);
    s->piece->session_start_s = 0;
    s->piece->session_end_s = s->out.session_s;
    hand_on(s, INFINITY);
    s->sink = NULL;
}
