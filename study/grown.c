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
           placement && !placement->reserves && s->walltime_s <= 0 && !allocation_is_chain(s) &&
           platform_pilots(s->platform) == 1 && s->platform->failures.mtbf_s <= 0 &&
           !s->task_order && !s->values;
}

/* Of each loop; NULL: the session is short, or too long to be held. */
static int *iterations_of(const struct scenario *s, const struct realise_options *o)
{
    const struct workflow *w = s->workflow;
    int *n = xcalloc(w->decisions.n_loops + 1, sizeof *n);
    double sets = 0;
    bool known = workflow_iterations(w, o, n, NULL) == 0;
    for (size_t l = 0; l < w->decisions.n_loops && known; l++) {
        sets += (double)n[l] * (double)w->decisions.loops[l].n_sets;
        known = n[l] >= 1;
    }
    if (known && sets > GROWN_SETS)
        return n;
    free(n);
    return NULL;
}

enum tried { TRIED_FULL, TRIED_REFUSED, TRIED_DONE };

static enum tried simulate(const struct scenario *s, uint32_t replica,
                           const struct grown_options *o, struct growing *g, struct replica *out)
{
    struct scenario session = *s;
    session.workflow = growing_workflow(g);
    session.pipeline_order = NULL;
    struct simulator *sim = simulator_new(&session, NULL);
    if (!sim)
        return TRIED_REFUSED;            /* by a set that is described, but may not exist */
    simulator_stop_on(sim, o->stop);
    simulator_run(sim, replica, NULL, out);
    bool full = simulator_is_full(sim);
    simulator_free(sim);
    return full ? TRIED_FULL : TRIED_DONE;
}

static enum tried try_with(const struct scenario *s, uint32_t replica,
                           const struct grown_options *o, struct growing *g, struct grown *out)
{
    struct grown_figures figures;
    const struct grown_question q = { .from = s->workflow, .platform = s->platform, .mode = s->mode,
                                      .seed = s->seed, .replica = replica,
                                      .slope = s->middleware->execute_slope,
                                      .bounds = o->bounds };
    if (s->pipeline_order && s->mode == MODE_ASYNCHRONOUS)
        growing_order(g, s->pipeline_order);
    if (!grown_figures_of(g, &q, &figures))
        return TRIED_FULL;
    if (growing_counts(g).n_tasks > UINT32_MAX / 2)
        return TRIED_REFUSED;            /* with a sentence, where it is written out */
    enum tried tried = simulate(s, replica, o, g, &out->replica);
    out->counts = growing_counts(g);
    out->bound_s = figures.bound_s;
    out->figures = (struct adaptive_figures){ .n_tasks = growing_workflow(g)->n_tasks,
                                              .n_sets = out->counts.n_sets,
                                              .doa_dep = figures.doa_dep, .wla = figures.wla };
    return tried;
}

bool grown_run(const struct scenario *s, uint32_t replica, const struct grown_options *o,
               struct grown *out)
{
    const struct realise_options made = { .seed = s->seed, .replica = replica, .mode = s->mode,
                                          .platform = s->platform, .horizon = 1 };
    int *iterations = can_grow(s) ? iterations_of(s, &made) : NULL, most = 0;
    enum tried tried = TRIED_FULL;
    size_t n_loops = s->workflow->decisions.n_loops;
    *out = (struct grown){ 0 };
    for (size_t l = 0; iterations && l < n_loops; l++)
        most = iterations[l] > most ? iterations[l] : most;
    /* with as many places as iterations all is written out */
    for (int places = o->places > 0 ? o->places : growing_least_places(s->workflow);
         tried == TRIED_FULL && places < most && !stopped(o); places *= 4) {
        struct growing *g = growing_new(s->workflow, &made, iterations, places);
        tried = g ? try_with(s, replica, o, g, out) : TRIED_REFUSED;
        growing_free(g);
    }
    for (size_t l = 0; iterations && l < n_loops; l++)
        out->figures.iterations += iterations[l];
    free(iterations);
    return tried == TRIED_DONE || stopped(o);
}
