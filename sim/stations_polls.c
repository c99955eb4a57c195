/* Polls of the middleware: when each begins in a session, and its ticks. */
#include <math.h>

#include "base/compiler.h"
#include "base/str.h"
#include "num/rng.h"
#include "sim/stations_impl.h"

static const enum rng_purpose phase_of[STATION_POLLS] = {
    [POLL_AGENT] = RNG_AGENT_PHASE,   [POLL_SCHEDULE] = RNG_SCHEDULE_PHASE,
    [POLL_DETECT] = RNG_DETECT_PHASE, [POLL_FREE] = RNG_FREE_PHASE,
    [POLL_NOTIFY] = RNG_NOTIFY_PHASE,
};

static double uniform(const struct stations *st, enum rng_purpose purpose, uint64_t index)
{
    struct rng_stream s = rng_stream(st->seed, st->replica, purpose, str_hash("session"));
    return rng_uniform(&s, index, 0);
}

void stations_begin_polls(struct stations *st)
{
    const struct middleware *m = st->middleware;
    for (int poll = 0; poll < STATION_POLLS; poll++) {
        bool known = st->values && !isnan(st->values->phase_s[poll]);
        st->phase_s[poll] =
            known ? st->values->phase_s[poll] : m->period_s[poll] * uniform(st, phase_of[poll], 0);
        st->per_s[poll] = 1 / m->period_s[poll];
    }
    bool free_known = st->values && !isnan(st->values->phase_s[POLL_FREE]);
    if (!free_known && m->period_s[POLL_FREE] == m->period_s[POLL_SCHEDULE])
        /* one loop frees slots and places tasks */
        st->phase_s[POLL_FREE] = st->phase_s[POLL_SCHEDULE];
}

#define MOST_TICKS 4503599627370496.0    /* 2^52 */
#define FEW_TICKS 1073741824.0           /* 2^30: k is known by 1, without a division */

/* The smallest k with phase + k period >= time (> time if `after`); compared as the sum is
 * computed, so that a tick is its own. */
OUT_OF_LINE static double tick_far(const struct stations *st, enum station_poll poll, double time_s,
                                   bool after)
{
    double phase = st->phase_s[poll], period = st->middleware->period_s[poll];
    double k = ceil((time_s - phase) / period) - 1;
    if (k >= MOST_TICKS) /* ticks closer than doubles are: the next instant is one */
        return after ? nextafter(time_s, INFINITY) : time_s;
    while (phase + k * period < time_s || (after && phase + k * period == time_s))
        k++;
    return phase + k * period;
}

static inline double tick_from(const struct stations *st, enum station_poll poll, double time_s,
                               bool after)
{
    double phase = st->phase_s[poll], period = st->middleware->period_s[poll];
    double near = (time_s - phase) * st->per_s[poll];
    if (!(near >= 0 && near < FEW_TICKS))
        return tick_far(st, poll, time_s, after);
    int32_t k = (int32_t)near;
    double tick_s = phase + k * period;
    while (tick_s < time_s || (after && tick_s == time_s))
        tick_s = phase + ++k * period;
    return tick_s;
}

double stations_tick(const struct stations *st, enum station_poll poll, double time_s)
{
    double period = st->middleware->period_s[poll];
    return period > 0 ? tick_from(st, poll, time_s, false) : time_s;
}

double stations_tick_after(const struct stations *st, enum station_poll poll, double time_s)
{
    double period = st->middleware->period_s[poll];
    return period > 0 ? tick_from(st, poll, time_s, true) : time_s;
}
