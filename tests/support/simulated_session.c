#include "tests/support/simulated_session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "sim/simulate.h"
#include "tests/support/given.h"

/* Returns what was seen; free with task_instants_free(). */
static struct task_instants *simulate(struct session *s, const struct middleware *m, uint64_t seed,
                                      uint32_t replica, double *span_s)
{
    struct error err;
    struct scenario scenario = { .workflow = s->workflow, .platform = s->platform, .middleware = m,
                                 .mode = MODE_PIPELINED,
                                 .seed = seed };
    scenario.scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 }, m);
    struct simulator *simulator = simulator_new(&scenario, &err);
    if (!simulator) {
        fprintf(stderr, "simulated_session: %s\n", err.text);
        abort();
    }
    struct task_instants *seen = task_instants_new(s->workflow->n_tasks);
    simulator_watch(simulator, seen);
    struct replica out;
    simulator_run(simulator, replica, s->timeline, &out);
    *span_s = out.span_s;
    simulator_free(simulator);
    return seen;
}

static int run_of_pipeline(const struct workflow *w, int pipeline)
{
    int run = 0;
    for (size_t i = 0; i < w->pipelines[pipeline].n_after; i++) {
        int before = run_of_pipeline(w, w->pipelines[pipeline].after[i]);
        run = before + 1 > run ? before + 1 : run;
    }
    return run;
}

static void place_of_set(const struct workflow *w, int set, int *pipeline, int *stage)
{
    for (size_t p = 0; p < w->n_pipelines; p++)
        for (size_t t = 0; t < w->pipelines[p].n_stages; t++)
            for (size_t i = 0; i < w->pipelines[p].stages[t].n_sets; i++)
                if (w->pipelines[p].stages[t].sets[i] == set) {
                    *pipeline = (int)p;
                    *stage = (int)t;
                }
}

/* Bulks are told apart by the instant at which they left. */
static int bulk_of(struct session *s, const struct timeline_record *r, double left_s, size_t *room)
{
    for (size_t b = 0; b < s->n_bulks; b++)
        if (s->bulks[b].pushed_s == left_s)
            return (int)b;
    xgrow(&s->bulks, room, s->n_bulks + 1, sizeof *s->bulks);
    s->bulks[s->n_bulks] = (struct session_bulk){ .submitted_s = r->submitted_s,
                                                  .pushed_s = left_s,
                                                  .pulled_s = r->arrived_s,
                                                  .arrived_s = r->arrived_s };
    return (int)s->n_bulks++;
}

/* As the simulator saw it, or as the timeline has it. */
static double seen_at(const struct task_instants *seen, const struct timeline_record *r,
                      enum instant i, double recorded_s)
{
    double at_s = task_instants_at(seen, r->task, i);
    return at_s == INSTANT_AS_RECORDED ? recorded_s : at_s;
}

static void fill_task(struct session *s, size_t i, const struct task_instants *seen, size_t *room)
{
    const struct timeline_record *r = &s->timeline->records[i];
    struct session_task *t = &s->tasks[i];
    *t = (struct session_task){ .uid = "task", .kept_until_s = NAN,
                                .label = "task",
                                .set = workflow_set_of_task(s->workflow, r->task),
                                .clock = CLOCK_NODE,
                                .exit_code = 0,
                                .arrival = SESSION_NEVER,
                                .placement = SESSION_NEVER,
                                .at = session_times_add(&s->times) };
    place_of_set(s->workflow, t->set, &t->pipeline, &t->stage);
    t->run = run_of_pipeline(s->workflow, t->pipeline);
    double left_s = seen_at(seen, r, INSTANT_LEFT, r->arrived_s);
    t->bulk = bulk_of(s, r, left_s, room);
    s->bulks[t->bulk].n_tasks++;
    s->bulks[t->bulk].run = t->run;
    t->requested_s =
        durations_expected(s->workflow, t->set, r->task - s->workflow->sets[t->set].first_task);
    t->at[EVENT_CLIENT_SUBMITTED] = r->submitted_s;
    t->at[EVENT_CLIENT_PUSHED] = left_s;
    t->at[EVENT_AGENT_ARRIVED] = r->arrived_s;
    t->at[EVENT_SCHEDULE_OK] = r->scheduled_s;
    t->at[EVENT_LAUNCH_START] = seen_at(seen, r, INSTANT_LAUNCHED, r->scheduled_s);
    t->at[EVENT_AGENT_STOP] = seen_at(seen, r, INSTANT_DETECTED, r->stopped_s);
    t->at[EVENT_CLIENT_DONE] = r->notified_s;
    t->at[EVENT_ENTK_SCHEDULED] = seen_at(seen, r, INSTANT_READY, r->submitted_s);
    t->at[EVENT_ENTK_DONE] = seen_at(seen, r, INSTANT_BOOKED, r->notified_s);
}

static void fill_stages(struct session *s)
{
    const struct workflow *w = s->workflow;
    s->stages = xcalloc(w->n_sets, sizeof *s->stages);
    s->runs = xcalloc(w->n_pipelines, sizeof *s->runs);
    for (size_t p = 0; p < w->n_pipelines; p++)
        for (size_t t = 0; t < w->pipelines[p].n_stages; t++) {
            struct session_stage *stage = &s->stages[s->n_stages++];
            *stage = (struct session_stage){ .uid = "stage",
                                             .pipeline = (int)p,
                                             .stage = (int)t,
                                             .submitted_s = INFINITY,
                                             .started_s = INFINITY,
                                             .run = run_of_pipeline(w, (int)p) };
            struct session_run *run = &s->runs[stage->run];
            s->n_runs = (size_t)stage->run + 1 > s->n_runs ? (size_t)stage->run + 1 : s->n_runs;
            for (size_t i = 0; i < s->timeline->n; i++) {
                const struct timeline_record *r = &s->timeline->records[i];
                if (s->tasks[i].pipeline != (int)p || s->tasks[i].stage != (int)t)
                    continue;
                stage->n_tasks++;
                stage->submitted_s = fmin(stage->submitted_s, r->submitted_s);
                stage->started_s = fmin(stage->started_s, r->started_s);
                stage->stopped_s = fmax(stage->stopped_s, r->stopped_s);
                stage->done_s = fmax(stage->done_s, r->notified_s);
                run->submitted_s =
                    run->n_tasks++ ? fmin(run->submitted_s, r->submitted_s) : r->submitted_s;
                run->done_s = fmax(run->done_s, r->notified_s);
            }
        }
}

static int compare_bulks(const void *a, const void *b)
{
    const struct session_bulk *x = a, *y = b;
    return (x->submitted_s > y->submitted_s) - (x->submitted_s < y->submitted_s);
}

/* In order of submission, as an importer leaves them. */
static void sort_bulks(struct session *s)
{
    qsort(s->bulks, s->n_bulks, sizeof *s->bulks, compare_bulks);
    for (size_t i = 0; i < s->timeline->n; i++)
        for (size_t b = 0; b < s->n_bulks; b++)
            if (s->bulks[b].pushed_s == s->tasks[i].at[EVENT_CLIENT_PUSHED])
                s->tasks[i].bulk = (int)b;
}

struct session *simulated_session(const char *workflow, const char *platform,
                                  const struct middleware *m, uint64_t seed, uint32_t replica)
{
    char name[64];
    snprintf(name, sizeof name, "simulated.%llu.%lu", (unsigned long long)seed,
             (unsigned long)replica);
    struct session *s = session_new(name, name, "simulated_session");
    size_t room = 0;
    s->workflow = given_workflow(workflow);
    s->platform = given_platform(platform);
    s->timeline = timeline_new(s->workflow, s->platform);
    double span_s;
    struct task_instants *seen = simulate(s, m, seed, replica, &span_s);
    s->tasks = xcalloc(s->timeline->n, sizeof *s->tasks);
    for (size_t i = 0; i < s->timeline->n; i++)
        fill_task(s, i, seen, &room);
    fill_stages(s);
    sort_bulks(s);
    s->generation = GENERATION_TASK;
    s->has_entk = true;
    s->agent_poll_s = m->period_s[POLL_AGENT];
    /* the clock of whole seconds stands at some fraction */
    s->bootstrap_s = -given_draw(seed, replica);
    s->pilot_active_s = 0;
    s->pilot_end_s = span_s;
    task_instants_free(seen);
    return s;
}
