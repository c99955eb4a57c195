/* tests/oracle/random_dags.c - random workflows under every mode, order, overtake and placement,
 * and RADICAL's scheduler: what must hold of any run.
 *
 * random_dags FIRST COUNT: scenarios FIRST .. FIRST + COUNT - 1. For each run: the timeline is
 * sound (core/timeline.h), no barrier of the mode is broken, the makespan is no less than the bound
 * of the durations drawn, and the figures agree with the timeline. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>


#include "base/xalloc.h"
#include "core/durations.h"
#include "core/metrics.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "model/bounds.h"
#include "scheduling/dispatch.h"
#include "scheduling/mode.h"
#include "sim/simulate.h"
#include "tests/oracle/random_scenario.h"
#include "tests/oracle/range.h"

static const double rounding = 1e-9;

struct tally { unsigned long runs, refused, tight, complete, violations; };

static void complain(struct tally *t, uint64_t number, const struct scenario *s, const char *what)
{
    const struct scheduler_options *o = &s->scheduler;
    printf("scenario %llu, %s, %s/%s/%s: %s\n", (unsigned long long)number, mode_name(s->mode),
           o->scheduler ? o->scheduler : o->order, o->overtake, o->placement, what);
    t->violations++;
}

/* No task of a group is submitted before all tasks of the sets that it waits for have stopped. */
static bool barriers_hold(const struct scenario *s, const struct timeline *t)
{
    size_t n = s->workflow->n_sets;
    double *first = xcalloc(n, sizeof *first), *last = xcalloc(n, sizeof *last);
    for (size_t i = 0; i < n; i++)
        first[i] = INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        int set = workflow_set_of_task(s->workflow, t->records[i].task);
        first[set] = fmin(first[set], t->records[i].submitted_s);
        last[set] = fmax(last[set], t->records[i].stopped_s);
    }
    struct mode_plan plan = mode_plan_of(s->workflow, s->mode);
    bool hold = true;
    for (size_t g = 0; g < plan.n_groups; g++) {
        struct mode_group group = mode_plan_group(&plan, g);
        for (size_t w = 0; w < group.n_waits; w++)
            for (size_t k = 0; k < group.n_sets; k++)
                hold = hold && first[group.sets[k]] >= last[group.waits[w]];
    }
    mode_plan_clear(&plan);
    free(first);
    free(last);
    return hold;
}

static bool figures_agree(const struct timeline *t, const struct replica *r)
{
    struct metrics m = metrics_of(t);
    return r->makespan_s == timeline_makespan(t) && r->n_done == m.n_done &&
           r->n_cancelled == m.n_cancelled;
}

static void run_one(uint64_t number, const struct scenario *s, double bound_s, struct timeline *t,
                    struct tally *tally)
{
    struct error err = { "" };
    struct simulator *simulator = simulator_new(s, &err);
    if (!simulator) { /* RADICAL's search of consecutive nodes cannot place all that fits */
        tally->refused++;
        if (!s->scheduler.scheduler)
            complain(tally, number, s, err.text);
        return;
    }
    struct replica r;
    simulator_run(simulator, 0, t, &r);
    simulator_free(simulator);
    tally->runs++;
    tally->complete += r.complete;
    tally->tight += r.complete && r.makespan_s <= bound_s * (1 + rounding);
    if (timeline_check(t, &err))
        complain(tally, number, s, err.text);
    if (r.complete && !(r.makespan_s >= bound_s * (1 - rounding)))
        complain(tally, number, s, "the makespan is below its bound");
    if (r.complete && s->mode != MODE_ASYNCHRONOUS && !barriers_hold(s, t))
        complain(tally, number, s, "a barrier is broken");
    if (!figures_agree(t, &r))
        complain(tally, number, s, "the replica's figures are not those of its timeline");
}

static double bound_of(const struct scenario *s)
{
    struct error err;
    struct bounds_work *work = bounds_new(s->workflow, s->platform, s->mode, &err);
    struct durations *d = durations_new(s->workflow);
    struct bounds b = { .best_s = NAN };
    durations_begin(d, s->seed, 0);
    if (work)
        bounds_run(work, d, s->middleware->execute_slope, &b);
    durations_free(d);
    bounds_free(work);
    return b.best_s;
}

static void run_policies(uint64_t number, struct scenario *s, struct timeline *t,
                         struct tally *tally)
{
    struct setting_name order, overtake, placement;
    double bound_s = bound_of(s);
    for (size_t o = 0; dispatch_order_at(o, &order); o++)
        for (size_t v = 0; dispatch_overtake_at(v, &overtake); v++)
            for (size_t p = 0; dispatch_placement_at(p, &placement); p++) {
                s->scheduler = (struct scheduler_options){ .order = order.name,
                                                           .overtake = overtake.name,
                                                           .placement = placement.name };
                if ((number + o + v + p) % 3 == 0)       /* these only every so many seconds */
                    s->scheduler.overtake_every = (struct overtake_every){ true, 7.5 };
                run_one(number, s, bound_s, t, tally);
            }
    s->scheduler.overtake_every = (struct overtake_every){ 0 };
    s->scheduler.scheduler = "radical";
    s->scheduler.generation = number % 2 ? "1.9" : "1.33";
    run_one(number, s, bound_s, t, tally);
}

static void run_scenario(uint64_t number, struct tally *tally)
{
    struct random_scenario r = random_scenario_new(number);
    struct timeline *t = timeline_new(r.workflow, r.platform);
    for (int m = 0; m < MODES; m++) {
        struct scenario s = { .workflow = r.workflow, .platform = r.platform,
                              .middleware = r.middleware, .mode = (enum mode)m,
                              .seed = number };
        run_policies(number, &s, t, tally);
    }
    timeline_free(t);
    random_scenario_free(&r);
}

int main(int argc, char **argv)
{
    struct oracle_range range;
    if (!oracle_range(argc, argv, "random_dags", &range))
        return 2;
    struct tally t = { 0 };
    for (uint64_t i = range.first; i < range.end; i++)
        run_scenario(i, &t);
    printf("%lu runs, %lu refused, %lu complete, %lu as short as their bound, %lu violations\n",
           t.runs, t.refused, t.complete, t.tight, t.violations);
    return t.runs == 0 || t.violations > 0;
}
