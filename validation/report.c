#include "validation/report.h"

#include <math.h>

#include "core/extrapolation.h"
#include "core/likeness.h"

static void add_columns(struct table *t, const char *const *names)
{
    table_add_column(t, "session", TABLE_LEFT);
    for (size_t i = 0; names[i]; i++)
        table_add_column(t, names[i], TABLE_RIGHT);
}

static bool was_interrupted(const struct validation *v)
{
    return v->session->n_interruptions > 0;
}

struct table *report_makespans(const struct validation *v, size_t n)
{
    static const char *const names[] = { "tasks", "measured_s", "predicted_s", "sd_s", "error_s", "error_%", "of_overhead_%", "low_95_s",
                                         "high_95_s", "width_%", "holds", "score_s", NULL };
    struct table *t = table_new();
    add_columns(t, names);
    for (size_t i = 0; i < n; i++) {
        const struct forecast *f = &v[i].forecast;
        table_add_row(t);
        table_set_text(t, 0, v[i].session->name);
        table_set_number(t, 1, v[i].session->workflow->n_tasks, 0);
        table_set_number(t, 2, v[i].measured_s, 1);
        table_set_number(t, 3, f->makespan.mean, 1);
        table_set_number(t, 4, f->makespan.sd, 2);
        table_set_number(t, 5, v[i].error_s, 2);
        table_set_number(t, 6, 100 * v[i].error_s / v[i].measured_s, 2);
        table_set_number(t, 7, 100 * v[i].overhead_error, 1);
        table_set_number(t, 8, f->pi95.low, 1);
        table_set_number(t, 9, f->pi95.high, 1);
        table_set_number(t, 10, 100 * (f->pi95.high - f->pi95.low) / v[i].measured_s, 2);
        table_set_text(t, 11, was_interrupted(&v[i])             ? "interrupted"
                              : !validation_has_interval(&v[i]) ? "-"
                              : v[i].in_interval                ? "yes"
                                                                : "no");
        table_set_number(t, 12, v[i].interval_score, 1);
    }
    return t;
}

struct table *report_details(const struct validation *v, size_t n)
{
    static const char *const names[] = { "starts_mae_s", "starts_max_s", "tasks_area_%", "slots_area_%", "gpus_area_%", "placements",
                                         "equal", "equal_%", NULL };
    struct table *t = table_new();
    add_columns(t, names);
    for (size_t i = 0; i < n; i++) {
        const struct same_places *places = &v[i].places;
        table_add_row(t);
        table_set_text(t, 0, v[i].session->name);
        table_set_number(t, 1, v[i].task_starts.mean_s, 2);
        table_set_number(t, 2, v[i].task_starts.largest_s, 2);
        table_set_number(t, 3, 100 * v[i].areas.tasks, 2);
        table_set_number(t, 4, 100 * v[i].areas.slots, 2);
        table_set_number(t, 5, 100 * v[i].areas.gpus, 2);
        table_set_number(t, 6, (double)places->n, 0);
        table_set_number(t, 7, (double)places->n_equal, 0);
        table_set_number(t, 8, places->n ? 100 * (double)places->n_equal / (double)places->n : (double)NAN, 1);
    }
    return t;
}

struct table *report_baselines(const struct validation *v, size_t n)
{
    struct table *t = table_new();
    table_add_column(t, "session", TABLE_LEFT);
    table_add_column(t, "dagcast", TABLE_RIGHT);
    for (int b = 0; b < BASELINES; b++)
        table_add_column(t, baseline_name((enum baseline)b), TABLE_RIGHT);
    for (size_t i = 0; i < n; i++) {
        table_add_row(t);
        table_set_text(t, 0, v[i].session->name);
        table_set_number(t, 1, v[i].error_s, 2);
        for (size_t b = 0; b < BASELINES; b++)
            table_set_number(t, 2 + b, v[i].baseline_s[b] - v[i].measured_s, 2);
    }
    return t;
}

struct table *report_stages(const struct validation *v)
{
    static const char *const names[] = { "start_s", "predicted_start_s", "error_s", "stop_s", "predicted_stop_s", "stop_error_s" };
    struct table *t = table_new();
    table_add_column(t, "stage", TABLE_LEFT);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_add_column(t, names[i], TABLE_RIGHT);
    for (size_t i = 0; i < v->n_stages; i++) {
        const struct stage_times *s = &v->stages[i];
        table_add_row(t);
        table_set_text(t, 0, s->name);
        table_set_number(t, 1, s->measured_start_s, 2);
        table_set_number(t, 2, s->predicted_start_s, 2);
        table_set_number(t, 3, s->predicted_start_s - s->measured_start_s, 2);
        table_set_number(t, 4, s->measured_stop_s, 2);
        table_set_number(t, 5, s->predicted_stop_s, 2);
        table_set_number(t, 6, s->predicted_stop_s - s->measured_stop_s, 2);
    }
    return t;
}

/* --- sentences --------------------------------------------------------------------------------------------------- */

static bool interval_is_a_prior(const struct validation *v)
{
    return v->asked.middleware->n_sessions < 3;
}

void report_interruptions(const struct validation *v, size_t n, struct str *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!was_interrupted(&v[i]))
            continue;
        str_addf(out, "WARNING: %s was ", v[i].session->name);
        session_add_interruptions(v[i].session, out);
        str_add(out, ": its makespan is no measure, and its errors below are not the prediction's.\n");
    }
}

static void add_peers(const struct validation *v, struct str *out)
{
    if (!v->n_peers)
        return;
    str_addf(out, "  calibrated on %zu other session%s", v->n_peers, v->n_peers == 1 ? "" : "s");
    if (v->peers_differ) {
        bool kind = v->peers_differ & DIFFERS_IN_KIND;
        str_add(out, kind ? " of another kind, since there is none of its own; they differ in: " : "; some differ in: ");
        likeness_add_names(out, v->peers_differ);
    }
    str_add(out, "\n");
}

static void add_extrapolation(const struct validation *v, struct str *out)
{
    str_add(out, "  EXTRAPOLATION: ");
    extrapolation_add(out, &v->asked.scenario);
    str_add(out, "\n");
}

void report_notes(const struct validation *v, struct str *out)
{
    const struct clock_band *c = &v->forecast.clock;
    str_addf(out, "%s\n", v->session->name);
    if (was_interrupted(v)) {
        str_add(out, "  WARNING: ");
        session_add_interruptions(v->session, out);
        str_add(out, ": its makespan is no measure\n");
    }
    str_addf(out, "  level %s; read from the run: %s\n", information_name(v->level), v->asked.read.text ? v->asked.read.text : "nothing");
    add_peers(v, out);
    if (v->asked.extrapolation.length)
        add_extrapolation(v, out);
    if (v->in_sample)
        str_add(out, "  in sample: the profile was fitted on this session, so that it proves little\n");
    if (v->asked.assumed.length)
        str_addf(out, "  assumed, not fitted: %s\n", v->asked.assumed.text);
    if (interval_is_a_prior(v))
        str_addf(out, "  the interval is a prior: the profile knows %zu session%s\n", v->asked.middleware->n_sessions,
                 v->asked.middleware->n_sessions == 1 ? "" : "s");
    if (v->forecast.modes.found)
        str_addf(out, "  bimodal: %.0f %% of the replicas take about %.1f s, %.0f %% about %.1f s; the mean describes neither\n",
                 100 * v->forecast.modes.share_low, v->forecast.modes.low, 100 * v->forecast.modes.share_high, v->forecast.modes.high);
    if (pipeline_orders_matter(&v->orders))
        str_addf(out, "  the order of submission matters: %.1f s as tasks arrived; in %zu orders of the %zu pipelines %.1f to %.1f s "
                      "(%.1f %%); --pipelines sets one\n", v->forecast.makespan.mean, v->orders.n_orders, v->orders.n_pipelines,
                 v->orders.best_s, v->orders.worst_s, 100 * (v->orders.worst_s - v->orders.best_s) / v->orders.file_s);
    if (!validation_has_interval(v))
        str_add(out, "  one replica: no sd and no interval; more (--replicas) give them\n");
    if (validation_is_chaotic(v))
        str_addf(out, "  chaotic: the clock of the scheduler's loop alone moves one replica: %.1f to %.1f s over its phase, %.1f to %.1f s "
                      "over periods of %.4f to %.4f s\n", c->phase.low, c->phase.high, c->period.low, c->period.high, c->period_s.low,
                 c->period_s.high);
}

void report_verdict(const struct validation *v, size_t n, struct str *out)
{
    double error = 0, theirs[BASELINES] = { 0 };
    size_t held = 0, whole = 0, intervals = 0;
    for (size_t i = 0; i < n; i++) {
        if (was_interrupted(&v[i]))
            continue;
        error += fabs(v[i].error_s);
        held += v[i].in_interval;
        intervals += validation_has_interval(&v[i]);
        whole++;
        for (int b = 0; b < BASELINES; b++)
            theirs[b] += fabs(v[i].baseline_s[b] - v[i].measured_s);
    }
    if (whole < n)
        str_addf(out, "%zu of %zu session%s interrupted and not counted here. ", n - whole, n, n - whole == 1 ? " was" : "s were");
    if (whole == 0)
        return;
    if (intervals > 0)
        str_addf(out, "The 95 %% interval holds in %zu of %zu. ", held, intervals);
    else
        str_add(out, "One replica has no interval. ");
    str_addf(out, "Mean absolute error of the makespan: %.2f s; ", error / (double)whole);
    for (int b = 0; b < BASELINES; b++)
        str_addf(out, "%s %.2f s%s", baseline_name((enum baseline)b), theirs[b] / (double)whole, b + 1 < BASELINES ? ", " : ".");
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

static void add_number(cJSON *object, const char *key, double x)
{
    cJSON_AddItemToObject(object, key, isfinite(x) ? cJSON_CreateNumber(x) : cJSON_CreateNull());
}

static void add_pair(cJSON *object, const char *key, double a, double b)
{
    cJSON *pair = cJSON_AddArrayToObject(object, key);
    cJSON_AddItemToArray(pair, isfinite(a) ? cJSON_CreateNumber(a) : cJSON_CreateNull());
    cJSON_AddItemToArray(pair, isfinite(b) ? cJSON_CreateNumber(b) : cJSON_CreateNull());
}

static void add_forecast(cJSON *object, const struct validation *v)
{
    const struct forecast *f = &v->forecast;
    cJSON *predicted = cJSON_AddObjectToObject(object, "predicted");
    add_number(predicted, "mean", f->makespan.mean);
    add_number(predicted, "sd", f->makespan.sd);
    add_pair(predicted, "pi95", f->pi95.low, f->pi95.high);
    add_number(predicted, "replicas", (double)f->n);
    add_pair(predicted, "phase_band", f->clock.phase.low, f->clock.phase.high);
    add_pair(predicted, "period_band", f->clock.period.low, f->clock.period.high);
    add_pair(predicted, "periods", f->clock.period_s.low, f->clock.period_s.high);
}

static void add_baselines(cJSON *object, const struct validation *v)
{
    cJSON *all = cJSON_AddObjectToObject(object, "baselines");
    for (int b = 0; b < BASELINES; b++) {
        cJSON *one = cJSON_AddObjectToObject(all, baseline_key((enum baseline)b));
        add_number(one, "makespan", v->baseline_s[b]);
        add_number(one, "error", v->baseline_s[b] - v->measured_s);
        add_number(one, "skill", validation_skill(v, (enum baseline)b));
    }
}

static void add_stages(cJSON *object, const struct validation *v)
{
    cJSON *all = cJSON_AddArrayToObject(object, "stages");
    for (size_t i = 0; i < v->n_stages; i++) {
        const struct stage_times *s = &v->stages[i];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "stage", s->name);
        add_number(one, "start", s->measured_start_s);
        add_number(one, "stop", s->measured_stop_s);
        add_number(one, "predicted_start", s->predicted_start_s);
        add_number(one, "predicted_stop", s->predicted_stop_s);
        cJSON_AddItemToArray(all, one);
    }
}

static void add_peers_json(cJSON *object, const struct validation *v)
{
    struct str names = { 0 };
    cJSON *peers = v->n_peers ? cJSON_AddObjectToObject(object, "calibrated_on") : NULL, *list = NULL;
    if (!peers)
        return;
    likeness_add_names(&names, v->peers_differ);
    list = cJSON_AddArrayToObject(peers, "sessions");
    for (size_t i = 0; i < v->asked.middleware->n_sessions; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(v->asked.middleware->sessions[i].name));
    cJSON_AddBoolToObject(peers, "of_its_kind", !(v->peers_differ & DIFFERS_IN_KIND));
    cJSON_AddStringToObject(peers, "differ_in", names.length ? names.text : "");
    str_clear(&names);
}

static void add_texts(cJSON *object, const struct validation *v)
{
    add_peers_json(object, v);
    cJSON_AddStringToObject(object, "information", information_name(v->level));
    cJSON_AddStringToObject(object, "middleware", v->asked.middleware->name);
    cJSON_AddStringToObject(object, "read_from_the_run", v->asked.read.text ? v->asked.read.text : "");
    if (v->asked.extrapolation.length)
        cJSON_AddStringToObject(object, "extrapolation", v->asked.extrapolation.text);
    cJSON_AddNumberToObject(object, "extrapolation_factor", v->asked.spread);
    if (v->asked.assumed.length)
        cJSON_AddStringToObject(object, "assumed", v->asked.assumed.text);
    cJSON_AddBoolToObject(object, "in_sample", v->in_sample);
    cJSON_AddBoolToObject(object, "interval_is_a_prior", interval_is_a_prior(v));
    cJSON_AddBoolToObject(object, "chaotic", validation_is_chaotic(v));
}

static void add_ambiguity(cJSON *object, const struct validation *v)
{
    const struct two_modes *m = &v->forecast.modes;
    const struct pipeline_orders *p = &v->orders;
    cJSON *bimodal = m->found ? cJSON_AddObjectToObject(object, "bimodal") : cJSON_AddNullToObject(object, "bimodal");
    if (m->found) {
        add_number(bimodal, "low", m->low);
        add_number(bimodal, "share_low", m->share_low);
        add_number(bimodal, "high", m->high);
        add_number(bimodal, "share_high", m->share_high);
    }
    cJSON *order = p->n_orders ? cJSON_AddObjectToObject(object, "order") : cJSON_AddNullToObject(object, "order");
    if (p->n_orders) {
        add_number(order, "tried", (double)p->n_orders);
        add_number(order, "best", p->best_s);
        add_number(order, "worst", p->worst_s);
        cJSON_AddBoolToObject(order, "matters", pipeline_orders_matter(p));
    }
}

static cJSON *session_json(const struct validation *v)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "session", v->session->name);
    add_number(o, "measured", v->measured_s);
    add_number(o, "interruptions", (double)v->session->n_interruptions);
    add_number(o, "interrupted_s", v->session->interrupted_s);
    add_forecast(o, v);
    add_number(o, "error", v->error_s);
    add_number(o, "error_percent", 100 * v->error_s / v->measured_s);
    add_number(o, "critical_path", v->critical_path_s);
    add_number(o, "overhead_error", v->overhead_error);
    cJSON_AddItemToObject(o, "in_interval", validation_has_interval(v) ? cJSON_CreateBool(v->in_interval) : cJSON_CreateNull());
    add_number(o, "interval_width", v->forecast.pi95.high - v->forecast.pi95.low);
    add_number(o, "interval_score", v->interval_score);
    add_number(o, "task_start_mae", v->task_starts.mean_s);
    add_number(o, "placements_equal", v->places.n ? (double)v->places.n_equal / (double)v->places.n : (double)NAN);
    add_number(o, "placements", (double)v->places.n);
    add_number(o, "concurrency_between", v->areas.tasks);
    add_number(o, "slots_between", v->areas.slots);
    add_number(o, "gpus_between", v->areas.gpus);
    add_baselines(o, v);
    add_stages(o, v);
    add_ambiguity(o, v);
    add_texts(o, v);
    return o;
}

cJSON *report_json(const struct validation *v, size_t n)
{
    cJSON *sessions = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(sessions, session_json(&v[i]));
    return sessions;
}
