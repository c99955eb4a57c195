/* A replica's records on their way to whoever reads them: from a launch, with which all that follows is known, into a small timeline that
 * is handed on piece by piece in the order of the whole. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/xalloc.h"
#include "sim/simulate_impl.h"

enum { PIECE = 4096 };                           /* records, and twice what a piece had to leave */

/* Only what can fail or be killed leaves tasks that never ran. */
static bool may_lack_tasks(const struct scenario *scenario)
{
    const struct workflow *w = scenario->workflow;
    bool may = scenario->walltime_s > 0;
    for (size_t i = 0; i < w->n_sets; i++)
        may |= w->sets[i].failure_probability > 0;
    return may;
}

void record_begin(struct simulator *s, const struct record_sink *sink)
{
    const struct workflow *w = s->scenario.workflow;
    s->sink = sink;
    if (!sink)
        return;
    if (!s->piece) {
        s->piece = timeline_new(w, s->scenario.platform);
        s->arrivals = arrivals_new();
        s->ids = xcalloc(1024, sizeof *s->ids);
        if (may_lack_tasks(&s->scenario))
            s->recorded = xcalloc(w->n_tasks / 64 + 1, sizeof *s->recorded);
    }
    timeline_clear(s->piece);
    s->piece_full = PIECE;
    arrivals_reset(s->arrivals);
    if (s->recorded)
        memset(s->recorded, 0, (w->n_tasks / 64 + 1) * sizeof *s->recorded);
}

void record_clear(struct simulator *s)
{
    timeline_free(s->piece);
    arrivals_free(s->arrivals);
    free(s->ids);
    free(s->recorded);
}

void record_arrived(struct simulator *s, const struct bulk *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct submission *part = &b->parts[i];
        arrivals_add(s->arrivals, s->scenario.workflow->sets[part->set].first_task + part->first, part->count, b->submitted_s,
                     s->engine.now_s);
    }
}

/* Hands on what starts before `before_s`: nothing that is still to come does. Infinity: all. */
static void hand_on(struct simulator *s, double before_s)
{
    struct timeline *t = s->piece;
    size_t n = t->n;
    timeline_sort(t);                            /* what never started stands last */
    while (before_s < INFINITY && n > 0 && !(t->records[n - 1].started_s < before_s))
        n--;
    s->sink->take(s->sink->context, t, n);
    timeline_drop_first(t, n);
    s->piece_full = PIECE + 2 * t->n;
}

static void add_ids(uint64_t set, unsigned base, uint16_t *ids, size_t *n)
{
    for (; set; set &= set - 1)
        ids[(*n)++] = (uint16_t)(base + (unsigned)bits_lowest(set));
}

static void record_slots(struct simulator *s, uint32_t grant)
{
    const struct pool *pool = dispatch_pool(s->dispatch);
    for (; grant != POOL_NONE; grant = pool_grant_next(pool, grant)) {
        struct grant_part part = pool_grant_part(pool, grant);
        size_t n_cores = 0, n_gpus = 0;
        uint16_t gpus[64];
        for (size_t w = 0; w < part.n_words; w++)
            add_ids(part.slots[w], (unsigned)(64 * w), s->ids, &n_cores);
        add_ids(part.gpus, 0, gpus, &n_gpus);
        timeline_add_slots(s->piece, part.node, s->ids, n_cores, gpus, n_gpus, part.gpu_share);
    }
}

/* What the walltime leaves of a record that would end behind it. */
static void cut(struct timeline_record *r, enum task_status status, double walltime_s)
{
    r->freed_s = walltime_s;
    r->notified_s = NAN;
    if (status == TASK_KILLED)
        r->stopped_s = walltime_s;
    if (status == TASK_CANCELLED)
        r->started_s = r->stopped_s = NAN;
}

void record_task(struct simulator *s, const struct running *r)
{
    double walltime_s = s->scenario.walltime_s > 0 ? s->scenario.walltime_s : INFINITY;
    enum task_status status = r->fails ? TASK_FAILED : TASK_DONE;
    struct timeline_record record = {
        .scheduled_s = r->scheduled_s, .started_s = r->started_s, .stopped_s = r->stopped_s, .freed_s = r->freed_s,
        .task = s->scenario.workflow->sets[r->set].first_task + r->task,
    };
    arrivals_take(s->arrivals, record.task, &record.submitted_s, &record.arrived_s);
    if (r->freed_s <= walltime_s)
        record.notified_s = execute_notified(s, r);
    else
        cut(&record, status = execute_status_at(r, walltime_s), walltime_s);
    if (s->recorded)
        s->recorded[record.task / 64] |= UINT64_C(1) << record.task % 64;
    timeline_add(s->piece, &record, status, r->attempt);
    record_slots(s, r->grant);
    if (s->piece->n >= s->piece_full)
        hand_on(s, s->engine.now_s);
}

/* Tasks that never ran are in the timeline too: cancelled. */
static void record_cancelled(struct simulator *s)
{
    const struct workflow *w = s->scenario.workflow;
    assert(s->recorded);
    for (uint32_t t = 0; t < w->n_tasks; t++) {
        struct timeline_record never = { .submitted_s = NAN, .arrived_s = NAN, .scheduled_s = NAN, .started_s = NAN, .stopped_s = NAN,
                                         .freed_s = NAN, .notified_s = NAN, .task = t };
        if (s->recorded[t / 64] >> t % 64 & 1)
            continue;
        timeline_add(s->piece, &never, TASK_CANCELLED, 0);
        if (s->piece->n >= PIECE)
            hand_on(s, INFINITY);
    }
}

void record_end(struct simulator *s)
{
    hand_on(s, INFINITY);
    if (!s->out.complete)
        record_cancelled(s);
    s->piece->session_start_s = 0;
    s->piece->session_end_s = s->out.session_s;
    hand_on(s, INFINITY);
    s->sink = NULL;
}
