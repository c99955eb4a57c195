/* Which set of the session comes after which, and where decisions are made. */
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "scheduling/realise_impl.h"

void realise_add(struct realiser *r, size_t child, size_t parent, double lag_s)
{
    struct dependency d = { .parent = (int)parent, .kind = DEPENDENCY_ALL, .lag_s = lag_s };
    workflow_add_dependency(&r->to->sets[child], d);
}

static bool lies_in(const struct realiser *r, int set, int loop)
{
    int own = r->loop_of[set];
    return own >= 0 && (own == loop || r->runs[own].around == loop);
}

/* ---- decision points ---- */

/* The set that decides; without one, those of the loop that none of the loop comes after. */
static void find_deciders(struct realiser *r, int loop)
{
    const struct workflow *w = r->from;
    const struct loop *l = &w->decisions.loops[loop];
    struct loop_run *run = &r->runs[loop];
    bool *inner = xcalloc(w->n_sets + 1, sizeof *inner);
    run->deciders = xcalloc(l->n_sets + 1, sizeof *run->deciders);
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies && lies_in(r, (int)s, loop); d++)
            inner[w->sets[s].dependencies[d].parent] = true;
    for (size_t s = 0; s < w->n_sets; s++) {
        bool decides = l->decided_by ? str_equal(l->decided_by, w->sets[s].name) : !inner[s];
        if (decides && lies_in(r, (int)s, loop))
            run->deciders[run->n_deciders++] = (int)s;
    }
    free(inner);
}

static void add_point(struct realiser *r, int loop, size_t outer, int k)
{
    const struct loop *l = &r->from->decisions.loops[loop];
    const struct loop_run *run = &r->runs[loop];
    struct decision_point *p = &r->made->points[r->made->n_points++];
    const struct instance at = { .base = -1, .loop = loop,
                                 .outer = run->around >= 0 ? (int)outer + 1 : 0, .k = k };
    size_t room = 0;
    double inside_s = 0;
    *p = (struct decision_point){ .loop = loop, .iteration = run->before + k,
                                  .last = k == run->iterations[outer] };
    p->of = (int)(run->point + run->offset[outer]);
    p->around = run->around >= 0 ? (int)(r->runs[run->around].point + outer) : -1;
    p->name = run->around >= 0 ? str_format("%s.%zu", l->name, outer + 1) : xstrdup(l->name);
    for (size_t i = 0; i < run->n_deciders; i++) {
        struct instance_range range = realise_range(r, run->deciders[i], &at);
        int own = r->loop_of[run->deciders[i]];
        if (own != loop && r->from->decisions.loops[own].decision_time_s > inside_s)
            inside_s = r->from->decisions.loops[own].decision_time_s;
        xgrow(&p->sets, &room, p->n_sets + range.n, sizeof *p->sets);
        for (size_t n = 0; n < range.n; n++)
            p->sets[p->n_sets++] = (int)(range.first + n);
    }
    p->lag_s = l->decision_time_s + inside_s;
}

/* All loops' points have their places before the first is made. */
void realise_points(struct realiser *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->from->decisions.n_loops; i++) {
        struct loop_run *run = &r->runs[i];
        find_deciders(r, (int)i);
        run->point = n;
        n += run->offset[run->n_outer];
    }
    r->made->points = xcalloc(n + 1, sizeof *r->made->points);
    for (size_t i = 0; i < r->from->decisions.n_loops; i++)
        for (size_t o = 0; o < r->runs[i].n_outer; o++)
            for (int k = 1; k <= r->runs[i].iterations[o]; k++)
                add_point(r, (int)i, o, k);
    for (size_t i = 0; i < r->to->n_sets; i++) {
        const struct instance *x = &r->at[i];
        r->made->point[i] =
            x->loop >= 0 ? (int)(r->runs[x->loop].point + realise_iteration(r, x)) : -1;
    }
}

/* ---- dependencies ---- */

static void come_after_decision(struct realiser *r, size_t child, size_t point)
{
    const struct decision_point *p = &r->made->points[point];
    if (r->from->decisions.loops[p->loop].known)
        return;
    for (size_t i = 0; i < p->n_sets; i++)
        realise_add(r, child, (size_t)p->sets[i], p->lag_s);
}

/* A loop's end, seen by a set outside of it, in the same iteration of the loop around if it lies in
 * that. */
static void come_after_loop(struct realiser *r, size_t child, int loop)
{
    const struct instance *x = &r->at[child];
    const struct loop_run *run = &r->runs[loop];
    bool beside = run->around >= 0 && x->loop >= 0 &&
                  (x->loop == run->around || r->runs[x->loop].around == run->around);
    if (beside) {
        size_t outer = (size_t)(x->loop == run->around ? x->k : x->outer);
        if (run->iterations[outer - 1] > 0)
            come_after_decision(r, child, run->point + run->offset[outer] - 1);
        return;
    }
    come_after_decision(r, child, run->point + run->offset[run->n_outer] - 1);
    if (run->around >= 0)
        come_after_loop(r, child, run->around);
}

static bool in_same_iteration(const struct realiser *r, int parent, const struct instance *x)
{
    int loop = r->loop_of[parent];
    return loop < 0 || x->loop == loop || (x->loop >= 0 && r->runs[x->loop].around == loop);
}

static void copy_dependency(struct realiser *r, size_t child, size_t parent,
                            const struct dependency *d)
{
    struct dependency own = { .parent = (int)parent, .kind = d->kind, .implied = d->implied,
                              .n_edges = d->n_edges };
    if (d->own) {
        own.kind = DEPENDENCY_EDGES;
        realise_own_edges(r, child, parent, &own);
    } else if (d->edges) {
        own.edges = xmemdup(d->edges, 2 * d->n_edges * sizeof *d->edges);
    }
    workflow_add_dependency(&r->to->sets[child], own);
}

static void as_described(struct realiser *r, size_t child)
{
    const struct instance *x = &r->at[child];
    const struct task_set *set = &r->from->sets[x->base];
    for (size_t i = 0; i < set->n_dependencies; i++) {
        const struct dependency *d = &set->dependencies[i];
        int campaign = r->campaign_of[x->base];
        if (campaign >= 0 && r->campaign_of[d->parent] == campaign)
            continue;
        struct instance_range range = realise_range(r, d->parent, x);
        for (size_t n = 0; n < range.n; n++)
            copy_dependency(r, child, range.first + n, d);
        if (!in_same_iteration(r, d->parent, x))
            come_after_loop(r, child, r->loop_of[d->parent]);
    }
}

/* What begins an iteration waits for the decision on it. */
static void after_iteration_before(struct realiser *r, size_t child)
{
    const struct instance *x = &r->at[child];
    const struct task_set *set = &r->from->sets[x->base];
    int around = r->runs[x->loop].around;
    bool inner = false, outer = false;
    for (size_t d = 0; d < set->n_dependencies; d++) {
        inner |= lies_in(r, set->dependencies[d].parent, x->loop);
        outer |= around >= 0 && lies_in(r, set->dependencies[d].parent, around);
    }
    if (x->k > 1 && !inner)
        come_after_decision(r, child, r->runs[x->loop].point + realise_iteration(r, x) - 1);
    else if (x->k == 1 && around >= 0 && x->outer > 1 && !outer)
        come_after_decision(r, child, r->runs[around].point + (size_t)x->outer - 2);
}

void realise_dependencies(struct realiser *r)
{
    for (size_t i = 0; i < r->to->n_sets; i++) {
        as_described(r, i);
        if (r->at[i].loop >= 0)
            after_iteration_before(r, i);
        if (r->campaign_of[r->at[i].base] >= 0)
            realise_campaign_order(r, i);
        realise_settle_dependencies(&r->to->sets[i]);
    }
}

/* ---- cancellations ---- */

static void add_cancels(struct realiser *r, size_t by, size_t *room)
{
    const struct instance *x = &r->at[by];
    const struct set_decision *d = r->from->sets[x->base].decided;
    for (size_t i = 0; d && i < d->n_cancels; i++) {
        struct instance_range range =
            realise_range(r, workflow_find_related(r->from, x->base, d->cancels[i]), x);
        xgrow(&r->made->cancels, room, r->made->n_cancels + range.n, sizeof *r->made->cancels);
        for (size_t n = 0; n < range.n; n++)
            r->made->cancels[r->made->n_cancels++] =
                (struct set_cancel){ (int)by, (int)(range.first + n) };
    }
}

SORT_BY_2(compare_cancels, struct set_cancel, by, set)

/* What tasks are known to have said stands instead of what their sets cancel. */
static void take_known_cancels(struct realiser *r, size_t *room)
{
    struct name_index *sets = name_index_new();
    bool *said = xcalloc(r->to->n_sets + 1, sizeof *said);
    size_t kept = 0, n_static = r->made->n_cancels;
    const char *name;
    int64_t value;
    for (size_t s = 0; s < r->to->n_sets; s++)
        name_index_add(sets, r->to->sets[s].name, (int)s);
    for (size_t i = 0; i < outcomes_count(r->options->known); i++) {
        if (outcomes_at(r->options->known, i, &name, &value) != OUTCOME_CANCELS ||
            !strchr(name, '\n'))
            continue;
        char *by_name = xstrdup(name), *set_name = strchr(by_name, '\n');
        *set_name++ = '\0';
        int by = name_index_find(sets, by_name), set = name_index_find(sets, set_name);
        if (by >= 0)
            said[by] = true;
        free(by_name);
        if (by < 0 || set < 0)
            continue;
        xgrow(&r->made->cancels, room, r->made->n_cancels + 1, sizeof *r->made->cancels);
        r->made->cancels[r->made->n_cancels++] = (struct set_cancel){ by, set };
    }
    for (size_t i = 0; i < r->made->n_cancels; i++)
        if (i >= n_static || !said[r->made->cancels[i].by])
            r->made->cancels[kept++] = r->made->cancels[i];
    r->made->n_cancels = kept;
    free(said);
    name_index_free(sets);
}

static bool knows_cancels(const struct outcomes *known)
{
    const char *name;
    int64_t value;
    for (size_t i = 0; i < outcomes_count(known); i++)
        if (outcomes_at(known, i, &name, &value) == OUTCOME_CANCELS)
            return true;
    return false;
}

void realise_cancels(struct realiser *r)
{
    size_t room = 0;
    for (size_t i = 0; i < r->to->n_sets; i++)
        add_cancels(r, i, &room);
    if (knows_cancels(r->options->known)) {
        take_known_cancels(r, &room);
        qsort(r->made->cancels, r->made->n_cancels, sizeof *r->made->cancels, compare_cancels);
    }
}
