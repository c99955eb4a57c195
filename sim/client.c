/* The simulated middleware between a ready task and the scheduler: the client's delays, its
 * bulks' way, the agent. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "sim/phases.h"
#include "sim/simulate_impl.h"

void client_begin(struct simulator *s)
{
    size_t n_sets = s->drive.scenario.workflow->n_sets;
    if (!s->cold_set)
        s->cold_set = xcalloc(n_sets, sizeof *s->cold_set);
    memset(s->cold_set, 0, n_sets * sizeof *s->cold_set);
    s->first_bulk_done = false;
    s->client_left_s = NAN;
    s->cold_bulks_seen = 0;
}

void client_clear(struct simulator *s)
{
    free(s->cold_set);
}

/* The draw belongs to the run(), not to its pipelines: all of them are submitted at once. It has
 * the name of the first one's first set. */
static double next_run_delay(struct simulator *s, const struct ready_run *run)
{
    double given = stations_given(s->stations, STATION_NEXT_RUN, run->set, run->first);
    if (!isnan(given))
        return given;
    struct readiness_group own = readiness_group(s->drive.readiness, (size_t)run->group);
    struct readiness_group first =
        readiness_group(s->drive.readiness, (size_t)(own.run >= 0 ? own.run : run->group));
    return stations_draw(s->stations, STATION_NEXT_RUN, (uint32_t)first.sets[0], 0, 0);
}

/* The client's work between the end of a stage (or of a run()) and the next one's submission. */
static double delay(void *world, const struct ready_run *run)
{
    struct simulator *s = world;
    if (s->direct)
        return 0;
    switch (run->cause) {
    case SUBMIT_START: return stations_draw(s->stations, STATION_BOOTSTRAP, run->set, 0, 0);
    case SUBMIT_TASK:
        return stations_draw(s->stations, STATION_NEXT_TASK, run->set, run->first, 0);
    case SUBMIT_NEXT_RUN: return next_run_delay(s, run);
    case SUBMIT_NEXT_STAGE: break;
    }
    return stations_draw(s->stations, STATION_NEXT_STAGE, run->set, run->first, 0);
}

OUT_OF_LINE static void tell_instant(struct simulator *s, const struct submission *part,
                                     enum instant which)
{
    size_t first = s->drive.scenario.workflow->sets[part->set].first_task + part->first;
    task_instants_note(s->instants, first, part->count, which, s->drive.engine.now_s);
    task_instants_note_attempt(s->instants, first, part->count, part->attempt);
}

/* Tells who watches that the tasks' instant is now. */
static inline void note_instant(struct simulator *s, const struct submission *part,
                                enum instant which)
{
    if (s->instants)
        tell_instant(s, part, which);
}

static void note(void *world, const struct submission *part, enum submission_step step)
{
    struct simulator *s = world;
    switch (step) {
    case STEP_DUE: note_instant(s, part, INSTANT_DUE); break;
    case STEP_READY:
        note_instant(s, part, INSTANT_READY);
        s->out.wait_s[WAIT_CLIENT] -= s->drive.engine.now_s * part->count;
        break;
    case STEP_WITHDRAWN: s->out.wait_s[WAIT_CLIENT] += s->drive.engine.now_s * part->count; break;
    case STEP_DROPPED: s->out.wait_s[WAIT_QUEUE] += s->drive.engine.now_s * part->count; break;
    case STEP_ARRIVED: s->out.wait_s[WAIT_QUEUE] -= s->drive.engine.now_s * part->count; break;
    }
}

/* A bulk starts cold if it is large and among the first such ones (COLD_BURST). */
static void mark_cold(struct simulator *s, const struct bulk *b)
{
    const struct middleware *m = s->drive.scenario.middleware;
    bool cold = m->cold_rule == COLD_BURST && bulk_tasks(b) >= (size_t)m->cold_burst &&
                s->cold_bulks_seen < m->cold_bulks;
    s->cold_bulks_seen += cold;
    for (size_t i = 0; i < b->n; i++)
        s->cold_set[b->parts[i].set] = cold;
}

/* The client creates the tasks one after another before it submits the first. */
static double open_cost(const struct simulator *s, const struct bulk *b)
{
    const struct submission *head = &b->parts[0];
    return (double)bulk_tasks(b) *
           stations_draw(s->stations, STATION_OPEN_TASK, head->set, head->first, head->attempt);
}

static double bulk_cost(const struct simulator *s, const struct bulk *b)
{
    const struct submission *head = &b->parts[0];
    if (s->client_left_s ==
        s->drive.engine.now_s) /* the next of several that were ready together */
        return 0;
    double cost =
        stations_draw(s->stations, STATION_CLIENT_BASE, head->set, head->first, head->attempt) +
        (double)bulk_tasks(b) *
            stations_draw(s->stations, STATION_CLIENT_TASK, head->set, head->first, head->attempt);
    return s->first_bulk_done ? cost
                              : cost + stations_draw(s->stations, STATION_CLIENT_FIRST, head->set,
                                                     head->first, head->attempt);
}

static void note_left(struct simulator *s, const struct bulk *b)
{
    for (size_t i = 0; i < b->n; i++)
        note_instant(s, &b->parts[i], INSTANT_LEFT);
    s->out.wait_s[WAIT_CLIENT] += s->drive.engine.now_s * (double)bulk_tasks(b);
}

static bool carry(void *world, const struct bulk *open)
{
    struct simulator *s = world;
    mark_cold(s, open);
    for (size_t i = 0; i < open->n; i++)
        note_instant(s, &open->parts[i], INSTANT_OPENED);
    if (s->direct) {
        note_left(s, open);
        return false;
    }
    double open_s = open_cost(s, open);
    double left_s = s->drive.engine.now_s + open_s + bulk_cost(s, open);
    uint32_t taken = driver_take_bulk(&s->drive);
    s->first_bulk_done = true;
    s->drive.submission.bulks[taken].submitted_s += open_s;
    driver_push(&s->drive, left_s, EVENT_BULK_LEFT, taken);
    s->client_left_s = s->drive.submission.bulk_most > 0 ? left_s : NAN;
    return true;
}

void client_on_left(struct simulator *s, uint32_t b)
{
    const struct bulk *bulk = &s->drive.submission.bulks[b];
    const struct submission *head = &bulk->parts[0];
    double now_s = s->drive.engine.now_s;
    driver_client_idle(&s->drive);
    note_left(s, bulk);
    /* what is ready together and submitted apart takes the same way */
    bool apart = s->drive.submission.bulk_most > 0;
    double latency = stations_draw(s->stations, STATION_AGENT, head->set, apart ? 0 : head->first,
                                   head->attempt);
    double arrived_s = stations_tick(s->stations, POLL_AGENT, now_s + latency);
    s->out.wait_s[WAIT_AGENT] += (arrived_s - now_s) * (double)bulk_tasks(bulk);
    driver_push(&s->drive, arrived_s, EVENT_ARRIVED, b);
}

const struct client_ops client_ops = { .delay = delay, .note = note, .carry = carry };
const struct client_ops client_that_stages = {
    .delay = delay, .note = note, .carry = carry, .stage = phases_stage_in,
    .resume = phases_resume,
};
