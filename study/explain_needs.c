#include "study/explain_needs.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/task_deps.h"

bool needs_noted(const struct needs *n, size_t record)
{
    uint32_t task = n->timeline->records[record].task;
    return task_instants_attempt(n->run->instants, task) == timeline_attempt(n->timeline, record);
}

double needs_at(const struct needs *n, size_t record, enum instant i)
{
    enum instant recorded = walk_recorded(i);
    if (recorded != i && needs_noted(n, record)) {
        double at_s = task_instants_at(n->run->instants, n->timeline->records[record].task, i);
        if (at_s != INSTANT_AS_RECORDED && !isnan(at_s))
            return at_s;                 /* else a job's end cut it: the record tells */
    }
    return timeline_at(n->timeline, record, recorded);
}

bool needs_was_lost(const struct needs *n, size_t record)
{
    return n->timeline->status[record] == TASK_KILLED &&
           isnan(n->timeline->records[record].notified_s);
}

double needs_known_s(const struct needs *n, size_t record)
{
    if (record == WALK_NONE)
        return -INFINITY;
    return needs_at(n, record, needs_was_lost(n, record) ? INSTANT_STOPPED : INSTANT_BOOKED);
}

size_t needs_later(const struct needs *n, size_t a, size_t b)
{
    return needs_known_s(n, b) > needs_known_s(n, a) ? b : a;
}

static size_t latest_of(const struct needs *n, size_t task)
{
    return attempt_index_latest(&n->attempts, task);
}

bool needs_is_first(const struct needs *n, size_t record)
{
    return attempt_index_previous(&n->attempts, record) == WALK_NONE;
}

static void index_sets(struct needs *n)
{
    const struct workflow *workflow = n->timeline->workflow;
    n->set_last = xcalloc(workflow->n_sets, sizeof *n->set_last);
    n->by_child = xcalloc(workflow->n_sets, sizeof *n->by_child);
    for (size_t s = 0; s < workflow->n_sets; s++) {
        const struct task_set *set = &workflow->sets[s];
        n->set_last[s] = WALK_NONE;
        for (uint32_t t = 0; t < set->n_tasks; t++)
            n->set_last[s] = needs_later(n, n->set_last[s], latest_of(n, set->first_task + t));
    }
}

/* The window lets task number j in when task number j - window is over. */
static void index_window(struct needs *n)
{
    const struct timeline *t = n->timeline;
    size_t window = middleware_window(n->run->scenario->middleware, n->run->scenario->platform);
    if (window == 0)
        return;
    struct ranked *submitted = ranked_by(t, INSTANT_SUBMITTED);
    struct ranked *over = ranked_by(t, INSTANT_NOTIFIED);
    n->opened_by = xcalloc(t->n + 1, sizeof *n->opened_by);
    for (size_t j = 0; j < t->n; j++)
        n->opened_by[submitted[j].record] = j >= window ? over[j - window].record : WALK_NONE;
    xfree(submitted, over);
}

/* Candidates of campaigns that are a stream let each other in, and begin a learning. */
static void index_campaign(struct needs *n, size_t campaign)
{
    const struct workflow *workflow = n->timeline->workflow;
    const struct realised_campaign *c = &workflow->realised->campaigns[campaign];
    size_t count = 0, room = 0;
    struct ranked *list = NULL;
    for (size_t k = 0; c->by_count && k < c->n_rounds; k++)
        for (uint32_t t = 0; t < workflow->sets[c->rounds[k]].n_tasks; t++) {
            size_t record = latest_of(n, workflow->sets[c->rounds[k]].first_task + t);
            if (record == WALK_NONE)
                continue;
            xgrow(&list, &room, count + 1, sizeof *list);
            list[count++] = (struct ranked){ needs_known_s(n, record), record };
        }
    ranked_sort(list, count);
    n->results[campaign] = list;
    n->n_results[campaign] = count;
}

static void index_campaigns(struct needs *n)
{
    const struct realised *made = n->timeline->workflow->realised;
    if (!made || made->n_campaigns == 0)
        return;
    n->results = xcalloc(made->n_campaigns, sizeof *n->results);
    n->n_results = xcalloc(made->n_campaigns, sizeof *n->n_results);
    for (size_t i = 0; i < made->n_campaigns; i++)
        index_campaign(n, i);
}

size_t needs_result_before(const struct needs *n, int set, double due_s)
{
    const struct workflow *workflow = n->timeline->workflow;
    int lane = n->results ? workflow->realised->lane[set] - 1 -
                                (int)workflow->realised->from->decisions.n_loops
                          : -1;
    if (lane < 0)
        return WALK_NONE;
    size_t by_then;
    SORT_COUNT_IF(by_then, n->n_results[lane], i, n->results[lane][i].at_s <= due_s);
    return by_then > 0 ? n->results[lane][by_then - 1].record : WALK_NONE;
}

static const struct task_deps_index *index_of(const struct needs *n, int set,
                                              const struct dependency *d)
{
    const struct task_set *s = &n->timeline->workflow->sets[set];
    if (!n->by_child[set])
        n->by_child[set] = xcalloc(s->n_dependencies, sizeof **n->by_child);
    struct task_deps_index *index = &n->by_child[set][d - s->dependencies];
    if (!index->begin)
        *index = task_deps_index_by_child(d, s->n_tasks);
    return index;
}

/* The last of the tasks that task `task` (index within its set) needs of one parent. */
static size_t last_needed(struct needs *n, int set, uint32_t task, const struct dependency *d)
{
    const struct workflow *workflow = n->timeline->workflow;
    uint32_t first = workflow->sets[d->parent].first_task;
    if (!dependency_is_by_task(d))
        return n->set_last[d->parent];
    struct task_deps deps = task_deps_of_child(workflow, set, d, index_of(n, set, d), task);
    struct task_link link;
    size_t last = WALK_NONE;
    while (task_deps_next(&deps, &link))
        for (uint32_t t = 0; t < link.n_parents; t++)
            last = needs_later(n, last, latest_of(n, first + link.parent + t));
    return last;
}

size_t needs_last_dependency(struct needs *n, int set, size_t record)
{
    const struct task_set *s = &n->timeline->workflow->sets[set];
    uint32_t task = n->timeline->records[record].task - s->first_task;
    size_t last = WALK_NONE;
    for (size_t d = 0; d < s->n_dependencies; d++)
        last = needs_later(n, last, last_needed(n, set, task, &s->dependencies[d]));
    return last;
}

struct readiness_group needs_group_of(const struct needs *n, int set)
{
    return readiness_group(n->run->readiness,
                           (size_t)readiness_group_of_set(n->run->readiness, set));
}

size_t needs_last_of_barrier(const struct needs *n, int set)
{
    struct readiness_group g = needs_group_of(n, set);
    size_t last = WALK_NONE;
    for (size_t i = 0; n->run->scenario->mode != MODE_ASYNCHRONOUS && i < g.n_waits; i++)
        last = needs_later(n, last, n->set_last[g.waits[i]]);
    return last;
}

void needs_init(struct needs *n, const struct explain_run *run)
{
    *n = (struct needs){ .run = run, .timeline = run->timeline,
                         .attempts = attempt_index_of(run->timeline) };
    index_sets(n);
    index_window(n);
    index_campaigns(n);
}

void needs_clear(struct needs *n)
{
    const struct workflow *workflow = n->timeline->workflow;
    for (size_t s = 0; s < workflow->n_sets; s++) {
        for (size_t d = 0; n->by_child[s] && d < workflow->sets[s].n_dependencies; d++)
            task_deps_index_clear(&n->by_child[s][d]);
        free(n->by_child[s]);
    }
    for (size_t i = 0; n->results && i < workflow->realised->n_campaigns; i++)
        free(n->results[i]);
    xfree(n->results, n->n_results, n->by_child, n->opened_by);
    attempt_index_clear(&n->attempts);
    free(n->set_last);
}
