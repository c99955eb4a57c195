/* From the last stop back to the first start, through the tasks that kept each other waiting. */
#include <math.h>

#include "core/timeline_phases.h"
#include "study/explain_needs.h"

static const double rounding = 1e-12;    /* of sums of times */

struct explain_walk {
    const struct explain_run *run;
    const struct timeline *timeline;
    struct needs *needs;                 /* what each record waited for */
    struct explain_path *path;           /* backwards while walking */
    double begin_s;                      /* the first start: what lies before is no makespan */
};

static void add(struct explain_walk *w, double from_s, double to_s, int kind, uint32_t task,
                int blame)
{
    struct explain_step step = { fmax(from_s, w->begin_s), to_s, (enum explain_kind)kind, task,
                                 blame };
    explain_path_add(w->path, &step);
}

static double at(void *context, size_t record, enum instant i)
{
    const struct explain_walk *w = context;
    return needs_at(w->needs, record, i);
}

static int set_of(const struct explain_walk *w, size_t record)
{
    return workflow_set_of_task(w->timeline->workflow, w->timeline->records[record].task);
}

/* From `to_s` back to `from_s`: stage by stage, those that the barrier waited for. */
static void walk_barrier(struct explain_walk *w, size_t record, double from_s, double to_s,
                         uint32_t task)
{
    while (record != WALK_NONE && to_s > from_s && to_s > w->begin_s) {
        int set = set_of(w, record);
        size_t before = needs_later(w->needs, needs_last_of_barrier(w->needs, set),
                                    needs_last_dependency(w->needs, set, record));
        double since_s = fmax(needs_known_s(w->needs, before), from_s);
        add(w, since_s, to_s, EXPLAIN_BARRIER, task, set);
        to_s = since_s;
        record = before;
    }
}

static void add_step(void *context, const struct explain_step *s)
{
    add(context, s->from_s, s->to_s, (int)s->kind, s->task, s->blame);
}

/* Until the client knows: of several jobs, if the walltime of one cut what was staged out. */
static void add_leg(void *context, const struct explain_step *s)
{
    struct explain_walk *w = context;
    const struct explain_adder adder = { add_step, w };
    if (s->kind != EXPLAIN_NOTIFY || !explain_jobs(w->run, s, &adder))
        add_step(w, s);
}

/* What lies in the record's phases is theirs, the rest of `kind`. */
static void pass_phases(struct explain_walk *w, size_t record, int kind, double from_s, double to_s)
{
    const struct explain_adder adder = { add_leg, w };
    const struct explain_step whole = { .from_s = from_s,
                                        .to_s = to_s,
                                        .kind = (enum explain_kind)kind,
                                        .task = w->timeline->records[record].task,
                                        .blame = kind == EXPLAIN_EXECUTE_EXTRA ? set_of(w, record)
                                                                               : -1 };
    explain_phases(w->timeline, record, &whole, &adder);
}

/* The last part of an execution is the task's own work. */
static void pass_execution(struct explain_walk *w, size_t record, double from_s, double to_s)
{
    uint32_t task = w->timeline->records[record].task;
    double work_s = needs_noted(w->needs, record) ? task_instants_work(w->run->instants, task)
                                                  : INFINITY;
    bool whole = work_s == INSTANT_AS_RECORDED;
    double work_from_s = whole ? from_s : fmax(from_s, to_s - work_s);
    int set = set_of(w, record);
    struct timeline_phase *phases;
    if (w->timeline->status[record] == TASK_KILLED) {
        add(w, from_s, to_s, EXPLAIN_LOST, task, set);
        return;
    }
    if (timeline_phases_of(w->timeline, record, &phases) > 0) {
        pass_phases(w, record, EXPLAIN_EXECUTE_EXTRA, from_s, to_s);
        return;
    }
    if (work_from_s - from_s < rounding * to_s)
        work_from_s = from_s;
    add(w, work_from_s, to_s, EXPLAIN_WORK, task, set);
    add(w, from_s, work_from_s, EXPLAIN_EXECUTE_EXTRA, task, set);
}

static void pass(void *context, size_t record, enum leg leg, double from_s, double to_s)
{
    struct explain_walk *w = context;
    if (leg == LEG_EXECUTE)
        pass_execution(w, record, from_s, to_s);
    else                                 /* it may be staged meanwhile */
        pass_phases(w, record, explain_kind_of_leg(leg), from_s, to_s);
}

/* An attempt waits for the one before, a task's first for what it depends on. */
static struct walk_hop before(void *context, size_t record)
{
    struct explain_walk *w = context;
    int set = set_of(w, record);
    size_t waited_for = attempt_index_previous(&w->needs->attempts, record);
    if (waited_for != WALK_NONE && needs_was_lost(w->needs, waited_for))
        return (struct walk_hop){ INSTANT_DUE, waited_for, INSTANT_STOPPED };
    if (waited_for == WALK_NONE)
        waited_for = needs_last_dependency(w->needs, set, record);
    size_t result = needs_is_first(w->needs, record)
                        ? needs_result_before(w->needs, set, at(w, record, INSTANT_DUE))
                        : WALK_NONE;
    if (result != record)
        waited_for = needs_later(w->needs, waited_for, result);
    size_t opened_by = w->needs->opened_by ? w->needs->opened_by[record] : WALK_NONE;
    if (opened_by != WALK_NONE && needs_later(w->needs, waited_for, opened_by) == opened_by &&
        opened_by != waited_for)
        return (struct walk_hop){ INSTANT_OPENED, opened_by, INSTANT_BOOKED };
    return (struct walk_hop){ INSTANT_DUE, waited_for, INSTANT_BOOKED };
}

/* Decisions on the set take their time from `over_s` on. Returns when the last is made. */
static double pass_decision(struct explain_walk *w, int set, double over_s, double to_s,
                            uint32_t task)
{
    const struct task_set *s = &w->timeline->workflow->sets[set];
    double made_s = over_s;
    int by = -1;
    for (size_t d = 0; d < s->n_dependencies; d++) {
        size_t last = w->needs->set_last[s->dependencies[d].parent];
        double at_s = needs_known_s(w->needs, last) + s->dependencies[d].lag_s;
        if (s->dependencies[d].lag_s > 0 && at_s > made_s) {
            made_s = fmin(at_s, to_s);
            by = s->dependencies[d].parent;
        }
    }
    if (by >= 0)
        add(w, over_s, made_s, EXPLAIN_DECISION, task, by);
    return made_s;
}

/* The client closes a stage or a run(), which ended after what the task depends on if a barrier
 * held it. */
static void wait_for(void *context, size_t record, const struct walk_hop *hop, double from_s,
                     double to_s)
{
    struct explain_walk *w = context;
    int set = set_of(w, record);
    uint32_t task = w->timeline->records[record].task;
    if (hop->left == INSTANT_OPENED) {
        add(w, from_s, to_s, EXPLAIN_CLIENT_QUEUE, task, -1);
        return;
    }
    size_t barrier = needs_is_first(w->needs, record) ? needs_last_of_barrier(w->needs, set)
                                                      : WALK_NONE;
    double known = needs_known_s(w->needs, needs_later(w->needs, hop->record, barrier)),
           over_s = fmax(known, from_s);
    over_s = pass_decision(w, set, over_s, to_s, task);
    const struct explain_adder adder = { add_step, w };
    const struct explain_step rest = { .from_s = over_s, .to_s = to_s, .task = task, .blame = -1 };
    if (!explain_jobs(w->run, &rest, &adder))
        add(w, over_s, to_s, explain_kind_of_cause(needs_group_of(w->needs, set).cause), task, -1);
    if (known > needs_known_s(w->needs, hop->record))
        walk_barrier(w, barrier, from_s, known, task);
}

void explain_walk(const struct explain_run *run, struct explain_path *path)
{
    struct needs needs;
    struct explain_walk w = { .run = run, .timeline = run->timeline, .needs = &needs, .path = path,
                              .begin_s = timeline_first_start(run->timeline) };
    static const struct walk_ops ops = { at, before, pass, wait_for };
    size_t last = walk_last_stopped(run->timeline);
    path->n = 0;
    path->makespan_s = last == WALK_NONE ? 0 : run->timeline->records[last].stopped_s - w.begin_s;
    needs_init(&needs, run);
    walk_back(run->timeline, &ops, &w);
    explain_path_reverse(path);
    needs_clear(&needs);
}
