/* validation/replay_run.h - one scheduler fed with a session's own arrivals and releases: what it
 * would have placed, when, where.
 *
 * Only decisions are replayed: no middleware, no durations. Tasks arrive when and in the order in
 * which they did, and give their slots back at the measured instant; a task that the scheduler
 * places only after that instant keeps its slots for as long as it held them in the session. */
#ifndef DAGCAST_VALIDATION_REPLAY_RUN_H
#define DAGCAST_VALIDATION_REPLAY_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/scenario.h"
#include "scheduling/pool.h"
#include "traces/session.h"

/* The loop of a scheduler that polls: it turns every `period_s` while idle, and it turned whenever
 * slots were freed, since it is the loop that frees them. Nobody records the turns between. 0:
 * decides at each event, at once. */
struct replay_clock {
    double period_s;
    /* A replay of which more of the records that count are placed elsewhere than measured is given
     * up. NULL: none is. */
    const struct replay_outcome *measured;
    const bool *counts;                  /* record -> counts */
    size_t most_missed;
};

struct replay_outcome {                  /* n entries, parallel to the session's records */
    size_t n;
    bool given_up;                       /* the entries are unfinished */
    double *scheduled_s;                 /* NAN: never placed */
    uint64_t *slots; /* which nodes, slots and GPUs (of a plain session nodes, if it names them), as
                        a number: equal sets, equal numbers; 0: never placed */
};

/* -1: the scheduler refuses the workflow or its options. O(events log events), and a turn a period
 * while tasks wait. */
int replay_run(const struct session *s, const struct scheduler_options *options,
               struct replay_clock clock, struct replay_outcome *out, struct error *err);
void replay_outcome_clear(struct replay_outcome *o);
/* The number of a grant's slots, as in an outcome. */
uint64_t replay_slots_of_grant(const struct pool *pool, uint32_t grant);
/* The same for what the session itself did. */
void replay_measured(const struct session *s, struct replay_outcome *out);

#endif
