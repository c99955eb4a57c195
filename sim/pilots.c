#include "sim/pilots.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "sim/failures.h"

/* A pilot is a row of jobs on the same nodes. Times count from the session's start. */
struct pilot {
    bool up;
    size_t requested; /* jobs so far */
    size_t job; /* the last of them, in `jobs` of all */
};

struct pilots {
    struct simulator *simulator;
    struct dist *wait; /* NULL: none */
    double walltime_s; /* INFINITY: none */
    size_t n, most; /* pilots; jobs of each */
    size_t job_nodes, n_up;
    size_t n_lost, n_cut; /* attempts that the end of a job took; of them those that had started */
    double first_s; /* the first start after the first request */
    struct rng_stream waits;
    struct pilot *of;
    struct job_span *jobs;               /* most x n */
    size_t n_jobs;
};

struct pilots *pilots_new(struct simulator *s)
{
    const struct scenario *scenario = &s->drive.scenario;
    if (platform_pilots(scenario->platform) == 1)
        return NULL;
    struct pilots *p = xcalloc(1, sizeof *p);
    p->simulator = s;
    p->n = platform_pilots(scenario->platform);
    p->job_nodes = platform_job_nodes(scenario->platform);
    p->walltime_s = scenario->walltime_s > 0 ? scenario->walltime_s : INFINITY;
    p->most = scenario->allocation.jobs > 1 ? (size_t)scenario->allocation.jobs : 1;
    if (scenario->allocation.wait)
        p->wait =
            queue_wait_dist(scenario->allocation.wait, scenario->platform, scenario->walltime_s);
    p->of = xcalloc(p->n, sizeof *p->of);
    p->jobs = xcalloc(p->n * p->most, sizeof *p->jobs);
    return p;
}

void pilots_free(struct pilots *p)
{
    if (!p)
        return;
    dist_free(p->wait);
    xfree(p->of, p->jobs, p);
}

/* The first pilot's jobs wait as those of one pilot would. */
static void request(struct pilots *p, size_t pilot, double now_s)
{
    struct pilot *one = &p->of[pilot];
    size_t number = one->requested++ * p->n + pilot;
    double wait_s = p->wait ? fmax(0, dist_at(p->wait, rng_uniform(&p->waits, number, 0))) : 0;
    one->job = p->n_jobs++;
    p->jobs[one->job] = (struct job_span){ now_s, now_s + wait_s, NAN };
}

double pilots_request(struct pilots *p, uint32_t replica)
{
    p->waits = rng_stream(p->simulator->drive.scenario.seed, replica, RNG_QUEUE_WAIT, 0);
    p->n_jobs = p->n_lost = p->n_cut = 0;
    p->first_s = INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        p->of[i] = (struct pilot){ .up = false };
        request(p, i, 0);
        p->first_s = fmin(p->first_s, p->jobs[i].started_s);
    }
    for (size_t i = 0; i < p->n; i++) {
        p->jobs[i].requested_s -= p->first_s;
        p->jobs[i].started_s -= p->first_s;
    }
    return p->first_s;
}

/* ---- nodes come and go ---- */

static void expect(struct pilots *p, size_t pilot, double time_s)
{
    driver_push(&p->simulator->drive, time_s, EVENT_WALLTIME, (uint32_t)pilot + 1);
}

static void set_live_cap(struct pilots *p)
{
    const struct middleware *m = p->simulator->drive.scenario.middleware;
    p->simulator->drive.attempts.live_cap = (size_t)m->live_cap * (p->n_up > 0 ? p->n_up : 1);
}

static void move_nodes(struct pilots *p, size_t pilot, bool join)
{
    struct simulator *s = p->simulator;
    uint32_t first = (uint32_t)(pilot * p->job_nodes), end = first + (uint32_t)p->job_nodes;
    for (uint32_t node = first; node < end; node++)
        if (!join)
            dispatch_drain_node(s->drive.dispatch, node);
        else if (!s->failures || !failures_down(s->failures, node))
            dispatch_return_node(s->drive.dispatch, node);
}

static void go_up(struct pilots *p, size_t pilot)
{
    p->of[pilot].up = true;
    p->n_up++;
    set_live_cap(p);
    if (p->walltime_s < INFINITY)
        expect(p, pilot, p->jobs[p->of[pilot].job].started_s + p->walltime_s);
}

/* The agent of a job that starts later comes up as the first one did. */
static double boot_s(struct pilots *p, size_t pilot)
{
    return p->simulator->direct ? 0
                                : stations_draw(p->simulator->stations, STATION_BOOTSTRAP, 0, 0,
                                                (uint32_t)p->of[pilot].job);
}

static void expect_start(struct pilots *p, size_t pilot)
{
    double starts_s = p->jobs[p->of[pilot].job].started_s;
    double up_s = starts_s + boot_s(p, pilot);
    expect(p, pilot, fmin(up_s, starts_s + p->walltime_s));
}

void pilots_begin(struct pilots *p)
{
    p->n_up = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->jobs[i].started_s <= 0)
            go_up(p, i);
    for (size_t i = 0; i < p->n; i++)
        if (!p->of[i].up) {
            move_nodes(p, i, false);
            expect_start(p, i);
        }
    set_live_cap(p);
}

/* What runs on its nodes ends; what is over but for its slots' release is no loss. */
static void cut(struct pilots *p, size_t pilot)
{
    struct driver *d = &p->simulator->drive;
    for (uint32_t i = 0; i < d->attempts.n; i++) {
        const struct attempt *a = &d->attempts.at[i];
        bool launched = a->started_s < INFINITY || a->cancelled,
             runs = a->live && a->grant != POOL_NONE && launched &&
                    a->stopped_s > d->engine.now_s;
        if (runs && pilots_of(p, a) == pilot)
            execute_lost(p->simulator, i);
    }
}

static void go_down(struct pilots *p, size_t pilot)
{
    struct simulator *s = p->simulator;
    double now_s = s->drive.engine.now_s;
    p->of[pilot].up = false;
    p->n_up--;
    p->jobs[p->of[pilot].job].ended_s = now_s;
    s->servers_up[pilot] = false;
    move_nodes(p, pilot, false);
    cut(p, pilot);
    set_live_cap(p);
    if (p->of[pilot].requested < p->most) {
        request(p, pilot, now_s);
        expect_start(p, pilot);
    }
}

/* No job is up, and none is to come. */
static bool all_over(const struct pilots *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (isnan(p->jobs[p->of[i].job].ended_s))
            return false;
    return true;
}

void pilots_on_event(struct pilots *p, uint32_t pilot)
{
    struct driver *d = &p->simulator->drive;
    if (readiness_complete(d->readiness) || d->stopping)
        return;
    d->changed = true;
    if (p->of[pilot].up) {
        go_down(p, pilot);
    } else {
        go_up(p, pilot);
        move_nodes(p, pilot, true);
    }
    if (all_over(p))
        driver_give_up(d);
}

/* ---- questions ---- */

bool pilots_have(const struct pilots *p, uint32_t node)
{
    return p->of[node / p->job_nodes].up;
}

size_t pilots_of(const struct pilots *p, const struct attempt *a)
{
    const struct pool *pool = dispatch_pool(p->simulator->drive.dispatch);
    return pool_grant_part(pool, a->grant).node / p->job_nodes;
}

bool pilots_cut(const struct pilots *p, const struct attempt *a)
{
    const struct pilot *one = &p->of[pilots_of(p, a)];
    return !one->up || a->scheduled_s < p->jobs[one->job].started_s;
}

void pilots_count(struct pilots *p, const struct attempt *a)
{
    p->n_lost++;
    p->n_cut += a->started_s <= p->simulator->drive.engine.now_s;
}

/* ---- the end ---- */

SORT_BY(by_start, struct job_span, started_s)

/* For which no job was up, from the first request on; jobs in the order of their starts. */
static double idle_s(const struct pilots *p)
{
    double sum_s = 0, ended_s = 0;
    for (size_t i = 0; i < p->n_jobs; i++) {
        sum_s += fmax(0, p->jobs[i].started_s - ended_s);
        ended_s = fmax(ended_s, p->jobs[i].ended_s);
    }
    return sum_s;
}

void pilots_end(struct pilots *p, double session_s, struct replica *out)
{
    size_t kept = 0;
    double held_s = 0;
    for (size_t i = 0; i < p->n_jobs; i++) {
        struct job_span job = p->jobs[i];
        if (job.started_s > 0 && job.started_s >= session_s)
            continue; /* no longer needed: its request is withdrawn */
        job.ended_s =
            fmin(isnan(job.ended_s) ? session_s : job.ended_s, job.started_s + p->walltime_s);
        held_s += job.ended_s - job.started_s;
        job.requested_s += p->first_s;
        job.started_s += p->first_s;
        job.ended_s += p->first_s;
        p->jobs[kept++] = job;
    }
    p->n_jobs = kept;
    qsort(p->jobs, kept, sizeof *p->jobs, by_start);
    out->n_lost -= p->n_lost;
    out->jobs =
        (struct replica_jobs){ .n = kept, .held_s = held_s / (double)p->n, .n_cut = p->n_cut };
    out->jobs.queue_s = idle_s(p);
}

const struct job_span *pilots_jobs(const struct pilots *p, size_t *n)
{
    *n = p->n_jobs;
    return p->jobs;
}
