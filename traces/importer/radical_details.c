/* What only RADICAL's sessions have beside workflow and timeline: bulks, runs, stages, requests. */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/radical_requests.h"

static const double same_bulk_s = 0.1;   /* tasks pushed one by one, but at once */

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
    /* where only the client's states are known: all that the agent does before a start */
    b->arrived_s = earlier_known(b->arrived_s, t->clock == CLOCK_STATES
                                                   ? known_or(t->at[EVENT_AGENT_ARRIVED],
                                                              t->at[EVENT_STATE_EXECUTING])
                                                   : t->at[EVENT_AGENT_ARRIVED]);
}

/* A task that failed in the client, before it left, belongs to no bulk. */
static bool left_client(const struct session *s, size_t record)
{
    for (int e = EVENT_CLIENT_PUSHED; e <= EVENT_UNSCHEDULE_STOP; e++)
        if (is_known(s->tasks[record].at[e]))
            return true;
    return is_known(s->timeline->records[record].started_s);
}

/* What was submitted only after the task before had left is a bulk of its own, however soon. */
static bool same_bulk(const struct session_task *before, const struct session_task *t)
{
    return bulk_time(t) - bulk_time(before) <= same_bulk_s &&
           !(t->at[EVENT_CLIENT_SUBMITTED] > before->at[EVENT_CLIENT_PUSHED]);
}

static void build_bulks(struct session *s)
{
    size_t n = s->timeline->n, room = 0;
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    const struct session_task *before = NULL;
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){
            .key = sort_key_of(left_client(s, i) ? bulk_time(&s->tasks[i]) : (double)NAN), .item = i
        };
    sort_keys(keys, n);
    for (size_t i = 0; i < n && keys[i].key != sort_key_of(NAN); i++) {
        struct session_task *t = &s->tasks[keys[i].item];
        if (!before || !same_bulk(before, t)) {
            xgrow(&s->bulks, &room, s->n_bulks + 1, sizeof *s->bulks);
            s->bulks[s->n_bulks++] = (struct session_bulk){ .submitted_s = NAN,
                                                            .pushed_s = NAN,
                                                            .pulled_s = NAN,
                                                            .arrived_s = NAN,
                                                            .run = t->run };
        }
        before = t;
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

void radical_add_details(struct radical *r)
{
    build_bulks(r->session);
    build_runs(r);
    build_stages(r);
    radical_requests_give(radical_records_requests(r->records), r->session);
}
