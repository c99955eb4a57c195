/* Waits for slots: what was scarce, from one change of who holds what to the next. */
#include <math.h>

#include "study/explain_impl.h"
#include "study/occupancy.h"

struct waits {
    const struct explain_run *run;
    struct occupancy *occupancy;
    struct placed_order placed;
    size_t next_placed;
};

static const struct timeline_record *placed_at(const struct waits *w, size_t i)
{
    return &w->run->timeline->records[placed_order_at(&w->placed, i)];
}

/* The set of the waiting task that is placed next after this instant. */
static int set_in_front(struct waits *w, double time_s)
{
    const struct timeline *t = w->run->timeline;
    while (w->next_placed < w->placed.n && placed_at(w, w->next_placed)->scheduled_s <= time_s)
        w->next_placed++;
    for (size_t i = w->next_placed; i < w->placed.n; i++)
        if (placed_at(w, i)->arrived_s <= time_s)
            return workflow_set_of_task(t->workflow, placed_at(w, i)->task);
    return -1;
}

/* Of jobs side by side some are not up at that time: nodes that seem free are not there. */
static bool some_job_waits(const struct waits *w, double time_s)
{
    size_t pilots = platform_pilots(w->run->scenario->platform), up = 0;
    for (size_t i = 0; pilots > 1 && i < w->run->n_each; i++)
        up += w->run->each_job[i].started_s <= time_s && time_s < w->run->each_job[i].ended_s;
    return pilots > 1 && up < pilots;
}

/* Blocks leave no record of when they came: what would fit is taken to wait for them. */
static bool some_node_is_to_come(const struct waits *w, double time_s)
{
    const struct platform *p = w->run->scenario->platform;
    for (size_t i = 0; i < p->n_shapes; i++)
        if (p->shapes[i].joins_s > time_s)
            return true;
    return p->blocks.nodes > 0;
}

/* Until when a node is down that is at that time; that time: none is. */
static double down_until(const struct waits *w, double time_s)
{
    double until_s = time_s;
    for (size_t i = 0; i < w->run->n_downs; i++) {
        const struct node_down *d = &w->run->downs[i];
        if (d->from_s <= time_s && time_s < d->to_s)
            until_s = fmax(until_s, d->to_s);
    }
    return until_s;
}

/* It would fit from `from` to `to`: for at most one period it is the scheduler that looks again
 * later, before that others go first. */
static void add_fitting(struct waits *w, struct explain_path *out, struct explain_step step)
{
    struct explain_step down = step;
    down.kind = EXPLAIN_REPAIR;
    down.to_s = step.from_s = fmin(down_until(w, step.from_s), step.to_s);
    explain_path_add(out, &down);
    if (!(step.to_s > step.from_s))
        return;
    double tick_s =
               fmax(step.from_s, step.to_s - w->run->scenario->middleware->period_s[POLL_SCHEDULE]),
           to_s = step.to_s;
    const struct workflow *workflow = w->run->timeline->workflow;
    bool named =
        workflow->sets[workflow_set_of_task(workflow, step.task)].traits->demand.n_named > 0;
    bool job = some_job_waits(w, step.from_s);
    if (job || some_node_is_to_come(w, step.from_s)) {
        step.kind = job ? EXPLAIN_BATCH_QUEUE : EXPLAIN_NODES;
        explain_path_add(out, &step);
        return;
    }
    step.to_s = tick_s;
    step.kind = named ? EXPLAIN_NAMED : EXPLAIN_BEHIND;
    step.blame = step.to_s > step.from_s ? set_in_front(w, step.from_s) : -1;
    explain_path_add(out, &step);
    step.from_s = tick_s;
    step.to_s = to_s;
    step.kind = EXPLAIN_SCHEDULE;
    step.blame = -1;
    explain_path_add(out, &step);
}

static void add_scarce(struct explain_path *out, struct explain_step step,
                       const struct occupancy_verdict *v)
{
    static const enum explain_kind kinds[OCCUPANCY_RESOURCES] = { EXPLAIN_CORES, EXPLAIN_GPUS,
                                                                  EXPLAIN_MEMORY };
    step.kind = v->fragmented ? EXPLAIN_FRAGMENTED : kinds[v->resource];
    step.blame = v->holder;
    explain_path_add(out, &step);
}

static void split(struct waits *w, struct explain_path *out, const struct explain_step *wait)
{
    int set = workflow_set_of_task(w->run->timeline->workflow, wait->task);
    double fits_from_s = NAN;                    /* since when it would fit */
    occupancy_advance(w->occupancy, wait->from_s);
    for (double from_s = wait->from_s, to_s; from_s < wait->to_s; from_s = to_s) {
        struct occupancy_verdict v = occupancy_ask(w->occupancy, set);
        struct explain_step step = *wait;
        to_s = fmin(occupancy_next(w->occupancy), wait->to_s);
        step.from_s = from_s;
        step.to_s = to_s;
        if (v.fits && isnan(fits_from_s))
            fits_from_s = from_s;
        if (!v.fits)
            add_scarce(out, step, &v);
        if (to_s < wait->to_s)
            occupancy_advance(w->occupancy, to_s);
        bool still = v.fits && to_s < wait->to_s && occupancy_ask(w->occupancy, set).fits;
        if (v.fits && !still) {
            step.from_s = fits_from_s;
            add_fitting(w, out, step);
            fits_from_s = NAN;
        }
    }
}

static bool any_wait(const struct explain_path *path)
{
    for (size_t i = 0; i < path->n; i++)
        if ((int)path->steps[i].kind == EXPLAIN_WAIT)
            return true;
    return false;
}

void explain_waits(const struct explain_run *run, struct explain_path *path)
{
    if (!any_wait(path))
        return;
    struct waits w = { .run = run, .placed = placed_order_of(run->timeline) };
    struct explain_path whole = { .makespan_s = path->makespan_s };
    w.occupancy = occupancy_new(run->timeline, &w.placed);
    for (size_t i = 0; i < path->n; i++) {
        if ((int)path->steps[i].kind == EXPLAIN_WAIT)
            split(&w, &whole, &path->steps[i]);
        else
            explain_path_add(&whole, &path->steps[i]);
    }
    occupancy_free(w.occupancy);
    placed_order_clear(&w.placed);
    explain_path_clear(path);
    *path = whole;
}
