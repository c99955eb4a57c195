/* What becomes ready as tasks end, fail and are dropped. */
#include "scheduling/readiness_impl.h"

#include <assert.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "core/task_deps.h"
#include "scheduling/growing_impl.h"

/* Tasks of the child that wait for `task` of the parent: calls of `visit` with runs of them. */
typedef void child_visit_fn(struct readiness *r, int set, uint32_t first, uint32_t count);

static void visit_children_of(struct readiness *r, size_t c, uint32_t task, child_visit_fn *visit)
{
    int set = r->children.at[c].set;
    struct task_deps deps = set_children_of_task(&r->children, c, task);
    struct task_link link;
    while (task_deps_next(&deps, &link))
        visit(r, set, link.child, link.n_children);
}

static bool is_cancelled(const struct readiness *r, int set, uint32_t task)
{
    const uint64_t *bits = r->cancelled ? r->cancelled[set] : NULL;
    return bits && bits[task / 64] >> (task % 64) & 1;
}

static void emit(struct readiness *r, int set, uint32_t first, uint32_t count,
                 enum submit_cause cause)
{
    struct ready_run *tail = r->n_runs > 0 ? &r->runs[r->n_runs - 1] : NULL;
    if (tail && tail->set == (uint32_t)set && tail->first + tail->count == first &&
        tail->cause == cause) {
        tail->count += count;
        return;
    }
    xgrow(&r->runs, &r->run_room, r->n_runs + 1, sizeof *r->runs);
    r->runs[r->n_runs++] = (struct ready_run){ .set = (uint32_t)set, .first = first, .count = count,
                                               .cause = cause,
                                               .group = readiness_own_group(r, set) };
}

static void emit_set(struct readiness *r, int set, enum submit_cause cause)
{
    uint32_t n = (uint32_t)readiness_set_size(r, set);
    const uint32_t *pending = r->pending ? r->pending[set] : NULL;
    if (!(r->cancelled && r->cancelled[set]) && !pending) {
        emit(r, set, 0, n, cause);
        return;
    }
    for (uint32_t t = 0; t < n; t++)
        if (!is_cancelled(r, set, t) && !(pending && pending[t] > 0))
            emit(r, set, t, 1, cause);
}

static enum submit_cause cause_after(const struct mode_group *group)
{
    return group->after_run     ? SUBMIT_NEXT_RUN
           : group->closes >= 0 ? SUBMIT_NEXT_STAGE : SUBMIT_TASK;
}

static enum submit_cause cause_of(const struct readiness *r, const struct mode_group *group)
{
    return r->started ? cause_after(group) : SUBMIT_START;
}

static void release_group(struct readiness *r, size_t g)
{
    struct mode_group group = mode_plan_group(&r->plan, g);
    enum submit_cause cause = cause_of(r, &group);
    for (size_t i = 0; i < group.n_sets; i++)
        emit_set(r, group.sets[i], cause);
}

static void end_task(struct readiness *r, int set)
{
    struct set_state *state = &r->sets[set];
    assert(state->left > 0);
    r->tasks_left--;
    if (--state->left > 0)
        return;
    for (size_t i = state[0].waiters; i < state[1].waiters; i++) {
        int g = r->waiters[i];
        if (--r->waits_left[g] == 0)
            release_group(r, (size_t)g);
    }
}

static void parent_done(struct readiness *r, int set, uint32_t first, uint32_t count)
{
    for (uint32_t t = first; t < first + count; t++)
        if (--r->pending[set][t] == 0 && r->waits_left[readiness_own_group(r, set)] == 0 &&
            !is_cancelled(r, set, t))
            emit(r, set, t, 1, SUBMIT_TASK);
}

const struct ready_run *readiness_start(struct readiness *r, size_t *n)
{
    if (r->growing)
        return growing_start(r->growing, n);
    r->n_runs = 0;
    for (size_t g = 0; g < r->plan.n_groups; g++)
        if (r->waits_left[g] == 0)
            release_group(r, g);
    r->started = true;
    *n = r->n_runs;
    return r->runs;
}

const struct ready_run *readiness_done(struct readiness *r, uint32_t set, uint32_t task, size_t *n)
{
    if (r->growing)
        return growing_done(r->growing, set, task, n);
    r->n_runs = 0;
    if (r->pending) /* before the set may end: a group released by it looks at what is pending */
        for (size_t c = r->children.begin[set]; c < r->children.begin[set + 1]; c++)
            if (dependency_is_by_task(set_children_dependency(&r->children, c)))
                visit_children_of(r, c, task, parent_done);
    end_task(r, (int)set);
    *n = r->n_runs;
    return r->runs;
}

enum { MANY_RUNS = 1 << 16 };            /* whose room is given back */

void readiness_taken(struct readiness *r)
{
    if (r->run_room <= MANY_RUNS)
        return;
    free(r->runs);
    r->runs = NULL;
    r->n_runs = r->run_room = 0;
}

static void cancel_run(struct readiness *r, int set, uint32_t first, uint32_t count)
{
    if (!r->cancelled)
        r->cancelled = xcalloc(r->workflow->n_sets, sizeof *r->cancelled);
    if (!r->cancelled[set])
        r->cancelled[set] = xcalloc(readiness_set_size(r, set) / 64 + 1, sizeof *r->cancelled[set]);
    for (uint32_t t = first; t < first + count; t++) {
        if (is_cancelled(r, set, t))
            continue;
        r->cancelled[set][t / 64] |= UINT64_C(1) << (t % 64);
        xgrow(&r->to_cancel, &r->to_cancel_room, r->n_to_cancel + 1, sizeof *r->to_cancel);
        r->to_cancel[r->n_to_cancel++] = (struct task_name){ set, t };
    }
}

static bool cancels(const struct readiness *r, size_t c)
{
    const struct dependency *d = set_children_dependency(&r->children, c);
    return workflow_failure_cancels(r->workflow, d, r->on_failure);
}

static void cancel_children(struct readiness *r, int set, uint32_t task)
{
    for (size_t c = r->children.begin[set]; c < r->children.begin[set + 1]; c++)
        if (cancels(r, c))
            visit_children_of(r, c, task, cancel_run);
}

/* Children that run all the same wait for one parent less. */
static void go_on_without(struct readiness *r, int set, uint32_t task)
{
    for (size_t c = r->children.begin[set]; r->pending && c < r->children.begin[set + 1]; c++)
        if (dependency_is_by_task(set_children_dependency(&r->children, c)) && !cancels(r, c))
            visit_children_of(r, c, task, parent_done);
}

/* Descendants are marked before any barrier is lifted, so that none of them is submitted in
 * between. */
const struct ready_run *readiness_failed(struct readiness *r, uint32_t set, uint32_t task,
                                         size_t *cancelled, size_t *n)
{
    r->n_runs = r->n_to_cancel = 0;
    if (!r->children.at)
        set_children_init(&r->children, r->workflow);
    cancel_children(r, (int)set, task);
    for (size_t i = 0; i < r->n_to_cancel; i++)
        cancel_children(r, r->to_cancel[i].set, r->to_cancel[i].task);
    go_on_without(r, (int)set, task);
    for (size_t i = 0; i < r->n_to_cancel; i++)
        go_on_without(r, r->to_cancel[i].set, r->to_cancel[i].task);
    end_task(r, (int)set);
    for (size_t i = 0; i < r->n_to_cancel; i++)
        end_task(r, r->to_cancel[i].set);
    *cancelled = r->n_to_cancel;
    *n = r->n_runs;
    return r->runs;
}

const struct ready_run *readiness_dropped(struct readiness *r, uint32_t set, uint32_t task,
                                          size_t *n)
{
    r->n_runs = r->n_to_cancel = 0;
    cancel_run(r, (int)set, task, 1);
    return readiness_done(r, set, task, n);
}

bool readiness_is_cancelled(const struct readiness *r, uint32_t set, uint32_t task)
{
    return is_cancelled(r, (int)set, task);
}

void readiness_expect(const struct readiness *r, uint32_t set)
{
    if (!r->growing)
        PREFETCH(&r->sets[set]);
}

bool readiness_complete(const struct readiness *r)
{
    return r->growing ? growing_complete(r->growing) : r->tasks_left == 0;
}

bool readiness_set_is_over(const struct readiness *r, int set)
{
    return r->sets[set].left == 0;
}

size_t readiness_group_count(const struct readiness *r)
{
    return r->growing ? r->workflow->n_sets : r->plan.n_groups;
}

struct readiness_group readiness_group(const struct readiness *r, size_t g)
{
    if (r->growing)
        return growing_group(r->growing, g);
    struct mode_group group = mode_plan_group(&r->plan, g);
    return (struct readiness_group){
        .n_sets = group.n_sets, .sets = group.sets, .n_waits = group.n_waits, .waits = group.waits,
        .pipeline = group.pipeline, .stage = group.stage, .run = group.run,
        .cause = group.n_waits ? cause_after(&group) : SUBMIT_START };
}

int readiness_group_of_set(const struct readiness *r, int set)
{
    return r->growing ? r->growing->places[set].leader : readiness_own_group(r, set);
}
