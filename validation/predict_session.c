#include "validation/predict_session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/extrapolation.h"
#include "core/pipeline_list.h"
#include "traces/session_services.h"
#include "validation/peers.h"

static void add_clause(struct str *s, const char *text)
{
    if (s->length)
        str_add(s, "; ");
    str_add(s, text);
}

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

/* --- order of arrival ------------------------------------------------------------------------- */

struct arrival { uint32_t rank, task; };

SORT_BY_2(by_rank, struct arrival, rank, task)

/* A record's place in the order of arrival. A plain session records submissions at best; records
 * stand in order of their starts, in which a generator has asked for them. */
static uint32_t arrival_rank(const struct session *s, size_t record)
{
    if (s->tasks)
        return s->tasks[record].arrival;
    return s->window > 0 && is_known(s->timeline->records[record].started_s) ? (uint32_t)record
                                                                             : SESSION_NEVER;
}

/* Each task's place in the order of arrival over the session; tasks that never arrived come last,
 * `n_services` tasks of services, which have the last numbers, first. NULL: none is known. */
static uint32_t *arrival_order(const struct session *s, const size_t *record, uint32_t n_services)
{
    uint32_t n = s->workflow->n_tasks;
    struct arrival *arrivals = xcalloc(n, sizeof *arrivals);
    uint32_t *order = xcalloc(n + n_services, sizeof *order);
    bool any = false;
    for (uint32_t t = 0; t < n; t++) {
        arrivals[t] =
            (struct arrival){ record[t] == SIZE_MAX ? SESSION_NEVER : arrival_rank(s, record[t]),
                              t };
        any |= arrivals[t].rank != SESSION_NEVER;
    }
    qsort(arrivals, n, sizeof *arrivals, by_rank);
    for (uint32_t i = 0; i < n; i++)
        order[arrivals[i].task] = n_services + i;
    for (uint32_t i = 0; i < n_services; i++)
        order[n + i] = i;
    free(arrivals);
    if (any)
        return order;
    free(order);
    return NULL;
}

/* --- level `arrivals` ------------------------------------------------------------------------- */

static double first_arrival(const struct timeline *t)
{
    double first = NAN;
    for (size_t i = 0; i < t->n; i++)
        first = earlier_known(first, t->records[i].arrived_s);
    return first;
}

/* Releases become the instants at which the scheduler had the tasks, counted from the first. */
static int release_at_arrival(struct workflow *w, const struct session *s, const size_t *record,
                              struct error *err)
{
    double first_s = first_arrival(s->timeline);
    if (isnan(first_s))
        return error_set(
            err, "%s: no arrival at the scheduler was recorded; use another information level",
            s->path);
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        for (uint32_t i = 0; i < set->n_tasks; i++) {
            size_t r = record[set->first_task + i];
            double at_s = r == SIZE_MAX ? (double)NAN : session_arrival_s(s, r);
            set->release.list_s[i] = isnan(at_s) ? 0 : at_s - first_s;
        }
    }
    return 0;
}

static bool all_submissions_known(const struct session *s, const struct task_set *set,
                                  const size_t *record)
{
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        size_t r = record[set->first_task + i];
        if (r == SIZE_MAX || !is_known(session_submission_s(s, r)))
            return false;
    }
    return set->n_tasks > 0;
}

/* Somebody outside of a plain session submits its tasks that wait for nothing: when, nobody can
 * predict. Returns how many. */
static size_t release_at_submission(struct workflow *w, const struct session *s,
                                    const size_t *record)
{
    double first_s = INFINITY;
    size_t released = 0;
    if (!session_is_plain(s) || s->window > 0)
        return 0;
    for (size_t i = 0; i < s->timeline->n; i++)
        first_s = fmin(first_s, session_submission_s(s, i));
    for (size_t k = 0; k < w->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        if (set->n_dependencies > 0 || set->release.kind != RELEASE_NONE ||
            !all_submissions_known(s, set, record))
            continue;
        set->release.kind = RELEASE_LIST;
        set->release.list_s = xcalloc(set->n_tasks, sizeof *set->release.list_s);
        for (uint32_t i = 0; i < set->n_tasks; i++)
            set->release.list_s[i] = session_submission_s(s, record[set->first_task + i]) - first_s;
        released += set->n_tasks;
    }
    return released;
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
    size_t *record = session_records_of_tasks(s);
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

/* --- what was read, and what is beyond the profile -------------------------------------------- */

static void list_read(struct session_scenario *out, const struct session_question *q)
{
    const struct session *s = q->session;
    const struct node_shape *shape = platform_node(s->platform, 0);
    char text[160];
    snprintf(text, sizeof text, "nodes (%zu of %d slots and %d GPUs), %zu blocked slots a node",
             s->platform->n_nodes, shape->n_slots, shape->n_gpus, shape->n_blocked);
    add_clause(&out->read, text);
    if (platform_has_joins(s->platform))
        add_clause(&out->read, "when nodes joined");
    if (out->task_order)
        add_clause(&out->read, "order of arrival");
    if (out->pipeline_order)
        add_clause(&out->read,
                   "tasks of a set in order of arrival (the pipelines' order was asked for)");
    if (out->middleware->alone != q->middleware->alone) {
        snprintf(text, sizeof text, "tasks that the launcher keeps apart (%s)",
                 alone_rule_name(out->middleware->alone));
        add_clause(&out->read, text);
    }
    if (s->n_executors > 1 || (s->n_executors == 1 && q->middleware->launch_servers != 1)) {
        snprintf(text, sizeof text, "%zu executor%s", s->n_executors,
                 s->n_executors == 1 ? "" : "s");
        add_clause(&out->read, text);
    }
    if (out->released > 0)
        add_clause(&out->read, "when tasks without dependencies were submitted");
    if (s->window > 0) {
        snprintf(text, sizeof text, "window (%d tasks at once)", s->window);
        add_clause(&out->read, text);
    }
    if (s->n_runs > 1)
        add_clause(&out->read, "run() calls");
    if (s->edges_inferred)
        add_clause(&out->read, "dependencies (inferred from times)");
    if (s->edges_named)
        add_clause(&out->read, "dependencies (from the names of tasks)");
    if (out->scenario.scheduler.scheduler && !q->scheduler.generation && s->version) {
        snprintf(text, sizeof text, "generation of the scheduler (%s)", s->version);
        add_clause(&out->read, text);
    }
    if (q->level == INFORMATION_DESCRIPTION)
        add_clause(&out->read, out->measured_durations
                                   ? "moments of each set's measured durations"
                                   : "moments of each set's requested durations");
    if (session_service_set(s, out->workflow) >= 0)
        add_clause(&out->read, out->own_service
                                   ? "requests of each set, and how fast its service answered"
                                   : "requests of each set");
    if (out->never_ran > 0) {
        snprintf(text, sizeof text, "%zu tasks that never ran take no time", out->never_ran);
        add_clause(&out->read, text);
    }
    if (out->imputed > out->never_ran) {
        snprintf(text, sizeof text, "%zu tasks without a known duration",
                 out->imputed - out->never_ran);
        add_clause(&out->read, text);
    }
}

static void list_assumed(struct session_scenario *out)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (out->middleware->assumed[p] && out->middleware->parameter[p])
            str_addf(&out->assumed, "%s%s (%.3g s)", out->assumed.length ? ", " : "",
                     station_parameter_name((enum station_parameter)p),
                     dist_mean(out->middleware->parameter[p]));
}

/* ------------------------------------------------------------------------------------------------------------------
 */

static int resolve_scheduler(struct session_scenario *out, const struct session_question *q,
                             struct error *err)
{
    struct scheduler_options *o = &out->scenario.scheduler;
    bool asked = q->scheduler.scheduler || q->scheduler.order || q->scheduler.overtake ||
                 q->scheduler.placement ||
                 q->scheduler.overtake_every.said;
    if (q->session->executed && !asked)
        *o = scheduler_options_resolve(&q->session->scheduler, out->middleware);
    else if (scheduler_options_choose(&q->scheduler, out->middleware, o, err))
        return -1;
    if (o->scheduler && !q->scheduler.generation && q->session->version)
        o->generation = q->session->version;
    return 0;
}

/* The profile's, if it has one: else the session's own. */
static void use_service(struct session_scenario *out, const struct session *s)
{
    int set = session_service_set(s, out->workflow);
    if (set < 0)
        return;
    struct service_rule *own = &out->workflow->sets[set].service;
    out->own_service = !out->middleware->service.serves;
    if (out->own_service)
        return;
    schema_clear(&service_schema, own);
    *own = out->middleware->service;
    schema_copy(&service_schema, own);
}

/* What the run shows, unless durations hold the wait for others: recorded ones do if starts were
 * not recorded. */
static void use_alone(struct session_scenario *out, const struct session *s, enum information level)
{
    bool held = level >= INFORMATION_MEASURED && (s->alone == ALONE_NEVER || s->n_alone_moved > 0);
    enum alone_rule rule = held                      ? ALONE_NEVER
                           : s->alone != ALONE_NEVER ? s->alone
                                                     : out->middleware->alone;
    if (rule == out->middleware->alone)
        return;
    out->middleware->alone = rule;
    out->middleware->alone_random = s->alone_random;
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
        if (release_at_arrival(out->workflow, s, record, err))
            return -1;
        drop_client_and_agent(out->middleware);
    }
    out->measured_durations = q->level >= INFORMATION_MEASURED ||
                              (q->level == INFORMATION_DESCRIPTION && !all_requested(s, record));
    if (out->measured_durations)
        middleware_drop_execution(out->middleware);
    use_alone(out, s, (enum information)q->level);
    if (q->level >= INFORMATION_MEASURED && s->timeline->n)
        out->never_ran = use_all_measured(out->workflow, s, record);
    out->released = release_at_submission(out->workflow, s, record);
    if (platform_check(s->platform, out->workflow, err))
        return error_prefix(err, "%s: ", s->path);
    if (!q->pipelines) {
        out->task_order = arrival_order(s, record, out->workflow->n_tasks - s->workflow->n_tasks);
        return 0;
    }
    out->pipeline_order = pipeline_list_parse(q->pipelines, s->workflow, err);
    return out->pipeline_order ? 0
                               : error_prefix(err, "%s: --pipelines %s: ", s->path, q->pipelines);
}

static int init(struct session_scenario *out, const struct session_question *q, struct error *err)
{
    out->scenario = (struct scenario){ .workflow = out->workflow,
                                       .platform = q->session->platform,
                                       .middleware = out->middleware,
                                       .mode = session_mode(q->session),
                                       .seed = q->seed,
                                       .task_order = out->task_order,
                                       .pipeline_order = out->pipeline_order,
                                       .run = session_likeness(q->session) };
    if (resolve_scheduler(out, q, err))
        return -1;
    list_read(out, q);
    list_assumed(out);
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
    size_t *record = session_records_of_tasks(q->session);
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
    free(s->task_order);
    free(s->pipeline_order);
    str_clear(&s->read);
    str_clear(&s->assumed);
    str_clear(&s->extrapolation);
    *s = (struct session_scenario){ 0 };
}
