#include "study/clock_band.h"

#include <math.h>
#include <stddef.h>

#include "sim/simulate.h"

enum { PHASES = 16, PERIODS = 11 };
static const double chaotic_share = 0.005, around = 0.025;
static const double radical_low_s = 0.1000, radical_high_s = 0.1025, near_radical = 0.2;

static int makespan_of(const struct scenario *s, double *out_s, struct error *err)
{
    struct simulator *sim = simulator_new(s, err);
    if (!sim)
        return -1;
    struct replica replica;
    simulator_run(sim, 0, NULL, &replica);
    simulator_free(sim);
    *out_s = replica.makespan_s;
    return 0;
}

static void widen(struct stats_interval *band, double x)
{
    band->low = fmin(band->low, x);
    band->high = fmax(band->high, x);
}

static double width(const struct stats_interval *band)
{
    return band->high - band->low;
}

static int try_phases(const struct scenario *s, struct clock_band *out, struct error *err)
{
    double period_s = s->middleware->period_s[POLL_SCHEDULE], makespan_s;
    for (int k = 0; k < PHASES; k++) {
        struct station_values values = { 0 };
        for (int p = 0; p < STATION_POLLS; p++)
            values.phase_s[p] = NAN;
        if (s->values)
            values = *s->values;
        values.phase_s[POLL_SCHEDULE] = period_s * k / PHASES;
        struct scenario shifted = *s;
        shifted.values = &values;
        if (makespan_of(&shifted, &makespan_s, err))
            return -1;
        widen(&out->phase, makespan_s);
    }
    return 0;
}

static int try_period(const struct scenario *s, double period_s, double *makespan_s,
                      struct error *err)
{
    struct middleware *m = middleware_copy(s->middleware);
    if (m->period_s[POLL_FREE] == m->period_s[POLL_SCHEDULE])
        m->period_s[POLL_FREE] = period_s;
    m->period_s[POLL_SCHEDULE] = period_s;
    struct scenario other = *s;
    other.middleware = m;
    int status = makespan_of(&other, makespan_s, err);
    middleware_free(m);
    return status;
}

/* PERIODS periods from low_s to high_s. A run that only waits for the loop grows with the period:
 * what is left of that line is uneven. */
static int try_periods(const struct scenario *s, double low_s, double high_s,
                       struct clock_band *out, struct error *err)
{
    double period_s[PERIODS], makespan_s[PERIODS];
    for (int k = 0; k < PERIODS; k++) {
        period_s[k] = low_s + (high_s - low_s) * k / (PERIODS - 1);
        if (try_period(s, period_s[k], &makespan_s[k], err))
            return -1;
        widen(&out->period, makespan_s[k]);
        widen(&out->period_s, period_s[k]);
    }
    out->uneven_s = fmax(out->uneven_s, stats_detrended_range(period_s, makespan_s, PERIODS));
    return 0;
}

int clock_band(const struct scenario *s, struct clock_band *out, struct error *err)
{
    double period_s = s->middleware->period_s[POLL_SCHEDULE], own_s;
    if (makespan_of(s, &own_s, err))
        return -1;
    *out = (struct clock_band){ { own_s, own_s }, { own_s, own_s }, { period_s, period_s }, 0 };
    if (period_s <= 0)
        return 0;
    if (try_phases(s, out, err) ||
        try_periods(s, period_s * (1 - around), period_s * (1 + around), out, err))
        return -1;
    bool radical = fabs(period_s - radical_low_s) < near_radical * radical_low_s;
    if (radical && try_periods(s, radical_low_s, radical_high_s, out, err))
        return -1;
    out->uneven_s = fmax(out->uneven_s, width(&out->phase));
    return 0;
}

bool clock_band_is_chaotic(const struct clock_band *b, double makespan_s)
{
    return b->uneven_s > chaotic_share * makespan_s;
}
