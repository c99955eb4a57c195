#include "model/plan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/task_deps.h"

/* Merges what the group waits for with its sets' own dependencies, both ascending: `out` has room
 * for all of both. */
static size_t merge_waits(const struct readiness_group *g, const struct task_set *set,
                          struct path_wait *out)
{
    size_t n = 0, a = 0, b = 0;
    while (a < g->n_waits || b < set->n_dependencies) {
        const struct dependency *d = b < set->n_dependencies ? &set->dependencies[b] : NULL;
        if (!d || (a < g->n_waits && g->waits[a] < d->parent)) {
            out[n++] = (struct path_wait){ .set = g->waits[a++] };
            continue;
        }
        if (a < g->n_waits && g->waits[a] == d->parent)
            a++;
        out[n++] = (struct path_wait){ d->parent, dependency_is_by_task(d) ? d : NULL };
        b++;
    }
    return n;
}

static size_t copy_waits(const struct readiness_group *g, struct path_wait *out)
{
    for (size_t i = 0; i < g->n_waits; i++)
        out[i] = (struct path_wait){ .set = g->waits[i] };
    return g->n_waits;
}

static void fill_groups(struct plan *plan, const struct readiness *readiness, enum mode mode)
{
    const struct workflow *w = plan->workflow;
    size_t room = workflow_edge_count(w), used = 0;
    int *sets = plan->sets = xcalloc(w->n_sets, sizeof *sets);
    for (size_t g = 0; g < plan->n_groups; g++)
        room += readiness_group(readiness, g).n_waits;
    plan->waits = xcalloc(room, sizeof *plan->waits);
    for (size_t g = 0; g < plan->n_groups; g++) {
        struct readiness_group from = readiness_group(readiness, g);
        struct plan_group *to = &plan->groups[g];
        struct path_wait *waits = plan->waits + used;
        assert(mode != MODE_ASYNCHRONOUS || from.n_sets == 1);
        *to = (struct plan_group){ .n_sets = from.n_sets, .sets = sets, .waits = waits,
                                   .cause = from.cause };
        to->n_waits = mode == MODE_ASYNCHRONOUS ? merge_waits(&from, &w->sets[from.sets[0]], waits)
                                                : copy_waits(&from, waits);
        if (to->cause == SUBMIT_START && to->n_waits > 0)
            to->cause = SUBMIT_TASK;             /* it waits task by task only */
        used += to->n_waits;
        for (size_t i = 0; i < from.n_sets; i++) {
            *sets++ = from.sets[i];
            plan->group_of_set[from.sets[i]] = (int)g;
            to->n_tasks += w->sets[from.sets[i]].n_tasks;
        }
    }
}

static void fill_dependents(struct plan *plan)
{
    size_t n_sets = plan->workflow->n_sets, total = 0;
    plan->first_dependent = xcalloc(n_sets + 2, sizeof *plan->first_dependent);
    /* shifted by one: filling moves each entry to its place */
    size_t *next = plan->first_dependent + 1;
    for (size_t g = 0; g < plan->n_groups; g++) {
        total += plan->groups[g].n_waits;
        for (size_t i = 0; i < plan->groups[g].n_waits; i++)
            next[plan->groups[g].waits[i].set + 1]++;
    }
    for (size_t s = 0; s < n_sets; s++)
        next[s + 1] += next[s];
    plan->dependents = xcalloc(total, sizeof *plan->dependents);
    for (size_t g = 0; g < plan->n_groups; g++)
        for (size_t i = 0; i < plan->groups[g].n_waits; i++)
            plan->dependents[next[plan->groups[g].waits[i].set]++] = (int)g;
}

/* Kahn's algorithm over groups. Returns how many were reached: all, or there is a circle. */
static size_t sort_groups(struct plan *plan)
{
    size_t *left = xcalloc(plan->n_groups, sizeof *left), head = 0, n = 0;
    for (size_t g = 0; g < plan->n_groups; g++) {
        left[g] = plan->groups[g].n_waits;
        if (left[g] == 0)
            plan->order[n++] = (int)g;
    }
    for (; head < n; head++) {
        const struct plan_group *group = &plan->groups[plan->order[head]];
        for (size_t i = 0; i < group->n_sets; i++) {
            int s = group->sets[i];
            for (size_t k = plan->first_dependent[s]; k < plan->first_dependent[s + 1]; k++)
                if (--left[plan->dependents[k]] == 0)
                    plan->order[n++] = plan->dependents[k];
        }
    }
    free(left);
    return n;
}

void plan_init(struct plan *plan, const struct workflow *w, enum mode mode)
{
    struct readiness *readiness = readiness_new(w, mode);
    *plan = (struct plan){ .workflow = w, .n_groups = readiness_group_count(readiness) };
    plan->groups = xcalloc(plan->n_groups, sizeof *plan->groups);
    plan->order = xcalloc(plan->n_groups, sizeof *plan->order);
    plan->group_of_set = xcalloc(w->n_sets, sizeof *plan->group_of_set);
    fill_groups(plan, readiness, mode);
    readiness_free(readiness);
    fill_dependents(plan);
    size_t sorted = sort_groups(plan);
    /* the loader refuses stages that wait for each other in a circle */
    assert(sorted == plan->n_groups);
}

void plan_keep_waits(struct plan *plan)
{
    xfree(plan->groups, plan->order, plan->group_of_set, plan->first_dependent, plan->dependents,
          plan->sets);
    *plan = (struct plan){ .workflow = plan->workflow, .waits = plan->waits };
}

void plan_clear(struct plan *plan)
{
    plan_keep_waits(plan);
    free(plan->waits);
    *plan = (struct plan){ 0 };
}

struct path_graph plan_graph(const struct plan *plan, bool by_task)
{
    struct path_graph g = { .sets = xcalloc(plan->workflow->n_sets + 1, sizeof *g.sets) };
    for (size_t i = 0; i < plan->n_groups; i++) {
        const struct plan_group *group = &plan->groups[plan->order[i]];
        for (size_t k = 0; k < group->n_sets; k++) {
            int set = group->sets[k];
            uint32_t n_tasks = by_task ? plan->workflow->sets[set].n_tasks : 1;
            g.sets[g.n++] = (struct path_set){ set, n_tasks, group->n_waits, group->waits };
        }
    }
    return g;
}
