#include "core/timeline_check_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* What one task tells its parents and its children. */
struct task_span {
    double begun_s;                      /* its first attempt was submitted, or started; INFINITY: it never ran */
    double done_s;                       /* it stopped, done; INFINITY: not done */
};

static struct task_span *spans_of(const struct timeline *t)
{
    struct task_span *spans = xcalloc(t->workflow->n_tasks, sizeof *spans);

    for (size_t i = 0; i < t->workflow->n_tasks; i++)
        spans[i] = (struct task_span){ .begun_s = INFINITY, .done_s = INFINITY };
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *r = &t->records[i];
        struct task_span *span = &spans[r->task];

        if (!isnan(r->started_s))
            span->begun_s = fmin(span->begun_s, isnan(r->submitted_s) ? r->started_s : r->submitted_s);
        if (t->status[i] == TASK_DONE)
            span->done_s = r->stopped_s;
    }
    return spans;
}

/* A child that began at begun_s depends on a parent that was done at done_s. */
static int check_pair(const struct workflow *w, const struct task_span *spans, uint32_t parent, uint32_t child, struct error *err)
{
    double done_s = spans[parent].done_s, begun_s = spans[child].begun_s;

    if (begun_s >= done_s)               /* so also when the child never ran */
        return 0;
    struct task_label child_label = task_label_of(w, child), parent_label = task_label_of(w, parent);

    if (isinf(done_s))
        return error_set(err, "%s: ran from %.9g s on, though %s, on which it depends, is not done", child_label.text, begun_s,
                         parent_label.text);
    return error_set(err, "%s: began at %.9g s, before %s, on which it depends, had stopped at %.9g s", child_label.text, begun_s,
                     parent_label.text, done_s);
}

/* The parent's task that is done last against the child's that begins first. */
static int check_all(const struct workflow *w, const struct task_span *spans, const struct task_set *parent,
                     const struct task_set *child, struct error *err)
{
    uint32_t last = parent->first_task, first = child->first_task;

    for (uint32_t i = 0; i < parent->n_tasks; i++)
        if (spans[parent->first_task + i].done_s > spans[last].done_s)
            last = parent->first_task + i;
    for (uint32_t i = 0; i < child->n_tasks; i++)
        if (spans[child->first_task + i].begun_s < spans[first].begun_s)
            first = child->first_task + i;
    return check_pair(w, spans, last, first, err);
}

/* `each` and `block`: the larger set's task i belongs to the smaller's i / (larger / smaller). */
static int check_block(const struct workflow *w, const struct task_span *spans, const struct task_set *parent,
                       const struct task_set *child, struct error *err)
{
    uint32_t larger = parent->n_tasks > child->n_tasks ? parent->n_tasks : child->n_tasks;

    for (uint32_t i = 0; i < larger; i++) {
        uint32_t p = i / (larger / parent->n_tasks), c = i / (larger / child->n_tasks);

        if (check_pair(w, spans, parent->first_task + p, child->first_task + c, err))
            return -1;
    }
    return 0;
}

static int check_edges(const struct workflow *w, const struct task_span *spans, const struct task_set *child,
                       const struct dependency *d, struct error *err)
{
    uint32_t first_of_parent = w->sets[d->parent].first_task;

    for (size_t k = 0; k < d->n_edges; k++)
        if (check_pair(w, spans, first_of_parent + d->edges[2 * k], child->first_task + d->edges[2 * k + 1], err))
            return -1;
    return 0;
}

static int check_dependency(const struct workflow *w, const struct task_span *spans, const struct task_set *child,
                            const struct dependency *d, struct error *err)
{
    const struct task_set *parent = &w->sets[d->parent];

    switch (d->kind) {
    case DEPENDENCY_ALL:
        return check_all(w, spans, parent, child, err);
    case DEPENDENCY_EACH:
    case DEPENDENCY_BLOCK:
        return check_block(w, spans, parent, child, err);
    case DEPENDENCY_EDGES:
        return check_edges(w, spans, child, d, err);
    }
    return 0;
}

int timeline_check_dependencies(const struct timeline *t, struct error *err)
{
    const struct workflow *w = t->workflow;
    struct task_span *spans = spans_of(t);
    int status = 0;

    for (size_t s = 0; s < w->n_sets && !status; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies && !status; d++)
            status = check_dependency(w, spans, &w->sets[s], &w->sets[s].dependencies[d], err);
    free(spans);
    return status;
}
