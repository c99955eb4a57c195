#include "tests/support/grown_pair.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/durations.h"
#include "model/asynchronicity.h"
#include "model/bounds.h"
#include "model/grown.h"
#include "scheduling/growing.h"

static void simulate(const struct scenario *s, const struct workflow *session, uint32_t replica,
                     struct told *out)
{
    struct scenario own = *s;
    own.workflow = session;
    struct simulator *sim = simulator_new(&own, NULL);
    assert(sim);
    simulator_run(sim, replica, NULL, &out->replica);
    if (s->workflow->decisions.n_campaigns > 0)
        out->campaign = *simulator_campaign(sim, 0);
    simulator_free(sim);
}

static void tell_whole(const struct scenario *s, uint32_t replica, const struct workflow *whole,
                       struct told *out)
{
    struct asynchronicity degrees;
    struct bounds bounds;
    struct bounds_work *work = bounds_new(whole, s->platform, s->mode, NULL);
    struct durations *durations = durations_new(whole);
    durations_begin(durations, s->seed, replica);
    bounds_run(work, durations, s->middleware->execute_slope, &bounds);
    asynchronicity_of(whole, s->platform, &degrees);
    out->n_sets = whole->n_sets;
    out->bound_s = bounds.best_s;
    out->doa_dep = degrees.doa_dep;
    out->wla = whole->n_sets > WIDTH_EXACT_SETS ? degrees.wla.value : 0;
    durations_free(durations);
    bounds_free(work);
    simulate(s, whole, replica, out);
}

static void tell_grown(const struct scenario *s, uint32_t replica, struct growing *g,
                       struct told *out)
{
    struct grown_question q = { .from = s->workflow, .platform = s->platform, .mode = s->mode,
                                .seed = s->seed, .replica = replica,
                                .slope = s->middleware->execute_slope, .bounds = true };
    struct grown_figures figures;
    memset(out, 0, sizeof *out);
    if (!grown_figures_of(g, &q, &figures))
        return;
    out->bound_s = figures.bounds.best_s;
    out->doa_dep = figures.asynchronicity.doa_dep;
    out->wla = growing_counts(g).n_sets > WIDTH_EXACT_SETS ? figures.asynchronicity.wla.value : 0;
    size_t n_sets = growing_counts(g).n_sets;
    simulate(s, growing_workflow(g), replica, out);
    /* a walltime leaves some without a place */
    out->n_sets = out->replica.complete ? growing_counts(g).n_sets : n_sets;
}

static struct growing *grow(const struct scenario *s, const struct realise_options *o, int places)
{
    const struct decisions *d = &s->workflow->decisions;
    int *iterations = xcalloc(d->n_loops + d->n_campaigns, sizeof *iterations);
    int known = workflow_iterations(s->workflow, o, iterations, NULL);
    struct growing *g = growing_new(s->workflow, o, iterations, places);
    assert(known == 0 && g);
    free(iterations);
    return g;
}

void grown_pair_run(const struct scenario *s, uint32_t replica, struct grown_pair *out)
{
    struct realise_options o = { .seed = s->seed, .replica = replica, .mode = s->mode,
                                 .platform = s->platform, .horizon = 64 };
    struct workflow *whole = workflow_realise(s->workflow, &o, NULL);
    struct growing *g = NULL;
    assert(whole);
    memset(out, 0, sizeof *out);
    if (whole->n_sets > 0)
        tell_whole(s, replica, whole, &out->whole);
    int places = growing_least_places(s->workflow);
    for (; whole->n_sets > 0 && (!g || growing_is_full(g)); places *= 4) {
        growing_free(g);
        g = grow(s, &o, places);
        tell_grown(s, replica, g, &out->grown);
        out->most_iterations = growing_counts(g).most_iterations;
    }
    workflow_free(whole);
    growing_free(g);
}

char *grown_pair_difference(const struct grown_pair *p)
{
    const struct told *a = &p->whole, *b = &p->grown;
    if (memcmp(a, b, sizeof *a) == 0)
        return NULL;
    if (a->replica.makespan_s != b->replica.makespan_s)
        return str_format("makespan %.17g and %.17g s", a->replica.makespan_s,
                          b->replica.makespan_s);
    if (a->replica.n_done != b->replica.n_done || a->n_sets != b->n_sets)
        return str_format("%zu tasks of %zu sets and %zu of %zu", a->replica.n_done, a->n_sets,
                          b->replica.n_done, b->n_sets);
    if (a->bound_s != b->bound_s || a->doa_dep != b->doa_dep || a->wla != b->wla)
        return str_format("bounds %.17g and %.17g s, degrees %d, %d and %d, %d", a->bound_s,
                          b->bound_s, a->doa_dep, a->wla, b->doa_dep, b->wla);
    for (int w = 0; w < WAITS; w++)
        if (a->replica.wait_s[w] != b->replica.wait_s[w])
            return str_format("wait %d: %.17g and %.17g s", w, a->replica.wait_s[w],
                              b->replica.wait_s[w]);
    return str_format("session %.17g and %.17g s, slots %.17g and %.17g, staleness %.17g and %.17g",
                      a->replica.session_s, b->replica.session_s, a->replica.busy_slot_s,
                      b->replica.busy_slot_s, a->campaign.stale_sum, b->campaign.stale_sum);
}
