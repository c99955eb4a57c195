#include "traces/task_edges.h"

#include <stdlib.h>

#include "base/xalloc.h"

void task_edges_clear(struct task_edges *e)
{
    free(e->first);
    free(e->to);
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
    struct task_edges out = { xcalloc(n + 2, sizeof *out.first), xcalloc(e->first[n] + 1, sizeof *out.to) };
    for (size_t k = 0; k < e->first[n]; k++)
        out.first[e->to[k] + (size_t)2]++;
    sum_up(out.first, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = e->first[i]; k < e->first[i + 1]; k++)
            out.to[out.first[e->to[k] + (size_t)1]++] = (uint32_t)i;
    drop_doubles(&out, n);
    return out;
}

static double count_of(const struct dependency *d, uint32_t parents, uint32_t children)
{
    switch (d->kind) {
    case DEPENDENCY_ALL: return (double)parents * children;
    case DEPENDENCY_EDGES: return (double)d->n_edges;
    default: return parents > children ? parents : children;
    }
}

double task_edges_count(const struct workflow *w)
{
    double n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            n += count_of(&w->sets[s].dependencies[d], w->sets[w->sets[s].dependencies[d].parent].n_tasks, w->sets[s].n_tasks);
    return n;
}

/* Appends the edges of one dependency; returns how many there are then. */
static size_t expand(const struct task_set *parent, const struct task_set *child, const struct dependency *d,
                     struct task_edge *edges, size_t n)
{
    uint32_t a = parent->n_tasks, b = child->n_tasks, large = a > b ? a : b;
    for (size_t k = 0; k < d->n_edges; k++)
        edges[n++] = (struct task_edge){ parent->first_task + d->edges[2 * k], child->first_task + d->edges[2 * k + 1] };
    for (uint32_t i = 0; d->kind == DEPENDENCY_ALL && i < a; i++)
        for (uint32_t j = 0; j < b; j++)
            edges[n++] = (struct task_edge){ parent->first_task + i, child->first_task + j };
    for (uint32_t k = 0; (d->kind == DEPENDENCY_EACH || d->kind == DEPENDENCY_BLOCK) && k < large; k++)
        edges[n++] = (struct task_edge){ parent->first_task + k / (large / a), child->first_task + k / (large / b) };
    return n;
}

struct task_edge *task_edges_expand(const struct workflow *w, size_t *n_edges)
{
    struct task_edge *edges = xcalloc((size_t)task_edges_count(w) + 1, sizeof *edges);
    *n_edges = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            *n_edges = expand(&w->sets[w->sets[s].dependencies[d].parent], &w->sets[s], &w->sets[s].dependencies[d], edges, *n_edges);
    return edges;
}
