/* What is derived once all sets are there: numbers of tasks, dependencies that the order of stages
 * means, sorted dependencies, and what sets share. */
#include "core/workflow_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"

enum { MOST_IMPLIED = 10000000 };

/* Sets of stage a come before all of stage b. */
static void order_stages(struct workflow *w, const struct stage *a, const struct stage *b)
{
    for (size_t i = 0; i < b->n_sets; i++)
        for (size_t j = 0; j < a->n_sets; j++)
            workflow_add_dependency(&w->sets[b->sets[i]],
                                    (struct dependency){ .parent = a->sets[j],
                                                         .kind = DEPENDENCY_ALL,
                                                         .implied = true });
}

/* Calls order_stages() for each pair of stages of which one directly follows the other; with w NULL
 * only counts the dependencies. */
static double each_pair(const struct workflow *from, struct workflow *w)
{
    double n = 0;
    for (size_t p = 0; p < from->n_pipelines; p++) {
        const struct pipeline *pipeline = &from->pipelines[p];
        for (size_t k = 0; k < pipeline->n_stages; k++) {
            const struct stage *stage = &pipeline->stages[k];
            for (size_t a = 0; a < (k > 0 ? 1 : pipeline->n_after); a++) {
                const struct pipeline *before =
                    k > 0 ? pipeline : &from->pipelines[pipeline->after[a]];
                const struct stage *last = &before->stages[k > 0 ? k - 1 : before->n_stages - 1];
                n += (double)stage->n_sets * (double)last->n_sets;
                if (w)
                    order_stages(w, last, stage);
            }
        }
    }
    for (size_t k = 1; from->n_pipelines == 0 && k < from->n_stages; k++) {
        n += (double)from->stages[k].n_sets * (double)from->stages[k - 1].n_sets;
        if (w)
            order_stages(w, &from->stages[k - 1], &from->stages[k]);
    }
    return n;
}

/* Where no set comes after another but stages or pipelines are written, their order becomes `all`
 * dependencies. */
static int order_from_stages(struct workflow *w, struct error *err)
{
    if (workflow_edge_count(w) > 0)
        return 0;
    double n = each_pair(w, NULL);
    if (n > MOST_IMPLIED)
        return error_set(err,
                         "workflow %s: the order of its stages means %.0f dependencies between "
                         "sets, more than %d are not held; write `after`",
                         workflow_title(w), n, MOST_IMPLIED);
    each_pair(w, w);
    return 0;
}

SORT_BY(compare_dependencies, struct dependency, parent)

static int compare_edges(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    if (x[0] != y[0])
        return x[0] < y[0] ? -1 : 1;
    return (x[1] > y[1]) - (x[1] < y[1]);
}

static void sort_edges(struct dependency *d)
{
    bool sorted = true;
    for (size_t e = 1; e < d->n_edges && sorted; e++)
        sorted = compare_edges(d->edges + 2 * (e - 1), d->edges + 2 * e) < 0;
    if (sorted)
        return;
    qsort(d->edges, d->n_edges, 2 * sizeof *d->edges, compare_edges);
    size_t kept = 0;
    for (size_t e = 0; e < d->n_edges; e++) {
        if (e > 0 && compare_edges(d->edges + 2 * e, d->edges + 2 * (kept - 1)) == 0)
            continue;
        memmove(d->edges + 2 * kept, d->edges + 2 * e, 2 * sizeof *d->edges);
        kept++;
    }
    d->n_edges = kept;
}

static void finish_set(struct task_set *set)
{
    if (!set->label)
        set->label = set->name;
    set->stream = str_hash(set->name);
    if (set->durations && !set->duration)
        set->duration = dist_empirical(set->durations, set->n_tasks);
    if (!set->duration && (phases_without_duration(set) || set->traits->service.serves))
        set->duration = phases_duration(set);
    if (set->n_dependencies > 1)
        qsort(set->dependencies, set->n_dependencies, sizeof *set->dependencies,
              compare_dependencies);
    for (size_t d = 0; d < set->n_dependencies; d++)
        sort_edges(&set->dependencies[d]);
}

static void share_durations(struct workflow *w)
{
    struct dist_pool *pool = dist_pool_new();
    for (size_t s = 0; s < w->n_sets; s++)
        if (w->sets[s].duration)
            w->sets[s].duration = dist_pool_share(pool, w->sets[s].duration);
    dist_pool_free(pool);
}

int workflow_finish(struct workflow *w, struct error *err)
{
    uint64_t tasks = 0;
    for (size_t s = 0; s < w->n_sets; s++) {
        w->sets[s].first_task = (uint32_t)tasks;
        tasks += w->sets[s].n_tasks;
        if (tasks > UINT32_MAX / 2)
            return error_set(err, "workflow %s: more than %u tasks in all, with task set '%s'",
                             workflow_title(w), UINT32_MAX / 2, w->sets[s].name);
    }
    w->n_tasks = (uint32_t)tasks;
    w->n_services = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        w->n_services += w->sets[s].traits->service.serves;
    if (workflow_check_places(w, err) != 0 || order_from_stages(w, err) != 0)
        return -1;
    for (size_t s = 0; s < w->n_sets; s++) {
        finish_set(&w->sets[s]);
        if (w->sets[s].iteration > w->iterations)
            w->iterations = w->sets[s].iteration;
    }
    task_traits_share_equal(w);
    share_durations(w);
    return workflow_check(w, err) == 0 ? workflow_check_decisions(w, err) : -1;
}
