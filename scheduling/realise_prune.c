/* Sets without tasks are done as soon as what they come after is: what comes after them comes after
 * that. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "base/sort.h"
#include "scheduling/realise_impl.h"

/* `all` first: it holds for every task */
SORT_BY_2(compare_parents, struct dependency, parent, kind)

/* Of several on one parent the strictest, with the longest lag. */
void realise_settle_dependencies(struct task_set *set)
{
    size_t kept = 0;
    if (set->n_dependencies > 1)
        qsort(set->dependencies, set->n_dependencies, sizeof *set->dependencies, compare_parents);
    for (size_t i = 0; i < set->n_dependencies; i++) {
        struct dependency *d = &set->dependencies[i],
                          *before = kept > 0 ? &set->dependencies[kept - 1] : NULL;
        if (!before || before->parent != d->parent) {
            set->dependencies[kept++] = *d;
            continue;
        }
        before->lag_s = d->lag_s > before->lag_s ? d->lag_s : before->lag_s;
        before->implied &= d->implied;
        free(d->edges);
    }
    set->n_dependencies = kept;
}

static bool contains(const int *list, size_t n, int x)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == x)
            return true;
    return false;
}

enum { LOOKED_AT_MOST = 64 };

/* Does `set` come after `other` by way of others? Looks at so many sets, not at a whole long
 * session. */
static bool comes_after(const struct workflow *w, int set, int other)
{
    int seen[LOOKED_AT_MOST] = { set };
    size_t n = 1;
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < w->sets[seen[i]].n_dependencies; d++) {
            int parent = w->sets[seen[i]].dependencies[d].parent;
            if (parent == other)
                return true;
            if (n < LOOKED_AT_MOST && !contains(seen, n, parent))
                seen[n++] = parent;
        }
    return false;
}

/* One that another parent comes after says nothing, unless it takes time of its own. */
static bool is_implied(const struct workflow *w, const struct dependency *old, size_t n,
                       const struct dependency *d)
{
    for (size_t i = 0; i < n; i++)
        if (w->sets[old[i].parent].n_tasks > 0 && d->lag_s == 0 &&
            comes_after(w, old[i].parent, d->parent))
            return true;
    return false;
}

/* Replaces parents without tasks by theirs, which have been replaced already. */
static void expand(struct workflow *w, struct task_set *set)
{
    size_t n = set->n_dependencies;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any |= w->sets[set->dependencies[i].parent].n_tasks == 0;
    if (!any)
        return;
    struct dependency *old = set->dependencies;
    set->dependencies = NULL;
    set->n_dependencies = 0;
    for (size_t i = 0; i < n; i++) {
        const struct task_set *parent = &w->sets[old[i].parent];
        if (parent->n_tasks > 0) {
            workflow_add_dependency(set, old[i]);
            continue;
        }
        free(old[i].edges);
        for (size_t k = 0; k < parent->n_dependencies; k++) {
            struct dependency d = { .parent = parent->dependencies[k].parent,
                                    .kind = DEPENDENCY_ALL,
                                    .implied = old[i].implied && parent->dependencies[k].implied,
                                    .lag_s = parent->dependencies[k].lag_s + old[i].lag_s };
            if (!is_implied(w, old, n, &d))
                workflow_add_dependency(set, d);
        }
    }
    free(old);
    realise_settle_dependencies(set);
}

/* The sets that a decision waits for, which exist. */
static void expand_point(const struct workflow *w, struct decision_point *p)
{
    size_t n = p->n_sets, room = n;
    for (size_t i = 0; i < n; i++) {
        const struct task_set *set = &w->sets[p->sets[i]];
        if (set->n_tasks > 0)
            continue;
        xgrow(&p->sets, &room, p->n_sets + set->n_dependencies, sizeof *p->sets);
        for (size_t d = 0; d < set->n_dependencies; d++)
            p->sets[p->n_sets++] = set->dependencies[d].parent;
    }
}

static size_t renumber(int *sets, size_t n, const int *new_number)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (new_number[sets[i]] >= 0)
            sets[kept++] = new_number[sets[i]];
    return kept;
}

static size_t prune_stages(struct stage *stages, size_t n, const int *new_number)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        struct stage *stage = &stages[k];
        stage->n_sets = renumber(stage->sets, stage->n_sets, new_number);
        if (stage->n_sets > 0)
            stages[kept++] = *stage;
        else
            free(stage->sets);
    }
    return kept;
}

/* What comes after an empty pipeline comes after what that one came after; none comes after itself,
 * so this ends. */
static void pass_over_empty(struct workflow *w, struct pipeline *p)
{
    size_t room = p->n_after;
    for (size_t a = 0; a < p->n_after; a++) {
        const struct pipeline *before = &w->pipelines[p->after[a]];
        if (before->n_stages > 0)
            continue;
        xgrow(&p->after, &room, p->n_after + before->n_after + 1, sizeof *p->after);
        for (size_t i = 0; i < before->n_after; i++)
            if (!contains(p->after, p->n_after, before->after[i]))
                p->after[p->n_after++] = before->after[i];
    }
}

/* Of a pipeline that is kept: those that exist, none twice. */
static void renumber_after(struct pipeline *p, const int *new_number)
{
    size_t n = renumber(p->after, p->n_after, new_number), kept = 0;
    if (n > 1)
        qsort(p->after, n, sizeof *p->after, sort_by_int);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || p->after[i] != p->after[kept - 1])
            p->after[kept++] = p->after[i];
    p->n_after = kept;
}

static void prune_pipelines(struct workflow *w, const int *new_set)
{
    int *new_number = xcalloc(w->n_pipelines + 1, sizeof *new_number), next = 0;
    for (size_t p = 0; p < w->n_pipelines; p++)
        w->pipelines[p].n_stages =
            prune_stages(w->pipelines[p].stages, w->pipelines[p].n_stages, new_set);
    for (size_t p = 0; p < w->n_pipelines; p++) {
        pass_over_empty(w, &w->pipelines[p]);
        new_number[p] = w->pipelines[p].n_stages > 0 ? next++ : -1;
    }
    for (size_t p = 0; p < w->n_pipelines; p++) {
        struct pipeline *of = &w->pipelines[p];
        renumber_after(of, new_number);
        if (new_number[p] >= 0) {
            w->pipelines[new_number[p]] = *of;
            continue;
        }
        xfree(of->name, of->stages, of->after);
    }
    w->n_pipelines = (size_t)next;
    free(new_number);
}

static void renumber_cancels(struct realised *made, const int *new_number, size_t n_sets)
{
    size_t n = 0;
    for (size_t i = 0; i < made->n_cancels; i++) {
        struct set_cancel c = { new_number[made->cancels[i].by], new_number[made->cancels[i].set] };
        if (c.by >= 0 && c.set >= 0)
            made->cancels[n++] = c;
    }
    made->n_cancels = n;
    made->cancelled = n > 0 ? xcalloc(n_sets, sizeof *made->cancelled) : NULL;
    for (size_t i = 0; i < n; i++)
        made->cancelled[made->cancels[i].set] = true;
}

static void remove_sets(struct workflow *w, const int *new_number)
{
    struct realised *made = w->realised;
    size_t kept = 0;
    for (size_t s = 0; s < w->n_sets; s++) {
        struct task_set set = w->sets[s];
        if (set.n_tasks == 0) {
            workflow_drop_dependencies(&set);
            free(set.name);
            continue;
        }
        for (size_t d = 0; d < set.n_dependencies; d++)
            set.dependencies[d].parent = new_number[set.dependencies[d].parent];
        made->base[kept] = made->base[s];
        made->lane[kept] = made->lane[s];
        made->point[kept] = made->point[s];
        w->sets[kept++] = set;
    }
    w->n_sets = kept;
    for (size_t p = 0; p < made->n_points; p++)
        made->points[p].n_sets = renumber(made->points[p].sets, made->points[p].n_sets, new_number);
    renumber_cancels(made, new_number, w->n_sets);
    for (size_t c = 0; c < made->n_campaigns; c++) {
        renumber(made->campaigns[c].rounds, made->campaigns[c].n_rounds, new_number);
        renumber(made->campaigns[c].learnings, made->campaigns[c].n_learnings, new_number);
    }
    w->n_stages = prune_stages(w->stages, w->n_stages, new_number);
    prune_pipelines(w, new_number);
}

void realise_prune(struct workflow *w)
{
    int *order = workflow_topological_order(w),
        *new_number = xcalloc(w->n_sets + 1, sizeof *new_number), next = 0;
    for (size_t i = 0; i < w->n_sets; i++)
        expand(w, &w->sets[order[i]]);
    for (size_t p = 0; p < w->realised->n_points; p++)
        expand_point(w, &w->realised->points[p]);
    for (size_t s = 0; s < w->n_sets; s++)
        new_number[s] = w->sets[s].n_tasks > 0 ? next++ : -1;
    remove_sets(w, new_number);
    xfree(new_number, order);
}
