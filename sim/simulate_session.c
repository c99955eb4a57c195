/* One session: all that begins with it, its run, and its figures once it is over. */
#include <assert.h>
#include <math.h>

#include "sim/blocks.h"
#include "sim/failures.h"
#include "sim/phases.h"
#include "sim/pilots.h"
#include "sim/simulate_impl.h"

bool simulate_told_to_stop(const struct simulator *s)
{
    return s->drive.engine.stop && atomic_load(s->drive.engine.stop);
}

/* Sessions of one chain are sessions of their own: each draws its middleware anew. */
static uint32_t session_number(uint32_t replica, size_t job)
{
    return replica + (uint32_t)job * 0x9e3779b1u;
}

static void begin(struct simulator *s, uint32_t replica, const struct session_place *place,
                  const struct record_sink *sink)
{
    uint64_t seed = s->drive.scenario.seed;
    s->out = (struct replica){ .first_start_s = INFINITY, .last_stop_s = -INFINITY };
    s->out.busy_j = s->has_power ? 0 : (double)NAN;
    s->known_s = 0;
    driver_begin(&s->drive, replica, place->began_s);
    durations_begin(s->durations, seed, replica);
    stations_begin(s->stations, seed, session_number(replica, place->job));
    stream_begin(s, sink);
    s->plain = execute_is_plain(s);
    if (place->done)
        driver_resume_ends(&s->drive, place->done, place->failed, place->known_s);
    client_begin(s);
    execute_begin(s);
    if (s->phases)
        phases_begin(s->phases, place->job > 0);
    if (s->failures)
        failures_begin(s->failures, session_number(replica, place->job), place->job == 0);
    if (s->blocks)
        blocks_begin(s->blocks, session_number(replica, place->job));
    if (s->pilots)
        pilots_begin(s->pilots);
    if (s->alone)
        alone_begin(s->alone, seed, replica);
}

static void take_counts(struct replica *out, const struct driver_counts *n)
{
    out->n_done = n->n_done;
    out->n_failed = n->n_failed;
    out->n_killed = n->n_killed;
    out->n_cancelled = n->n_cancelled;
    out->n_retries = n->n_retries;
    out->n_lost = n->n_lost;
}

static void finish(struct simulator *s)
{
    struct replica *out = &s->out;
    bool ran = out->first_start_s < INFINITY;
    if (!ran)
        out->first_start_s = out->last_stop_s = NAN;
    out->makespan_s = ran ? out->last_stop_s - out->first_start_s : 0;
    take_counts(out, &s->drive.count);
    out->complete = out->n_done + s->drive.count.n_stopped == s->drive.scenario.workflow->n_tasks;
    out->in_time = !s->drive.stopping || s->drive.stuck;     /* by the walltime */
    double drain = !s->drive.stopping ? stations_draw_once(s->stations, STATION_DRAIN, 0) : 0,
           limit = s->drive.scenario.walltime_s;
    out->session_s = s->known_s + drain;
    out->span_s = out->in_time && stations_has(s->stations, STATION_PILOT_END)
                      ? s->known_s + stations_draw_once(s->stations, STATION_PILOT_END, 0)
                      : out->session_s;
    out->in_time = out->in_time && (limit <= 0 || out->session_s <= limit);
    out->jobs = (struct replica_jobs){ .n = 1, .held_s = out->session_s };
    out->jobs.solution_s = ran ? out->last_stop_s : out->session_s;
    for (int w = 0; w < WAITS; w++)
        /* differences of large sums: what rounding leaves of nothing */
        out->wait_s[w] = fmax(0, out->wait_s[w]);
    if (s->sink && !simulate_told_to_stop(s))
        stream_end(s);
}

void simulate_session(struct simulator *s, uint32_t replica, const struct session_place *place,
                      const struct record_sink *sink, struct replica *out)
{
    begin(s, replica, place, sink);
    driver_start(&s->drive);
    driver_run(&s->drive);
    if ((s->phases || s->blocks) && !s->drive.stopping && !simulate_told_to_stop(s))
        /* clients may wait for a service that has no slots, tasks for more blocks than come */
        driver_give_up(&s->drive);
    assert(readiness_complete(s->drive.readiness) || s->drive.stopping || simulate_told_to_stop(s));
    finish(s);
    *out = s->out;
}
