#include "study/grown.h"

#include <assert.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "model/asynchronicity.h"
#include "model/grown.h"
#include "scheduling/placement.h"

static_assert((int)GROWN_SETS >= WIDTH_EXACT_SETS, "degrees of fewer sets are exact");

static bool stopped(const struct grown_options *o)
{
    return o->stop && atomic_load(o->stop);
}

/* What asks for all sets of the session, or holds something for each task. */
static bool can_grow(const struct scenario *s)
{
    const struct placement_ops *placement = placement_find(s->scheduler.placement);
    return growing_can(s->workflow, s->mode) && !str_equal(s->scheduler.order, "critical_path") &&
           placement && !placement->reserves && !allocation_is_chain(s) &&
           platform_pilots(s->platform) == 1 && s->platform->failures.mtbf_s <= 0 &&
           !s->task_order && !s->values;
}

int *grown_iterations(const struct scenario *s, const struct realise_options *o, int *most_places)
{
    const struct workflow *w = s->workflow;
    int *n = xcalloc(w->decisions.n_loops + w->decisions.n_campaigns + 1, sizeof *n);
    double sets = 0;
    bool known = workflow_iterations(w, o, n, NULL) == 0;
    for (size_t i = 0; i < w->n_sets && known; i++) {
        int lane = growing_lane_of(w, (int)i);
        sets += lane >= 0 ? n[lane] : 0;
        known = lane < 0 || n[lane] >= 1;
    }
    *most_places = 0;
    for (size_t l = 0; l < w->decisions.n_loops + w->decisions.n_campaigns && known; l++)
        *most_places = n[l] / 8 > *most_places ? n[l] / 8 : *most_places;
    if (known && sets > GROWN_SETS)
        return n;
    free(n);
    return NULL;
}

enum tried { TRIED_FULL, TRIED_REFUSED, TRIED_DONE };

static enum tried simulate(const struct scenario *s, uint32_t replica,
                           const struct grown_options *o, struct growing *g, struct grown *out)
{
    struct scenario session = *s;
    session.workflow = growing_workflow(g);
    session.pipeline_order = NULL;
    struct simulator *sim = simulator_new(&session, NULL);
    if (!sim)
        return TRIED_REFUSED;            /* by a set that is described, but may not exist */
    simulator_stop_on(sim, o->stop);
    simulator_run(sim, replica, NULL, &out->replica);
    bool full = simulator_is_full(sim);
    for (size_t i = 0; i < s->workflow->decisions.n_campaigns && i < ADAPTIVE_CAMPAIGNS; i++)
        out->figures.campaigns[i] = *simulator_campaign(sim, i);
    simulator_free(sim);
    return full ? TRIED_FULL : TRIED_DONE;
}

/* By a walk through it. */
static enum tried find_figures(const struct scenario *s, uint32_t replica,
                               const struct grown_options *o, struct growing *g, struct grown *out)
{
    struct grown_figures figures;
    const struct grown_question q = { .from = s->workflow, .platform = s->platform, .mode = s->mode,
                                      .seed = s->seed, .replica = replica,
                                      .slope = s->middleware->execute_slope,
                                      .bounds = o->bounds };
    if (!grown_figures_of(g, &q, &figures))
        return TRIED_FULL;
    struct growing_counts counts = growing_counts(g);
    out->bound_s = figures.bounds.best_s;
    out->figures.n_tasks = counts.n_tasks;
    out->figures.n_sets = counts.n_sets;
    out->figures.doa_dep = figures.asynchronicity.doa_dep;
    out->figures.wla = figures.asynchronicity.wla.value;
    /* more are refused with a sentence, where they are written out */
    return counts.n_tasks <= UINT32_MAX / 2 ? TRIED_DONE : TRIED_REFUSED;
}

/* With more places until all that is in flight has one. */
static enum tried run_growing(const struct scenario *s, const struct realise_options *made,
                              const int *iterations, int most, const struct grown_options *o,
                              struct grown *out)
{
    int places = o->places > 0 ? o->places : growing_least_places(s->workflow);
    struct growing *walked = NULL, *g = NULL;
    enum tried tried = TRIED_FULL;
    for (; tried == TRIED_FULL && places <= most && !stopped(o); places *= 4) {
        if (!(g = growing_new(s->workflow, made, iterations, places)))
            break;
        if (s->pipeline_order && s->mode == MODE_ASYNCHRONOUS)
            growing_order(g, s->pipeline_order);
        if (walked)
            growing_know(g, walked);
        else if ((tried = find_figures(s, made->replica, o, g, out)) == TRIED_DONE)
            walked = g;
        if (walked)
            tried = simulate(s, made->replica, o, g, out);
        out->counts = growing_counts(g);
        if (g != walked)
            growing_free(g);
    }
    growing_free(walked);
    return tried;
}

bool grown_run(const struct scenario *s, uint32_t replica, const struct grown_options *o,
               struct grown *out)
{
    const struct realise_options made = { .seed = s->seed, .replica = replica, .mode = s->mode,
                                          .platform = s->platform, .horizon = 1 };
    int most, *iterations = can_grow(s) ? grown_iterations(s, &made, &most) : NULL;
    *out = (struct grown){ 0 };
    enum tried tried = iterations ? run_growing(s, &made, iterations, most, o, out) : TRIED_REFUSED;
    for (size_t l = 0; iterations && l < s->workflow->decisions.n_loops; l++)
        out->figures.iterations += iterations[l];
    free(iterations);
    return tried == TRIED_DONE || stopped(o);
}
