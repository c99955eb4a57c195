/* The jobs of a replica one after the other, each with its wait and its session; or side by side,
 * as one session. And their sums. */
#include "sim/chain.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/realised.h"
#include "num/rng.h"
#include "sim/chain_impl.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"
#include "sim/staged_before.h"

struct chain *chain_new(const struct scenario *s)
{
    const struct allocation *a = &s->allocation;
    bool pilots = platform_pilots(s->platform) > 1;
    if (a->jobs <= 1 && !a->wait && !pilots)
        return NULL;
    struct chain *c = xcalloc(1, sizeof *c);
    c->most = a->jobs > 1 && s->walltime_s > 0 && !pilots ? (size_t)a->jobs : 1;
    c->wait = a->wait && !pilots ? queue_wait_dist(a->wait, s->platform, s->walltime_s) : NULL;
    c->jobs = xcalloc(c->most, sizeof *c->jobs);
    c->n_tasks = s->workflow->n_tasks;
    c->done = xcalloc(c->n_tasks, sizeof *c->done);
    c->failed = xcalloc(c->n_tasks, sizeof *c->failed);
    c->known_s = s->workflow->realised ? xcalloc(c->n_tasks + 1, sizeof *c->known_s) : NULL;
    c->job_known_s = c->known_s ? xcalloc(c->n_tasks + 1, sizeof *c->job_known_s) : NULL;
    c->killed_before = xcalloc(c->n_tasks, sizeof *c->killed_before);
    c->killed = xcalloc(c->n_tasks, sizeof *c->killed);
    c->ran = xcalloc(c->n_tasks, sizeof *c->ran);
    return c;
}

void chain_free(struct chain *c)
{
    if (!c)
        return;
    chain_drop_open(c);
    dist_free(c->wait);
    xfree(c->jobs, c->done, c->failed, c->known_s, c->job_known_s, c->killed_before, c->killed,
          c->ran);
    timeline_free(c->piece);
    staged_before_free(c->before);
    xfree(c->open, c);
}

const struct job_span *chain_jobs(const struct chain *c, size_t *n)
{
    *n = c ? c->n : 0;
    return c ? c->jobs : NULL;
}

/* The instants of the tasks that ran in this job, in the chain's time. */
static void move_instants(struct chain *c, struct task_instants *instants, double by_s)
{
    for (size_t t = 0; t < c->n_tasks; t++)
        if (c->ran[t] > 0) {
            task_instants_move(instants, t, by_s);
            task_instants_note_attempt(instants, t, 1, c->ran[t] - 1u);
        }
}

/* The first start and the last stop so far, in the chain's time; the rest are sums. Counts are
 * those of the last job: it knows of all that ended before. */
static void add_session(struct replica *sum, const struct replica *one, double started_s)
{
    struct replica before = *sum;
    *sum = *one;
    sum->first_start_s = fmin(before.first_start_s, one->first_start_s + started_s);
    sum->last_stop_s = fmax(before.last_stop_s, one->last_stop_s + started_s);
    sum->busy_slot_s += before.busy_slot_s;
    sum->busy_gpu_s += before.busy_gpu_s;
    sum->held_slot_s += before.held_slot_s;
    sum->held_gpu_s += before.held_gpu_s;
    sum->lost_slot_s += before.lost_slot_s;
    sum->busy_j += before.busy_j;
    sum->n_lost += before.n_lost;
    sum->n_retries += before.n_retries;
    sum->jobs = before.jobs;
    for (int w = 0; w < WAITS; w++)
        sum->wait_s[w] += before.wait_s[w];
    for (int k = 0; k < SPENTS; k++)
        sum->spent_s[k] += before.spent_s[k];
}

static double wait_of(const struct chain *c, uint64_t seed, uint32_t replica, size_t job)
{
    struct rng_stream stream = rng_stream(seed, replica, RNG_QUEUE_WAIT, 0);
    return c->wait ? fmax(0, dist_at(c->wait, rng_uniform(&stream, job, 0))) : 0;
}

/* The driver numbers attempts anew in each session, but for those that failed. */
static void begin_counting(struct chain *c)
{
    for (size_t t = 0; t < c->n_tasks; t++) {
        unsigned all = (unsigned)c->killed_before[t] + c->killed[t];
        c->killed_before[t] = (uint8_t)(all < CHAIN_MOST_ATTEMPT ? all : CHAIN_MOST_ATTEMPT);
        c->killed[t] = 0;
    }
}

/* Waits, runs the session, and adds it to the sum. Returns false if no other is needed. */
static bool run_job(struct simulator *s, uint32_t replica, double requested_s, struct replica *sum)
{
    struct chain *c = s->chain;
    const struct record_sink sink = { .take = chain_take, .context = c };
    bool records = c->reader || c->most > 1;
    double wait_s = wait_of(c, s->drive.scenario.seed, replica, c->n);
    struct job_span *job = &c->jobs[c->n++];
    struct session_place place = { .job = c->n - 1 };
    *job = (struct job_span){ requested_s, requested_s + wait_s, NAN };
    place.began_s = job->started_s - c->jobs[0].started_s;
    place.done = c->n > 1 ? c->done : NULL;
    place.failed = c->failed;
    for (size_t t = 0; c->known_s && t < c->n_tasks; t++)
        c->job_known_s[t] = c->known_s[t] - job->started_s;
    place.known_s = c->job_known_s;
    memset(c->ran, 0, c->n_tasks * sizeof *c->ran);
    begin_counting(c);
    struct replica one;
    simulate_session(s, replica, &place, records ? &sink : NULL, &one);
    if (c->before)
        staged_before_keep_rest(c->before, s->phases, job->started_s);
    double limit_s = s->drive.scenario.walltime_s, held_s = one.session_s;
    held_s = limit_s > 0 ? fmin(held_s, limit_s) : held_s;
    job->ended_s = job->started_s + held_s;
    if (s->instants)
        move_instants(c, s->instants, job->started_s);
    add_session(sum, &one, job->started_s);
    sum->jobs.queue_s += wait_s;
    sum->jobs.held_s += held_s;
    bool found = s->drive.decide && decide_has_found(s->drive.decide);
    return s->drive.stopping && !found && c->n < c->most;
}

static void begin(struct simulator *s, const struct record_sink *sink)
{
    struct chain *c = s->chain;
    c->simulator = s;
    c->reader = sink;
    c->n = c->n_cut = 0;
    c->unsorted = false;
    chain_drop_open(c);                  /* of a replica that was stopped */
    memset(c->done, 0, c->n_tasks * sizeof *c->done);
    memset(c->failed, 0, c->n_tasks * sizeof *c->failed);
    memset(c->killed_before, 0, c->n_tasks * sizeof *c->killed_before);
    memset(c->killed, 0, c->n_tasks * sizeof *c->killed);
    if (sink && !c->piece)
        c->piece = timeline_new(s->drive.scenario.workflow, s->drive.scenario.platform);
    if (c->piece)
        timeline_clear(c->piece);
    if (sink && s->phases && c->most > 1 && !c->before)
        c->before = staged_before_new(s->drive.scenario.workflow, s->drive.scenario.platform);
    if (c->before)
        staged_before_clear(c->before);
}

/* A session that ends early does not hear of all that ended before it. */
static void count_ends(const struct chain *c, const struct workflow *w, struct replica *out)
{
    out->n_done = out->n_failed = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (uint32_t t = w->sets[s].first_task; t < w->sets[s].first_task + w->sets[s].n_tasks;
             t++) {
            out->n_done += c->done[t];
            out->n_failed += !c->done[t] && c->failed[t] > w->sets[s].traits->retries;
        }
    size_t over = out->n_done + out->n_failed + out->n_killed;
    out->n_cancelled = over < w->n_tasks ? w->n_tasks - over : 0;
    out->complete = out->n_done == w->n_tasks;
    out->in_time = out->in_time && out->complete;
}

/* Jobs side by side are one session, which begins with the first of them. */
static void run_pilots(struct simulator *s, uint32_t replica, struct replica *sum)
{
    struct chain *c = s->chain;
    const struct record_sink sink = { .take = chain_take, .context = c };
    struct session_place place = { .job = 0 };
    struct replica one;
    double first_s = pilots_request(s->pilots, replica);
    c->jobs[c->n++] = (struct job_span){ 0, first_s, NAN };
    memset(c->ran, 0, c->n_tasks * sizeof *c->ran);
    simulate_session(s, replica, &place, c->reader || s->instants ? &sink : NULL, &one);
    c->jobs[0].ended_s = first_s + one.session_s;
    if (s->instants)
        move_instants(c, s->instants, first_s);
    add_session(sum, &one, first_s);
    pilots_end(s->pilots, one.session_s, sum);
    sum->in_time = sum->in_time && sum->complete;
}

static void run_chain(struct simulator *s, uint32_t replica, struct replica *sum)
{
    struct chain *c = s->chain;
    double now_s = 0;
    while (run_job(s, replica, now_s, sum) && !simulate_told_to_stop(s))
        now_s = c->jobs[c->n - 1].ended_s;
    if (c->most > 1)
        count_ends(c, s->drive.scenario.workflow, sum);
    sum->jobs.n = c->n;
    sum->jobs.n_cut = c->n_cut;
}

void chain_stream(struct simulator *s, uint32_t replica, const struct record_sink *sink,
                  struct replica *out)
{
    struct chain *c = s->chain;
    struct replica sum = { .first_start_s = NAN, .last_stop_s = NAN };
    begin(s, sink);
    if (s->pilots)
        run_pilots(s, replica, &sum);
    else
        run_chain(s, replica, &sum);
    if (sink)
        chain_take_rest(c);
    bool ran = !isnan(sum.first_start_s);
    sum.makespan_s = ran ? sum.last_stop_s - sum.first_start_s : 0;
    sum.session_s = sum.span_s = c->jobs[c->n - 1].ended_s;
    sum.jobs.solution_s = ran ? sum.last_stop_s : sum.session_s;
    if (sink) {
        c->piece->session_start_s = 0;
        c->piece->session_end_s = sum.session_s;
        sink->take(sink->context, c->piece, 0);
    }
    *out = sum;
}
