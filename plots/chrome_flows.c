#include "plots/chrome_trace_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define NO_RECORD UINT32_MAX

/* The records that arrows join: by task, the one that was done, and the first that ran. */
struct ends { uint32_t *done, *first; };

static struct ends ends_of(const struct timeline *t)
{
    size_t n = t->workflow->n_tasks;
    struct ends e = { xcalloc(n, sizeof *e.done), xcalloc(n, sizeof *e.first) };

    for (size_t i = 0; i < n; i++)
        e.done[i] = e.first[i] = NO_RECORD;
    for (size_t i = t->n; i-- > 0;) {
        uint32_t task = t->records[i].task;

        if (isnan(t->records[i].started_s))
            continue;
        if (e.first[task] == NO_RECORD || timeline_attempt(t, i) < timeline_attempt(t, e.first[task]))
            e.first[task] = (uint32_t)i;
        if (t->status[i] == TASK_DONE)
            e.done[task] = (uint32_t)i;
    }
    return e;
}

/* The later of two records, either may be none. */
static uint32_t later(const struct timeline *t, uint32_t a, uint32_t b)
{
    if (a == NO_RECORD || b == NO_RECORD)
        return a == NO_RECORD ? b : a;
    return t->records[b].stopped_s > t->records[a].stopped_s ? b : a;
}

/* last[c]: the record done last of what task c of `child` waits for under the dependency. */
static void find_last(const struct timeline *t, const struct ends *e, const struct task_set *child, const struct dependency *d,
                      uint32_t *last)
{
    const struct task_set *parent = &t->workflow->sets[d->parent];
    const uint32_t *done = e->done + parent->first_task;
    uint32_t larger = parent->n_tasks > child->n_tasks ? parent->n_tasks : child->n_tasks, last_of_all = NO_RECORD;

    for (uint32_t c = 0; c < child->n_tasks; c++)
        last[c] = NO_RECORD;
    if (d->kind == DEPENDENCY_EDGES) {
        for (size_t k = 0; k < d->n_edges; k++)
            last[d->edges[2 * k + 1]] = later(t, last[d->edges[2 * k + 1]], done[d->edges[2 * k]]);
    } else if (d->kind == DEPENDENCY_ALL) {
        for (uint32_t p = 0; p < parent->n_tasks; p++)
            last_of_all = later(t, last_of_all, done[p]);
        for (uint32_t c = 0; c < child->n_tasks; c++)
            last[c] = last_of_all;
    } else {
        for (uint32_t i = 0; i < larger; i++) {
            uint32_t p = i / (larger / parent->n_tasks), c = i / (larger / child->n_tasks);

            last[c] = later(t, last[c], done[p]);
        }
    }
}

/* An arrow from within the parent's last microsecond to the child's start. */
static void write_arrow(struct trace_writer *w, uint32_t from, uint32_t to, uint64_t id)
{
    const struct timeline_record *parent = &w->timeline->records[from], *child = &w->timeline->records[to];
    struct trace_place a = w->lanes->first[from], b = w->lanes->first[to];
    int64_t begin = trace_us(parent->started_s), end = trace_us(parent->stopped_s);

    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":\"after\",\"cat\":\"dependency\",\"ph\":\"s\",\"id\":%" PRIu64 ",\"ts\":%" PRId64
            ",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32 "}", id, end > begin ? end - 1 : begin, a.pid, a.tid);
    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":\"after\",\"cat\":\"dependency\",\"ph\":\"f\",\"bp\":\"e\",\"id\":%" PRIu64 ",\"ts\":%" PRId64
            ",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32 "}", id, trace_us(child->started_s), b.pid, b.tid);
}

void trace_write_flows(struct trace_writer *w)
{
    const struct workflow *workflow = w->timeline->workflow;
    struct ends e = ends_of(w->timeline);
    uint32_t *last = xcalloc(workflow->n_tasks, sizeof *last);
    uint64_t id = 0;

    for (size_t s = 0; s < workflow->n_sets; s++) {
        const struct task_set *child = &workflow->sets[s];

        for (size_t d = 0; d < child->n_dependencies; d++) {
            find_last(w->timeline, &e, child, &child->dependencies[d], last);
            for (uint32_t c = 0; c < child->n_tasks; c++)
                if (last[c] != NO_RECORD && e.first[child->first_task + c] != NO_RECORD)
                    write_arrow(w, last[c], e.first[child->first_task + c], ++id);
        }
    }
    free(last);
    free(e.done);
    free(e.first);
}
