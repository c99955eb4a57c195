#include "core/longest_path.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/task_deps.h"

enum { BLOCK = 1024 };                   /* tasks at a time */

/* ---- the graph ---- */

/* One dependency as an edge of the graph; false: it is none of this graph. */
static bool edge_of(const struct workflow *w, int child, const struct dependency *d, unsigned how,
                    int *waiting, struct path_wait *wait)
{
    bool reversed = how & PATH_TO_THE_END;
    *waiting = reversed ? d->parent : child;
    *wait = (struct path_wait){ reversed ? child : d->parent,
                                how & PATH_BY_TASK && dependency_is_by_task(d) ? d : NULL };
    bool within = w->sets[child].iteration == w->sets[d->parent].iteration;
    return within || !(how & PATH_WITHIN_ITERATIONS);
}

struct path_graph path_graph_of(const struct workflow *w, unsigned how)
{
    size_t n = w->n_sets;
    uint32_t *next = xcalloc(n + 2, sizeof *next);
    struct path_graph g = { n, xcalloc(n + 1, sizeof *g.sets), NULL };
    g.waits = xcalloc(workflow_edge_count(w) + 1, sizeof *g.waits);
    int *order = workflow_topological_order(w), waiting;
    struct path_wait wait;
    for (size_t s = 0; s < n; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            if (edge_of(w, (int)s, &w->sets[s].dependencies[d], how, &waiting, &wait))
                next[waiting + 1]++;
    for (size_t s = 0; s < n; s++)
        next[s + 1] += next[s];
    for (size_t i = 0; i < n; i++) {
        int set = order[how & PATH_TO_THE_END ? n - 1 - i : i];
        uint32_t n_tasks = how & PATH_BY_TASK ? w->sets[set].n_tasks : 1;
        g.sets[i] = (struct path_set){ set, n_tasks, next[set + 1] - next[set],
                                       g.waits + next[set] };
    }
    for (size_t s = 0; s < n; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            if (edge_of(w, (int)s, &w->sets[s].dependencies[d], how, &waiting, &wait))
                g.waits[next[waiting]++] = wait;
    xfree(order, next);
    return g;
}

/* ---- the path ---- */

static void hold_ends(struct longest_path *p, int set, size_t *largest)
{
    uint32_t n = p->workflow->sets[set].n_tasks;
    if (!p->task_end_s)
        p->task_end_s = xcalloc(p->workflow->n_sets, sizeof *p->task_end_s);
    if (!p->task_end_s[set])
        p->task_end_s[set] = xcalloc(n, sizeof **p->task_end_s);
    *largest = n > *largest ? n : *largest;
}

void longest_path_init(struct longest_path *p, const struct workflow *w, struct path_graph graph)
{
    size_t largest = BLOCK;
    *p = (struct longest_path){ .workflow = w, .graph = graph };
    for (size_t i = 0; i < graph.n; i++)
        for (size_t k = 0; k < graph.sets[i].n_waits; k++)
            if (graph.sets[i].waits[k].by_task) {
                hold_ends(p, graph.sets[i].waits[k].set, &largest);
                hold_ends(p, graph.sets[i].set, &largest);
            }
    p->start_s = xcalloc(largest, sizeof *p->start_s);
    p->block_s = xcalloc(BLOCK, sizeof *p->block_s);
    p->end_s = xcalloc(w->n_sets + 1, sizeof *p->end_s);
    p->from = xcalloc(w->n_sets + 1, sizeof *p->from);
}

void longest_path_clear(struct longest_path *p)
{
    for (size_t s = 0; p->task_end_s && s < p->workflow->n_sets; s++)
        free(p->task_end_s[s]);
    xfree(p->graph.sets, p->graph.waits, p->task_end_s, p->start_s, p->block_s, p->end_s, p->from);
}

/* When the last of the sets that it waits for as a whole has ended. */
static double ready_at(struct longest_path *p, const struct path_set *at)
{
    double ready_s = 0;
    p->from[at->set] = -1;
    for (size_t i = 0; i < at->n_waits; i++) {
        if (at->waits[i].by_task || !(p->end_s[at->waits[i].set] > ready_s))
            continue;
        ready_s = p->end_s[at->waits[i].set];
        p->from[at->set] = at->waits[i].set;
    }
    return ready_s;
}

static void fill(double *x, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        x[i] = value;
}

static void run_set(struct longest_path *p, const struct path_set *at, path_durations_fn durations,
                    void *context)
{
    double *held = p->task_end_s ? p->task_end_s[at->set] : NULL, ready_s = ready_at(p, at);
    p->end_s[at->set] = 0;
    if (held)
        fill(p->start_s, at->n_tasks, ready_s);
    for (size_t i = 0; i < at->n_waits; i++)
        if (at->waits[i].by_task)
            task_deps_delay(p->workflow, at->set, at->waits[i].by_task,
                            p->task_end_s[at->waits[i].set], p->start_s);
    for (uint32_t first = 0, n; first < at->n_tasks; first += n) {
        n = at->n_tasks - first < BLOCK ? at->n_tasks - first : BLOCK;
        double *start_s = p->start_s + (held ? first : 0);
        double *end_s = held ? held + first : p->block_s;
        if (!held)
            fill(start_s, n, ready_s);
        durations(context, at->set, first, n, start_s, end_s);
        for (uint32_t t = 0; t < n; t++) {
            end_s[t] += start_s[t];
            if (end_s[t] > p->end_s[at->set])
                p->end_s[at->set] = end_s[t];
        }
    }
}

double longest_path_run(struct longest_path *p, path_durations_fn durations, void *context)
{
    p->length_s = 0;
    p->last = -1;
    for (size_t i = 0; i < p->graph.n; i++) {
        int set = p->graph.sets[i].set;
        run_set(p, &p->graph.sets[i], durations, context);
        if (!(p->end_s[set] > p->length_s))
            continue;
        p->length_s = p->end_s[set];
        p->last = set;
    }
    return p->length_s;
}

/* ---- whole sets ---- */

static void expected(void *context, int set, uint32_t first, uint32_t n, double *start_s,
                     double *duration_s)
{
    const struct longest_path *p = context;
    (void)first, (void)start_s;
    fill(duration_s, n, dist_mean(p->workflow->sets[set].duration));
}

void longest_path_of_sets(struct longest_path *p, const struct workflow *w, unsigned how)
{
    longest_path_init(p, w, path_graph_of(w, how));
    longest_path_run(p, expected, p);
}

static void step(void *context, int set, uint32_t first, uint32_t n, double *start_s,
                 double *duration_s)
{
    (void)context, (void)set, (void)first, (void)start_s;
    fill(duration_s, n, 1);
}

int *longest_path_levels(const struct workflow *w, struct path_graph graph)
{
    struct longest_path p;
    int *level = xcalloc(w->n_sets + 1, sizeof *level);
    longest_path_init(&p, w, graph);
    longest_path_run(&p, step, NULL);
    for (size_t s = 0; s < w->n_sets; s++)
        level[s] = (int)p.end_s[s] - 1;
    longest_path_clear(&p);
    return level;
}
