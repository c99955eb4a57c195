/* Readiness of a session that grows: what scheduling/readiness.c does where all is written out. */
#include <assert.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/growing_impl.h"

static void add_child(struct growing *g, int set, const struct dependency *d)
{
    struct growing_place *parent = &g->places[d->parent];
    xgrow(&parent->children, &parent->child_room, parent->n_children + 1,
          sizeof *parent->children);
    parent->children[parent->n_children++] = (struct growing_child){
        set, d, task_deps_index_by_parent(d, g->workflow->sets[d->parent].n_tasks)
    };
}

/* Its tasks are counted one by one where a dependency is finer than `all`; none of those parents
 * has begun. */
static void link_tasks(struct growing *g, int set)
{
    const struct task_set *s = &g->workflow->sets[set];
    for (size_t i = 0; i < s->n_dependencies; i++) {
        const struct dependency *d = &s->dependencies[i];
        if (!dependency_is_by_task(d))
            continue;
        uint32_t **pending = &g->places[set].pending;
        if (!*pending)
            *pending = xcalloc(s->n_tasks, sizeof **pending);
        struct task_deps deps = task_deps_of(g->workflow, set, d);
        struct task_link link;
        while (task_deps_next(&deps, &link))
            for (uint32_t t = 0; t < link.n_children; t++)
                (*pending)[link.child + t] += link.n_parents;
        add_child(g, set, d);
    }
}

void growing_link(struct growing *g, int set)
{
    struct growing_group *group = &g->places[set].group;
    if (g->options.mode == MODE_ASYNCHRONOUS)
        link_tasks(g, set);
    if (g->places[set].leader != set)
        return;
    for (size_t i = 0; i < group->waits.n; i++) {
        struct growing_place *p = &g->places[group->waits.at[i]];
        p->holds++;
        if (p->left == 0)
            continue;
        group->waits_left++;
        ints_add(&p->waiters, set);
    }
}

static void emit(struct growing *g, int set, uint32_t first, uint32_t count,
                 enum submit_cause cause)
{
    struct ready_run *tail = g->n_runs > 0 ? &g->runs[g->n_runs - 1] : NULL;
    int loop = g->lane_of[growing_base(g, set)];
    if (loop >= 0 && !g->lanes[loop].by_count && g->places[set].iteration > g->lanes[loop].begun)
        g->lanes[loop].begun = g->places[set].iteration;
    if (tail && tail->set == (uint32_t)set && tail->first + tail->count == first &&
        tail->cause == cause) {
        tail->count += count;
        return;
    }
    xgrow(&g->runs, &g->run_room, g->n_runs + 1, sizeof *g->runs);
    g->runs[g->n_runs++] = (struct ready_run){ .set = (uint32_t)set, .first = first,
                                               .count = count, .cause = cause,
                                               .group = g->places[set].leader };
}

static void emit_set(struct growing *g, int set, enum submit_cause cause)
{
    const struct growing_place *p = &g->places[set];
    uint32_t n = g->workflow->sets[set].n_tasks;
    if (!p->pending)
        emit(g, set, 0, n, cause);
    for (uint32_t t = 0; p->pending && t < n; t++)
        if (p->pending[t] == 0)
            emit(g, set, t, 1, cause);
}

static void release(struct growing *g, int leader)
{
    struct growing_group *group = &g->places[leader].group;
    enum submit_cause cause = !g->started          ? SUBMIT_START
                              : group->after_run   ? SUBMIT_NEXT_RUN
                              : group->after_stage ? SUBMIT_NEXT_STAGE
                                                   : SUBMIT_TASK;
    group->released = true;
    for (size_t i = 0; i < group->waits.n; i++)
        g->places[group->waits.at[i]].holds--;
    for (size_t i = 0; i < group->sets.n; i++)
        emit_set(g, group->sets.at[i], cause);
}

struct leader { int order, set; };

SORT_BY_2(compare_leaders, struct leader, order, set)

/* Groups of fresh sets from `first` on that wait for nothing. */
static void release_ready(struct growing *g, size_t first)
{
    struct leader *ready = xcalloc(g->fresh.n - first + 1, sizeof *ready);
    size_t n = 0;
    for (size_t i = first; i < g->fresh.n; i++) {
        const struct growing_place *p = &g->places[g->fresh.at[i]];
        if (p->leader == g->fresh.at[i] && p->group.waits_left == 0 && !p->group.released)
            ready[n++] = (struct leader){ p->group.order, p->leader };
    }
    qsort(ready, n, sizeof *ready, compare_leaders);
    for (size_t i = 0; i < n; i++)
        release(g, ready[i].set);
    free(ready);
}

/* Sets that have no place may be ready: of a loop, if what its next iteration comes after is over,
 * or there is nothing; of a campaign the round after the last that has begun. */
static bool may_go_on(const struct growing *g, size_t l)
{
    const struct growing_lane *lane = &g->lanes[l];
    bool over = true;
    if (lane->armed == lane->total)
        return false;
    if (l >= g->from->decisions.n_loops)
        return lane->exists <= lane->begun;
    for (size_t i = 0; i < lane->before_next.n && over; i++)
        over = g->places[lane->before_next.at[i]].left == 0;
    return over;
}

static void keep_ahead(struct growing *g)
{
    for (size_t l = 0; l < g->n_lanes; l++)
        while (!g->full && may_go_on(g, l)) {
            size_t first = g->fresh.n;
            if (growing_grow(g, (int)l))
                release_ready(g, first);
        }
}

struct placed_run { int order; size_t number; struct ready_run run; };

SORT_BY_2(compare_placed, struct placed_run, order, number)

/* From run `first` on in the order of their groups, as where all is written out: what took places
 * only now may come before what had them. */
static void sort_runs(struct growing *g, size_t first)
{
    size_t n = g->n_runs - first;
    struct placed_run *list = n > 1 ? xcalloc(n, sizeof *list) : NULL;
    for (size_t i = 0; list && i < n; i++) {
        struct ready_run run = g->runs[first + i];
        list[i] = (struct placed_run){ g->places[run.group].group.order, i, run };
    }
    if (list)
        qsort(list, n, sizeof *list, compare_placed);
    for (size_t i = 0; list && i < n; i++)
        g->runs[first + i] = list[i].run;
    free(list);
}

const struct ready_run *growing_start(struct growing *g, size_t *n)
{
    g->n_runs = 0;
    if (!g->full)
        release_ready(g, 0);
    keep_ahead(g);                       /* what is ready of it is ready at the start, too */
    g->started = true;
    sort_runs(g, 0);
    *n = g->n_runs;
    return g->runs;
}

/* Runs of their own: what ended may still be looked at. */
const struct ready_run *growing_took(struct growing *g, uint32_t set, size_t *n)
{
    struct growing_lane *lane = &g->lanes[g->lane_of[growing_base(g, (int)set)]];
    struct ready_run *runs = g->runs;
    size_t n_runs = g->n_runs, room = g->run_room;
    if (g->places[set].iteration > lane->begun)
        lane->begun = g->places[set].iteration;
    g->runs = g->more;
    g->run_room = g->more_room;
    g->n_runs = 0;
    keep_ahead(g);
    g->more = g->runs;
    g->more_room = g->run_room;
    *n = g->n_runs;
    g->runs = runs;
    g->n_runs = n_runs;
    g->run_room = room;
    return g->more;
}

static void parents_done(struct growing *g, const struct growing_child *child, uint32_t task)
{
    struct task_deps deps =
        task_deps_of_parent(g->workflow, child->set, child->dependency, &child->index, task);
    struct task_link link;
    const struct growing_place *p = &g->places[child->set];
    while (task_deps_next(&deps, &link))
        for (uint32_t t = link.child; t < link.child + link.n_children; t++)
            if (--p->pending[t] == 0 && p->group.waits_left == 0)
                emit(g, child->set, t, 1, SUBMIT_TASK);
}

const struct ready_run *growing_done(struct growing *g, uint32_t set, uint32_t task, size_t *n)
{
    struct growing_place *p = &g->places[set];
    g->n_runs = 0;
    g->ending = (int)set;
    assert(p->taken && p->left > 0);
    for (size_t c = 0; c < p->n_children; c++)
        parents_done(g, &p->children[c], task);
    g->tasks_left--;
    if (--p->left == 0) {
        size_t first = g->n_runs;
        for (size_t i = 0; i < p->waiters.n; i++)
            if (--g->places[p->waiters.at[i]].group.waits_left == 0)
                release(g, p->waiters.at[i]);
        keep_ahead(g);
        sort_runs(g, first);
    }
    *n = g->n_runs;
    return g->runs;
}

bool growing_complete(const struct growing *g)
{
    return g->tasks_left == 0 && growing_has_all(g);
}

struct readiness_group growing_group(const struct growing *g, size_t leader)
{
    const struct growing_group *group = &g->places[leader].group;
    return (struct readiness_group){ .n_sets = group->sets.n, .sets = group->sets.at,
                                     .n_waits = group->waits.n, .waits = group->waits.at,
                                     .pipeline = -1, .stage = -1, .run = group->run,
                                     .cause = group->waits.n == 0  ? SUBMIT_START
                                              : group->after_run   ? SUBMIT_NEXT_RUN
                                              : group->after_stage ? SUBMIT_NEXT_STAGE
                                                                   : SUBMIT_TASK };
}
