#include "num/waits.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* Two errors that differ by rounding are the same one. */
static const double same_error = 1e-9;

struct case_point {
    double x, y, log_wait;
}; /* log size, log length, log(1 + wait) */

struct waits {
    size_t n, n_left_out;
    struct case_point *jobs; /* the last submitted first */
    double *errors[WAITS_LEVELS]; /* of the jobs left out, ascending */
    struct waits_coverage coverage[WAITS_LEVELS];
};

double waits_level(size_t level)
{
    assert(level < WAITS_LEVELS);
    return level == 0 ? 0.01 : level == WAITS_LEVELS - 1 ? 0.99 : 0.05 * (double)level;
}

/* ---- neighbours ---- */

/* Nearer in demand, then in time. */
struct nearness {
    double demand, time;
};
struct neighbours {
    size_t n;
    struct nearness near[WAITS_NEIGHBOURS];
    double log_wait[WAITS_NEIGHBOURS];
};

static bool nearer(struct nearness a, struct nearness b)
{
    return a.demand < b.demand || (a.demand == b.demand && a.time < b.time);
}

static void take(struct neighbours *out, struct nearness near, double log_wait)
{
    size_t i = out->n < WAITS_NEIGHBOURS ? out->n++ : WAITS_NEIGHBOURS - 1;
    for (; i > 0 && nearer(near, out->near[i - 1]); i--) {
        out->near[i] = out->near[i - 1];
        out->log_wait[i] = out->log_wait[i - 1];
    }
    out->near[i] = near;
    out->log_wait[i] = log_wait;
}

/* Of job number `self`, or of what is submitted after all (-1), among the jobs from number `from`
 * on; their waits ascending. Near in the order of submission is near in time. */
static struct neighbours find(const struct waits *w, struct case_point to, long self, size_t from)
{
    struct neighbours out = { .n = 0 };
    struct nearness farthest = { INFINITY, INFINITY };
    for (size_t i = from; i < w->n; i++) {
        const struct case_point *job = &w->jobs[i];
        double dx = job->x - to.x, dy = job->y - to.y;
        struct nearness near = { dx * dx + dy * dy, fabs((double)i - (double)self) };
        if ((long)i == self || !nearer(near, farthest))
            continue;
        take(&out, near, job->log_wait);
        if (out.n == WAITS_NEIGHBOURS)
            farthest = out.near[out.n - 1];
    }
    sort_doubles(out.log_wait, out.n);
    return out;
}

/* ---- order statistics ---- */

/* Number i of n ascending numbers, of which number `but` is left out. */
static double at_without(const double *x, size_t i, size_t but)
{
    return x[i < but ? i : i + 1];
}

/* The quantile whose rank is (n + 1) p: as likely as p to be no less than one more such number.
 * Ranks outside 1 to n give the first and the last. `but` n: none is left out. */
static double ranked(const double *x, size_t n, double p, size_t but)
{
    size_t left = but < n ? n - 1 : n;
    double rank = ((double)left + 1) * p;
    if (rank <= 1)
        return at_without(x, 0, but);
    if (rank >= (double)left)
        return at_without(x, left - 1, but);
    size_t i = (size_t)rank;
    double below = at_without(x, i - 1, but), above = at_without(x, i, but);
    return below + (rank - (double)i) * (above - below);
}

static bool enough(size_t n, double p)
{
    return ((double)n + 1) * p <= (double)n + same_error;
}

/* ---- calibration ---- */

static void leave_out(struct waits *w)
{
    for (size_t i = 0; i < w->n_left_out; i++) {
        const struct case_point *job = &w->jobs[i];
        struct neighbours near = find(w, *job, (long)i, 0);
        for (size_t l = 0; l < WAITS_LEVELS; l++)
            w->errors[l][i] = job->log_wait - ranked(near.log_wait, near.n, waits_level(l), near.n);
    }
}

/* Each job's error against the correction that the others' errors give. */
static double covered(const double *errors, size_t n, double p)
{
    size_t inside = 0;
    for (size_t i = 0; i < n; i++)
        inside += errors[i] <= ranked(errors, n, p, i) + same_error;
    return (double)inside / (double)n;
}

/* As if each job asked when it was submitted: from earlier jobs. */
static void forecast(struct waits *w)
{
    size_t inside[WAITS_LEVELS] = { 0 }, n = 0;
    for (size_t i = 0; i < w->n_left_out && w->n - i > WAITS_NEIGHBOURS; i++, n++) {
        const struct case_point *job = &w->jobs[i];
        struct neighbours near = find(w, *job, (long)i, i + 1);
        for (size_t l = 0; l < WAITS_LEVELS; l++)
            inside[l] +=
                job->log_wait <= ranked(near.log_wait, near.n, waits_level(l), near.n) + same_error;
    }
    for (size_t l = 0; l < WAITS_LEVELS; l++)
        w->coverage[l].forecast = n > 0 ? (double)inside[l] / (double)n : (double)NAN;
}

static void calibrate(struct waits *w)
{
    leave_out(w);
    forecast(w);
    for (size_t l = 0; l < WAITS_LEVELS; l++) {
        sort_doubles(w->errors[l], w->n_left_out);
        w->coverage[l].n = w->n_left_out;
        w->coverage[l].left_out = enough(w->n_left_out, waits_level(l))
                                      ? covered(w->errors[l], w->n_left_out, waits_level(l))
                                      : (double)NAN;
    }
}

/* ---- the model ---- */

static struct case_point point(double size, double length_s)
{
    return (struct case_point){ .x = log(size), .y = isnan(length_s) ? 0 : log(length_s) };
}

/* The last submitted first; of those submitted at once, the last of the file first. */
static void order_jobs(const struct past_wait *jobs, size_t n, struct sort_key *keys)
{
    for (size_t i = 0; i < n; i++) {
        double at = jobs[n - 1 - i].submitted_s;
        keys[i] = (struct sort_key){ sort_key_of(isnan(at) ? INFINITY : -at), n - 1 - i };
    }
    sort_keys(keys, n);
}

struct waits *waits_new(const struct past_wait *jobs, size_t n)
{
    assert(n >= WAITS_LEAST);
    struct waits *w = xcalloc(1, sizeof *w);
    struct sort_key *keys = xcalloc(n, sizeof *keys);
    w->n = n < WAITS_MOST ? n : WAITS_MOST;
    w->n_left_out = w->n < WAITS_MOST_LEFT_OUT ? w->n : WAITS_MOST_LEFT_OUT;
    w->jobs = xcalloc(w->n, sizeof *w->jobs);
    order_jobs(jobs, n, keys);
    for (size_t i = 0; i < w->n; i++) {
        const struct past_wait *job = &jobs[keys[i].item];
        assert(job->size > 0 && !(job->length_s <= 0) && job->wait_s >= 0);
        w->jobs[i] = point(job->size, job->length_s);
        w->jobs[i].log_wait = log1p(job->wait_s);
    }
    free(keys);
    for (size_t l = 0; l < WAITS_LEVELS; l++)
        w->errors[l] = xcalloc(w->n_left_out, sizeof *w->errors[l]);
    calibrate(w);
    return w;
}

void waits_free(struct waits *w)
{
    for (size_t l = 0; w && l < WAITS_LEVELS; l++)
        free(w->errors[l]);
    if (w)
        free(w->jobs);
    free(w);
}

struct stats_interval waits_sizes(const struct waits *w)
{
    struct stats_interval log_size = { INFINITY, -INFINITY };
    for (size_t i = 0; i < w->n; i++) {
        log_size.low = fmin(log_size.low, w->jobs[i].x);
        log_size.high = fmax(log_size.high, w->jobs[i].x);
    }
    return (struct stats_interval){ exp(log_size.low), exp(log_size.high) };
}

struct stats_interval waits_lengths_s(const struct waits *w)
{
    struct stats_interval log_length = { INFINITY, -INFINITY };
    for (size_t i = 0; i < w->n; i++) {
        log_length.low = fmin(log_length.low, w->jobs[i].y);
        log_length.high = fmax(log_length.high, w->jobs[i].y);
    }
    return (struct stats_interval){ exp(log_length.low), exp(log_length.high) };
}

struct waits_coverage waits_coverage(const struct waits *w, size_t level)
{
    return w->coverage[level];
}

static double corrected(const struct waits *w, const struct neighbours *near, size_t level)
{
    double p = waits_level(level);
    if (!enough(w->n_left_out, p))
        return NAN;
    double log_wait = ranked(near->log_wait, near->n, p, near->n) +
                      ranked(w->errors[level], w->n_left_out, p, w->n_left_out);
    return fmax(0, expm1(log_wait));
}

static double quantile_of(const struct waits *w, const struct neighbours *near, size_t level)
{
    double most = 0;
    for (size_t l = 0; l < level; l++)
        most = fmax(most, corrected(w, near, l));
    double at = corrected(w, near, level);
    return isnan(at) ? at : fmax(most, at);
}

double waits_quantile(const struct waits *w, double size, double length_s, size_t level)
{
    assert(level < WAITS_LEVELS);
    struct neighbours near = find(w, point(size, length_s), -1, 0);
    return quantile_of(w, &near, level);
}

struct dist *waits_dist(const struct waits *w, double size, double length_s)
{
    struct neighbours near = find(w, point(size, length_s), -1, 0);
    double p[WAITS_LEVELS + 2] = { 0 }, x[WAITS_LEVELS + 2];
    double first = expm1(near.log_wait[0]), last = expm1(near.log_wait[near.n - 1]);
    size_t n = 1;
    for (size_t l = 0; l < WAITS_LEVELS; l++) {
        double at = quantile_of(w, &near, l);
        if (isnan(at))
            continue;
        p[n] = waits_level(l);
        x[n++] = at;
    }
    x[0] = fmin(first, x[1]);
    p[n] = 1;
    x[n] = fmax(last, x[n - 1]);
    return dist_empirical_quantiles(p, x, n + 1);
}
