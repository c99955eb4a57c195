#include "sim/chain.h"

#include <math.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/timeline_phases.h"
#include "num/rng.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"
#include "sim/staged_before.h"

enum { MOST_ATTEMPT = UINT8_MAX };

/* The record of a task whose staging out the walltime has cut, until it is over. */
struct open_record { uint32_t task; struct timeline *record; };

/* Many members: what one job leaves to the next. */
struct chain {
    struct dist *wait; /* NULL: none */
    size_t most, n; /* jobs: allowed, and of the replica in hand */
    struct job_span *jobs;
    size_t n_tasks;
    /* By task, over all jobs: it is done; attempts that failed */
    bool *done;
    uint8_t *failed;
    /* when the client knew of its last end, on the chain's clock; NULL: nothing decides */
    double *known_s;
    double *job_known_s; /* the same on the clock of the job in hand */
    /* Attempts that were killed, by a walltime or with a node: in jobs before this one, and in it
     */
    uint8_t *killed_before, *killed;
    uint16_t *ran; /* in this job: its last attempt's number in the timeline, plus 1 */
    size_t n_cut;
    struct simulator *simulator;
    const struct record_sink *reader; /* of the whole; NULL: none */
    struct timeline *piece; /* what the reader sees */
    struct open_record *open;            /* while there are some, the piece waits for them */
    size_t n_open, open_room;
    bool unsorted;                       /* the piece: one of them came late */
    struct staged_before *before;        /* NULL: no reader, or no task has phases */
};

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

static void drop_open(struct chain *c)
{
    while (c->n_open > 0)
        timeline_free(c->open[--c->n_open].record);
}

void chain_free(struct chain *c)
{
    if (!c)
        return;
    drop_open(c);
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

/* ---- records ---- */

static struct timeline_record moved(const struct timeline_record *r, double by_s)
{
    struct timeline_record out = *r;
    out.submitted_s += by_s;
    out.arrived_s += by_s;
    out.scheduled_s += by_s;
    out.started_s += by_s;
    out.stopped_s += by_s;
    out.freed_s += by_s;
    out.notified_s += by_s;
    return out;
}

static void copy_slots(const struct timeline *from, size_t record, struct timeline *to)
{
    struct timeline_slots s;
    for (bool more = timeline_slots_first(from, record, &s); more; more = timeline_slots_next(&s))
        timeline_add_slots(to, &s);
}

/* To the reader, in the chain's time. What the client does not know when a job ends, the next job's
 * knows from it. */
static void pass_on(struct chain *c, const struct timeline *t, size_t i, unsigned attempt)
{
    double started_s = c->jobs[c->n - 1].started_s;
    struct timeline_record r = moved(&t->records[i], started_s);
    double ends_s = c->n < c->most ? started_s + c->simulator->drive.scenario.walltime_s : INFINITY;
    if (t->status[i] != TASK_CANCELLED && !(r.notified_s <= ends_s))
        r.notified_s = ends_s < INFINITY ? ends_s : r.notified_s;
    struct timeline *to = c->piece;
    if (phases_is_left(c->simulator->phases, r.task) && t->status[i] == TASK_DONE) {
        to = timeline_new(c->simulator->drive.scenario.workflow,
                          c->simulator->drive.scenario.platform);
        xgrow(&c->open, &c->open_room, c->n_open + 1, sizeof *c->open);
        c->open[c->n_open++] = (struct open_record){ r.task, to };
    }
    timeline_add(to, &r, (enum task_status)t->status[i], attempt);
    copy_slots(t, i, to);
    if (c->before)
        staged_before_add(c->before, r.task, to);
    timeline_copy_phases(to, t, i, started_s);
}

static void close_record(struct chain *c, size_t i)
{
    timeline_add_copy(c->piece, c->open[i].record, 0);
    timeline_free(c->open[i].record);
    c->open[i] = c->open[--c->n_open];
    c->unsorted = true;
}

void chain_staged(struct chain *c, const struct staged_part *part)
{
    uint32_t task = c->simulator->drive.scenario.workflow->sets[part->set].first_task + part->task;
    double started_s = c->jobs[c->n - 1].started_s;
    for (size_t i = c->n_open; i-- > 0;) {
        if (c->open[i].task != task)
            continue;
        struct timeline *t = c->open[i].record;
        phases_add_resumed(c->simulator->phases, t, part->way, started_s);
        t->records[0].notified_s = isnan(part->notified_s)
                                       ? c->jobs[c->n - 1].started_s +
                                             c->simulator->drive.scenario.walltime_s
                                       : started_s + part->notified_s;
        if (!isnan(part->notified_s))
            close_record(c, i);
        return;
    }
}

static void hand_on(struct chain *c)
{
    if (c->unsorted)
        timeline_sort(c->piece);
    c->unsorted = false;
    c->reader->take(c->reader->context, c->piece, c->piece->n);
    timeline_clear(c->piece);
}

static void take_record(struct chain *c, const struct timeline *t, size_t i)
{
    uint32_t task = t->records[i].task;
    enum task_status status = (enum task_status)t->status[i];
    bool goes_on = c->n < c->most, never_started = status == TASK_CANCELLED;
    if (never_started && goes_on &&
        (c->simulator->drive.stopping || !isnan(t->records[i].scheduled_s))) {
        if (c->before)                   /* the next job has it */
            staged_before_keep(c->before, t, i, c->jobs[c->n - 1].started_s);
        return;
    }
    unsigned attempt = timeline_attempt(t, i) + c->killed_before[task];
    bool cut = status == TASK_KILLED && goes_on &&
               t->records[i].freed_s >= c->simulator->drive.scenario.walltime_s;
    attempt = attempt < MOST_ATTEMPT ? attempt : MOST_ATTEMPT;
    c->done[task] |= status == TASK_DONE;
    c->failed[task] += status == TASK_FAILED;
    c->killed[task] += status == TASK_KILLED && c->killed[task] < MOST_ATTEMPT;
    if (c->known_s)
        c->known_s[task] = c->jobs[c->n - 1].started_s +
                           later_known(t->records[i].notified_s, t->records[i].freed_s);
    c->n_cut += cut;
    c->ran[task] = (uint16_t)(attempt + 1);
    if (c->reader)
        pass_on(c, t, i, attempt);
}

static void take(void *context, const struct timeline *piece, size_t n)
{
    struct chain *c = context;
    for (size_t i = 0; i < n; i++)
        take_record(c, piece, i);
    if (c->reader && c->piece->n > 0 && c->n_open == 0)
        hand_on(c);
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

/* ---- jobs ---- */

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
        c->killed_before[t] = (uint8_t)(all < MOST_ATTEMPT ? all : MOST_ATTEMPT);
        c->killed[t] = 0;
    }
}

/* Waits, runs the session, and adds it to the sum. Returns false if no other is needed. */
static bool run_job(struct simulator *s, uint32_t replica, double requested_s, struct replica *sum)
{
    struct chain *c = s->chain;
    const struct record_sink sink = { .take = take, .context = c };
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
    drop_open(c);                        /* of a replica that was stopped */
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
    const struct record_sink sink = { .take = take, .context = c };
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
    while (sink && c->n_open > 0)        /* what no job has ended */
        close_record(c, c->n_open - 1);
    if (sink && c->piece->n > 0)
        hand_on(c);
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
