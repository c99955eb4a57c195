/* From the last stop back to the first start, through the tasks that kept each other waiting. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/task_deps.h"
#include "study/explain_impl.h"

enum { NONE = -1 };

static const double rounding = 1e-12;    /* of sums of times */

struct walk {
    const struct explain_run *run;
    const struct timeline *timeline;
    struct explain_path *path;           /* backwards while walking */
    double begin_s;                      /* the first start: what lies before is no makespan */
    long *latest;                        /* record of each task's last attempt; NONE */
    long *previous;                      /* record of the attempt before; NONE */
    long *set_last;                      /* record of each set that the client knew of last; NONE */
    struct task_deps_index **by_child;   /* of set s, dependency d: by_child[s][d]; made when it is needed */
};

static double known_s(const struct walk *w, long record)
{
    return record == NONE ? -INFINITY : w->timeline->records[record].notified_s;
}

static long later(const struct walk *w, long a, long b)
{
    return known_s(w, b) > known_s(w, a) ? b : a;
}

static void index_records(struct walk *w)
{
    const struct workflow *workflow = w->timeline->workflow;
    w->latest = xcalloc(workflow->n_tasks + 1, sizeof *w->latest);
    w->previous = xcalloc(w->timeline->n + 1, sizeof *w->previous);
    w->set_last = xcalloc(workflow->n_sets, sizeof *w->set_last);
    w->by_child = xcalloc(workflow->n_sets, sizeof *w->by_child);
    for (uint32_t t = 0; t < workflow->n_tasks; t++)
        w->latest[t] = NONE;
    for (size_t i = 0; i < w->timeline->n; i++) {        /* attempts of a task stand in their order */
        uint32_t task = w->timeline->records[i].task;
        w->previous[i] = w->latest[task];
        if (isfinite(w->timeline->records[i].started_s))
            w->latest[task] = (long)i;
    }
    for (size_t s = 0; s < workflow->n_sets; s++) {
        w->set_last[s] = NONE;
        for (uint32_t t = 0; t < workflow->sets[s].n_tasks; t++)
            w->set_last[s] = later(w, w->set_last[s], w->latest[workflow->sets[s].first_task + t]);
    }
}

static void add(struct walk *w, double from_s, double to_s, int kind, uint32_t task, int blame)
{
    struct explain_step step = { .from_s = fmax(from_s, w->begin_s), .to_s = to_s, .kind = (enum explain_kind)kind, .task = task,
                                 .blame = blame };
    explain_path_add(w->path, &step);
}

/* --- who was waited for ----------------------------------------------------------------------------------------- */

static const struct task_deps_index *index_of(const struct walk *w, int set, const struct dependency *d)
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
static long last_needed(const struct walk *w, int set, uint32_t task, const struct dependency *d)
{
    const struct workflow *workflow = w->timeline->workflow;
    uint32_t first = workflow->sets[d->parent].first_task;
    if (!dependency_is_by_task(d))
        return w->set_last[d->parent];
    struct task_deps deps = task_deps_of_child(workflow, set, d, index_of(w, set, d), task);
    struct task_link link;
    long last = NONE;
    while (task_deps_next(&deps, &link))
        for (uint32_t t = 0; t < link.n_parents; t++)
            last = later(w, last, w->latest[first + link.parent + t]);
    return last;
}

static long last_dependency(const struct walk *w, int set, uint32_t task)
{
    const struct task_set *s = &w->timeline->workflow->sets[set];
    long last = NONE;
    for (size_t d = 0; d < s->n_dependencies; d++)
        last = later(w, last, last_needed(w, set, task, &s->dependencies[d]));
    return last;
}

static struct readiness_group group_of(const struct walk *w, int set)
{
    return readiness_group(w->run->readiness, (size_t)readiness_group_of_set(w->run->readiness, set));
}

/* What the set's whole stage waits for; asynchronous mode knows no stages. */
static long last_of_barrier(const struct walk *w, int set)
{
    struct readiness_group g = group_of(w, set);
    long last = NONE;
    for (size_t i = 0; w->run->scenario->mode != MODE_ASYNCHRONOUS && i < g.n_waits; i++)
        last = later(w, last, w->set_last[g.waits[i]]);
    return last;
}

/* --- the steps -------------------------------------------------------------------------------------------------- */

static int set_of(const struct walk *w, long record)
{
    return workflow_set_of_task(w->timeline->workflow, w->timeline->records[record].task);
}

/* From `to_s` back to `from_s`: stage by stage, those that the barrier waited for. */
static void walk_barrier(struct walk *w, long record, double from_s, double to_s, uint32_t task)
{
    while (record != NONE && to_s > from_s && to_s > w->begin_s) {
        int set = set_of(w, record);
        long before = later(w, last_of_barrier(w, set), last_dependency(w, set, w->timeline->records[record].task -
                                                                                    w->timeline->workflow->sets[set].first_task));
        double since_s = fmax(known_s(w, before), from_s);
        add(w, since_s, to_s, EXPLAIN_BARRIER, task, set);
        to_s = since_s;
        record = before;
    }
}

/* What the middleware noted of this attempt; NULL: of a later one only. */
static const struct task_moments *moments_of(const struct walk *w, long record)
{
    const struct task_moments *m = &w->run->moments[w->timeline->records[record].task];
    return m->attempt == timeline_attempt(w->timeline, (size_t)record) ? m : NULL;
}

static void walk_execution(struct walk *w, long record, const struct task_moments *m, int set)
{
    const struct timeline_record *r = &w->timeline->records[record];
    double work_from_s = m ? fmax(r->started_s, r->stopped_s - m->work_s) : r->started_s;
    if (work_from_s - r->started_s < rounding * r->stopped_s)
        work_from_s = r->started_s;
    double served_s = m ? m->at_s[MOMENT_SERVED] : r->scheduled_s, launched_s = m ? m->at_s[MOMENT_LAUNCHED] : r->scheduled_s;
    add(w, work_from_s, r->stopped_s, EXPLAIN_WORK, r->task, set);
    add(w, r->started_s, work_from_s, EXPLAIN_EXECUTE_EXTRA, r->task, set);
    add(w, launched_s, r->started_s, EXPLAIN_STARTUP, r->task, -1);
    add(w, served_s, launched_s, EXPLAIN_LAUNCH, r->task, -1);
    add(w, r->scheduled_s, served_s, EXPLAIN_LAUNCH_QUEUE, r->task, -1);
    add(w, r->arrived_s, r->scheduled_s, EXPLAIN_WAIT, r->task, -1);
}

/* Back to when the task might be submitted, which is returned. */
static double walk_submission(struct walk *w, long record, const struct task_moments *m)
{
    const struct timeline_record *r = &w->timeline->records[record];
    double left_s = m ? m->at_s[MOMENT_LEFT] : r->arrived_s, ready_s = m ? m->at_s[MOMENT_READY] : r->submitted_s;
    double due_s = m ? m->at_s[MOMENT_DUE] : r->submitted_s;
    add(w, left_s, r->arrived_s, EXPLAIN_AGENT, r->task, -1);
    add(w, r->submitted_s, left_s, EXPLAIN_CLIENT, r->task, -1);
    add(w, ready_s, r->submitted_s, EXPLAIN_CLIENT_QUEUE, r->task, -1);
    add(w, due_s, ready_s, EXPLAIN_RELEASE, r->task, -1);
    return due_s;
}

/* From when the client knew of this task's end back to that end. */
static void walk_end(struct walk *w, long record)
{
    const struct timeline_record *r = &w->timeline->records[record];
    const struct task_moments *m = moments_of(w, record);
    double detected_s = m ? m->at_s[MOMENT_DETECTED] : r->stopped_s;
    add(w, r->freed_s, r->notified_s, EXPLAIN_NOTIFY, r->task, -1);
    add(w, detected_s, r->freed_s, EXPLAIN_FREE, r->task, -1);
    add(w, r->stopped_s, detected_s, EXPLAIN_DETECT, r->task, -1);
}

/* Through one task, and back to the end of the one that it waited for: that one's record, or NONE. */
static long walk_task(struct walk *w, long record)
{
    int set = set_of(w, record);
    const struct timeline_record *r = &w->timeline->records[record];
    const struct task_moments *m = moments_of(w, record);
    walk_execution(w, record, m, set);
    double due_s = walk_submission(w, record, m);
    long before = w->previous[record], barrier = NONE;
    if (before == NONE) {
        before = last_dependency(w, set, r->task - w->timeline->workflow->sets[set].first_task);
        barrier = last_of_barrier(w, set);
    }
    double over_s = known_s(w, later(w, before, barrier));
    bool run = group_of(w, set).cause == SUBMIT_NEXT_RUN;
    add(w, over_s, due_s, run ? EXPLAIN_NEXT_RUN : EXPLAIN_NEXT_STAGE, r->task, -1);
    if (known_s(w, barrier) > known_s(w, before))
        walk_barrier(w, barrier, known_s(w, before), over_s, r->task);
    return before;
}

static long last_stopped(const struct timeline *t)
{
    long last = NONE;
    for (size_t i = 0; i < t->n; i++)
        if (isfinite(t->records[i].stopped_s) && (last == NONE || t->records[i].stopped_s > t->records[last].stopped_s))
            last = (long)i;
    return last;
}

static void walk_clear(struct walk *w)
{
    const struct workflow *workflow = w->timeline->workflow;
    for (size_t s = 0; s < workflow->n_sets; s++) {
        for (size_t d = 0; w->by_child[s] && d < workflow->sets[s].n_dependencies; d++)
            task_deps_index_clear(&w->by_child[s][d]);
        free(w->by_child[s]);
    }
    free(w->by_child);
    free(w->latest);
    free(w->previous);
    free(w->set_last);
}

static void reverse(struct explain_path *p)
{
    for (size_t i = 0; i < p->n / 2; i++) {
        struct explain_step step = p->steps[i];
        p->steps[i] = p->steps[p->n - 1 - i];
        p->steps[p->n - 1 - i] = step;
    }
}

void explain_walk(const struct explain_run *run, struct explain_path *path)
{
    struct walk w = { .run = run, .timeline = run->timeline, .path = path, .begin_s = timeline_first_start(run->timeline) };
    path->n = 0;
    long record = last_stopped(run->timeline);
    path->makespan_s = record == NONE ? 0 : run->timeline->records[record].stopped_s - w.begin_s;
    index_records(&w);
    while (record != NONE) {
        record = walk_task(&w, record);
        if (record == NONE || known_s(&w, record) <= w.begin_s)
            break;
        walk_end(&w, record);
    }
    reverse(path);
    walk_clear(&w);
}
