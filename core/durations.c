#include "core/durations.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/compiler.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "num/dist.h"
#include "num/rng.h"

struct durations {
    const struct workflow *workflow;
    uint64_t seed;
    uint32_t replica;
    size_t n_sets;
    bool any_phases, any_failures;       /* else no set is asked for its own */
    double session;                      /* what its shared effect makes of one second */
    double *factor;                      /* by set, with the set's; NULL: no set has one */
    /* by set, of each phase; NULL: all are 1; in place of all if no set serves */
    struct weight **weight;
    double *requests; /* by set that serves: what the shared effect makes of one request */
};

struct weight { double constant; int service; };         /* phases_weight(); the set, or -1 */

static struct weight *weights_of(const struct workflow *w, const struct task_set *set)
{
    size_t n = phases_count(set);
    struct weight *weight = xcalloc(n + 1, sizeof *weight);
    bool any = false;
    for (size_t k = 0; k < n; k++) {
        const char *name = phases_at(set, k)->flow;
        int service = name ? phases_service(w, set, name) : -1;
        weight[k] = (struct weight){ phases_weight(w, set, k), service };
        any |= service >= 0 &&
               (weight[k].constant != 1 || w->sets[service].traits->service.session_sd > 0);
    }
    if (any)
        return weight;
    free(weight);
    return NULL;
}

/* 1 + sd z, never below 0; z standard normal at the stream's first draw. */
static double shared_factor(const struct rng_stream *stream, double sd)
{
    if (sd == 0)
        return 1;
    return fmax(0, 1 + sd * gsl_cdf_ugaussian_Pinv(rng_uniform(stream, 0, 0)));
}

struct durations *durations_new(const struct workflow *w)
{
    struct durations *d = xcalloc(1, sizeof *d);
    d->workflow = w;
    d->n_sets = w->n_sets;               /* the workflow may be gone when it is freed */
    for (size_t s = 0; !d->factor && s < w->n_sets; s++)
        if (w->sets[s].traits->set_sd > 0)
            d->factor = xcalloc(w->n_sets, sizeof *d->factor);
    if (w->n_services > 0) {
        d->requests = xcalloc(w->n_sets, sizeof *d->requests);
        d->weight = xcalloc(w->n_sets, sizeof *d->weight);
    }
    for (size_t s = 0; d->weight && s < w->n_sets; s++)
        d->weight[s] = weights_of(w, &w->sets[s]);
    for (size_t s = 0; s < w->n_sets; s++) {
        d->any_phases |= phases_count(&w->sets[s]) > 0;
        d->any_failures |= w->sets[s].traits->failure_probability > 0;
    }
    durations_begin(d, 0, 0);
    return d;
}

void durations_free(struct durations *d)
{
    if (!d)
        return;
    for (size_t s = 0; d->weight && s < d->n_sets; s++)
        free(d->weight[s]);
    xfree(d->weight, d->requests, d->factor, d);
}

static void begin_set(struct durations *d, size_t s)
{
    const struct task_set *set = &d->workflow->sets[s];
    struct rng_stream stream = rng_stream(d->seed, d->replica, RNG_SET_EFFECT, set->stream);
    if (d->factor)
        d->factor[s] = d->session * shared_factor(&stream, set->traits->set_sd);
    if (d->requests)
        d->requests[s] = shared_factor(&stream, set->traits->service.session_sd);
}

void durations_begin(struct durations *d, uint64_t seed, uint32_t replica)
{
    const struct workflow *w = d->workflow;
    struct rng_stream session = rng_stream(seed, replica, RNG_SESSION_EFFECT, str_hash("session"));
    d->session = shared_factor(&session, w->session_sd);
    d->seed = seed;
    d->replica = replica;
    for (size_t s = 0; (d->factor || d->requests) && s < w->n_sets; s++)
        begin_set(d, s);
}

void durations_renew(struct durations *d, int set)
{
    begin_set(d, (size_t)set);
}

static double factor_of(const struct durations *d, int set)
{
    return d->factor ? d->factor[set] : d->session;
}

/* What the set's phases compute in all. */
static double all_phases(const struct durations *d, int set, uint32_t task, uint32_t attempt)
{
    double sum_s = 0;
    const struct task_phases *p = task_phases_of(&d->workflow->sets[set]);
    for (size_t k = 0; k < p->n; k++)
        if (!p->list[k].flow)
            sum_s += durations_phase(d, set, k, task, attempt);
    return sum_s;
}

double durations_at(const struct durations *d, int set, uint32_t task, uint32_t attempt)
{
    double duration_s;
    durations_block(d, set, task, 1, attempt, &duration_s);
    return duration_s;
}

/* NULL: the set's durations are not drawn as one number each. */
static const struct dist *law_of(const struct durations *d, const struct task_set *s)
{
    bool drawn = !s->durations && !(d->any_phases && phases_without_duration(s)) &&
                 !dist_is_constant(s->duration);
    return drawn ? s->duration : NULL;
}

static void uniforms(const struct durations *d, const struct task_set *s, uint32_t first, size_t n,
                     uint32_t attempt, double *out)
{
    struct rng_stream stream = rng_stream(d->seed, d->replica, RNG_DURATION, s->stream);
    rng_uniform_block(&stream, first, n, attempt, out);
}

static void times_factor(double factor, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++) {
        double duration_s = out[i] * factor;
        out[i] = duration_s > 0 ? duration_s : 0;
    }
}

void durations_block(const struct durations *d, int set, uint32_t first, size_t n, uint32_t attempt,
                     double *out)
{
    const struct task_set *s = &d->workflow->sets[set];
    assert(first <= s->n_tasks && n <= s->n_tasks - first);
    if (d->any_phases && phases_without_duration(s)) {
        for (size_t i = 0; i < n; i++)
            out[i] = all_phases(d, set, first + (uint32_t)i, attempt);
        return;
    }
    if (s->durations) {
        memcpy(out, s->durations + first, n * sizeof *out);
    } else if (dist_is_constant(s->duration)) {
        for (size_t i = 0; i < n; i++)
            out[i] = dist_mean(s->duration);
    } else {
        uniforms(d, s, first, n, attempt, out);
        dist_at_block(s->duration, out, n, out);
    }
    times_factor(factor_of(d, set), n, out);
}

void durations_of_sets(const struct durations *d, int first, size_t n, double *out)
{
    const struct task_set *sets = d->workflow->sets + first;
    for (size_t i = 0; i < n; i++)
        dist_expect(sets[i].duration);
    for (size_t i = 0, end; i < n; i = end) {
        const struct dist *law = law_of(d, &sets[i]);
        end = i + 1;
        if (!law) {
            durations_block(d, first + (int)i, 0, 1, 0, &out[i]);
            continue;
        }
        for (end = i; end < n && law_of(d, &sets[end]) == law; end++)
            uniforms(d, &sets[end], 0, 1, 0, &out[end]);
        dist_at_block(law, out + i, end - i, out + i);
        for (size_t k = i; k < end; k++)
            times_factor(factor_of(d, first + (int)k), 1, &out[k]);
    }
}

/* The set's first compute phase is drawn as a duration is: a task that only computes is the same
 * written either way. */
static bool is_first_compute(const struct task_set *s, size_t k)
{
    for (size_t i = 0; i < k; i++)
        if (!phases_at(s, i)->flow)
            return false;
    return true;
}

static double weight_of(const struct durations *d, const struct weight *w)
{
    return w->service >= 0 ? w->constant * d->requests[w->service] : w->constant;
}

double durations_phase(const struct durations *d, int set, size_t k, uint32_t task,
                       uint32_t attempt)
{
    const struct task_set *s = &d->workflow->sets[set];
    const struct phase *phase = phases_at(s, k);
    if (phases_is_duration(phase))
        return durations_at(d, set, task, attempt);
    const struct dist *law = phase->flow ? phase->amount : phase->compute;
    bool first = !phase->flow && is_first_compute(s, k);
    double x = dist_mean(law);
    if (!dist_is_constant(law)) {
        struct rng_stream stream = rng_stream(d->seed, d->replica, first ? RNG_DURATION : RNG_PHASE,
                                              first ? s->stream : s->stream + k);
        x = dist_at(law, rng_uniform(&stream, task, attempt));
    }
    if (phase->flow)
        return fmax(0, d->weight && d->weight[set] ? x * weight_of(d, &d->weight[set][k]) : x);
    return fmax(0, x * factor_of(d, set));
}

double durations_ready(const struct durations *d, int set, uint32_t task, uint32_t attempt)
{
    const struct task_set *s = &d->workflow->sets[set];
    struct rng_stream stream = rng_stream(d->seed, d->replica, RNG_PHASE, s->stream);
    if (!s->traits->service.ready)
        return 0;
    return fmax(0, dist_at(s->traits->service.ready, rng_uniform(&stream, task, attempt)));
}

OUT_OF_LINE static bool draw_failure(const struct durations *d, const struct task_set *s,
                                     uint32_t task, uint32_t attempt, double *share)
{
    struct rng_stream fails = rng_stream(d->seed, d->replica, RNG_FAILURE, s->stream);
    struct rng_stream point = rng_stream(d->seed, d->replica, RNG_FAILURE_POINT, s->stream);
    if (rng_uniform(&fails, task, attempt) >= s->traits->failure_probability)
        return false;
    *share = rng_uniform(&point, task, attempt);
    return true;
}

bool durations_fails(const struct durations *d, int set, uint32_t task, uint32_t attempt,
                     double *share)
{
    const struct task_set *s = &d->workflow->sets[set];
    return d->any_failures && s->traits->failure_probability > 0 &&
           draw_failure(d, s, task, attempt, share);
}

double durations_expected(const struct workflow *w, int set, uint32_t task)
{
    const struct task_set *s = &w->sets[set];
    return s->durations ? s->durations[task] : fmax(0, dist_mean(s->duration));
}
