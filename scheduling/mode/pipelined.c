#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/mode_impl.h"

static const struct stage *last_stage(const struct pipeline *p)
{
    return &p->stages[p->n_stages - 1];
}

/* As written: a stage after the one before it; a pipeline's first stage after all sets of the
 * pipelines it comes after. */
static void plan_written(const struct workflow *w, struct mode_plan *plan)
{
    for (size_t p = 0; p < w->n_pipelines; p++) {
        const struct pipeline *pipeline = &w->pipelines[p];
        for (size_t k = 0; k < pipeline->n_stages; k++) {
            struct mode_group *group =
                mode_plan_add(plan, pipeline->stages[k].sets, pipeline->stages[k].n_sets);
            group->pipeline = (int)p;
            group->stage = (int)k;
            group->closes = k > 0 ? (int)plan->n_groups - 2 : -1;
            group->after_run = k == 0 && pipeline->n_after > 0;
            if (!group->after_run)
                continue;
            size_t n = 0;
            for (size_t a = 0; a < pipeline->n_after; a++)
                n += last_stage(&w->pipelines[pipeline->after[a]])->n_sets;
            group->waits = n > 0 ? arena_alloc(&plan->lists, n * sizeof *group->waits) : NULL;
            for (size_t a = 0; a < pipeline->n_after; a++) {
                const struct stage *last = last_stage(&w->pipelines[pipeline->after[a]]);
                for (size_t i = 0; i < last->n_sets; i++)
                    group->waits[group->n_waits++] = last->sets[i];
            }
        }
    }
}

/* Sets that a chain joins to the next: u -> v where v is u's only child and u is v's only parent.
 * Gives v for u, else -1. */
static int *joined(const struct workflow *w)
{
    int *next = xcalloc(w->n_sets, sizeof *next),
        *n_children = xcalloc(w->n_sets, sizeof *n_children);
    for (size_t s = 0; s < w->n_sets; s++) {
        next[s] = -1;
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            n_children[w->sets[s].dependencies[d].parent]++;
    }
    for (size_t s = 0; s < w->n_sets; s++) {
        int parent = w->sets[s].n_dependencies == 1 ? w->sets[s].dependencies[0].parent : -1;
        if (parent >= 0 && n_children[parent] == 1 &&
            w->sets[parent].iteration == w->sets[s].iteration)
            next[parent] = (int)s;
    }
    free(n_children);
    return next;
}

/* Each maximal chain of sets outside iterations is a pipeline, a set a stage, after its parents'
 * pipelines. */
static void plan_chains(const struct workflow *w, struct mode_plan *plan, int *n_pipelines)
{
    int *next = joined(w);
    bool *inside = xcalloc(w->n_sets, sizeof *inside);
    for (size_t s = 0; s < w->n_sets; s++)
        if (next[s] >= 0)
            inside[next[s]] = true;
    for (size_t s = 0; s < w->n_sets; s++) {
        if (inside[s] || w->sets[s].iteration > 0)
            continue;
        int stage = 0;
        for (int set = (int)s; set >= 0; set = next[set], stage++) {
            struct mode_group *group = mode_plan_add(plan, &set, 1);
            group->pipeline = *n_pipelines;
            group->stage = stage;
            group->closes = stage > 0 ? (int)plan->n_groups - 2 : -1;
            group->after_run = stage == 0 && w->sets[set].n_dependencies > 0;
        }
        ++*n_pipelines;
    }
    xfree(inside, next);
}

/* An iteration is a pipeline; its stages are its levels. */
static void plan_iterations(const struct workflow *w, struct mode_plan *plan, int *n_pipelines)
{
    struct staged_set *staged = mode_stage_sets(w, STAGES_BY_LANE);
    int *sets = xcalloc(w->n_sets, sizeof *sets), lane = 0, iteration = 0, stage = 0;
    for (size_t i = 0, end; i < w->n_sets; i = end) {
        end = mode_stage_end(staged, w->n_sets, i);
        if (staged[i].iteration == 0)
            continue;
        if (staged[i].lane != lane || staged[i].iteration != iteration) {
            lane = staged[i].lane;
            iteration = staged[i].iteration;
            stage = 0;
            ++*n_pipelines;
        }
        for (size_t k = i; k < end; k++)
            sets[k - i] = staged[k].set;
        struct mode_group *group = mode_plan_add(plan, sets, end - i);
        group->pipeline = *n_pipelines - 1;
        group->stage = stage;
        group->closes = stage > 0 ? (int)plan->n_groups - 2 : -1;
        stage++;
    }
    xfree(sets, staged);
}

void mode_plan_pipelined(const struct workflow *w, struct mode_plan *plan)
{
    int n_pipelines = 0;
    if (w->n_pipelines > 0) {
        plan_written(w, plan);
        mode_plan_number_runs(plan);             /* by their pipelines' `after` alone */
        mode_plan_add_waits(w, plan);
    } else {
        plan_iterations(w, plan, &n_pipelines);
        plan_chains(w, plan, &n_pipelines);
        mode_plan_add_waits(w, plan);
        mode_plan_number_runs(plan);
    }
}
