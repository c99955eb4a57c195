#include "study/expected.h"

#include <stdlib.h>

#include "model/grown.h"
#include "study/grown.h"

/* False: more is in flight than has places. */
static bool predict_growing(const struct scenario *s, struct growing *g, struct prediction *out)
{
    struct mode_prediction *of = &out->mode[s->mode];
    const struct grown_question q = { .from = s->workflow, .platform = s->platform, .mode = s->mode,
                                      .slope = 1, .bounds = true, .expected = true,
                                      .degrees = true };
    struct grown_figures figures;
    struct scenario session = *s;
    if (!grown_figures_of(g, &q, &figures))
        return false;
    of->bounds = figures.bounds;
    if (s->mode == MODE_ASYNCHRONOUS)
        out->asynchronicity = figures.asynchronicity;
    session.workflow = growing_workflow(g);
    return predict_forms(&session, of, NULL) == 0;
}

static bool predict_mode(const struct scenario *s, const struct realise_options *o,
                         struct prediction *out)
{
    int most, *iterations = grown_iterations(s, o, &most);
    bool all = false;
    for (int places = growing_least_places(s->workflow); iterations && !all && places <= most;
         places *= 4) {
        struct growing *g = growing_new(s->workflow, o, iterations, places);
        if (!g)
            break;
        all = predict_growing(s, g, out);
        growing_free(g);
    }
    free(iterations);
    return all;
}

/* In all modes the same session: rounds of a campaign are those of the scenario's mode, whose
 * others cannot be told of it iteration by iteration. */
static bool can_grow(const struct scenario *s)
{
    bool can = workflow_decides(s->workflow) && s->workflow->decisions.n_campaigns == 0;
    for (int m = 0; m < MODES && can; m++)
        can = growing_can(s->workflow, (enum mode)m);
    return can && platform_check(s->platform, s->workflow, NULL) == 0;
}

bool expected_predict_grown(const struct scenario *s, struct prediction *out)
{
    bool all = can_grow(s);
    *out = (struct prediction){ .asynchronicity = { .doa_dep = 0 } };
    for (int m = 0; m < MODES && all; m++) {
        struct scenario in_mode = *s;
        in_mode.mode = (enum mode)m;
        const struct realise_options o = { .seed = s->seed, .mode = in_mode.mode,
                                           .platform = s->platform,
                                           .horizon = 1, .expected = true };
        all = predict_mode(&in_mode, &o, out);
    }
    if (all)
        predict_improvements(out);
    return all;
}

int expected_predict(const struct scenario *s, struct prediction *out, struct error *err)
{
    struct adaptive_session expected;
    if (expected_predict_grown(s, out))
        return 0;
    if (adaptive_expected(s, &expected, err))
        return -1;
    int status = predict(&expected.scenario, out, err);
    adaptive_session_clear(&expected);
    return status;
}

static void count(struct expected *e, int iterations)
{
    const struct workflow *w = e->session.scenario.workflow;
    for (size_t i = 0; i < w->n_sets; i++) {
        int base = w->realised ? w->realised->base[i] : 0;
        double times = e->first_only && growing_lane_of(w->realised->from, base) >= 0
                           ? iterations : 1;
        e->n_sets += times;
        e->n_tasks += times * w->sets[i].n_tasks;
    }
}

int expected_session(const struct scenario *s, struct expected *out, struct error *err)
{
    const struct realise_window first = { 1, 1 };
    const struct realise_options all = { .seed = s->seed, .mode = s->mode,
                                         .platform = s->platform,
                                         .horizon = 1, .expected = true };
    struct realise_options one = all;
    int iterations = 1;
    *out = (struct expected){ .n_sets = 0 };
    out->first_only = expected_predict_grown(s, &out->prediction);
    struct adaptive_session *session = &out->session;
    if (!out->first_only && adaptive_expected(s, session, err))
        return -1;
    if (!out->first_only && predict(&session->scenario, &out->prediction, err))
        return -1;
    if (out->first_only) {
        one.window = &first;             /* there is one loop */
        session->workflow = workflow_realise(s->workflow, &one, err);
        session->scenario = *s;
        session->scenario.workflow = session->workflow;
        workflow_iterations(s->workflow, &all, &iterations, NULL);
    }
    count(out, iterations);
    return 0;
}

void expected_clear(struct expected *e)
{
    adaptive_session_clear(&e->session);
}
