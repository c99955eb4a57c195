/* The longest path of a session's workflow through what ran. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/task_deps.h"
#include "traces/session.h"

static void raise_starts(const struct workflow *w, int set, const struct dependency *d, double *start, const double *end)
{
    const double *ends = end + w->sets[d->parent].first_task;
    struct task_deps deps = task_deps_of(w, set, d);
    struct task_link link;
    while (task_deps_next(&deps, &link)) {
        double latest = 0;
        for (uint32_t i = 0; i < link.n_parents; i++)
            latest = fmax(latest, ends[link.parent + i]);
        for (uint32_t i = 0; i < link.n_children; i++)
            start[link.child + i] = fmax(start[link.child + i], latest);
    }
}

static double released_at(const struct task_set *set, uint32_t task)
{
    switch (set->release.kind) {
    case RELEASE_TIME: return set->release.time_s;
    case RELEASE_LIST: return set->release.list_s[task];
    default: return 0;
    }
}

/* What was measured bounds a path through a run: a task begins no later than it did, and takes no longer than it did, or than is left of
 * the makespan if its own stop is unknown. */
struct bounds {
    const struct timeline *timeline;
    const size_t *record;                /* of each task */
    double first_s, last_s;              /* of the makespan */
};

static double bounded_start(const struct bounds *b, uint32_t task, double start)
{
    if (b->record[task] == SIZE_MAX)
        return start;
    double began = b->timeline->records[b->record[task]].started_s;
    return isnan(began) ? start : fmin(start, began - b->first_s);
}

static double bounded_duration(const struct bounds *b, uint32_t task, double duration)
{
    if (b->record[task] == SIZE_MAX)
        return 0;                        /* it never ran */
    const struct timeline_record *r = &b->timeline->records[b->record[task]];
    if (isnan(r->started_s))
        return 0;
    double stopped = isnan(r->stopped_s) ? b->last_s : r->stopped_s;
    return fmax(fmin(duration, stopped - r->started_s), 0);
}

/* The longest path; `b` NULL: by the workflow alone. */
static double longest_path(const struct workflow *w, const int *order, const struct bounds *b)
{
    double *end = xcalloc((size_t)w->n_tasks + 1, sizeof *end), longest = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct task_set *set = &w->sets[order[k]];
        double *mine = end + set->first_task;
        for (uint32_t i = 0; i < set->n_tasks; i++)
            mine[i] = released_at(set, i);
        for (size_t d = 0; d < set->n_dependencies; d++)
            raise_starts(w, order[k], &set->dependencies[d], mine, end);
        for (uint32_t i = 0; i < set->n_tasks; i++) {
            uint32_t task = set->first_task + i;
            double duration = set->durations ? set->durations[i] : dist_mean(set->duration);
            mine[i] = b ? bounded_start(b, task, mine[i]) + bounded_duration(b, task, duration) : mine[i] + duration;
            longest = fmax(longest, mine[i]);
        }
    }
    free(end);
    return longest;
}

/* A task that was cut off, a guessed request, an inferred edge, a clock or a late first start may make the workflow's path longer than the
 * run: then the measured bounds apply. */
double session_critical_path_s(const struct session *s)
{
    size_t *record = session_records_of_tasks(s);
    struct bounds b = { s->timeline, record, timeline_first_start(s->timeline), timeline_last_stop(s->timeline) };
    int *order = workflow_topological_order(s->workflow);
    double longest = longest_path(s->workflow, order, NULL);
    if (longest > b.last_s - b.first_s)                  /* false if there are no times */
        longest = fmin(longest_path(s->workflow, order, &b), b.last_s - b.first_s);      /* sums round */
    free(record);
    free(order);
    return longest;
}
