#include "validation/counterfactual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/names.h"
#include "sim/simulate.h"

/* --- changes ---------------------------------------------------------------------------------- */

static void add_matches(struct str *words, const struct counterfactual *c)
{
    size_t n[MATCHES] = { 0 };
    bool first = true;
    for (size_t k = 0; k < c->match.n; k++)
        n[c->match.by[k]]++;
    str_addf(words, "dependencies are those of workflow %s: of %zu sets ", c->given->name,
             c->match.n);
    for (int by = 0; by < MATCHES; by++) {
        if (n[by] == 0)
            continue;
        str_addf(words, "%s%zu matched by %s%s", first ? "" : ", ", n[by],
                 match_by_name((enum match_by)by), by == MATCH_SHAPE ? " and order" : "");
        first = false;
    }
    str_add(words, "; durations are the session's");
    if (!isnan(c->match.worst_share))
        str_addf(words, ", whose means differ by at most %.1f %% from the workflow's",
                 100 * c->match.worst_share);
}

/* What stands for the data dependencies, which a session of RADICAL does not record. */
static void add_assumption(struct str *words, const struct counterfactual *c)
{
    const struct session *s = c->session;
    if (s->edges_inferred)
        str_add(words, "assumed: the dependencies that were inferred from times are the true ones");
    else if (s->edges_named)
        str_add(words, "assumed: the dependencies that the names of tasks give are the true ones");
    else
        str_add(words, "assumed: the order of the recorded stages and pipelines is all that sets "
                       "depend on, since a session records no data dependencies");
    str_add(words, "; --workflow W.json gives the true ones");
}

static void note_mode(struct counterfactual *c)
{
    enum mode mode = c->variant.scenario.mode;
    struct str words = { 0 };
    if (c->given)
        add_matches(&words, c);
    else if (!c->session->executed)
        add_assumption(&words, c);
    if (mode == MODE_ASYNCHRONOUS && mode != session_mode(c->session))
        str_addf(&words,
                 "%sno stage is closed, so the client's measured time between stages is left out",
                 words.length ? "; " : "");
    c->words = str_take(&words);
}

static void note_policy(struct counterfactual *c)
{
    if (c->own.asked.scenario.scheduler.scheduler && !c->variant.scenario.scheduler.scheduler)
        c->words = str_format("the scheduler is no longer RADICAL's own, but an order, a rule of "
                              "overtaking and a placement");
}

/* What is submitted together then goes in the order of pipelines, so the measured instants of
 * submission are forgotten. */
static void forget_submissions(struct counterfactual *c)
{
    struct workflow *w = variant_own_workflow(&c->variant);
    for (size_t k = 0; k < w->n_sets; k++) {
        free(w->sets[k].release.list_s);
        w->sets[k].release = (struct release){ .kind = RELEASE_NONE };
    }
    c->variant.scenario.task_order = NULL;
    c->variant.scenario.begins_after = NULL;
    c->words = str_format(
        "tasks of one set are submitted in their measured order, sets in that of their pipelines");
}

/* Every task's (bulk's) own value becomes this constant. */
static void replace_own_values(struct counterfactual *c, const struct setting_change *change)
{
    int p = station_parameter_find(change->part);
    for (uint32_t t = 0; p >= 0 && c->own.of[p] && t < c->own.asked.workflow->n_tasks; t++)
        c->own.of[p][t] = change->value.number;
}

/* What a change means for a measured session, beyond what it means for a scenario. */
static void take_into_account(struct counterfactual *c, const struct setting_change *change)
{
    switch (change->id) {
    case SETTING_MODE: note_mode(c); break;
    case SETTING_ORDER:
    case SETTING_OVERTAKE:
    case SETTING_PLACEMENT: note_policy(c); break;
    case SETTING_PIPELINES: forget_submissions(c); break;
    case SETTING_STATION: replace_own_values(c, change); break;
    default: break;
    }
}

static int parse_change(struct counterfactual *c, struct setting_change *out, struct error *err)
{
    const char *value = strchr(c->change, '=');
    if (!value)
        return error_set(err, "expected NAME=VALUE, as in nodes=8");
    c->key = xstrndup(c->change, (size_t)(value - c->change));
    const char *key = str_equal(c->key, "gpus") ? setting_at(SETTING_NODE_GPUS)->name : c->key;
    return setting_find(key, SETTING_CHANGE, out, err) ||
                   setting_parse(out->id, policy_names, value + 1, &out->value, err)
               ? -1
               : 0;
}

static int apply(struct counterfactual *c, struct error *err)
{
    struct setting_change change;
    if (parse_change(c, &change, err) ||
        variant_vary(&c->variant, &c->own.asked.scenario, &change, 1, err))
        return error_prefix(err, "--change %s: ", c->change);
    take_into_account(c, &change);
    return 0;
}

static int run_once(struct counterfactual_run *out, const struct scenario *s,
                    const struct workflow *depends, struct error *err)
{
    if (platform_check(s->platform, s->workflow, err))
        return -1;
    struct simulator *sim = simulator_new(s, err);
    if (!sim)
        return -1;
    struct replica r;
    out->timeline = timeline_new(s->workflow, s->platform);
    simulator_run(sim, 0, out->timeline, &r);
    simulator_free(sim);
    out->makespan_s = r.makespan_s;
    out->attribution = attribution_of(out->timeline, depends);
    return 0;
}

static void compare_placebo(struct counterfactual *c)
{
    uint32_t n = c->session->workflow->n_tasks;
    double *measured = xcalloc(n, sizeof *measured), *placebo = xcalloc(n, sizeof *placebo);
    compare_starts(c->session->timeline, measured, NULL);
    compare_starts(c->placebo.timeline, placebo, NULL);
    c->placebo_starts = compare_times(measured, placebo, n);
    xfree(measured, placebo);
}

/* The placebo has run: from here on the sets depend on each other as `given` says. */
static int take_given(struct counterfactual *c, const struct workflow *given, struct error *err)
{
    if (!str_starts(c->change, "mode="))
        return error_set(err,
                         "a workflow with the true dependencies goes with --change mode=NAME, not "
                         "with --change %s",
                         c->change);
    if (set_match(&c->match, c->own.asked.workflow, given, c->session->platform, err))
        return error_prefix(err, "workflow %s and session %s: ", given->name, c->session->name);
    c->given = given;
    set_match_take_order(c->own.asked.workflow, given, &c->match);
    return 0;
}

static int run_both(struct counterfactual *c, const char *change, const struct workflow *given,
                    struct error *err)
{
    if (run_once(&c->placebo, &c->own.asked.scenario, c->session->workflow, err))
        return -1;
    compare_placebo(c);
    if (!change)
        return 0;
    c->change = str_format("%s", change);
    if (given && take_given(c, given, err))
        return -1;
    if (apply(c, err))
        return -1;
    return run_once(&c->changed, &c->variant.scenario,
                    given ? c->own.asked.workflow : c->session->workflow, err);
}

int counterfactual_run(struct counterfactual *out, const struct session *s,
                       const struct middleware *m, const char *change, const struct workflow *given,
                       struct error *err)
{
    *out = (struct counterfactual){ .session = s, .measured_s = timeline_makespan(s->timeline) };
    if (own_stations_init(&out->own, s, m, err))
        return -1;
    if (!run_both(out, change, given, err))
        return 0;
    counterfactual_clear(out);
    return -1;
}

void counterfactual_clear(struct counterfactual *c)
{
    timeline_free(c->placebo.timeline);
    timeline_free(c->changed.timeline);
    own_stations_clear(&c->own);
    variant_clear(&c->variant);
    set_match_clear(&c->match);
    xfree(c->key, c->change, c->words);
    *c = (struct counterfactual){ 0 };
}
