#include "study/adaptive.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "model/asynchronicity.h"
#include "scheduling/realise.h"

enum { FIRST_HORIZON = 64, GROWTH = 4, LARGEST_HORIZON = 1 << 30 };

static bool is_set(const atomic_bool *stop)
{
    return stop && atomic_load(stop);
}

/* ---- orders of submission ---- */

struct ranked { int rank, set; };

SORT_BY_2(compare_ranked, struct ranked, rank, set)

/* An order of described sets as one of the session's. */
static int *order_of_sets(const struct workflow *w, const int *described)
{
    size_t n = w->n_sets, n_described = w->realised->from->n_sets;
    int *rank = xcalloc(n_described + 1, sizeof *rank), *order = xcalloc(n + 1, sizeof *order);
    struct ranked *by = xcalloc(n + 1, sizeof *by);
    for (size_t i = 0; i < n_described; i++)
        rank[described[i]] = (int)i;
    for (size_t s = 0; s < n; s++)
        by[s] = (struct ranked){ rank[w->realised->base[s]], (int)s };
    qsort(by, n, sizeof *by, compare_ranked);
    for (size_t s = 0; s < n; s++)
        order[s] = by[s].set;
    xfree(rank, by);
    return order;
}

static void take_workflow(struct adaptive_session *a, const struct scenario *s, struct workflow *w)
{
    a->workflow = w;
    a->scenario = *s;
    a->scenario.workflow = w;
    a->scenario.pipeline_order = NULL;
    if (s->pipeline_order && s->mode == MODE_ASYNCHRONOUS)
        a->scenario.pipeline_order = a->order = order_of_sets(w, s->pipeline_order);
}

void adaptive_session_clear(struct adaptive_session *a)
{
    workflow_free(a->workflow);
    free(a->order);
    *a = (struct adaptive_session){ .workflow = NULL };
}

/* ---- what time decides ---- */

static bool time_decides(const struct workflow *w)
{
    bool any = false;
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        any |= w->decisions.loops[i].stop.budget_s > 0;
    for (size_t i = 0; i < w->decisions.n_campaigns; i++)
        any |= w->decisions.campaigns[i].time_s > 0 || w->decisions.campaigns[i].hits > 0;
    return any;
}

enum found { FOUND_ERROR = -1, FOUND_NOTHING, FOUND_OUTCOME };

/* Runs the session as far as the first decision of time that is not known yet. */
static enum found find_out(const struct scenario *session, uint32_t replica,
                           const atomic_bool *stop, struct outcomes *known, struct replica *run,
                           struct error *err)
{
    if (session->workflow->n_sets == 0)
        return FOUND_NOTHING;
    struct simulator *sim = simulator_new(session, err);
    if (!sim)
        return FOUND_ERROR;
    simulator_stop_on(sim, stop);
    simulator_run(sim, replica, NULL, run);
    bool found = simulator_found(sim, known);
    simulator_free(sim);
    return found ? FOUND_OUTCOME : FOUND_NOTHING;
}

/* Nothing more happened with a farther horizon: what stands still (no node is left) does not reach
 * any. */
static bool stands_still(const struct replica *run, const struct replica *nearer)
{
    return !run->complete && run->n_done == nearer->n_done && run->n_failed == nearer->n_failed &&
           run->n_killed == nearer->n_killed && run->session_s == nearer->session_s;
}

static struct workflow *settle(const struct scenario *s, uint32_t replica,
                               struct realise_options *o, struct outcomes *known,
                               const atomic_bool *stop, struct error *err)
{
    struct replica run = { 0 }, nearer = { .session_s = -1 };
    for (;;) {
        struct adaptive_session session = { .workflow = NULL };
        struct workflow *w = workflow_realise(s->workflow, o, err);
        if (!w)
            return NULL;
        take_workflow(&session, s, w);
        enum found found = find_out(&session.scenario, replica, stop, known, &run, err);
        bool open = w->realised->open && !stands_still(&run, &nearer);
        free(session.order);
        if (found == FOUND_NOTHING && !open && !is_set(stop))
            return w;
        workflow_free(w);
        if (found == FOUND_ERROR || is_set(stop))
            return NULL;
        if (found == FOUND_NOTHING && o->horizon >= LARGEST_HORIZON) {
            error_set(
                err,
                "workflow %s: a loop or campaign has not ended after %lld iterations or candidates",
                workflow_title(s->workflow), (long long)o->horizon);
            return NULL;
        }
        if (found == FOUND_NOTHING)
            nearer = run;
        o->horizon *= found == FOUND_NOTHING ? GROWTH : 1;
    }
}

struct workflow *adaptive_workflow(const struct scenario *s, uint32_t replica,
                                   const struct outcomes *known, const atomic_bool *stop,
                                   struct error *err)
{
    struct realise_options o = { .seed = s->seed, .replica = replica, .mode = s->mode,
                                 .platform = s->platform,
                                 .known = known, .horizon = FIRST_HORIZON };
    if (!time_decides(s->workflow))
        return workflow_realise(s->workflow, &o, err);
    struct outcomes *found = outcomes_copy(known);
    o.known = found;
    struct workflow *w = settle(s, replica, &o, found, stop, err);
    outcomes_free(found);
    return w;
}

int adaptive_session(const struct scenario *s, uint32_t replica, const atomic_bool *stop,
                     struct adaptive_session *out, struct error *err)
{
    *out = (struct adaptive_session){ .scenario = *s };
    if (!workflow_decides(s->workflow))
        return 0;
    struct workflow *w = adaptive_workflow(s, replica, NULL, stop, err);
    if (w)
        take_workflow(out, s, w);
    return w ? 0 : -1;
}

int adaptive_expected(const struct scenario *s, struct adaptive_session *out, struct error *err)
{
    const struct realise_options o = { .seed = s->seed, .mode = s->mode, .platform = s->platform,
                                       .horizon = FIRST_HORIZON, .expected = true };
    *out = (struct adaptive_session){ .scenario = *s };
    if (!workflow_decides(s->workflow))
        return 0;
    struct workflow *w = workflow_realise(s->workflow, &o, err);
    if (w && w->n_sets == 0) {
        error_set(err, "workflow %s: no task is expected at all", workflow_title(s->workflow));
        workflow_free(w);
        w = NULL;
    }
    if (w)
        take_workflow(out, s, w);
    return w ? 0 : -1;
}

void adaptive_figures_of(const struct scenario *session, const struct simulator *sim,
                         struct adaptive_figures *out)
{
    const struct workflow *w = session->workflow;
    struct asynchronicity a = { .doa_dep = 0 };
    *out = (struct adaptive_figures){ .n_tasks = w->n_tasks, .n_sets = w->n_sets };
    out->iterations = (int)w->realised->n_points;
    if (w->n_sets == 0)
        return;
    asynchronicity_of(w, session->platform, &a);
    out->doa_dep = a.doa_dep;
    out->wla = a.wla.value;
    for (size_t i = 0; sim && i < w->realised->n_campaigns && i < ADAPTIVE_CAMPAIGNS; i++)
        out->campaigns[i] = *simulator_campaign(sim, i);
}
