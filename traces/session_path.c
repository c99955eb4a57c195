/* The longest path of a session's workflow through what ran. */
#include <math.h>
#include <stdlib.h>

#include "core/longest_path.h"
#include "traces/session.h"

static double released_at(const struct task_set *set, uint32_t task)
{
    switch (set->release.kind) {
    case RELEASE_TIME: return set->release.time_s;
    case RELEASE_LIST: return set->release.list_s[task];
    default: return 0;
    }
}

/* What was measured bounds a path through a run: a task begins no later than it did, and takes no
 * longer than it did, or than is left of the makespan if its own stop is unknown. */
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

struct through {                         /* a run, or its workflow alone */
    const struct workflow *workflow;
    const struct bounds *bounds;         /* NULL: the workflow alone */
};

static void times_of(void *context, int set, uint32_t first, uint32_t n, double *start_s,
                     double *duration_s)
{
    const struct through *t = context;
    const struct task_set *of = &t->workflow->sets[set];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t task = of->first_task + first + i;
        start_s[i] = fmax(start_s[i], released_at(of, first + i));
        duration_s[i] = of->durations ? of->durations[first + i] : dist_mean(of->duration);
        if (!t->bounds)
            continue;
        start_s[i] = bounded_start(t->bounds, task, start_s[i]);
        duration_s[i] = bounded_duration(t->bounds, task, duration_s[i]);
    }
}

/* A task that was cut off, a guessed request, an inferred edge, a clock or a late first start may
 * make the workflow's path longer than the run: then the measured bounds apply. */
double session_critical_path_s(const struct session *s)
{
    size_t *record = timeline_last_attempts(s->timeline);
    struct bounds b = { s->timeline, record, timeline_first_start(s->timeline),
                        timeline_last_stop(s->timeline) };
    struct through whole = { s->workflow, NULL }, bounded = { s->workflow, &b };
    struct longest_path path;
    longest_path_init(&path, s->workflow, path_graph_of(s->workflow, PATH_BY_TASK));
    double longest = longest_path_run(&path, times_of, &whole);
    if (longest > b.last_s - b.first_s)                  /* false if there are no times */
        /* sums round */
        longest = fmin(longest_path_run(&path, times_of, &bounded), b.last_s - b.first_s);
    longest_path_clear(&path);
    free(record);
    return longest;
}
