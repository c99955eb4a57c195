#include "validation/counterfactual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/dispatch.h"
#include "sim/simulate.h"
#include "validation/pipeline_list.h"

static const double agrees_share = 0.005;                /* a placebo further off than this says so */

/* --- changes ----------------------------------------------------------------------------------------------------- */

static void add_matches(struct str *words, const struct counterfactual *c)
{
    size_t n[MATCHES] = { 0 };
    bool first = true;
    for (size_t k = 0; k < c->match.n; k++)
        n[c->match.by[k]]++;
    str_addf(words, "dependencies are those of workflow %s: of %zu sets ", c->given->name, c->match.n);
    for (int by = 0; by < MATCHES; by++) {
        if (n[by] == 0)
            continue;
        str_addf(words, "%s%zu matched by %s%s", first ? "" : ", ", n[by], match_by_name((enum match_by)by),
                 by == MATCH_SHAPE ? " and order" : "");
        first = false;
    }
    str_add(words, "; durations are the session's");
    if (!isnan(c->match.worst_share))
        str_addf(words, ", whose means differ by at most %.1f %% from the workflow's", 100 * c->match.worst_share);
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
        str_add(words, "assumed: the order of the recorded stages and pipelines is all that sets depend on, since a session records no "
                       "data dependencies");
    str_add(words, "; --workflow W.json gives the true ones");
}

static int change_mode(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    int mode = mode_find(value);
    if (mode < 0)
        return error_set(err, "mode=%s: no mode has this name; expected sequential, pipelined or asynchronous", value);
    s->mode = (enum mode)mode;
    struct str words = { 0 };
    if (c->given)
        add_matches(&words, c);
    else if (!c->session->executed)
        add_assumption(&words, c);
    if (mode == MODE_ASYNCHRONOUS && s->mode != session_mode(c->session))
        str_addf(&words, "%sno stage is closed, so the client's measured time between stages is left out", words.length ? "; " : "");
    c->words = str_take(&words);
    return 0;
}

static void leave_radical(struct counterfactual *c, struct scenario *s)
{
    if (s->scheduler.scheduler)
        c->words = str_format("the scheduler is no longer RADICAL's own, but an order, a rule of overtaking and a placement");
    s->scheduler.scheduler = s->scheduler.generation = NULL;
}

static int change_order(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    (void)err;
    leave_radical(c, s);
    s->scheduler.order = value;
    return 0;
}

static int change_overtake(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    (void)err;
    leave_radical(c, s);
    s->scheduler.overtake = value;
    return 0;
}

static int change_placement(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    (void)err;
    leave_radical(c, s);
    s->scheduler.placement = value;
    return 0;
}

static int change_scheduler(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    (void)c;
    return session_scheduler_named(&s->scheduler, value, err);
}

static int change_nodes(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    int64_t n;
    if (!str_to_int64(value, &n) || n < 1)
        return error_set(err, "nodes=%s: expected a number of nodes, at least 1", value);
    c->platform = platform_with_nodes(s->platform, (size_t)n, err);
    s->platform = c->platform;
    return c->platform ? 0 : -1;
}

static int change_gpus(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    int64_t n;
    if (!str_to_int64(value, &n) || n < 0 || n > 64)
        return error_set(err, "gpus=%s: expected GPUs of a node, 0 to 64", value);
    c->platform = platform_copy(s->platform);
    for (size_t i = 0; i < c->platform->n_shapes; i++)
        c->platform->shapes[i].n_gpus = (int)n;
    s->platform = c->platform;
    return 0;
}

static void forget_releases(struct workflow *w)
{
    for (size_t k = 0; k < w->n_sets; k++) {
        free(w->sets[k].release.list_s);
        w->sets[k].release = (struct release){ .kind = RELEASE_NONE };
    }
}

/* "2,1,3": what is submitted together goes in this order of pipelines. */
static int change_pipelines(struct counterfactual *c, struct scenario *s, const char *value, struct error *err)
{
    c->pipeline_order = pipeline_list_parse(value, s->workflow, "pipelines=", err);
    if (!c->pipeline_order)
        return -1;
    c->workflow = session_workflow(c->session, INFORMATION_MEASURED, NULL, err);
    if (!c->workflow)
        return -1;
    forget_releases(c->workflow);
    c->words = str_format("tasks of one set are submitted in their measured order, sets in that of their pipelines");
    s->workflow = c->workflow;
    s->pipeline_order = c->pipeline_order;
    s->task_order = NULL;
    return 0;
}

static bool find_parameter(const char *name, enum station_parameter *p)
{
    for (int i = 0; i < STATION_PARAMETERS; i++)
        if (str_equal(station_parameter_name((enum station_parameter)i), name)) {
            *p = (enum station_parameter)i;
            return true;
        }
    return false;
}

static bool find_poll(const char *name, enum station_poll *p)
{
    for (int i = 0; i < STATION_POLLS; i++)
        if (str_equal(station_poll_name((enum station_poll)i), name)) {
            *p = (enum station_poll)i;
            return true;
        }
    return false;
}

/* Every task's (bulk's) value becomes this constant. */
static void set_parameter(struct counterfactual *c, enum station_parameter p, double value)
{
    dist_free(c->middleware->parameter[p]);
    c->middleware->parameter[p] = value > 0 ? dist_constant(value) : NULL;
    uint32_t n = c->own.asked.workflow->n_tasks;
    for (uint32_t t = 0; c->own.of[p] && t < n; t++)
        c->own.of[p][t] = value;
}

static int change_station(struct counterfactual *c, struct scenario *s, const char *name, const char *value, struct error *err)
{
    double x;
    enum station_parameter parameter;
    enum station_poll poll;
    if (!str_to_double(value, &x) || x < 0 || x > 1e9)
        return error_set(err, "station.%s=%s: expected seconds (servers: a number), at least 0", name, value);
    c->middleware = middleware_copy(s->middleware);
    s->middleware = c->middleware;
    if (find_parameter(name, &parameter))
        set_parameter(c, parameter, x);
    else if (find_poll(name, &poll) && x > 0 && (x < POLL_SHORTEST_S || x > POLL_LONGEST_S))
        return error_set(err, "station.%s=%s: expected 0 (no poll), or a period from %g to %g s", name, value, POLL_SHORTEST_S,
                         POLL_LONGEST_S);
    else if (find_poll(name, &poll))
        c->middleware->period_s[poll] = x;
    else if (str_equal(name, "launch.servers") && x >= 1 && x <= 1000)
        c->middleware->launch_servers = (int)x;
    else
        return error_set(err, "station.%s: no station has this name; `dagcast describe --middleware` lists them", name);
    return 0;
}

static int apply(struct counterfactual *c, struct scenario *s, struct error *err)
{
    static const struct {
        const char *name;
        int (*apply)(struct counterfactual *c, struct scenario *s, const char *value, struct error *err);
    } changes[] = {
        { "mode", change_mode }, { "order", change_order }, { "overtake", change_overtake }, { "placement", change_placement },
        { "scheduler", change_scheduler }, { "nodes", change_nodes }, { "gpus", change_gpus }, { "pipelines", change_pipelines },
    };
    char *name = str_format("%s", c->change), *value = strchr(name, '=');
    int status = 1;
    if (value)
        *value++ = '\0';
    const char *kept = value ? strchr(c->change, '=') + 1 : "";          /* names in options live as long as c->change */
    for (size_t i = 0; value && i < sizeof changes / sizeof *changes && status > 0; i++)
        if (str_equal(name, changes[i].name))
            status = changes[i].apply(c, s, kept, err);
    if (status > 0 && value && str_starts(name, "station."))
        status = change_station(c, s, name + strlen("station."), kept, err);
    if (status > 0)
        status = error_set(err, "--change %s: expected mode=, order=, overtake=, placement=, scheduler=, nodes=, gpus=, pipelines= or "
                           "station.NAME=", c->change);
    free(name);
    return status;
}

/* ----------------------------------------------------------------------------------------------------------------- */

static int run_once(struct counterfactual_run *out, const struct scenario *s, const struct workflow *depends, struct error *err)
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
    free(measured);
    free(placebo);
}

/* The placebo has run: from here on the sets depend on each other as `given` says. */
static int take_given(struct counterfactual *c, const struct workflow *given, struct error *err)
{
    if (!str_starts(c->change, "mode="))
        return error_set(err, "a workflow with the true dependencies goes with --change mode=NAME, not with --change %s", c->change);
    if (set_match(&c->match, c->own.asked.workflow, given, c->session->platform, err))
        return error_prefix(err, "workflow %s and session %s: ", given->name, c->session->name);
    c->given = given;
    set_match_take_order(c->own.asked.workflow, given, &c->match);
    return 0;
}

static int run_both(struct counterfactual *c, const char *change, const struct workflow *given, struct error *err)
{
    if (run_once(&c->placebo, &c->own.asked.scenario, c->session->workflow, err))
        return -1;
    compare_placebo(c);
    if (!change)
        return 0;
    c->change = str_format("%s", change);
    if (given && take_given(c, given, err))
        return -1;
    struct scenario changed = c->own.asked.scenario;
    if (apply(c, &changed, err))
        return -1;
    return run_once(&c->changed, &changed, given ? c->own.asked.workflow : c->session->workflow, err);
}

int counterfactual_run(struct counterfactual *out, const struct session *s, const struct middleware *m, const char *change,
                       const struct workflow *given, struct error *err)
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
    platform_free(c->platform);
    workflow_free(c->workflow);
    middleware_free(c->middleware);
    set_match_clear(&c->match);
    free(c->pipeline_order);
    free(c->change);
    free(c->words);
    *c = (struct counterfactual){ 0 };
}

/* To hundredths, without a sign of 0; 0 where there is nothing to take a share of. */
static double percent(double part_s, double whole_s)
{
    return whole_s > 0 ? round(1e4 * part_s / whole_s) / 100 + 0.0 : 0;
}

/* --- output ------------------------------------------------------------------------------------------------------ */

void counterfactual_report(const struct counterfactual *c, struct str *out)
{
    double off_s = c->placebo.makespan_s - c->measured_s;
    str_addf(out, "Placebo: with nothing changed, the session's own station values give a makespan of %.1f s; measured %.1f s (%+.2f s, "
             "%+.2f %%); starts are off by %.2f s on average, by %.2f s at most.%s", c->placebo.makespan_s, c->measured_s, off_s,
             percent(off_s, c->measured_s), c->placebo_starts.mean_s, c->placebo_starts.largest_s,
             fabs(off_s) > agrees_share * c->measured_s ? " That is more than half a per cent: trust what follows the less." : "");
    if (!c->change)
        return;
    double gain_s = c->changed.makespan_s - c->placebo.makespan_s;
    str_addf(out, " With %s: %.1f s, %+.1f s (%+.2f %%) against the placebo.%s%s%s", c->change, c->changed.makespan_s, gain_s,
             percent(gain_s, c->placebo.makespan_s), c->words ? " Note: " : "", c->words ? c->words : "", c->words ? "." : "");
    if (fabs(gain_s) <= fabs(off_s))
        str_add(out, " The difference is no larger than the placebo's own error.");
}

struct table *counterfactual_table(const struct counterfactual *c)
{
    struct table *t = table_new();
    table_add_column(t, "part of the makespan", TABLE_LEFT);
    table_add_column(t, "placebo_s", TABLE_RIGHT);
    if (c->change) {
        table_add_column(t, "changed_s", TABLE_RIGHT);
        table_add_column(t, "difference_s", TABLE_RIGHT);
    }
    for (int p = 0; p <= PARTS; p++) {
        double placebo = p < PARTS ? c->placebo.attribution.of_s[p] : c->placebo.makespan_s;
        double changed = p < PARTS ? c->changed.attribution.of_s[p] : c->changed.makespan_s;
        table_add_row(t);
        table_set_text(t, 0, p < PARTS ? attribution_part_name((enum attribution_part)p) : "makespan");
        table_set_number(t, 1, placebo, 2);
        if (!c->change)
            continue;
        table_set_number(t, 2, changed, 2);
        table_set_number(t, 3, changed - placebo, 2);
    }
    return t;
}

static cJSON *run_json(const struct counterfactual_run *r)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "makespan", r->makespan_s);
    cJSON *parts = cJSON_AddObjectToObject(o, "parts");
    for (int p = 0; p < PARTS; p++)
        cJSON_AddNumberToObject(parts, attribution_part_name((enum attribution_part)p), r->attribution.of_s[p]);
    cJSON_AddNumberToObject(o, "tasks_in_chain", (double)r->attribution.n_tasks);
    return o;
}

static cJSON *matches_json(const struct counterfactual *c)
{
    cJSON *all = cJSON_CreateArray();
    for (size_t k = 0; k < c->match.n; k++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "session", c->session->workflow->sets[k].name);
        cJSON_AddStringToObject(one, "workflow", c->given->sets[c->match.given_of[k]].name);
        cJSON_AddStringToObject(one, "by", match_by_name(c->match.by[k]));
        cJSON_AddItemToArray(all, one);
    }
    return all;
}

cJSON *counterfactual_json(const struct counterfactual *c)
{
    cJSON *o = cJSON_CreateObject(), *placebo = run_json(&c->placebo);
    cJSON_AddNumberToObject(o, "measured", c->measured_s);
    cJSON_AddNumberToObject(placebo, "error", c->placebo.makespan_s - c->measured_s);
    cJSON_AddNumberToObject(placebo, "task_start_mae", c->placebo_starts.mean_s);
    cJSON_AddItemToObject(o, "placebo", placebo);
    if (!c->change)
        return o;
    cJSON_AddStringToObject(o, "change", c->change);
    cJSON_AddItemToObject(o, "changed", run_json(&c->changed));
    cJSON_AddNumberToObject(o, "difference", c->changed.makespan_s - c->placebo.makespan_s);
    if (c->words)
        cJSON_AddStringToObject(o, "note", c->words);
    if (c->match.n > 0)
        cJSON_AddItemToObject(o, "matches", matches_json(c));
    return o;
}
