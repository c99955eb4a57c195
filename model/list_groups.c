#include "model/list_groups.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/task_deps.h"
#include "model/plan.h"
#include "scheduling/growing.h"

struct group_state {
    size_t waits_left;
    double waited_until_s;               /* the last end of a set that it waits for, so far; */
    double overhead_s;                   /* the longest path that ended then, */
    uint32_t closed_tasks;               /* and the tasks of that set's group */
    /* of one that grows; else of the plan */
    uint32_t n_tasks;
    enum submit_cause cause;
};
struct set_end { double end_s, overhead_s; };             /* end_s < 0: it has not ended */
struct dependents { int *at; size_t n, room; };
struct ready { int order, group; };

/* Many members: the arrays of one schedule, allocated once and used again. */
struct list_groups {
    const struct workflow *workflow;
    struct group_state *states;          /* of each group */
    struct ready *ready;
    int *ready_groups;
    size_t n_ready;
    struct plan plan;                    /* where nothing grows */
    /* else a group has the number of the place of its first set; of each place: */
    struct growing *growing;
    struct readiness *readiness;
    bool by_task;                        /* waits may be finer than of whole sets */
    struct set_end *ends;
    struct dependents *dependents;       /* groups that wait for it */
    struct set_end *last;                /* of each described set: of all its iterations */
    int *fresh;
    size_t n_fresh, fresh_room;
};

struct list_groups *list_groups_new(const struct workflow *w, enum mode mode)
{
    struct list_groups *l = xcalloc(1, sizeof *l);
    size_t n = w->n_sets;
    l->workflow = w;
    l->growing = w->realised ? w->realised->growing : NULL;
    if (l->growing) {
        l->readiness = readiness_new(w, mode);
        l->by_task = mode == MODE_ASYNCHRONOUS;
        l->ends = xcalloc(n, sizeof *l->ends);
        l->dependents = xcalloc(n, sizeof *l->dependents);
        l->last = xcalloc(w->realised->from->n_sets, sizeof *l->last);
    } else {
        plan_init(&l->plan, w, mode);
        n = l->plan.n_groups;
    }
    l->states = xcalloc(n, sizeof *l->states);
    l->ready = xcalloc(n, sizeof *l->ready);
    l->ready_groups = xcalloc(n, sizeof *l->ready_groups);
    return l;
}

void list_groups_free(struct list_groups *l)
{
    if (!l)
        return;
    for (size_t i = 0; l->growing && i < l->workflow->n_sets; i++)
        free(l->dependents[i].at);
    if (l->growing)
        readiness_free(l->readiness);
    else
        plan_clear(&l->plan);
    xfree(l->states, l->ready, l->ready_groups, l->ends, l->dependents, l->last, l->fresh, l);
}

bool list_groups_is_full(const struct list_groups *l)
{
    return l->growing && growing_is_full(l->growing);
}

static void add_ready(struct list_groups *l, int group)
{
    int order = l->growing ? growing_place(l->growing, group) : group;
    l->ready[l->n_ready++] = (struct ready){ order, group };
}

/* A set that the group waits for ended so. */
static void note_end(struct group_state *g, struct set_end end, uint32_t closed_tasks)
{
    if (end.end_s < g->waited_until_s)
        return;
    g->overhead_s =
        g->waited_until_s == end.end_s ? fmax(g->overhead_s, end.overhead_s) : end.overhead_s;
    g->waited_until_s = end.end_s;
    g->closed_tasks = closed_tasks;
}

/* ---- of one that grows ---- */

/* All that the group waits for is still there, or was over before all else of it: then only the
 * overhead of what ended at the same time counts. */
static void wait_for(struct list_groups *l, int group, int parent)
{
    struct group_state *g = &l->states[group];
    struct dependents *d = &l->dependents[parent];
    if (l->ends[parent].end_s >= 0) {
        int of = readiness_group_of_set(l->readiness, parent);
        note_end(g, l->ends[parent], l->states[of].n_tasks);
        return;
    }
    g->waits_left++;
    xgrow(&d->at, &d->room, d->n + 1, sizeof *d->at);
    d->at[d->n++] = group;
}

/* What comes after a loop waits for iterations that have no places any more, too. */
static void wait_for_gone(struct list_groups *l, int group, int set)
{
    const struct workflow *from = l->workflow->realised->from;
    int base = l->workflow->realised->base[set];
    for (size_t i = 0; growing_lane_of(from, base) < 0 && i < from->sets[base].n_dependencies;
         i++) {
        int parent = from->sets[base].dependencies[i].parent;
        if (growing_lane_of(from, parent) >= 0 && l->last[parent].end_s >= 0)
            note_end(&l->states[group], l->last[parent], 0);
    }
}

static void make_group(struct list_groups *l, int leader)
{
    struct readiness_group of = readiness_group(l->readiness, (size_t)leader);
    struct group_state *g = &l->states[leader];
    *g = (struct group_state){ .waited_until_s = -1, .cause = of.cause };
    for (size_t i = 0; i < of.n_waits; i++)
        wait_for(l, leader, of.waits[i]);
    for (size_t i = 0; i < of.n_sets; i++) {
        const struct task_set *s = &l->workflow->sets[of.sets[i]];
        g->n_tasks += s->n_tasks;
        wait_for_gone(l, leader, of.sets[i]);
        for (size_t d = 0; l->by_task && d < s->n_dependencies; d++) {
            if (!dependency_is_by_task(&s->dependencies[d]))
                continue;
            g->cause = g->cause == SUBMIT_START ? SUBMIT_TASK : g->cause;
            wait_for(l, leader, s->dependencies[d].parent);
        }
    }
    if (g->waits_left == 0)
        add_ready(l, leader);
}

static void take_fresh(struct list_groups *l)
{
    size_t n;
    const int *fresh = growing_fresh(l->growing, &n);
    xgrow(&l->fresh, &l->fresh_room, l->n_fresh + n, sizeof *l->fresh);
    for (size_t i = 0; i < n; i++) {
        l->fresh[l->n_fresh++] = fresh[i];
        l->ends[fresh[i]].end_s = -1;
        l->dependents[fresh[i]].n = 0;
    }
    for (size_t i = 0; i < n; i++)
        if (readiness_group_of_set(l->readiness, fresh[i]) == fresh[i])
            make_group(l, fresh[i]);
}

static void begin_growing(struct list_groups *l)
{
    size_t n;
    for (size_t i = 0; i < l->workflow->realised->from->n_sets; i++)
        l->last[i].end_s = -1;
    l->n_fresh = 0;
    readiness_reset(l->readiness);
    readiness_start(l->readiness, &n);
    take_fresh(l);
}

static void over_growing(struct list_groups *l, int set, struct set_end end)
{
    size_t n;
    struct set_end *last = &l->last[l->workflow->realised->base[set]];
    uint32_t tasks = l->states[readiness_group_of_set(l->readiness, set)].n_tasks;
    if (last->end_s == end.end_s)
        last->overhead_s = fmax(last->overhead_s, end.overhead_s);
    else
        *last = end;
    l->ends[set] = end;
    for (size_t i = 0; i < l->dependents[set].n; i++) {
        int g = l->dependents[set].at[i];
        note_end(&l->states[g], end, tasks);
        if (--l->states[g].waits_left == 0)
            add_ready(l, g);
    }
    for (uint32_t t = 0; t < l->workflow->sets[set].n_tasks && !growing_is_full(l->growing); t++)
        readiness_done(l->readiness, (uint32_t)set, t, &n);
    take_fresh(l);
}

/* ---- either ---- */

void list_groups_begin(struct list_groups *l)
{
    l->n_ready = 0;
    if (l->growing)
        begin_growing(l);
    for (size_t g = 0; g < l->plan.n_groups; g++) {
        l->states[g] = (struct group_state){ .waits_left = l->plan.groups[g].n_waits,
                                             .waited_until_s = -1 };
        if (l->states[g].waits_left == 0)
            add_ready(l, (int)g);
    }
}

void list_groups_over(struct list_groups *l, int set, double now_s, double overhead_s)
{
    const struct set_end end = { now_s, overhead_s };
    const struct plan *plan = &l->plan;
    if (l->growing) {
        over_growing(l, set, end);
        return;
    }
    for (size_t k = plan->first_dependent[set]; k < plan->first_dependent[set + 1]; k++) {
        int g = plan->dependents[k];
        note_end(&l->states[g], end, plan->groups[plan->group_of_set[set]].n_tasks);
        if (--l->states[g].waits_left == 0)
            add_ready(l, g);
    }
}

SORT_BY_2(compare_ready, struct ready, order, group)

const int *list_groups_ready(struct list_groups *l, size_t *n)
{
    *n = l->n_ready;
    qsort(l->ready, l->n_ready, sizeof *l->ready, compare_ready);
    for (size_t i = 0; i < l->n_ready; i++)
        l->ready_groups[i] = l->ready[i].group;
    l->n_ready = 0;
    return l->ready_groups;
}

struct list_group list_groups_at(const struct list_groups *l, int group)
{
    const struct group_state *state = &l->states[group];
    struct list_group g = { .overhead_s = state->overhead_s, .closed_tasks = state->closed_tasks };
    if (l->growing) {
        struct readiness_group of = readiness_group(l->readiness, (size_t)group);
        g.n_sets = of.n_sets;
        g.sets = of.sets;
        g.cause = state->cause;
        g.n_tasks = state->n_tasks;
        return g;
    }
    const struct plan_group *of = &l->plan.groups[group];
    g.n_sets = of->n_sets;
    g.sets = of->sets;
    g.cause = of->cause;
    g.n_tasks = of->n_tasks;
    return g;
}

enum submit_cause list_groups_cause(const struct list_groups *l, int set)
{
    if (l->growing)
        return l->states[readiness_group_of_set(l->readiness, set)].cause;
    return l->plan.groups[l->plan.group_of_set[set]].cause;
}

const int *list_groups_fresh(struct list_groups *l, size_t *n)
{
    *n = l->n_fresh;
    l->n_fresh = 0;
    return l->fresh;
}
