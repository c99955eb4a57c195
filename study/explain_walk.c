/* From the last stop back to the first start, through the tasks that kept each other waiting. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/task_deps.h"
#include "core/timeline_phases.h"
#include "study/explain_impl.h"
#include "study/record_order.h"
#include "study/walk_back.h"

static const double rounding = 1e-12;    /* of sums of times */

struct explain_walk {
    const struct explain_run *run;
    const struct timeline *timeline;
    struct explain_path *path;           /* backwards while walking */
    double begin_s;                      /* the first start: what lies before is no makespan */
    struct attempt_index attempts;
    /* record of each set that the client knew of last; WALK_NONE */
    size_t *set_last;
    /* record whose end let each into the window; NULL: no window */
    size_t *opened_by;
    /* of each campaign: its candidates' records as the client knew of them; NULL: none */
    struct ranked **results;
    size_t *n_results;
    /* of set s, dependency d: by_child[s][d]; made when it is needed */
    struct task_deps_index **by_child;
};

/* The middleware noted this attempt; false: a later one only. */
static bool noted(const struct explain_walk *w, size_t record)
{
    uint32_t task = w->timeline->records[record].task;
    return task_instants_attempt(w->run->instants, task) == timeline_attempt(w->timeline, record);
}

static double at(void *context, size_t record, enum instant i)
{
    const struct explain_walk *w = context;
    enum instant recorded = walk_recorded(i);
    if (recorded != i && noted(w, record)) {
        double at_s = task_instants_at(w->run->instants, w->timeline->records[record].task, i);
        if (at_s != INSTANT_AS_RECORDED && !isnan(at_s))
            return at_s;                 /* else a job's end cut it: the record tells */
    }
    return timeline_at(w->timeline, record, recorded);
}

/* The client knows at once of an attempt that its node, or its job, took along. */
static bool was_lost(const struct explain_walk *w, size_t record)
{
    return w->timeline->status[record] == TASK_KILLED &&
           isnan(w->timeline->records[record].notified_s);
}

static double known_s(struct explain_walk *w, size_t record)
{
    if (record == WALK_NONE)
        return -INFINITY;
    return at(w, record, was_lost(w, record) ? INSTANT_STOPPED : INSTANT_BOOKED);
}

static size_t later(struct explain_walk *w, size_t a, size_t b)
{
    return known_s(w, b) > known_s(w, a) ? b : a;
}

static size_t latest_of(const struct explain_walk *w, size_t task)
{
    return attempt_index_latest(&w->attempts, task);
}

/* Of its task's attempts. */
static bool is_first(const struct explain_walk *w, size_t record)
{
    return attempt_index_previous(&w->attempts, record) == WALK_NONE;
}

static void index_sets(struct explain_walk *w)
{
    const struct workflow *workflow = w->timeline->workflow;
    w->set_last = xcalloc(workflow->n_sets, sizeof *w->set_last);
    w->by_child = xcalloc(workflow->n_sets, sizeof *w->by_child);
    for (size_t s = 0; s < workflow->n_sets; s++) {
        const struct task_set *set = &workflow->sets[s];
        w->set_last[s] = WALK_NONE;
        for (uint32_t t = 0; t < set->n_tasks; t++)
            w->set_last[s] = later(w, w->set_last[s], latest_of(w, set->first_task + t));
    }
}

/* The window lets task number j in when task number j - window is over. */
static void index_window(struct explain_walk *w)
{
    const struct timeline *t = w->timeline;
    size_t window = middleware_window(w->run->scenario->middleware, w->run->scenario->platform);
    if (window == 0)
        return;
    struct ranked *submitted = ranked_by(t, INSTANT_SUBMITTED);
    struct ranked *over = ranked_by(t, INSTANT_NOTIFIED);
    w->opened_by = xcalloc(t->n + 1, sizeof *w->opened_by);
    for (size_t j = 0; j < t->n; j++)
        w->opened_by[submitted[j].record] = j >= window ? over[j - window].record : WALK_NONE;
    xfree(submitted, over);
}

/* Candidates of campaigns that are a stream let each other in, and begin a learning. */
static void index_campaign(struct explain_walk *w, size_t campaign)
{
    const struct workflow *workflow = w->timeline->workflow;
    const struct realised_campaign *c = &workflow->realised->campaigns[campaign];
    size_t n = 0, room = 0;
    struct ranked *list = NULL;
    for (size_t k = 0; c->by_count && k < c->n_rounds; k++)
        for (uint32_t t = 0; t < workflow->sets[c->rounds[k]].n_tasks; t++) {
            size_t record = latest_of(w, workflow->sets[c->rounds[k]].first_task + t);
            if (record == WALK_NONE)
                continue;
            xgrow(&list, &room, n + 1, sizeof *list);
            list[n++] = (struct ranked){ known_s(w, record), record };
        }
    ranked_sort(list, n);
    w->results[campaign] = list;
    w->n_results[campaign] = n;
}

static void index_campaigns(struct explain_walk *w)
{
    const struct realised *made = w->timeline->workflow->realised;
    if (!made || made->n_campaigns == 0)
        return;
    w->results = xcalloc(made->n_campaigns, sizeof *w->results);
    w->n_results = xcalloc(made->n_campaigns, sizeof *w->n_results);
    for (size_t i = 0; i < made->n_campaigns; i++)
        index_campaign(w, i);
}

/* The result that let this task of a campaign go, at the instant it was due; WALK_NONE: none
 * did. */
static size_t result_before(struct explain_walk *w, int set, double due_s)
{
    const struct workflow *workflow = w->timeline->workflow;
    int lane = w->results ? workflow->realised->lane[set] - 1 -
                                (int)workflow->realised->from->decisions.n_loops
                          : -1;
    if (lane < 0)
        return WALK_NONE;
    size_t by_then;
    SORT_COUNT_IF(by_then, w->n_results[lane], i, w->results[lane][i].at_s <= due_s);
    return by_then > 0 ? w->results[lane][by_then - 1].record : WALK_NONE;
}

static void add(struct explain_walk *w, double from_s, double to_s, int kind, uint32_t task,
                int blame)
{
    struct explain_step step = { fmax(from_s, w->begin_s), to_s, (enum explain_kind)kind, task,
                                 blame };
    explain_path_add(w->path, &step);
}

static const struct task_deps_index *index_of(const struct explain_walk *w, int set,
                                              const struct dependency *d)
{
    const struct task_set *s = &w->timeline->workflow->sets[set];
    if (!w->by_child[set])
        w->by_child[set] = xcalloc(s->n_dependencies, sizeof **w->by_child);
    struct task_deps_index *index = &w->by_child[set][d - s->dependencies];
    if (!index->begin)
        *index = task_deps_index_by_child(d, s->n_tasks);
    return index;
}

/* The last of the tasks that task `task` (index within its set) needs of one parent. */
static size_t last_needed(struct explain_walk *w, int set, uint32_t task,
                          const struct dependency *d)
{
    const struct workflow *workflow = w->timeline->workflow;
    uint32_t first = workflow->sets[d->parent].first_task;
    if (!dependency_is_by_task(d))
        return w->set_last[d->parent];
    struct task_deps deps = task_deps_of_child(workflow, set, d, index_of(w, set, d), task);
    struct task_link link;
    size_t last = WALK_NONE;
    while (task_deps_next(&deps, &link))
        for (uint32_t t = 0; t < link.n_parents; t++)
            last = later(w, last, latest_of(w, first + link.parent + t));
    return last;
}

static size_t last_dependency(struct explain_walk *w, int set, size_t record)
{
    const struct task_set *s = &w->timeline->workflow->sets[set];
    uint32_t task = w->timeline->records[record].task - s->first_task;
    size_t last = WALK_NONE;
    for (size_t d = 0; d < s->n_dependencies; d++)
        last = later(w, last, last_needed(w, set, task, &s->dependencies[d]));
    return last;
}

static struct readiness_group group_of(const struct explain_walk *w, int set)
{
    return readiness_group(w->run->readiness,
                           (size_t)readiness_group_of_set(w->run->readiness, set));
}

/* What the set's whole stage waits for; asynchronous mode knows no stages. */
static size_t last_of_barrier(struct explain_walk *w, int set)
{
    struct readiness_group g = group_of(w, set);
    size_t last = WALK_NONE;
    for (size_t i = 0; w->run->scenario->mode != MODE_ASYNCHRONOUS && i < g.n_waits; i++)
        last = later(w, last, w->set_last[g.waits[i]]);
    return last;
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
        size_t before = later(w, last_of_barrier(w, set), last_dependency(w, set, record));
        double since_s = fmax(known_s(w, before), from_s);
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
    double work_s = noted(w, record) ? task_instants_work(w->run->instants, task) : INFINITY;
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
    size_t waited_for = attempt_index_previous(&w->attempts, record);
    if (waited_for != WALK_NONE && was_lost(w, waited_for))
        return (struct walk_hop){ INSTANT_DUE, waited_for, INSTANT_STOPPED };
    if (waited_for == WALK_NONE)
        waited_for = last_dependency(w, set, record);
    size_t result =
        is_first(w, record) ? result_before(w, set, at(w, record, INSTANT_DUE)) : WALK_NONE;
    if (result != record)
        waited_for = later(w, waited_for, result);
    size_t opened_by = w->opened_by ? w->opened_by[record] : WALK_NONE;
    if (opened_by != WALK_NONE && later(w, waited_for, opened_by) == opened_by &&
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
        double at_s = known_s(w, w->set_last[s->dependencies[d].parent]) + s->dependencies[d].lag_s;
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
    size_t barrier = is_first(w, record) ? last_of_barrier(w, set) : WALK_NONE;
    double known = known_s(w, later(w, hop->record, barrier)), over_s = fmax(known, from_s);
    over_s = pass_decision(w, set, over_s, to_s, task);
    const struct explain_adder adder = { add_step, w };
    const struct explain_step rest = { .from_s = over_s, .to_s = to_s, .task = task, .blame = -1 };
    if (!explain_jobs(w->run, &rest, &adder))
        add(w, over_s, to_s, explain_kind_of_cause(group_of(w, set).cause), task, -1);
    if (known > known_s(w, hop->record))
        walk_barrier(w, barrier, from_s, known, task);
}

static void walk_clear(struct explain_walk *w)
{
    const struct workflow *workflow = w->timeline->workflow;
    for (size_t s = 0; s < workflow->n_sets; s++) {
        for (size_t d = 0; w->by_child[s] && d < workflow->sets[s].n_dependencies; d++)
            task_deps_index_clear(&w->by_child[s][d]);
        free(w->by_child[s]);
    }
    for (size_t i = 0; w->results && i < workflow->realised->n_campaigns; i++)
        free(w->results[i]);
    xfree(w->results, w->n_results, w->by_child, w->opened_by);
    attempt_index_clear(&w->attempts);
    free(w->set_last);
}

void explain_walk(const struct explain_run *run, struct explain_path *path)
{
    struct explain_walk w = { .run = run, .timeline = run->timeline, .path = path,
                              .begin_s = timeline_first_start(run->timeline),
                              .attempts = attempt_index_of(run->timeline) };
    static const struct walk_ops ops = { at, before, pass, wait_for };
    size_t last = walk_last_stopped(run->timeline);
    path->n = 0;
    path->makespan_s = last == WALK_NONE ? 0 : run->timeline->records[last].stopped_s - w.begin_s;
    index_sets(&w);
    index_window(&w);
    index_campaigns(&w);
    walk_back(run->timeline, &ops, &w);
    explain_path_reverse(path);
    walk_clear(&w);
}
