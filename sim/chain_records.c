/* The records of each session on their way to the reader of all jobs: later by the job's start,
 * numbered on, and without those that the next job takes up. */
#include <math.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "sim/chain_impl.h"
#include "sim/phases.h"
#include "sim/simulate_impl.h"
#include "sim/staged_before.h"

void chain_drop_open(struct chain *c)
{
    while (c->n_open > 0)
        timeline_free(c->open[--c->n_open].record);
}

static struct timeline_record moved(const struct timeline_record *r, double by_s)
{
    struct timeline_record out = *r;
    out.submitted_s += by_s;
    out.arrived_s += by_s;
    out.scheduled_s += by_s;
    out.started_s += by_s;
    out.stopped_s += by_s;
    out.freed_s += by_s;
    out.notified_s += by_s;
    return out;
}

static void copy_slots(const struct timeline *from, size_t record, struct timeline *to)
{
    struct timeline_slots s;
    for (bool more = timeline_slots_first(from, record, &s); more; more = timeline_slots_next(&s))
        timeline_add_slots(to, &s);
}

/* To the reader, in the chain's time. What the client does not know when a job ends, the next job's
 * knows from it. */
static void pass_on(struct chain *c, const struct timeline *t, size_t i, unsigned attempt)
{
    double started_s = c->jobs[c->n - 1].started_s;
    struct timeline_record r = moved(&t->records[i], started_s);
    double ends_s = c->n < c->most ? started_s + c->simulator->drive.scenario.walltime_s : INFINITY;
    if (t->status[i] != TASK_CANCELLED && !(r.notified_s <= ends_s))
        r.notified_s = ends_s < INFINITY ? ends_s : r.notified_s;
    struct timeline *to = c->piece;
    if (phases_is_left(c->simulator->phases, r.task) && t->status[i] == TASK_DONE) {
        to = timeline_new(c->simulator->drive.scenario.workflow,
                          c->simulator->drive.scenario.platform);
        xgrow(&c->open, &c->open_room, c->n_open + 1, sizeof *c->open);
        c->open[c->n_open++] = (struct open_record){ r.task, to };
    }
    timeline_add(to, &r, (enum task_status)t->status[i], attempt);
    copy_slots(t, i, to);
    if (c->before)
        staged_before_add(c->before, r.task, to);
    timeline_copy_phases(to, t, i, started_s);
}

static void close_record(struct chain *c, size_t i)
{
    timeline_add_copy(c->piece, c->open[i].record, 0);
    timeline_free(c->open[i].record);
    c->open[i] = c->open[--c->n_open];
    c->unsorted = true;
}

void chain_staged(struct chain *c, const struct staged_part *part)
{
    uint32_t task = c->simulator->drive.scenario.workflow->sets[part->set].first_task + part->task;
    double started_s = c->jobs[c->n - 1].started_s;
    for (size_t i = c->n_open; i-- > 0;) {
        if (c->open[i].task != task)
            continue;
        struct timeline *t = c->open[i].record;
        phases_add_resumed(c->simulator->phases, t, part->way, started_s);
        t->records[0].notified_s = isnan(part->notified_s)
                                       ? c->jobs[c->n - 1].started_s +
                                             c->simulator->drive.scenario.walltime_s
                                       : started_s + part->notified_s;
        if (!isnan(part->notified_s))
            close_record(c, i);
        return;
    }
}

static void hand_on(struct chain *c)
{
    if (c->unsorted)
        timeline_sort(c->piece);
    c->unsorted = false;
    c->reader->take(c->reader->context, c->piece, c->piece->n);
    timeline_clear(c->piece);
}

static void take_record(struct chain *c, const struct timeline *t, size_t i)
{
    uint32_t task = t->records[i].task;
    enum task_status status = (enum task_status)t->status[i];
    bool goes_on = c->n < c->most, never_started = status == TASK_CANCELLED;
    if (never_started && goes_on &&
        (c->simulator->drive.stopping || !isnan(t->records[i].scheduled_s))) {
        if (c->before)                   /* the next job has it */
            staged_before_keep(c->before, t, i, c->jobs[c->n - 1].started_s);
        return;
    }
    unsigned attempt = timeline_attempt(t, i) + c->killed_before[task];
    bool cut = status == TASK_KILLED && goes_on &&
               t->records[i].freed_s >= c->simulator->drive.scenario.walltime_s;
    attempt = attempt < CHAIN_MOST_ATTEMPT ? attempt : CHAIN_MOST_ATTEMPT;
    c->done[task] |= status == TASK_DONE;
    c->failed[task] += status == TASK_FAILED;
    c->killed[task] += status == TASK_KILLED && c->killed[task] < CHAIN_MOST_ATTEMPT;
    if (c->known_s)
        c->known_s[task] = c->jobs[c->n - 1].started_s +
                           later_known(t->records[i].notified_s, t->records[i].freed_s);
    c->n_cut += cut;
    c->ran[task] = (uint16_t)(attempt + 1);
    if (c->reader)
        pass_on(c, t, i, attempt);
}

void chain_take(void *context, const struct timeline *piece, size_t n)
{
    struct chain *c = context;
    for (size_t i = 0; i < n; i++)
        take_record(c, piece, i);
    if (c->reader && c->piece->n > 0 && c->n_open == 0)
        hand_on(c);
}

void chain_take_rest(struct chain *c)
{
    while (c->n_open > 0)                /* what no job has ended */
        close_record(c, c->n_open - 1);
    if (c->piece->n > 0)
        hand_on(c);
}
