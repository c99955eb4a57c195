#include "validation/predict_session.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/broker.h"
#include "core/extrapolation.h"
#include "core/variant.h"
#include "traces/session_services.h"
#include "validation/peers.h"
#include "validation/predict_session_impl.h"

bool session_is_of_profile(const struct session *s, const struct middleware *m)
{
    for (size_t i = 0; i < m->n_sessions; i++)
        if (str_equal(m->sessions[i].name, s->name))
            return true;
    return false;
}

enum mode session_mode(const struct session *s)
{
    if (s->executed)
        return s->mode;
    bool plain = session_is_plain(s) && !s->workflow->n_pipelines && !s->workflow->n_stages;
    return s->edges_named || plain ? MODE_ASYNCHRONOUS : MODE_PIPELINED;
}

/* Tasks that failed held their slots for as long as they ran; those that never ran take no time.
 * Returns how many never ran. */
static size_t use_all_measured(struct workflow *w, const struct session *s, const size_t *record)
{
    size_t never = 0;
    double *request_s = session_service_set(s, w) >= 0 ? session_request_s(s) : NULL;
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        for (uint32_t i = 0; set->durations && i < set->n_tasks; i++) {
            size_t r = record[set->first_task + i];
            double ran_s = r == SIZE_MAX ? (double)NAN : session_recorded_s(s, r);
            bool started = r != SIZE_MAX && !isnan(s->timeline->records[r].started_s);
            never += !started;
            if (request_s && started && !isnan(ran_s))
                ran_s -= fmin(ran_s, request_s[r]);          /* these are phases of their own */
            if (!started || !isnan(ran_s))
                set->durations[i] = started ? ran_s : 0;
        }
    }
    free(request_s);
    return never;
}

static bool all_requested(const struct session *s, const size_t *record)
{
    for (uint32_t t = 0; t < s->workflow->n_tasks; t++)
        if (record[t] == SIZE_MAX || !s->tasks || isnan(s->tasks[record[t]].requested_s))
            return false;
    return true;
}

enum information session_best_level(const struct session *s)
{
    size_t *record = timeline_last_attempts(s->timeline);
    bool known = all_requested(s, record);
    free(record);
    return known ? INFORMATION_REQUESTED : INFORMATION_MEASURED;
}

static void drop_client_and_agent(struct middleware *m)
{
    for (int p = STATION_BOOTSTRAP; p <= STATION_AGENT; p++)
        middleware_set_constant(m, (enum station_parameter)p, 0);
    m->period_s[POLL_AGENT] = 0;
}

bool session_asks_for(const struct session_question *q, enum setting_id id)
{
    for (size_t i = 0; i < q->n_settings; i++)
        if (q->settings[i].id == id && q->settings[i].value.said)
            return true;
    return false;
}

static bool asks_for_scheduler(const struct session_question *q)
{
    return session_asks_for(q, SETTING_SCHEDULER) || session_asks_for(q, SETTING_ORDER) ||
           session_asks_for(q, SETTING_OVERTAKE) || session_asks_for(q, SETTING_OVERTAKE_EVERY) ||
           session_asks_for(q, SETTING_PLACEMENT);
}

/* What was executed by dagcast is repeated by its own scheduler. */
static int resolve_scheduler(struct variant *v, const struct session_question *q, struct error *err)
{
    struct scheduler_options *o = &v->scenario.scheduler;
    if (q->session->executed && !asks_for_scheduler(q))
        *o = scheduler_options_resolve(&q->session->scheduler, v->scenario.middleware);
    else if (scheduler_options_choose(&v->said, v->scenario.middleware, o, err))
        return -1;
    if (o->scheduler && !v->said.generation && q->session->version)
        o->generation = q->session->version;
    return 0;
}

/* The profile's, if it has one: else the session's own. */
static void use_service(struct session_scenario *out, const struct session *s)
{
    int set = session_service_set(s, out->workflow);
    if (set < 0)
        return;
    out->own_service = !out->middleware->service.serves;
    if (out->own_service)
        return;
    struct service_rule *own = &task_traits_own(&out->workflow->sets[set])->service;
    schema_clear(&service_schema, own);
    *own = out->middleware->service;
    schema_copy(&service_schema, own);
    double lead_s = session_service_lead_s(s);
    if (own->ready && lead_s > 0) {
        struct dist *ready = dist_scaled(own->ready, 1, -lead_s);
        dist_free(own->ready);
        own->ready = ready;
    }
}

/* What the run shows, else what the profile's sessions do, as far as no tasks of the run contradict
 * it. If `strict`, starts must have been recorded, and the launcher be the same. */
static struct alone_shown alone_of(const struct middleware *m, const struct session *s, bool strict)
{
    struct likeness profile = middleware_likeness(m), run = session_likeness(s);
    bool other = strict && (likeness_compare(&profile, &run) & DIFFERS_LAUNCHER);
    struct alone_shown out = m->alone;
    if (s->alone != ALONE_NEVER)
        alone_set_only(&out, s->alone);
    for (int r = ALONE_NEVER + 1; r < ALONE_RULES && s->alone == ALONE_NEVER; r++)
        if (other || s->alone_says[r] == ALONE_EXCLUDED ||
            (strict && s->alone_says[r] == ALONE_UNKNOWN))
            out.sessions[r] = 0;
    return out;
}

/* Not twice: recorded durations hold the wait for others if starts were not recorded. */
static void use_alone(struct session_scenario *out, const struct session *s, enum information level)
{
    struct middleware *m = out->middleware;
    m->alone = alone_of(m, s, level >= INFORMATION_MEASURED);
    if (level >= INFORMATION_MEASURED && s->n_alone_moved > 0)
        alone_set_only(&m->alone, ALONE_NEVER);
    if (s->alone != ALONE_NEVER)
        m->alone_random = s->alone_random;
}

static int build(struct session_scenario *out, const struct session_question *q,
                 const size_t *record, struct error *err)
{
    const struct session *s = q->session;
    out->workflow = session_workflow(s, (enum information)q->level, &out->imputed, err);
    if (!out->workflow)
        return -1;
    out->middleware = middleware_copy(q->middleware);
    use_service(out, s);
    if (s->n_executors > 0)
        out->middleware->launch_servers = (int)s->n_executors;
    if (s->window > 0) {
        out->middleware->window = s->window;
        out->middleware->window_slots = s->window == platform_usable_slots(s->platform);
    }
    if (q->level == INFORMATION_ARRIVALS) {
        if (session_release_at_arrival(out->workflow, s, record, err))
            return -1;
        drop_client_and_agent(out->middleware);
    }
    out->measured_durations = q->level >= INFORMATION_MEASURED ||
                              (q->level == INFORMATION_DESCRIPTION && !all_requested(s, record));
    if (out->measured_durations)
        middleware_drop_execution(out->middleware);
    use_alone(out, s, (enum information)q->level);
    broker_adapt(out->middleware, s->broker_s, s->version);
    if (q->level >= INFORMATION_MEASURED && s->timeline->n)
        out->never_ran = use_all_measured(out->workflow, s, record);
    struct alone_shown known = alone_of(q->middleware, s, true);
    if (alone_only(&out->middleware->alone) != ALONE_NEVER && alone_only(&known) != ALONE_NEVER &&
        q->level != INFORMATION_DESCRIPTION && !session_asks_for(q, SETTING_PIPELINES))
        out->begins_after = session_begin_order(s, record, out->workflow->n_tasks);
    out->released = session_release_at_submission(out->workflow, s, record);
    if (platform_check(s->platform, out->workflow, err))
        return error_prefix(err, "%s: ", s->path);
    if (!session_asks_for(q, SETTING_PIPELINES))
        out->task_order =
            session_arrival_order(s, record, out->workflow->n_tasks - s->workflow->n_tasks);
    return 0;
}

/* The question's settings over what the session gives; the parts move into the variant and back. */
static int apply_settings(struct session_scenario *out, const struct session_question *q,
                          struct error *err)
{
    struct variant v;
    variant_init(&v, &out->scenario);
    v.workflow = out->workflow;
    v.middleware = out->middleware;
    int status = variant_apply(&v, q->settings, q->n_settings, err)
                     ? error_prefix(err, "%s: ", q->session->path)
                     : resolve_scheduler(&v, q, err);
    out->scenario = v.scenario;
    out->workflow = v.workflow;
    out->middleware = v.middleware;
    out->platform = v.platform;
    out->pipeline_order = v.pipeline_order;
    return status;
}

static int init(struct session_scenario *out, const struct session_question *q, struct error *err)
{
    out->scenario = (struct scenario){ .workflow = out->workflow,
                                       .platform = q->session->platform,
                                       .middleware = out->middleware,
                                       .mode = session_mode(q->session),
                                       .seed = q->seed,
                                       .task_order = out->task_order,
                                       .begins_after = out->begins_after,
                                       .run = session_likeness(q->session) };
    if (apply_settings(out, q, err))
        return -1;
    session_list_read(out, q);
    session_list_assumed(out);
    extrapolation_add_reasons(&out->extrapolation, &out->scenario);
    out->transfer = extrapolation_transfer(&out->scenario);
    return 0;
}

int session_scenario_init(struct session_scenario *out, const struct session_question *q,
                          struct error *err)
{
    *out = (struct session_scenario){ 0 };
    struct session_question known = *q;
    if (q->level < 0)
        known.level = (int)session_best_level(q->session);
    out->level = (enum information)known.level;
    size_t *record = timeline_last_attempts(q->session->timeline);
    int failed = build(out, &known, record, err) || init(out, &known, err);
    free(record);
    if (failed) {
        session_scenario_clear(out);
        return -1;
    }
    return 0;
}

void session_scenario_clear(struct session_scenario *s)
{
    workflow_free(s->workflow);
    middleware_free(s->middleware);
    xfree(s->task_order, s->begins_after, s->pipeline_order);
    platform_free(s->platform);
    str_clear(&s->read);
    str_clear(&s->assumed);
    str_clear(&s->extrapolation);
    *s = (struct session_scenario){ 0 };
}
