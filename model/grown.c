#include "model/grown_impl.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "core/task_deps.h"

enum { BLOCK = 1024 };                   /* tasks at a time */

/* ---- the longest path and the work ---- */

struct path {
    const struct grown_question *question;
    const struct workflow *workflow;     /* of places */
    struct growing *growing;
    struct durations *durations;
    double *end_s;                       /* of each place */
    double **task_end_s;                 /* likewise; NULL where nothing is followed task by task */
    bool *by_task;                       /* of each described set: it may be */
    /* of each described set: the largest end of all, and the work of all */
    double *last_s, *all_s;
    bool *exists;                        /* likewise: one of it had a place */
    double *start_s;
    size_t start_room;
    double length_s;
};

static void raise(double *x, double to)
{
    if (to > *x)
        *x = to;
}

/* When what it waits for as a whole has ended. */
static double ready_at(const struct path *p, const struct growing_set *at)
{
    const struct workflow *from = p->question->from;
    double ready_s = 0;
    for (size_t i = 0; i < at->n_waits; i++)
        raise(&ready_s, p->end_s[at->waits[i]]);
    for (size_t i = 0; at->iteration == 0 && i < from->sets[at->base].n_dependencies; i++) {
        int parent = from->sets[at->base].dependencies[i].parent;
        if (growing_lane_of(from, parent) >= 0)
            raise(&ready_s, p->last_s[parent]);
    }
    return ready_s;
}

/* Starts of its tasks. */
static void fill_starts(struct path *p, int set, double ready_s)
{
    const struct task_set *s = &p->workflow->sets[set];
    xgrow(&p->start_s, &p->start_room, s->n_tasks, sizeof *p->start_s);
    for (uint32_t t = 0; t < s->n_tasks; t++)
        p->start_s[t] = ready_s;
    for (size_t d = 0; p->question->mode == MODE_ASYNCHRONOUS && d < s->n_dependencies; d++)
        if (dependency_is_by_task(&s->dependencies[d]))
            task_deps_delay(p->workflow, set, &s->dependencies[d],
                            p->task_end_s[s->dependencies[d].parent], p->start_s);
}

static void fill_durations(const struct path *p, int set, uint32_t first, uint32_t n, double *out)
{
    if (!p->question->expected) {
        durations_block(p->durations, set, first, n, 0, out);
        return;
    }
    double expected_s = durations_expected(p->workflow, set, first);
    for (uint32_t t = 0; t < n; t++)
        out[t] = expected_s;             /* none is given task by task */
}

/* The sum of its durations; their ends too, if `ends` is given. */
static double durations_of(struct path *p, int set, double *ends, double *last_s)
{
    const struct task_set *s = &p->workflow->sets[set];
    double block_s[BLOCK], work_s = 0;
    if (!p->question->expected)
        durations_renew(p->durations, set);
    for (uint32_t first = 0, n; first < s->n_tasks; first += n) {
        n = s->n_tasks - first < BLOCK ? s->n_tasks - first : BLOCK;
        fill_durations(p, set, first, n, block_s);
        for (uint32_t t = 0; t < n; t++) {
            double duration_s = block_s[t] * p->question->slope;
            work_s += duration_s;
            if (last_s)
                raise(last_s, duration_s += p->start_s[first + t]);
            if (ends)
                ends[first + t] = duration_s;
        }
    }
    return work_s;
}

static void add_to_path(struct path *p, int set, const struct growing_set *at)
{
    double *held = NULL, end_s = 0;
    free(p->task_end_s[set]);
    if (p->by_task[at->base])
        held = xcalloc(p->workflow->sets[set].n_tasks, sizeof *held);
    p->task_end_s[set] = held;
    fill_starts(p, set, ready_at(p, at));
    p->exists[at->base] = true;
    p->all_s[at->base] += durations_of(p, set, held, &end_s);
    p->end_s[set] = end_s;
    raise(&p->last_s[at->base], end_s);
    raise(&p->length_s, end_s);
}

static void path_init(struct path *p, struct growing *g, const struct grown_question *q)
{
    const struct workflow *w = growing_workflow(g), *from = q->from;
    *p = (struct path){ .question = q, .workflow = w, .growing = g };
    p->durations = durations_new(w);
    durations_begin(p->durations, q->seed, q->replica);
    p->end_s = xcalloc(w->n_sets, sizeof *p->end_s);
    p->task_end_s = xcalloc(w->n_sets, sizeof *p->task_end_s);
    p->by_task = xcalloc(from->n_sets, sizeof *p->by_task);
    p->last_s = xcalloc(from->n_sets, sizeof *p->last_s);
    p->all_s = xcalloc(from->n_sets, sizeof *p->all_s);
    p->exists = xcalloc(from->n_sets, sizeof *p->exists);
    for (size_t s = 0; s < from->n_sets; s++)
        for (size_t d = 0; d < from->sets[s].n_dependencies; d++)
            p->by_task[from->sets[s].dependencies[d].parent] |=
                dependency_is_by_task(&from->sets[s].dependencies[d]) ||
                from->sets[s].dependencies[d].own;
}

static void path_clear(struct path *p)
{
    for (size_t i = 0; i < p->workflow->n_sets; i++)
        free(p->task_end_s[i]);
    durations_free(p->durations);
    xfree(p->end_s, p->task_end_s, p->by_task, p->last_s, p->all_s, p->exists, p->start_s);
}

/* ---- walks ---- */

/* What the first walk finds. */
struct walk { struct grown_degrees degrees; struct path path; };

static void walk_all(struct growing *g, struct walk *w, bool bounds)
{
    const int *sets;
    size_t n;
    growing_walk(g);
    while ((sets = growing_walk_next(g, &n)), n > 0) {
        for (size_t i = 0; i < n; i++) {
            struct growing_set at = growing_set(g, sets[i]);
            grown_degrees_add(&w->degrees, sets[i], &at);
            if (bounds)
                add_to_path(&w->path, sets[i], &at);
        }
        grown_degrees_close(&w->degrees, growing_least_level(g));
    }
}

/* Described sets that exist: demands have the order of these, as where all is written out. */
struct existing { struct workflow workflow; int *at; };  /* at: of each described set; -1 */

static struct existing existing_sets(const struct path *p)
{
    const struct workflow *from = p->question->from;
    struct existing e = { .workflow = *from, .at = xcalloc(from->n_sets, sizeof *e.at) };
    e.workflow.n_sets = 0;
    e.workflow.sets = xcalloc(from->n_sets, sizeof *e.workflow.sets);
    for (size_t s = 0; s < from->n_sets; s++) {
        e.at[s] = p->exists[s] ? (int)e.workflow.n_sets : -1;
        if (p->exists[s])
            e.workflow.sets[e.workflow.n_sets++] = from->sets[s];
    }
    return e;
}

/* The work of one demand is summed set by set as in what is written out: that of the first of its
 * described sets, in the next walk that of the next one. */
static void walk_work(struct growing *g, struct path *p, const struct existing *e,
                      struct bounds_work *b)
{
    const struct workflow *from = p->question->from;
    double *work_s;
    size_t n_classes, n, most = 1, *number = xcalloc(from->n_sets, sizeof *number), *next;
    const uint32_t *class_of = bounds_classes(b, &work_s, &n_classes);
    const int *sets;
    next = xcalloc(n_classes + 1, sizeof *next);
    for (size_t s = 0; s < from->n_sets; s++) {
        if (e->at[s] < 0)
            continue;
        number[s] = next[class_of[e->at[s]]]++;
        most = number[s] + 1 > most ? number[s] + 1 : most;
        work_s[class_of[e->at[s]]] += number[s] == 0 ? p->all_s[s] : 0;
    }
    for (size_t i = 1; i < most; i++) {
        growing_walk(g);
        while ((sets = growing_walk_next(g, &n)), n > 0)
            for (size_t k = 0; k < n; k++) {
                int base = growing_set(g, sets[k]).base;
                if (number[base] == i)
                    work_s[class_of[e->at[base]]] += durations_of(p, sets[k], NULL, NULL);
            }
    }
    xfree(number, next);
}

static void end_bounds(struct growing *g, struct path *p, struct bounds *out)
{
    struct existing e = existing_sets(p);
    struct bounds_work *b = bounds_of_classes(&e.workflow, p->question->platform);
    walk_work(g, p, &e, b);
    bounds_of_path(b, p->length_s, 0, out);
    bounds_free(b);
    xfree(e.workflow.sets, e.at);
}

bool grown_figures_of(struct growing *g, const struct grown_question *q, struct grown_figures *out)
{
    struct walk w;
    *out = (struct grown_figures){ 0 };
    grown_degrees_init(&w.degrees, q->from, growing_workflow(g), q->platform);
    path_init(&w.path, g, q);
    walk_all(g, &w, q->bounds);
    bool all = !growing_is_full(g);
    if (all)
        grown_degrees_end(&w.degrees, q, &out->asynchronicity);
    if (all && q->bounds)
        end_bounds(g, &w.path, &out->bounds);
    grown_degrees_clear(&w.degrees);
    path_clear(&w.path);
    return all;
}
