/* The session that it is, and what each station takes: given, constant, or drawn. */
#include "sim/stations.h"

#include <math.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/growing.h"
#include "sim/session_means.h"
#include "sim/stations_impl.h"

static const struct {
    enum rng_purpose purpose;
    const char *name;
    bool each;                           /* every task asks for it once */
} rows[STATION_PARAMETERS] = {
#define SOME false
#define EACH true
#define ROW(id, name, leg, purpose, like, who, ...) [STATION_##id] = { purpose, name, who },
#include "core/station_rows.h"
#undef ROW
};

enum { NO_COLUMN = -1, NONE = -1 };

/* `name`: of the stream, a set's. */
static struct rng_stream stream_of(const struct stations *st, enum station_parameter p,
                                   uint64_t name)
{
    uint64_t own = rows[p].purpose == RNG_STATION ? str_hash(rows[p].name) : 0;
    return rng_stream(st->seed, st->replica, rows[p].purpose, name ^ own);
}

/* In place of uniform numbers. */
static void times_of(const struct stations *st, enum station_parameter p, uint32_t count,
                     double *out)
{
    dist_at_block(st->middleware->parameter[p], out, count, out);
    double scale = st->scale[p], shift = st->shift[p];
    for (uint32_t i = 0; i < count; i++) {
        double x = scale * out[i] + shift;
        out[i] = x > 0 ? x : 0;
    }
}

static void draw_block(const void *source, size_t column, uint32_t set, uint32_t first,
                       uint32_t count, double *out)
{
    const struct stations *st = source;
    enum station_parameter p = st->drawn[column];
    struct rng_stream stream = stream_of(st, p, st->workflow->sets[set].stream);
    rng_uniform_block(&stream, first, count, 0, out);
    times_of(st, p, count, out);
}

static void draw_sets(const void *source, size_t column, uint32_t first, uint32_t count,
                      double *out)
{
    const struct stations *st = source;
    enum station_parameter p = st->drawn[column];
    for (uint32_t i = 0; i < count; i++) {
        struct rng_stream stream = stream_of(st, p, st->workflow->sets[first + i].stream);
        out[i] = rng_uniform(&stream, 0, 0);
    }
    times_of(st, p, count, out);
}

void stations_free(struct stations *st)
{
    if (!st)
        return;
    draw_ahead_free(st->draws);
    free(st);
}

void stations_renew(struct stations *st, uint32_t set)
{
    if (st->draws)
        draw_ahead_forget(st->draws, set);
}

/* A sum in which anything is drawn is NAN too. */
static double same_for_all(const struct stations *st, int p)
{
    double sum = st->values && st->values->of[p] ? (double)NAN : st->constant_s[p];
    for (int q = st->also[p]; q != NONE; q = st->also[q])
        sum += st->constant_s[q];
    return sum;
}

void stations_begin(struct stations *st, uint64_t seed, uint32_t replica)
{
    const struct middleware *m = st->middleware;
    const struct workflow *w = st->workflow;
    st->seed = seed;
    st->replica = replica;
    st->first_stream = w->realised && w->realised->growing
                           ? growing_first_stream(w->realised->growing) : w->sets[0].stream;
    double mean[STATION_PARAMETERS];
    session_means_draw(m, st->transfer, seed, replica, mean);
    mean[STATION_LAUNCH] *= session_means_slowing(m, st->workflow->n_tasks, seed, replica);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        const struct dist *d = m->parameter[p];
        double own = d ? dist_mean(d) : 0;
        st->scale[p] = own > 0 ? mean[p] / own : 1;
        st->shift[p] = own > 0 ? 0 : mean[p];
        st->constant_s[p] = !d                    ? st->shift[p]
                            : dist_is_constant(d) ? fmax(0, st->scale[p] * own + st->shift[p])
                                                  : NAN;
    }
    for (int p = 0; p < STATION_PARAMETERS; p++)
        st->same_s[p] = same_for_all(st, p);
    if (st->draws)
        draw_ahead_begin(st->draws);
    stations_begin_polls(st);
}

static bool is_something(const struct stations *st, enum station_parameter p)
{
    if (st->values && st->values->of[p])
        return true;
    for (size_t i = 0; i < st->middleware->n_sessions; i++)
        if (st->middleware->sessions[i].mean[p] > 0)
            return true;
    return st->middleware->parameter[p] != NULL || st->middleware->estimate[p].se_s > 0;
}

bool stations_has(const struct stations *st, enum station_parameter p)
{
    return st->also[p] != NONE || is_something(st, p);
}

/* Links to each station what is part of it. */
static void link_parts(struct stations *st)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        st->also[p] = NONE;
    for (int p = STATION_PARAMETERS - 1; p >= 0; p--) {
        enum station_parameter of = station_parameter_part_of((enum station_parameter)p);
        if ((int)of == p || !is_something(st, (enum station_parameter)p))
            continue;
        st->also[p] = st->also[of];
        st->also[of] = p;
    }
}

struct stations *stations_new(const struct scenario *scenario)
{
    const struct middleware *m = scenario->middleware;
    struct stations *st = xcalloc(1, sizeof *st);
    st->middleware = m;
    st->workflow = scenario->workflow;
    st->values = scenario->values;
    st->transfer = extrapolation_transfer(scenario);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        const struct dist *d = m->parameter[p];
        bool drawn = rows[p].each && d && !dist_is_constant(d);
        st->column[p] = drawn ? (int)st->n_drawn : NO_COLUMN;
        if (drawn)
            st->drawn[st->n_drawn++] = (enum station_parameter)p;
    }
    link_parts(st);
    struct draw_source draws = { draw_block, draw_sets, st };
    if (st->n_drawn > 0)
        st->draws = draw_ahead_new(scenario->workflow, st->n_drawn, &draws);
    return st;
}

double stations_given(const struct stations *st, enum station_parameter p, uint32_t set,
                      uint32_t task)
{
    return st->values && st->values->of[p]
               ? st->values->of[p][st->workflow->sets[set].first_task + task]
               : NAN;
}

static double draw_of(const struct stations *st, enum station_parameter p, uint64_t name,
                      uint32_t task, uint32_t attempt)
{
    struct rng_stream stream = stream_of(st, p, name);
    double drawn = dist_at(st->middleware->parameter[p], rng_uniform(&stream, task, attempt));
    return fmax(0, st->scale[p] * drawn + st->shift[p]);
}

static double draw_part(struct stations *st, enum station_parameter p, uint32_t set, uint32_t task,
                        uint32_t attempt)
{
    if (!isnan(st->constant_s[p]))
        return st->constant_s[p];
    if (st->column[p] != NO_COLUMN && attempt == 0)
        return draw_ahead_at(st->draws, (size_t)st->column[p], set, task);
    return draw_of(st, p, st->workflow->sets[set].stream, task, attempt);
}

static double once(const struct stations *st, enum station_parameter p, uint32_t number)
{
    return isnan(st->constant_s[p]) ? draw_of(st, p, st->first_stream, 0, number)
                                    : st->constant_s[p];
}

double stations_draw_once(struct stations *st, enum station_parameter p, uint32_t number)
{
    double sum = stations_given(st, p, 0, 0);
    if (!isnan(sum))
        return sum;
    sum = once(st, p, number);
    for (int q = st->also[p]; q != NONE; q = st->also[q])
        sum += once(st, (enum station_parameter)q, number);
    return sum;
}

OUT_OF_LINE static double draw_of_task(struct stations *st, enum station_parameter p, uint32_t set,
                                       uint32_t task, uint32_t attempt)
{
    double sum = stations_given(st, p, set, task);
    if (!isnan(sum))
        return sum;
    sum = draw_part(st, p, set, task, attempt);
    for (int q = st->also[p]; q != NONE; q = st->also[q])
        sum += draw_part(st, (enum station_parameter)q, set, task, attempt);
    return sum;
}

double stations_draw(struct stations *st, enum station_parameter p, uint32_t set, uint32_t task,
                     uint32_t attempt)
{
    double same_s = st->same_s[p];
    return isnan(same_s) ? draw_of_task(st, p, set, task, attempt) : same_s;
}

void stations_expect(const struct stations *st, uint32_t set, uint32_t task)
{
    if (st->draws)
        draw_ahead_expect(st->draws, set, task);
}
