#include "core/timeline_check_impl.h"

#include <math.h>

#include "base/xalloc.h"
#include "core/realised.h"
#include "core/task_deps.h"

/* What one task tells its parents and its children. */
struct task_span {
    /* its first attempt was submitted, or started; INFINITY: it never ran */
    double begun_s;
    double done_s;                       /* it stopped, done; INFINITY: not done */
};

/* A decision may have ended it, or taken its next attempt away: what comes after it goes on. */
static bool cancelled_by_decision(const struct timeline *t, size_t record)
{
    return t->workflow->realised && t->status[record] != TASK_DONE &&
           realised_cancels(t->workflow,
                            workflow_set_of_task(t->workflow, t->records[record].task));
}

/* `any_end`: for children that run after a failure too, a task is done once its last attempt has
 * ended, or if it was cancelled. */
static struct task_span *spans_of(const struct timeline *t, bool any_end)
{
    struct task_span *spans = xcalloc(t->workflow->n_tasks, sizeof *spans);
    for (size_t i = 0; i < t->workflow->n_tasks; i++)
        spans[i] = (struct task_span){ .begun_s = INFINITY, .done_s = INFINITY };
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *r = &t->records[i];
        struct task_span *span = &spans[r->task];
        if (!isnan(r->started_s))
            span->begun_s =
                fmin(span->begun_s, isnan(r->submitted_s) ? r->started_s : r->submitted_s);
        if (t->status[i] == TASK_DONE)
            span->done_s = r->stopped_s;
        else if (cancelled_by_decision(t, i))
            span->done_s = fmax(isinf(span->done_s) ? -INFINITY : span->done_s,
                                isnan(r->stopped_s) ? -INFINITY : r->stopped_s);
        else if (any_end && t->status[i] == TASK_CANCELLED)
            span->done_s = -INFINITY;
        else if (any_end && t->status[i] == TASK_FAILED)
            span->done_s = isinf(span->done_s) ? r->stopped_s : fmax(span->done_s, r->stopped_s);
    }
    return spans;
}

/* A child that began at begun_s depends on a parent that was done at done_s. */
static int check_pair(const struct workflow *w, const struct task_span *spans, uint32_t parent,
                      uint32_t child, struct error *err)
{
    double done_s = spans[parent].done_s, begun_s = spans[child].begun_s;
    if (begun_s >= done_s)               /* so also when the child never ran */
        return 0;
    struct task_label child_label = task_label_of(w, child),
                      parent_label = task_label_of(w, parent);

    if (isinf(done_s))
        return error_set(err, "%s: ran from %.9g s on, though %s, on which it depends, is not done",
                         child_label.text, begun_s, parent_label.text);
    return error_set(err,
                     "%s: began at %.9g s, before %s, on which it depends, had stopped at %.9g s",
                     child_label.text, begun_s, parent_label.text, done_s);
}

/* Of each link, the parent that is done last against the child that begins first. */
static int check_dependency(const struct workflow *w, const struct task_span *spans, int child,
                            const struct dependency *d, struct error *err)
{
    struct task_deps deps = task_deps_of(w, child, d);
    struct task_link link;
    while (task_deps_next(&deps, &link)) {
        uint32_t last = w->sets[d->parent].first_task + link.parent,
                 first = w->sets[child].first_task + link.child;
        uint32_t parents = last, children = first;
        for (uint32_t i = 0; i < link.n_parents; i++)
            last = spans[parents + i].done_s > spans[last].done_s ? parents + i : last;
        for (uint32_t i = 0; i < link.n_children; i++)
            first = spans[children + i].begun_s < spans[first].begun_s ? children + i : first;
        if (check_pair(w, spans, last, first, err))
            return -1;
    }
    return 0;
}

int timeline_check_dependencies(const struct timeline *t, struct error *err)
{
    const struct workflow *w = t->workflow;
    struct task_span *done = spans_of(t, false), *over = spans_of(t, true);
    int status = 0;
    for (size_t s = 0; s < w->n_sets && !status; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies && !status; d++)
            status = check_dependency(
                w,
                workflow_failure_cancels(w, &w->sets[s].dependencies[d], ON_FAILURE_UNSAID) ? done
                                                                                            : over,
                (int)s, &w->sets[s].dependencies[d], err);
    xfree(done, over);
    return status;
}
