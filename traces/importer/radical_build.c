/* RADICAL's tasks, described, placed and in groups, to a session by the steps of all importers. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/task_steps.h"

/* --- described -------------------------------------------------------------------------------- */

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

/* Of a group's tasks: requested durations where all have one, else measured ones. Returns how many
 * have none though others do. */
static size_t describe_group(const struct radical *r, const struct radical_group *g,
                             struct demand_pool *demands, struct listed_task *out)
{
    bool all_requested = true;
    size_t missing = 0;
    for (size_t i = 0; i < g->n; i++)
        all_requested &= !isnan(r->order[g->first + i]->requested_s);
    for (size_t i = 0; i < g->n; i++) {
        const struct radical_task *t = r->order[g->first + i];
        struct demand demand = platform_demand(r, &t->demand);
        out[i] = (struct listed_task){ .id = t->label, .category = g->name, .named_set = true,
                                       .runtime_s = all_requested ? t->requested_s : measured(t),
                                       .demand = demand_pool_share(demands, &demand) };
        missing += isnan(out[i].runtime_s);
    }
    return missing < g->n ? missing : 0;
}

/* --- grouped ---------------------------------------------------------------------------------- */

static void name_source(const struct radical *r, struct workflow *w)
{
    free(w->source);
    w->source = str_format("session %s%s", r->session->name,
                           r->session->edges_inferred ? "; dependencies inferred from times"
                           : r->chained               ? "; dependencies from the names of tasks"
                                                      : "");
}

/* Groups have names of their own, so each is a set, in their order. */
static int group(struct radical *r, struct task_groups *g, struct error *err)
{
    struct session *s = r->session;
    struct listed_task *tasks = xcalloc(r->n_order + 1, sizeof *tasks);
    struct demand_pool demands = { 0 };
    size_t missing = 0;
    for (size_t k = 0; k < r->n_groups; k++)
        missing += describe_group(r, &r->groups[k], &demands, tasks + r->groups[k].first);
    struct task_edge_list edges = radical_chain_edges(r);
    struct task_edges raw = task_edges_of(edges.at, edges.n, r->n_order);
    struct task_links links;
    int status = task_links_find(&links, tasks, r->n_order, &raw, err);
    if (status == 0)
        *g = task_groups_make(tasks, &links,
                              &(struct group_words){ .name = s->name, .source = "" });
    for (size_t k = 0; status == 0 && k < r->n_groups; k++)
        g->workflow->sets[k].label = xstrdup(r->groups[k].base);
    notes_add(&g->notes, missing, "durations of tasks",
              "neither requested nor measured: the mean of their set");
    task_links_clear(&links);
    task_edges_clear(&raw);
    demand_pool_clear(&demands);
    xfree(edges.at, tasks);
    return status;
}

/* --- pipelines -------------------------------------------------------------------------------- */

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

/* --- the timeline ----------------------------------------------------------------------------- */

static uint64_t start(const struct radical_task *t) { return sort_key_of(t->started_s); }

static void add_slots(const struct radical *r, const struct radical_task *t,
                      struct timeline *timeline)
{
    for (size_t k = 0; k < t->n_parts; k++) {
        const struct radical_part *p = &r->parts[t->first_part + k];
        timeline_add_slots(timeline, &(struct timeline_slots){ .node = p->node,
                                           .cores = r->ids + p->first_core,
                                           .n_cores = p->n_cores, .gpus = r->ids + p->first_gpu,
                                           .n_gpus = p->n_gpus, .gpu_share = t->demand.gpu_share });
    }
}

static struct task_attempt attempt_of(const struct radical_task *t)
{
    const double *at = t->entity->at;
    return (struct task_attempt){
        .times = { .submitted_s = at[EVENT_CLIENT_SUBMITTED],
                   .arrived_s = at[EVENT_AGENT_ARRIVED], .scheduled_s = at[EVENT_SCHEDULE_OK],
                   .started_s = t->started_s, .stopped_s = t->stopped_s,
                   .freed_s = at[EVENT_UNSCHEDULE_STOP], .notified_s = at[EVENT_CLIENT_DONE],
                   .task = t->task },
        .status = t->status,
        .attempt = t->attempt,
    };
}

static double staged_out(const struct radical_task *t)
{
    double took_s = t->entity->at[EVENT_CLIENT_DONE] - t->entity->at[EVENT_CLIENT_GOT];
    return t->stages_out && took_s > 0 ? took_s : 0;
}

static void keep_task(const struct radical_task *t, int set, struct session_task *out)
{
    *out = (struct session_task){ .uid = t->uid,
                                  .label = t->label,
                                  .set = set,
                                  .pipeline = t->pipeline,
                                  .stage = t->stage,
                                  .bulk = -1,
                                  .run = t->run,
                                  .arrival = t->arrival,
                                  .placement = t->placement,
                                  .requested_s = t->requested_s,
                                  .staged_out_s = staged_out(t),
                                  .clock = t->clock,
                                  .kept = t->kept,
                                  .kept_until_s = t->kept_until_s,
                                  .exit_code = t->exit_code,
                                  .at = t->entity->at };
}

/* By starts, then submissions: the session's tasks are in the same order. */
static void add_timeline(struct radical *r, const struct task_groups *g)
{
    struct session *s = r->session;
    struct radical_task **list = radical_all(r);
    bool launched = false;
    radical_sort_by_event(list, r->n, EVENT_CLIENT_SUBMITTED);
    radical_sort(list, r->n, start);
    s->timeline = timeline_new(s->workflow, s->platform);
    s->tasks = xcalloc(r->n + 1, sizeof *s->tasks);
    for (size_t i = 0; i < r->n; i++) {
        task_attempt_add(attempt_of(list[i]), g, s->workflow, s->timeline);
        add_slots(r, list[i], s->timeline);
        keep_task(list[i], g->of[list[i]->task].set, &s->tasks[i]);
        launched |= !isnan(s->tasks[i].at[EVENT_LAUNCH_START]);
    }
    if (launched)
        s->timeline->launched_s = xcalloc(s->timeline->room, sizeof(double));
    for (size_t i = 0; launched && i < r->n; i++)
        s->timeline->launched_s[i] = s->tasks[i].at[EVENT_LAUNCH_START];
    s->times = radical_records_take_times(r->records);
    s->timeline->session_start_s = 0;
    s->timeline->session_end_s = r->totals.last_s;
    free(list);
}

int radical_build(struct radical *r, struct error *err)
{
    struct session *s = r->session;
    struct task_groups g = { 0 };
    int status = group(r, &g, err);
    if (status == 0) {
        radical_infer_edges(r, g.workflow);
        name_source(r, g.workflow);
        if (s->has_entk)
            fill_pipelines(r, g.workflow);
        notes_add_all(&s->notes, &g.notes);
        s->workflow = task_groups_finish(&g, err);
    }
    if (s->workflow)
        add_timeline(r, &g);
    else
        error_prefix(err, "%s: ", s->path);
    task_groups_clear(&g);
    return s->workflow ? 0 : -1;
}
