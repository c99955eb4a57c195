#include "tests/support/plain_session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/simulate.h"
#include "tests/support/given.h"

static void simulate(struct session *s, const struct middleware *m, uint64_t seed, uint32_t replica)
{
    struct error err;
    struct scenario scenario = { .workflow = s->workflow,
                                 .platform = s->platform,
                                 .middleware = m,
                                 .mode = MODE_ASYNCHRONOUS,
                                 .seed = seed };
    scenario.scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 }, m);
    struct simulator *simulator = simulator_new(&scenario, &err);
    if (!simulator) {
        fprintf(stderr, "plain_session: %s\n", err.text);
        abort();
    }
    struct replica out;
    simulator_run(simulator, replica, s->timeline, &out);
    simulator_free(simulator);
}

static double read_clock(double at_s, double clock_s)
{
    return clock_s > 0 ? floor(at_s / clock_s) * clock_s : at_s;
}

struct session *plain_session(const struct plain_kind *kind, const struct middleware *m,
                              uint64_t seed, uint32_t replica)
{
    char name[32];
    snprintf(name, sizeof name, "run %u", replica);
    struct session *s = session_new(name, "plain.csv", "test");
    s->workflow = given_workflow(kind->workflow);
    s->platform = given_platform(kind->platform);
    s->timeline = timeline_new(s->workflow, s->platform);
    s->window = kind->window;
    s->zero_epoch_s = 1.6e9 + 1000.0 * replica;
    simulate(s, m, seed, replica);
    for (size_t i = 0; i < s->timeline->n; i++) {
        struct timeline_record *r = &s->timeline->records[i];
        r->submitted_s =
            kind->submissions ? read_clock(r->submitted_s, kind->clock_s) : (double)NAN;
        r->started_s = read_clock(r->started_s, kind->clock_s);
        r->stopped_s = read_clock(r->stopped_s, kind->clock_s);
        r->arrived_s = r->scheduled_s = r->freed_s = r->notified_s = NAN;
    }
    free(s->timeline->launched_s);
    s->timeline->launched_s = NULL;
    return s;
}
