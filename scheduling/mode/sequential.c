#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/mode_impl.h"

/* Stages in the order of (iteration, level), none before a stage it depends on: what an iterated
 * part comes after goes first, what comes after it last. `stage_of` gives each set's stage,
 * numbered in that order. Returns the order found; NULL: stages wait for each other, as they may
 * where loops that were decided on lie beside and inside each other. */
static int *order_stages(const struct workflow *w, const int *stage_of, int n_stages)
{
    int *order = xcalloc((size_t)n_stages, sizeof *order),
        *needs = xcalloc((size_t)n_stages, sizeof *needs);
    bool *placed = xcalloc((size_t)n_stages, sizeof *placed);
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            needs[stage_of[s]] += stage_of[w->sets[s].dependencies[d].parent] != stage_of[s];
    int **children = xcalloc((size_t)n_stages, sizeof *children);
    size_t *n_children = xcalloc((size_t)n_stages, sizeof *n_children),
           *room = xcalloc((size_t)n_stages, sizeof *room);
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++) {
            int from = stage_of[w->sets[s].dependencies[d].parent];
            if (from == stage_of[s])
                continue;
            xgrow(&children[from], &room[from], n_children[from] + 1, sizeof **children);
            children[from][n_children[from]++] = stage_of[s];
        }
    for (int n = 0, next = 0; n < n_stages; n++) {
        while (next < n_stages && (placed[next] || needs[next] > 0))
            next++;
        if (next == n_stages) {
            free(order);
            order = NULL;
            break;
        }
        order[n] = next;
        placed[next] = true;
        int lowest = next;
        for (size_t c = 0; c < n_children[next]; c++) {
            int child = children[next][c];
            if (--needs[child] == 0 && child < lowest)
                lowest = child;
        }
        next = lowest;
    }
    for (int s = 0; s < n_stages; s++)
        free(children[s]);
    xfree(children, n_children, room, needs, placed);
    return order;
}

/* False: stages wait for each other. */
static bool plan_stages(const struct workflow *w, const struct staged_set *staged,
                        struct mode_plan *plan)
{
    int *stage_of = xcalloc(w->n_sets, sizeof *stage_of), *sets = xcalloc(w->n_sets, sizeof *sets),
        n_stages = 0;
    size_t *begin = xcalloc(w->n_sets + 1, sizeof *begin);
    for (size_t i = 0; i < w->n_sets; n_stages++) {
        begin[n_stages] = i;
        for (size_t end = mode_stage_end(staged, w->n_sets, i); i < end; i++)
            stage_of[staged[i].set] = n_stages;
    }
    begin[n_stages] = w->n_sets;
    int *order = order_stages(w, stage_of, n_stages);
    for (int k = 0; order && k < n_stages; k++) {
        size_t from = begin[order[k]], n = begin[order[k] + 1] - from;
        for (size_t i = 0; i < n; i++)
            sets[i] = staged[from + i].set;
        mode_plan_add(plan, sets, n);
    }
    bool planned = order != NULL;
    xfree(order, begin, sets, stage_of);
    return planned;
}

/* Levels of the whole graph never wait for each other. */
static void plan_levels(const struct workflow *w, struct mode_plan *plan)
{
    struct staged_set *staged = mode_stage_sets(w, STAGES_BY_ITERATION);
    if (!plan_stages(w, staged, plan)) {
        free(staged);
        staged = mode_stage_sets(w, STAGES_BY_LEVEL);
        plan_stages(w, staged, plan);
    }
    free(staged);
}

void mode_plan_sequential(const struct workflow *w, struct mode_plan *plan)
{
    if (w->n_stages == 0)
        plan_levels(w, plan);
    for (size_t k = 0; k < w->n_stages; k++)
        mode_plan_add(plan, w->stages[k].sets, w->stages[k].n_sets);
    for (size_t k = 0; k < plan->n_groups; k++) {
        plan->groups[k].pipeline = 0;
        plan->groups[k].stage = (int)k;
        plan->groups[k].closes = (int)k - 1;
    }
    mode_plan_add_waits(w, plan);
}
