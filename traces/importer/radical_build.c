#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/radical_requests.h"

static const double same_bulk_s = 0.1;   /* tasks pushed one by one, but at once */

/* --- the workflow ----------------------------------------------------------------------------- */

/* A demand in the platform's words: what RADICAL counts are slots. */
static struct demand platform_demand(const struct radical *r, const struct demand *d)
{
    struct demand out = *d;
    if (r->session->platform->slot_kind == SLOT_CORE) {
        out.cores = d->threads;
        out.threads = 0;
    }
    return out;
}

static double measured(const struct radical_task *t)
{
    return t->status == TASK_DONE ? t->stopped_s - t->started_s : (double)NAN;
}

/* Requested durations where all tasks of the set have one, else measured ones; the mean of these
 * (else 0) where a task has none. */
static void set_durations(struct radical *r, struct task_set *set, const struct radical_group *g)
{
    bool all_requested = true;
    double sum = 0;
    size_t known = 0, missing = 0;
    for (size_t i = 0; i < g->n; i++)
        all_requested &= !isnan(r->order[g->first + i]->requested_s);
    set->durations = xcalloc(g->n, sizeof *set->durations);
    for (size_t i = 0; i < g->n; i++) {
        const struct radical_task *t = r->order[g->first + i];
        set->durations[i] = all_requested ? t->requested_s : measured(t);
        if (isnan(set->durations[i]))
            continue;
        sum += set->durations[i];
        known++;
    }
    for (size_t i = 0; i < g->n; i++) {
        if (!isnan(set->durations[i]))
            continue;
        set->durations[i] = known ? sum / (double)known : 0;
        missing++;
    }
    set->duration = dist_empirical(set->durations, g->n);
    session_note(r->session, known ? missing : 0, "durations of tasks",
                 "neither requested nor measured: the mean of their set");
    session_note(r->session, known ? 0 : missing, "durations of tasks",
                 "neither requested nor measured, of no task of the set: 0");
}

static void fill_set(struct radical *r, struct task_set *set, const struct radical_group *g)
{
    const struct radical_task *first = r->order[g->first];
    set->name = xstrdup(g->name);
    set->label = xstrdup(g->base);
    set->n_tasks = (uint32_t)g->n;
    set->demand = platform_demand(r, &first->demand);
    for (size_t i = 0; i < g->n; i++)
        if ((int)r->order[g->first + i]->attempt > set->retries)
            set->retries = (int)r->order[g->first + i]->attempt;
    set_durations(r, set, g);
    if (!isnan(g->release_s)) {
        set->release.kind = RELEASE_TIME;
        set->release.time_s = g->release_s;
    }
    if (r->chained)
        radical_chain_dependencies(r, g, set);
    if (!g->n_parents)
        return;
    set->n_dependencies = g->n_parents;
    set->dependencies = xcalloc(g->n_parents, sizeof *set->dependencies);
    for (size_t i = 0; i < g->n_parents; i++)
        set->dependencies[i] = (struct dependency){ .parent = g->parents[i],
                                                    .kind = DEPENDENCY_ALL };
}

/* Pipelines of a run() come after all pipelines of the run() before it. */
static void set_after(const struct radical *r, struct pipeline *pipeline, size_t p)
{
    int before = -1;
    for (size_t k = 0; k < r->n_pipelines; k++)
        if (r->pipelines[k].run < r->pipelines[p].run && r->pipelines[k].run > before)
            before = r->pipelines[k].run;
    for (size_t k = 0, room = 0; k < r->n_pipelines && before >= 0; k++) {
        if (r->pipelines[k].run != before)
            continue;
        xgrow(&pipeline->after, &room, pipeline->n_after + 1, sizeof *pipeline->after);
        pipeline->after[pipeline->n_after++] = (int)k;
    }
}

static char *pipeline_name(const struct radical *r, size_t p)
{
    size_t before = 0;
    for (size_t k = 0; k < p; k++)
        before += str_equal(r->pipelines[k].uid, r->pipelines[p].uid);
    return before ? str_format("%s.run%d", r->pipelines[p].uid, r->pipelines[p].run)
                  : xstrdup(r->pipelines[p].uid);
}

static void fill_pipelines(struct radical *r, struct workflow *w)
{
    w->n_pipelines = r->n_pipelines;
    w->pipelines = xcalloc(r->n_pipelines + 1, sizeof *w->pipelines);
    for (size_t p = 0; p < r->n_pipelines; p++) {
        struct pipeline *pipeline = &w->pipelines[p];
        pipeline->name = pipeline_name(r, p);
        pipeline->n_stages = (size_t)r->pipelines[p].n_stages;
        pipeline->stages = xcalloc(pipeline->n_stages, sizeof *pipeline->stages);
        set_after(r, pipeline, p);
    }
    for (size_t g = 0; g < r->n_groups; g++) {
        struct stage *stage = &w->pipelines[r->groups[g].pipeline].stages[r->groups[g].stage];
        stage->sets = xrealloc(stage->sets, stage->n_sets + 1, sizeof *stage->sets);
        stage->sets[stage->n_sets++] = (int)g;
    }
}

static int build_workflow(struct radical *r, struct error *err)
{
    struct workflow *w = workflow_new(r->session->name, r->n_groups);
    r->session->workflow = w;
    for (size_t g = 0; g < r->n_groups; g++)
        fill_set(r, &w->sets[g], &r->groups[g]);
    if (r->session->has_entk)
        fill_pipelines(r, w);
    w->source = str_format("session %s%s", r->session->name,
                           r->session->edges_inferred ? "; dependencies inferred from times"
                           : r->chained               ? "; dependencies from the names of tasks"
                                                      : "");
    return workflow_finish(w, err);
}

/* --- the timeline ----------------------------------------------------------------------------- */

static uint64_t start(const struct radical_task *t) { return sort_key_of(t->started_s); }

static void add_slots(const struct radical *r, const struct radical_task *t)
{
    for (size_t i = 0; i < t->n_parts; i++) {
        const struct radical_part *p = &r->parts[t->first_part + i];
        timeline_add_slots(r->session->timeline, p->node, r->ids + p->first_core, p->n_cores,
                           r->ids + p->first_gpu, p->n_gpus, t->demand.gpu_share);
    }
}

static void add_record(struct radical *r, const struct radical_task *t)
{
    const double *at = t->entity->at;
    struct timeline_record record = {
        .submitted_s = at[EVENT_CLIENT_SUBMITTED], .arrived_s = at[EVENT_AGENT_ARRIVED],
        .scheduled_s = at[EVENT_SCHEDULE_OK],
        .started_s = t->started_s, .stopped_s = t->stopped_s, .freed_s = at[EVENT_UNSCHEDULE_STOP],
        .notified_s = at[EVENT_CLIENT_DONE],
        .task = r->session->workflow->sets[t->set].first_task + t->index,
    };
    timeline_add(r->session->timeline, &record, t->status, t->attempt);
    add_slots(r, t);
}

static void keep_task(const struct radical_task *t, struct session_task *out)
{
    *out = (struct session_task){ .uid = t->uid,
                                  .label = t->label,
                                  .set = t->set,
                                  .pipeline = t->pipeline,
                                  .stage = t->stage,
                                  .bulk = -1,
                                  .run = t->run,
                                  .arrival = t->arrival,
                                  .placement = t->placement,
                                  .requested_s = t->requested_s,
                                  .clock = t->clock,
                                  .kept = t->kept,
                                  .exit_code = t->exit_code,
                                  .at = t->entity->at };
}

static void build_timeline(struct radical *r)
{
    struct session *s = r->session;
    struct radical_task **list = radical_all(r);
    bool launched = false;
    radical_sort_by_submission(list, r->n);
    radical_sort(list, r->n, start);
    s->timeline = timeline_new(s->workflow, s->platform);
    s->tasks = xcalloc(r->n + 1, sizeof *s->tasks);
    for (size_t i = 0; i < r->n; i++) {
        add_record(r, list[i]);
        keep_task(list[i], &s->tasks[i]);
        launched |= !isnan(s->tasks[i].at[EVENT_LAUNCH_START]);
    }
    if (launched) {
        s->timeline->launched_s = xcalloc(s->timeline->room, sizeof(double));
        for (size_t i = 0; i < r->n; i++)
            s->timeline->launched_s[i] = s->tasks[i].at[EVENT_LAUNCH_START];
    }
    s->times = radical_records_take_times(r->records);
    s->timeline->session_start_s = 0;
    s->timeline->session_end_s = r->totals.last_s;
    free(list);
}

/* --- bulks, runs, stages ---------------------------------------------------------------------- */

/* When a task left the client, as far as known: what tells its bulk. */
static double bulk_time(const struct session_task *t)
{
    if (!isnan(t->at[EVENT_CLIENT_PUSHED]))
        return t->at[EVENT_CLIENT_PUSHED];
    return isnan(t->at[EVENT_AGENT_ARRIVED]) ? t->at[EVENT_CLIENT_SUBMITTED]
                                             : t->at[EVENT_AGENT_ARRIVED];
}

static void join_bulk(struct session_bulk *b, const struct session_task *t)
{
    b->n_tasks++;
    b->submitted_s = earlier_known(b->submitted_s, t->at[EVENT_CLIENT_SUBMITTED]);
    b->pushed_s = earlier_known(b->pushed_s, t->at[EVENT_CLIENT_PUSHED]);
    b->pulled_s = earlier_known(b->pulled_s, t->at[EVENT_AGENT_PULLED]);
    b->arrived_s = earlier_known(b->arrived_s, t->at[EVENT_AGENT_ARRIVED]);
}

/* A task that failed in the client, before it left, belongs to no bulk. */
static bool left_client(const struct session *s, size_t record)
{
    for (int e = EVENT_CLIENT_PUSHED; e <= EVENT_UNSCHEDULE_STOP; e++)
        if (is_known(s->tasks[record].at[e]))
            return true;
    return is_known(s->timeline->records[record].started_s);
}

static void build_bulks(struct session *s)
{
    size_t n = s->timeline->n, room = 0;
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    double before_s = -INFINITY;
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){
            .key = sort_key_of(left_client(s, i) ? bulk_time(&s->tasks[i]) : (double)NAN), .item = i
        };
    sort_keys(keys, n);
    for (size_t i = 0; i < n && keys[i].key != sort_key_of(NAN); i++) {
        struct session_task *t = &s->tasks[keys[i].item];
        double time_s = bulk_time(t);
        if (time_s - before_s > same_bulk_s) {
            xgrow(&s->bulks, &room, s->n_bulks + 1, sizeof *s->bulks);
            s->bulks[s->n_bulks++] = (struct session_bulk){ .submitted_s = NAN,
                                                            .pushed_s = NAN,
                                                            .pulled_s = NAN,
                                                            .arrived_s = NAN,
                                                            .run = t->run };
        }
        before_s = time_s;
        t->bulk = (int)s->n_bulks - 1;
        join_bulk(&s->bulks[s->n_bulks - 1], t);
    }
    free(keys);
}

/* The latest of several, -INFINITY if there were none. */
static double known_if_any(double latest_s)
{
    return isinf(latest_s) ? (double)NAN : latest_s;
}

static void build_runs(struct radical *r)
{
    struct session *s = r->session;
    s->n_runs = r->n_runs;
    s->runs = xcalloc(r->n_runs + 1, sizeof *s->runs);
    for (size_t k = 0; k < r->n_runs; k++)
        s->runs[k] = (struct session_run){ .started_s = r->runs[k].started_s,
                                           .submitted_s = NAN,
                                           .done_s = -INFINITY,
                                           .inferred = r->runs[k].inferred };
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct session_task *t = &s->tasks[i];
        struct session_run *run = &s->runs[t->run];
        run->n_tasks++;
        run->submitted_s = earlier_known(run->submitted_s, t->at[EVENT_CLIENT_SUBMITTED]);
        run->done_s = later_of_both(run->done_s, t->at[EVENT_CLIENT_DONE]);
    }
    for (size_t k = 0; k < r->n_runs; k++) {
        s->runs[k].started_s = known_or(s->runs[k].started_s, s->runs[k].submitted_s);
        s->runs[k].done_s = known_if_any(s->runs[k].done_s);
    }
}

static void build_stages(struct radical *r)
{
    struct session *s = r->session;
    size_t *first = xcalloc(r->n_pipelines + 1, sizeof *first);
    for (size_t p = 0; p < r->n_pipelines; p++) {
        first[p] = s->n_stages;
        s->n_stages += (size_t)r->pipelines[p].n_stages;
    }
    s->stages = xcalloc(s->n_stages + 1, sizeof *s->stages);
    for (size_t k = 0; k < s->n_stages; k++)
        s->stages[k] = (struct session_stage){
            .submitted_s = NAN, .started_s = NAN, .stopped_s = -INFINITY, .done_s = -INFINITY
        };
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        if (t->pipeline < 0)
            continue;
        struct session_stage *stage = &s->stages[first[t->pipeline] + (size_t)t->stage];
        stage->uid = t->stage_uid;
        stage->name = t->stage_name;
        stage->pipeline = t->pipeline;
        stage->stage = t->stage;
        stage->run = t->run;
        stage->n_tasks += t->last_attempt;
        stage->submitted_s =
            earlier_known(stage->submitted_s, t->entity->at[EVENT_CLIENT_SUBMITTED]);
        stage->started_s = earlier_known(stage->started_s, t->started_s);
        if (is_known(t->started_s) || is_known(t->stopped_s))
            stage->stopped_s = later_of_both(stage->stopped_s, t->stopped_s);
        if (t->last_attempt)
            stage->done_s = later_of_both(stage->done_s, t->entity->at[EVENT_CLIENT_DONE]);
    }
    for (size_t k = 0; k < s->n_stages; k++) {
        s->stages[k].stopped_s = known_if_any(s->stages[k].stopped_s);
        s->stages[k].done_s = known_if_any(s->stages[k].done_s);
    }
    free(first);
}

int radical_build(struct radical *r, struct error *err)
{
    if (build_workflow(r, err))
        return error_prefix(err, "%s: ", r->session->path);
    build_timeline(r);
    build_bulks(r->session);
    build_runs(r);
    build_stages(r);
    radical_requests_give(radical_records_requests(r->records), r->session);
    return 0;
}
