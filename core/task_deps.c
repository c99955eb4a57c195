#include "core/task_deps.h"

#include "base/xalloc.h"

/* ---- kinds ---- */

const char *const dependency_kind_names[] = {
    [DEPENDENCY_ALL] = "all", [DEPENDENCY_EACH] = "each", [DEPENDENCY_BLOCK] = "block",
    [DEPENDENCY_EDGES] = "edges", NULL,
};

const char *dependency_kind_words(enum dependency_kind kind)
{
    return kind == DEPENDENCY_ALL     ? ""
           : kind == DEPENDENCY_EDGES ? "task to task"
                                      : dependency_kind_names[kind];
}

int task_deps_check(const struct workflow *w, const struct task_set *set,
                    const struct dependency *d, struct error *err)
{
    const struct task_set *parent = &w->sets[d->parent];
    uint32_t a = parent->n_tasks, b = set->n_tasks;
    if (d->kind == DEPENDENCY_EACH && a != b)
        return error_set(err,
                         "task set '%s': comes after each of '%s', so both need as many tasks; it "
                         "has %u, '%s' has %u",
                         set->name, parent->name, b, parent->name, a);
    if (d->kind == DEPENDENCY_BLOCK && a % b != 0 && b % a != 0)
        return error_set(err,
                         "task set '%s': comes after blocks of '%s', so one number of tasks must "
                         "divide the other; it has %u, '%s' has %u",
                         set->name, parent->name, b, parent->name, a);
    for (size_t e = 0; e < d->n_edges; e++)
        if (d->edges[2 * e] >= a || d->edges[2 * e + 1] >= b)
            return error_set(err,
                             "task set '%s': edge from task %u of '%s' to task %u; they have %u "
                             "and %u tasks, counted from 0",
                             set->name, d->edges[2 * e], parent->name, d->edges[2 * e + 1], a, b);
    return 0;
}

/* ---- index ---- */

/* Edge e ends at edges[2 * e + end], and at the other end at edges[2 * e + 1 - end]. */
static struct task_deps_index index_by(const struct dependency *d, uint32_t n, size_t end)
{
    if (d->kind != DEPENDENCY_EDGES)
        return (struct task_deps_index){ 0 };
    struct task_deps_index index = { xcalloc((size_t)n + 2, sizeof *index.begin),
                                     xcalloc(d->n_edges + 1, sizeof *index.other) };
    for (size_t e = 0; e < d->n_edges; e++)
        index.begin[d->edges[2 * e + end] + 2]++;
    for (size_t t = 2; t < (size_t)n + 2; t++)
        index.begin[t] += index.begin[t - 1];
    for (size_t e = 0; e < d->n_edges; e++) /* moves each begin to where it belongs */
        index.other[index.begin[d->edges[2 * e + end] + 1]++] = d->edges[2 * e + 1 - end];
    return index;
}

struct task_deps_index task_deps_index_by_parent(const struct dependency *d, uint32_t n_parents)
{
    return index_by(d, n_parents, 0);
}

struct task_deps_index task_deps_index_by_child(const struct dependency *d, uint32_t n_children)
{
    return index_by(d, n_children, 1);
}

void task_deps_index_clear(struct task_deps_index *index)
{
    xfree(index->begin, index->other);
    *index = (struct task_deps_index){ 0 };
}

/* ---- iteration ---- */

/* Links of the whole dependency, as the header counts them. */
static size_t count_links(const struct dependency *d, uint32_t parents, uint32_t children)
{
    switch (d->kind) {
    case DEPENDENCY_ALL:
        return 1;
    case DEPENDENCY_EACH:
        return parents;
    case DEPENDENCY_BLOCK:
        return parents < children ? parents : children;
    case DEPENDENCY_EDGES:
        break;
    }
    return d->n_edges;
}

/* Link i of the whole dependency. */
static struct task_link link_at(const struct dependency *d, uint32_t parents, uint32_t children,
                                size_t i)
{
    uint32_t k = (uint32_t)i;
    switch (d->kind) {
    case DEPENDENCY_ALL:
        return (struct task_link){ 0, parents, 0, children };
    case DEPENDENCY_EACH:
        return (struct task_link){ k, 1, k, 1 };
    case DEPENDENCY_BLOCK:
        if (parents >= children)
            return (struct task_link){ k * (parents / children), parents / children, k, 1 };
        return (struct task_link){ k, 1, k * (children / parents), children / parents };
    case DEPENDENCY_EDGES:
        break;
    }
    return (struct task_link){ d->edges[2 * i], 1, d->edges[2 * i + 1], 1 };
}

/* The link, of other kinds than edges, that a task of a set of `own` tasks is in. */
static size_t link_of_task(const struct task_deps *t, uint32_t own, uint32_t other, uint32_t task)
{
    switch (t->dependency->kind) {
    case DEPENDENCY_EACH:
        return task;
    case DEPENDENCY_BLOCK:
        return own > other ? task / (own / other) : task;
    default:
        return 0;
    }
}

struct task_deps task_deps_of(const struct workflow *w, int child, const struct dependency *d)
{
    uint32_t parents = w->sets[d->parent].n_tasks, children = w->sets[child].n_tasks;
    return (struct task_deps){ .dependency = d,
                               .n_parents = parents,
                               .n_children = children,
                               .which = TASK_DEPS_ALL_TASKS,
                               .end = count_links(d, parents, children) };
}

static void limit_to(struct task_deps *t, const struct task_deps_index *index, uint32_t own,
                     uint32_t other, uint32_t task)
{
    t->index = index;
    t->task = task;
    if (t->dependency->kind == DEPENDENCY_EDGES) {
        t->at = index->begin[task];
        t->end = index->begin[task + 1];
    } else {
        t->at = link_of_task(t, own, other, task);
        t->end = t->at + 1;
    }
}

struct task_deps task_deps_of_parent(const struct workflow *w, int child,
                                     const struct dependency *d,
                                     const struct task_deps_index *index, uint32_t parent)
{
    struct task_deps t = task_deps_of(w, child, d);
    t.which = TASK_DEPS_OF_PARENT;
    limit_to(&t, index, t.n_parents, t.n_children, parent);
    return t;
}

struct task_deps task_deps_of_child(const struct workflow *w, int child, const struct dependency *d,
                                    const struct task_deps_index *index, uint32_t child_task)
{
    struct task_deps t = task_deps_of(w, child, d);
    t.which = TASK_DEPS_OF_CHILD;
    limit_to(&t, index, t.n_children, t.n_parents, child_task);
    return t;
}

bool task_deps_next(struct task_deps *t, struct task_link *link)
{
    if (t->at == t->end)
        return false;
    size_t i = t->at++;
    bool of_parent = t->which == TASK_DEPS_OF_PARENT;
    if (t->which == TASK_DEPS_ALL_TASKS) {
        *link = link_at(t->dependency, t->n_parents, t->n_children, i);
    } else if (t->dependency->kind == DEPENDENCY_EDGES) {
        uint32_t other = t->index->other[i];
        *link =
            (struct task_link){ of_parent ? t->task : other, 1, of_parent ? other : t->task, 1 };
    } else {
        *link = link_at(t->dependency, t->n_parents, t->n_children, i);
        *(of_parent ? &link->parent : &link->child) = t->task;
        *(of_parent ? &link->n_parents : &link->n_children) = 1;
    }
    return true;
}

void task_deps_delay(const struct workflow *w, int child, const struct dependency *d,
                     const double *end_s, double *start_s)
{
    struct task_deps deps = task_deps_of(w, child, d);
    struct task_link link;
    while (task_deps_next(&deps, &link)) {
        double ready_s = 0;
        for (uint32_t i = 0; i < link.n_parents; i++)
            if (end_s[link.parent + i] > ready_s)
                ready_s = end_s[link.parent + i];
        for (uint32_t i = 0; i < link.n_children; i++)
            if (ready_s > start_s[link.child + i])
                start_s[link.child + i] = ready_s;
    }
}

uint32_t task_deps_parents(const struct workflow *w, int child, const struct dependency *d,
                           const struct task_deps_index *by_child, uint32_t child_task)
{
    struct task_deps deps = task_deps_of_child(w, child, d, by_child, child_task);
    struct task_link link;
    size_t links = deps.end - deps.at;   /* all of one size */
    return task_deps_next(&deps, &link) ? (uint32_t)links * link.n_parents : 0;
}

double task_deps_edges(const struct workflow *w, int child, const struct dependency *d)
{
    struct task_deps deps = task_deps_of(w, child, d);
    struct task_link link;
    if (d->kind == DEPENDENCY_EDGES)
        return (double)d->n_edges;
    return task_deps_next(&deps, &link) ? (double)deps.end * link.n_parents * link.n_children : 0;
}
