#include "core/workflow_subset.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/task_deps.h"

struct mapping {
    const struct workflow *whole;
    const bool *keep;
    int *set;                            /* of each old set: the new one, or -1 */
    /* of each old task that is kept: its number within its new set */
    uint32_t *task;
};

/* ---- tasks ---- */

static struct mapping map_tasks(const struct workflow *w, const bool *keep)
{
    struct mapping m = { w, keep, xcalloc(w->n_sets + 1, sizeof *m.set),
                         xcalloc(w->n_tasks + 1, sizeof *m.task) };
    int n_sets = 0;
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct task_set *s = &w->sets[i];
        uint32_t n = 0;
        for (uint32_t t = s->first_task; t < s->first_task + s->n_tasks; t++)
            if (keep[t])
                m.task[t] = n++;
        m.set[i] = n ? n_sets++ : -1;
    }
    return m;
}

static void compact(double *values, const struct task_set *old, const bool *keep)
{
    uint32_t n = 0;
    for (uint32_t t = 0; values && t < old->n_tasks; t++)
        if (keep[old->first_task + t])
            values[n++] = values[t];
}

/* ---- dependencies ---- */

struct edge { uint32_t parent, child; };

SORT_BY_2(by_parent, struct edge, parent, child)

struct edges { struct edge *at; size_t n, room; };

static void add_link(const struct mapping *m, const struct task_link *link, uint32_t parents,
                     uint32_t children, struct edges *to)
{
    for (uint32_t p = parents + link->parent; p < parents + link->parent + link->n_parents; p++)
        for (uint32_t c = children + link->child;
             m->keep[p] && c < children + link->child + link->n_children; c++)
            if (m->keep[c]) {
                xgrow(&to->at, &to->room, to->n + 1, sizeof *to->at);
                to->at[to->n++] = (struct edge){ m->task[p], m->task[c] };
            }
}

/* The dependency `old` of the old set `child` among the tasks that are kept; false: nothing is left
 * of it. */
static bool map_dependency(const struct mapping *m, size_t child, const struct dependency *old,
                           struct dependency *out)
{
    const struct workflow *w = m->whole;
    struct task_link link;
    struct edges edges = { 0 };
    *out = *old;
    out->parent = m->set[old->parent];
    out->n_edges = 0;
    out->edges = NULL;
    if (out->parent < 0 || !dependency_is_by_task(old))
        return out->parent >= 0;
    struct task_deps deps = task_deps_of(w, (int)child, old);
    while (task_deps_next(&deps, &link))
        add_link(m, &link, w->sets[old->parent].first_task, w->sets[child].first_task, &edges);
    sort_items(edges.at, edges.n, sizeof *edges.at, by_parent);
    out->kind = DEPENDENCY_EDGES;
    out->n_edges = edges.n;
    out->edges = xcalloc(2 * edges.n + 1, sizeof *out->edges);
    for (size_t i = 0; i < edges.n; i++) {
        out->edges[2 * i] = edges.at[i].parent;
        out->edges[2 * i + 1] = edges.at[i].child;
    }
    free(edges.at);
    if (edges.n == 0)
        free(out->edges);
    return edges.n > 0;
}

static void map_dependencies(const struct mapping *m, size_t old_set, struct task_set *s)
{
    size_t n = 0;
    for (size_t d = 0; d < s->n_dependencies; d++) {
        struct dependency mapped;
        bool stays = map_dependency(m, old_set, &m->whole->sets[old_set].dependencies[d], &mapped);
        free(s->dependencies[d].edges);
        if (stays)
            s->dependencies[n++] = mapped;
    }
    s->n_dependencies = n;
}

/* ---- stages ---- */

static size_t map_stages(const struct mapping *m, struct stage *stages, size_t n_stages)
{
    size_t kept = 0;
    for (size_t i = 0; i < n_stages; i++) {
        size_t n = 0;
        for (size_t k = 0; k < stages[i].n_sets; k++)
            if (m->set[stages[i].sets[k]] >= 0)
                stages[i].sets[n++] = m->set[stages[i].sets[k]];
        stages[i].n_sets = n;
        if (n)
            stages[kept++] = stages[i];
        else
            free(stages[i].sets);
    }
    return kept;
}

static void map_pipelines(const struct mapping *m, struct workflow *w)
{
    int *of = xcalloc(w->n_pipelines + 1, sizeof *of), kept = 0;
    for (size_t i = 0; i < w->n_pipelines; i++) {
        w->pipelines[i].n_stages = map_stages(m, w->pipelines[i].stages, w->pipelines[i].n_stages);
        of[i] = w->pipelines[i].n_stages ? kept++ : -1;
    }
    for (size_t i = 0; i < w->n_pipelines; i++) {
        struct pipeline *p = &w->pipelines[i];
        size_t n = 0;
        for (size_t k = 0; k < p->n_after; k++)
            if (of[p->after[k]] >= 0)
                p->after[n++] = of[p->after[k]];
        p->n_after = n;
        if (of[i] >= 0) {
            w->pipelines[of[i]] = *p;
        } else {
            xfree(p->name, p->stages, p->after);
        }
    }
    w->n_pipelines = (size_t)kept;
    free(of);
}

/* ---- all of it ---- */

static void free_set(struct task_set *s)
{
    struct workflow *alone = workflow_new("", 1);
    alone->sets[0] = *s;
    workflow_free(alone);
}

static void map_set(const struct mapping *m, size_t old_set, struct task_set *s)
{
    const struct task_set *old = &m->whole->sets[old_set];
    compact(s->durations, old, m->keep);
    if (s->release.kind == RELEASE_LIST)
        compact(s->release.list_s, old, m->keep);
    map_dependencies(m, old_set, s);
    s->n_tasks = 0;
    for (uint32_t t = old->first_task; t < old->first_task + old->n_tasks; t++)
        s->n_tasks += m->keep[t];
}

struct workflow_subset workflow_subset(const struct workflow *w, const bool *keep)
{
    struct mapping m = map_tasks(w, keep);
    struct workflow_subset out = { .workflow = workflow_copy(w),
                                   .task_of = xcalloc(w->n_tasks + 1, sizeof *out.task_of),
                                   .set_of = xcalloc(w->n_sets + 1, sizeof *out.set_of) };
    struct workflow *made = out.workflow;
    realised_free(made->realised);       /* of all sets */
    made->realised = NULL;
    made->n_tasks = 0;
    size_t n_sets = 0;
    for (size_t i = 0; i < w->n_sets; i++) {
        if (m.set[i] < 0) {
            free_set(&made->sets[i]);
            continue;
        }
        struct task_set s = made->sets[i];
        map_set(&m, i, &s);
        s.first_task = made->n_tasks;
        made->n_tasks += s.n_tasks;
        out.set_of[n_sets] = (int)i;
        made->sets[n_sets++] = s;
        for (uint32_t t = w->sets[i].first_task, k = s.first_task;
             t < w->sets[i].first_task + w->sets[i].n_tasks; t++)
            if (keep[t])
                out.task_of[k++] = t;
    }
    made->n_sets = n_sets;
    made->n_stages = map_stages(&m, made->stages, made->n_stages);
    map_pipelines(&m, made);
    xfree(m.set, m.task);
    return out;
}

void workflow_subset_clear(struct workflow_subset *s)
{
    workflow_free(s->workflow);
    xfree(s->task_of, s->set_of);
    *s = (struct workflow_subset){ 0 };
}
