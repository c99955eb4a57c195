/* Waits for slots: what was scarce, from one change of who holds what to the next. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "study/explain_impl.h"
#include "study/occupancy.h"

struct waits {
    const struct explain_run *run;
    struct occupancy *occupancy;
    const struct timeline_record **placed;       /* in order of placement */
    size_t n_placed, next_placed;
};

static int compare_placed(const void *a, const void *b)
{
    const struct timeline_record *x = *(const struct timeline_record *const *)a,
                                 *y = *(const struct timeline_record *const *)b;
    if (x->scheduled_s != y->scheduled_s)
        return x->scheduled_s < y->scheduled_s ? -1 : 1;
    return (x->task > y->task) - (x->task < y->task);
}

static void list_placed(struct waits *w)
{
    const struct timeline *t = w->run->timeline;
    w->placed = xcalloc(t->n + 1, sizeof *w->placed);
    for (size_t i = 0; i < t->n; i++)
        if (isfinite(t->records[i].scheduled_s))
            w->placed[w->n_placed++] = &t->records[i];
    qsort(w->placed, w->n_placed, sizeof *w->placed, compare_placed);
}

/* The set of the waiting task that is placed next after this instant. */
static int set_in_front(struct waits *w, double time_s)
{
    while (w->next_placed < w->n_placed && w->placed[w->next_placed]->scheduled_s <= time_s)
        w->next_placed++;
    for (size_t i = w->next_placed; i < w->n_placed; i++)
        if (w->placed[i]->arrived_s <= time_s)
            return workflow_set_of_task(w->run->timeline->workflow, w->placed[i]->task);
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

/* It would fit from `from` to `to`: for at most one period it is the scheduler that looks again
 * later, before that others go first. */
static void add_fitting(struct waits *w, struct explain_path *out, struct explain_step step)
{
    double tick_s =
               fmax(step.from_s, step.to_s - w->run->scenario->middleware->period_s[POLL_SCHEDULE]),
           to_s = step.to_s;
    const struct workflow *workflow = w->run->timeline->workflow;
    bool named = workflow->sets[workflow_set_of_task(workflow, step.task)].demand.n_named > 0;
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

void explain_waits(const struct explain_run *run, struct explain_path *path)
{
    struct waits w = { .run = run, .occupancy = occupancy_new(run->timeline) };
    struct explain_path whole = { .makespan_s = path->makespan_s };
    list_placed(&w);
    for (size_t i = 0; i < path->n; i++) {
        if ((int)path->steps[i].kind == EXPLAIN_WAIT)
            split(&w, &whole, &path->steps[i]);
        else
            explain_path_add(&whole, &path->steps[i]);
    }
    free(w.placed);
    occupancy_free(w.occupancy);
    explain_path_clear(path);
    *path = whole;
}
