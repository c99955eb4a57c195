#include "validation/validate.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"

enum { BASELINE_REPLICAS = 16, MOST_REPLICAS = 400, FEWEST_REPLICAS = 100, MANY_TASKS = 1000 };

static void span_of(const struct stage *stage, const struct workflow *w, const double *start_s,
                    const double *stop_s, double *first, double *last)
{
    *first = *last = NAN;
    for (size_t i = 0; i < stage->n_sets; i++) {
        const struct task_set *set = &w->sets[stage->sets[i]];
        for (uint32_t t = set->first_task; t < set->first_task + set->n_tasks; t++) {
            *first = earlier_known(*first, start_s[t]);
            *last = later_known(*last, stop_s[t]);
        }
    }
}

static void add_stage(struct validation *v, const struct stage *stage, char *name,
                      const double *start_s, const double *stop_s)
{
    const struct workflow *w = v->session->workflow;
    struct stage_times *t = &v->stages[v->n_stages++];
    t->name = name;
    span_of(stage, w, start_s, stop_s, &t->measured_start_s, &t->measured_stop_s);
    span_of(stage, w, v->forecast.start_s, v->forecast.stop_s, &t->predicted_start_s,
            &t->predicted_stop_s);
}

static char *stage_name(const struct workflow *w, const struct stage *stage)
{
    struct str name = { 0 };
    for (size_t i = 0; i < stage->n_sets; i++)
        str_addf(&name, "%s%s", i ? " + " : "", w->sets[stage->sets[i]].name);
    return str_take(&name);
}

static void list_stages(struct validation *v, const double *start_s, const double *stop_s)
{
    const struct workflow *w = v->session->workflow;
    size_t n = w->n_sets;
    for (size_t p = 0; p < w->n_pipelines; p++)
        n += w->pipelines[p].n_stages;
    v->stages = xcalloc(n, sizeof *v->stages);
    for (size_t p = 0; p < w->n_pipelines; p++)
        for (size_t k = 0; k < w->pipelines[p].n_stages; k++) {
            const struct stage *stage = &w->pipelines[p].stages[k];
            add_stage(v, stage, stage_name(w, stage), start_s, stop_s);
        }
    for (int i = 0; !w->n_pipelines && i < (int)w->n_sets; i++) {
        struct stage alone = { .n_sets = 1, .sets = &i };
        add_stage(v, &alone, stage_name(w, &alone), start_s, stop_s);
    }
}

static void compare_spans(struct validation *v)
{
    v->span_s = session_span_s(v->session);
    v->span_error_s = v->forecast.span.mean - v->span_s;
    v->span_in_interval = stats_interval_holds(v->forecast.span_pi95, v->span_s);
}

static void compare(struct validation *v)
{
    const struct timeline *measured = v->session->timeline;
    uint32_t n = v->session->workflow->n_tasks;
    double *start = xcalloc(n, sizeof *start), *stop = xcalloc(n, sizeof *stop);
    compare_starts(measured, start, stop);
    v->task_starts = compare_times(start, v->forecast.start_s, n);
    v->areas = compare_areas(measured, v->forecast.typical);
    v->places = compare_places(measured, v->forecast.typical);
    list_stages(v, start, stop);
    v->client_s = compare_clients(v->asked.workflow, start, stop);
    xfree(start, stop);
    double added_s = v->measured_s - v->critical_path_s;
    v->error_s = v->forecast.makespan.mean - v->measured_s;
    compare_spans(v);
    v->overhead_error = added_s > 0 ? v->error_s / added_s : (double)NAN;
    v->in_interval = stats_interval_holds(v->forecast.pi95, v->measured_s);
    v->interval_score = validation_has_interval(v)
                            ? stats_interval_score(v->forecast.pi95, 0.95, v->measured_s)
                            : (double)NAN;
}

static struct simpler_prediction simpler_of(const struct validation *v, double makespan_s)
{
    double error_s = makespan_s - v->measured_s;
    return (struct simpler_prediction){ makespan_s, error_s,
                                        fabs(error_s) > 0 ? 1 - fabs(v->error_s) / fabs(error_s)
                                                          : (double)NAN };
}

static size_t replicas_for(const struct session *s, const struct validate_options *o)
{
    if (o->replicas > 0)
        return o->replicas;
    size_t n = s->workflow->n_tasks,
           some = n > MANY_TASKS ? (size_t)MOST_REPLICAS * MANY_TASKS / n : MOST_REPLICAS;
    return some > FEWEST_REPLICAS ? some : FEWEST_REPLICAS;
}

/* The same session under other orders of its pipelines, unless one was asked for. */
static int try_orders(struct validation *v, struct error *err)
{
    struct scenario free_order = v->asked.scenario;
    if (free_order.mode != MODE_PIPELINED || free_order.pipeline_order ||
        v->session->workflow->n_pipelines < 2)
        return 0;
    free_order.task_order = NULL;
    free_order.begins_after = NULL;
    const struct replicate_options how = { .replicas = v->forecast.n,
                                           .threads = replicate_default_threads() };
    return pipeline_orders_few(&free_order, &how, NULL, &v->orders, err);
}

/* The same session if who comes first at the launcher is not known. */
static int draw_launch_order(struct validation *v, struct error *err)
{
    struct scenario drawn = v->asked.scenario;
    struct launch_order *o = &v->launch_order;
    const struct replicate_options how = { .replicas = v->forecast.n,
                                           .threads = replicate_default_threads() };
    struct replicas all;
    if (!(o->known = drawn.begins_after != NULL))
        return 0;
    drawn.begins_after = NULL;
    if (replicate(&drawn, &how, &all, err))
        return -1;
    double *makespan_s = REPLICA_TIMES(all.at, all.n, makespan_s);
    o->makespan = stats_summarise(makespan_s, all.n);
    o->pi95 =
        forecast_interval(makespan_s, all.n, drawn.middleware->period_s[POLL_SCHEDULE]);
    o->modes = summary_modes(makespan_s, all.n);
    o->in_interval = stats_interval_holds(o->pi95, v->measured_s);
    free(makespan_s);
    replicas_clear(&all);
    return 0;
}

int validate_session(struct validation *out, const struct session_question *q,
                     const struct validate_options *o, struct error *err)
{
    const struct session *s = q->session;
    *out = (struct validation){ .session = s, .in_sample = session_is_of_profile(s, q->middleware),
                                .measured_s = session_makespan_s(s),
                                .critical_path_s = session_critical_path_s(s) };
    if (!(out->measured_s > 0))
        return error_set(err, "%s: records neither a makespan nor a task from its start to its end",
                         s->path);
    if (session_scenario_init(&out->asked, q, err))
        return -1;
    out->level = out->asked.level;
    double simpler_s[BASELINES],
        gap_s = isnan(o->gap_s) ? baselines_gap_of_profile(q->middleware) : o->gap_s;
    if (forecast_run(&out->forecast, &out->asked.scenario, replicas_for(s, o), err) ||
        baselines_run(&out->asked.scenario, gap_s, BASELINE_REPLICAS, simpler_s, err)) {
        validation_clear(out);
        return -1;
    }
    if (try_orders(out, err) || draw_launch_order(out, err)) {
        validation_clear(out);
        return -1;
    }
    compare(out);
    for (int b = 0; b < BASELINES; b++)
        out->simpler[b] = simpler_of(out, simpler_s[b]);
    return 0;
}

void validation_clear(struct validation *v)
{
    for (size_t i = 0; i < v->n_stages; i++)
        free(v->stages[i].name);
    free(v->stages);
    forecast_clear(&v->forecast);
    session_scenario_clear(&v->asked);
    *v = (struct validation){ 0 };
}

bool validation_is_chaotic(const struct validation *v)
{
    return clock_band_is_chaotic(&v->forecast.clock, v->forecast.makespan.mean);
}

bool validation_has_interval(const struct validation *v)
{
    return !isnan(v->forecast.pi95.low);
}
