#include "scheduling/set_children.h"

#include "base/xalloc.h"

static void index_edges(struct set_children *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct dependency *d = set_children_dependency(c, i);
        if (d->kind != DEPENDENCY_EDGES)
            continue;
        if (!c->by_parent)
            c->by_parent = xcalloc(n, sizeof *c->by_parent);
        c->by_parent[i] = task_deps_index_by_parent(d, c->workflow->sets[d->parent].n_tasks);
    }
}

void set_children_init(struct set_children *c, const struct workflow *w)
{
    *c = (struct set_children){ .workflow = w };
    uint32_t *at = c->begin = xcalloc(w->n_sets + 2, sizeof *at);
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            at[w->sets[s].dependencies[d].parent + 2]++;
    for (size_t s = 2; s < w->n_sets + 2; s++)
        at[s] += at[s - 1];
    c->at = xcalloc((size_t)at[w->n_sets + 1] + 1, sizeof *c->at);
    /* each begin moves to where it belongs: begin[0] is 0 */
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            c->at[at[w->sets[s].dependencies[d].parent + 1]++] =
                (struct child){ (int)s, (uint32_t)d };
    index_edges(c, at[w->n_sets]);
}

void set_children_clear(struct set_children *c)
{
    for (size_t i = 0; c->by_parent && i < c->begin[c->workflow->n_sets]; i++)
        task_deps_index_clear(&c->by_parent[i]);
    xfree(c->begin, c->at, c->by_parent);
    *c = (struct set_children){ 0 };
}

struct task_deps set_children_of_task(const struct set_children *c, size_t i, uint32_t task)
{
    return task_deps_of_parent(c->workflow, c->at[i].set, set_children_dependency(c, i),
                               c->by_parent ? &c->by_parent[i] : NULL, task);
}
