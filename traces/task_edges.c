#include "traces/task_edges.h"

#include "base/xalloc.h"
#include "core/task_deps.h"

void task_edge_list_add(struct task_edge_list *l, uint32_t parent, uint32_t child)
{
    xgrow(&l->at, &l->room, l->n + 1, sizeof *l->at);
    l->at[l->n++] = (struct task_edge){ parent, child };
}

void task_edges_clear(struct task_edges *e)
{
    xfree(e->first, e->to);
    *e = (struct task_edges){ 0 };
}

/* Lists are filled at first[i + 1], which thereby goes from the beginning of list i to its end. */
static void sum_up(size_t *first, size_t n)
{
    for (size_t i = 2; i < n + 2; i++)
        first[i] += first[i - 1];
}

struct task_edges task_edges_of(const struct task_edge *edges, size_t n_edges, size_t n)
{
    struct task_edges e = { xcalloc(n + 2, sizeof *e.first), xcalloc(n_edges + 1, sizeof *e.to) };
    for (size_t k = 0; k < n_edges; k++)
        e.first[edges[k].parent + (size_t)2]++;
    sum_up(e.first, n);
    for (size_t k = 0; k < n_edges; k++)
        e.to[e.first[edges[k].parent + (size_t)1]++] = edges[k].child;
    return e;
}

/* Neighbours stand ascending: drops those that stand twice. */
static void drop_doubles(struct task_edges *e, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0, from = 0; i < n; i++) {
        size_t begin = kept, end = e->first[i + 1];
        for (; from < end; from++)
            if (kept == begin || e->to[kept - 1] != e->to[from])
                e->to[kept++] = e->to[from];
        e->first[i + 1] = kept;
    }
}

struct task_edges task_edges_turned(const struct task_edges *e, size_t n)
{
    struct task_edges out = { xcalloc(n + 2, sizeof *out.first),
                              xcalloc(e->first[n] + 1, sizeof *out.to) };
    for (size_t k = 0; k < e->first[n]; k++)
        out.first[e->to[k] + (size_t)2]++;
    sum_up(out.first, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = e->first[i]; k < e->first[i + 1]; k++)
            out.to[out.first[e->to[k] + (size_t)1]++] = (uint32_t)i;
    drop_doubles(&out, n);
    return out;
}

double task_edges_count(const struct workflow *w)
{
    double n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            n += task_deps_edges(w, (int)s, &w->sets[s].dependencies[d]);
    return n;
}

/* Appends the edges of one dependency; returns how many there are then. */
static size_t expand(const struct workflow *w, int child, const struct dependency *d,
                     struct task_edge *edges, size_t n)
{
    uint32_t parents = w->sets[d->parent].first_task, children = w->sets[child].first_task;
    struct task_deps deps = task_deps_of(w, child, d);
    struct task_link link;
    while (task_deps_next(&deps, &link))
        for (uint32_t i = 0; i < link.n_parents; i++)
            for (uint32_t j = 0; j < link.n_children; j++)
                edges[n++] =
                    (struct task_edge){ parents + link.parent + i, children + link.child + j };
    return n;
}

struct task_edge *task_edges_expand(const struct workflow *w, size_t *n_edges)
{
    struct task_edge *edges = xcalloc((size_t)task_edges_count(w) + 1, sizeof *edges);
    *n_edges = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            *n_edges = expand(w, (int)s, &w->sets[s].dependencies[d], edges, *n_edges);
    return edges;
}
