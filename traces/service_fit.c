#include "traces/service_fit.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/service_fit_impl.h"

enum { FEWEST_SESSIONS = 3 };

struct totals {                          /* over sessions, if all requests were served in one way */
    double error_s;                      /* of mean ends */
    double ready_s, ready_squares, startup_s;
    double server_s;                     /* tasks of services that were at work, times how long */
    size_t n_requests, n_ready, n_waiting, n_startups;
};

static double first_start(const struct session *s)
{
    double first_s = NAN;
    for (size_t i = 0; i < s->n_services; i++)
        first_s = fmin(first_s, s->services[i].started_s);
    return first_s;
}

/* Requests that were there when the first one ended, itself included. */
static size_t at_first_end(const struct session *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_requests; i++)
        n += s->requests[i].started_s < s->requests[0].stopped_s;
    return n;
}

static size_t waiting(const struct session *s)
{
    size_t n = 0;
    for (size_t i = s->n_services; i < s->n_requests; i++)
        n += s->requests[i].started_s < service_could_begin_s(s, i, s->n_services);
    return n;
}

static void add_startups(const struct session *s, struct totals *t)
{
    for (size_t i = 0; i < s->n_services; i++) {
        double startup_s = s->services[i].started_s - s->services[i].launched_s;
        if (!(startup_s >= 0))
            continue;
        t->startup_s += startup_s;
        t->n_startups++;
    }
}

static void add_ready(struct totals *t, double ready_s)
{
    if (!(ready_s > 0))
        return;
    t->n_ready++;
    t->ready_s += ready_s;
    t->ready_squares += ready_s * ready_s;
}

/* From the start of each server to its first request, in order: mean; NAN if none waited. */
static double serial_ready_s(const struct session *s, double each_s)
{
    double *start_s = xcalloc(s->n_services, sizeof *start_s), sum_s = 0;
    size_t n = 0, n_starts = 0;
    for (size_t i = 0; i < s->n_services; i++)
        if (!isnan(s->services[i].started_s))
            start_s[n_starts++] = s->services[i].started_s;
    sort_doubles(start_s, n_starts);
    for (size_t i = 0; i < n_starts; i++) {
        double ready_s = s->requests[i].stopped_s - each_s - start_s[i];
        if (service_took_s(s, i, s->n_services) <= 2 * each_s || ready_s <= 0)
            continue;                    /* it was ready before */
        sum_s += ready_s;
        n++;
    }
    free(start_s);
    return n > 0 ? sum_s / (double)n : (double)NAN;
}

/* What the session says if requests are served one by one, and if they share. */
static void add_session(const struct session *s, struct totals *serial, struct totals *shared)
{
    size_t servers = s->n_services;
    double serial_busy_s = service_busy_s(s, servers), shared_busy_s = service_busy_s(s, 1),
           serial_s = serial_busy_s / (double)(s->n_requests - servers),
           shared_s = shared_busy_s / (double)service_begun_later(s),
           together = (double)at_first_end(s);
    add_startups(s, serial);
    add_startups(s, shared);
    serial->server_s += serial_busy_s;
    shared->server_s += shared_busy_s * (double)servers;
    serial->n_requests += s->n_requests - servers;
    shared->n_requests += service_begun_later(s);
    serial->error_s += service_order_serial_error_s(s, serial_s);
    shared->error_s += service_order_shared_error_s(s, shared_s, together * shared_s);
    serial->n_waiting += waiting(s);
    add_ready(serial, serial_ready_s(s, serial_s));
    if (service_took_s(s, 0, 1) > 2 * together * shared_s)       /* it waited for the service */
        add_ready(shared, s->requests[0].stopped_s - first_start(s) - together * shared_s);
}

static void take(struct service_fit *out, const struct totals *t,
                 const struct service_kind kinds[2])
{
    double k = (double)t->n_ready;
    out->n_requests = t->n_requests;
    out->rate = ((double)t->n_requests + (double)kinds[0].n * (out->first - 1)) / t->server_s;
    if (t->n_startups > 0)
        out->startup_s = t->startup_s / (double)t->n_startups;
    if (t->n_ready > 0)
        out->ready_s = t->ready_s / k;
    if (t->n_ready > 1)
        out->ready_sd_s =
            sqrt(fmax(0, (t->ready_squares - k * out->ready_s * out->ready_s) / (k - 1)));
    out->n_ready = t->n_ready;
}

/* How much time a request takes differs between sessions by tau (DerSimonian and Laird 1986: from
 * the sessions' means m_i of n_i requests, whose scatter within sessions has the variance v), and
 * the mean of all n is known with an error. A new session differs from that mean by
 *
 *     sd^2 = t^2 tau^2 (1 + sum n_i^2 / n^2) + v / n,
 *
 * the latter times (n - 1) / (n - 3), the variance of Student's t; t: few_wider(). */
struct spread {
    double v, n, squares_n, q;           /* q: sum of n_i (m_i - m)^2 */
    size_t sessions;
};

/* Normal quantiles are too narrow for a spread of k sessions: the 95 % interval becomes that of
 * Student's t, of three for two. */
static double few_wider(double k)
{
    return gsl_cdf_tdist_Pinv(0.975, fmax(k, FEWEST_SESSIONS) - 1) / gsl_cdf_ugaussian_Pinv(0.975);
}

static double spread_of(const struct spread *d, double each_s)
{
    double k = (double)d->sessions, n = d->n;
    if (n <= 3)
        return NAN;
    double tau2 = k > 1 ? fmax(0, (d->q - (k - 1) * d->v) / (n - d->squares_n / n)) : 0;
    double error2 = d->v / n * (n - 1) / (n - 3);
    tau2 *= few_wider(k) * few_wider(k);
    return sqrt(tau2 * (1 + d->squares_n / (n * n)) + error2) / each_s;
}

/* Requests of a session, each counted as so many later ones, and the mean time of one of these. */
static double counted(const struct session *s, const struct service_fit *f, double *each_s)
{
    struct service_kind kinds[2] = { { 0 } };
    service_add_kinds(s, s->n_services, kinds);
    double n = f->at_once ? (double)kinds[0].n * f->first + (double)kinds[1].n
                          : (double)service_begun_later(s);
    *each_s = f->at_once ? service_busy_s(s, s->n_services) / n
                         : service_busy_s(s, 1) / n * (double)s->n_services;
    return n;
}

/* Variance of one request's time. Those of several servers overlap: taken from the order of ends,
 * they tell so much less. */
static double variance_within(const struct session *const *sessions, size_t n,
                              const struct service_fit *f)
{
    double squares = 0, left = -1, overlap = 1;
    struct service_kind kinds[2] = { { 0 } };
    for (size_t i = 0; i < n; i++) {
        if (!service_has_requests(sessions[i]))
            continue;
        service_add_kinds(sessions[i], sessions[i]->n_services, kinds);
        overlap = fmax(overlap, (double)sessions[i]->n_services);
    }
    if (f->first == 1) {                 /* there is one kind only */
        kinds[0].n += kinds[1].n;
        kinds[0].sum_s += kinds[1].sum_s;
        kinds[0].squares += kinds[1].squares;
        kinds[1].n = 0;
    }
    for (size_t k = 0; k < 2; k++) {
        squares += service_kind_squares(&kinds[k]);
        left += (double)kinds[k].n - (k > 0 && kinds[k].n > 0);
    }
    return left > 0 ? overlap * squares / left : (double)NAN;
}

static double rate_spread(const struct session *const *sessions, size_t n,
                          const struct service_fit *f)
{
    struct spread d = { .v = variance_within(sessions, n, f) };
    for (size_t i = 0; i < n; i++) {
        double each_s;
        if (!service_has_requests(sessions[i]))
            continue;
        double requests = counted(sessions[i], f, &each_s);
        d.sessions++;
        d.n += requests;
        d.squares_n += requests * requests;
        d.q += requests * (each_s - 1 / f->rate) * (each_s - 1 / f->rate);
    }
    return spread_of(&d, 1 / f->rate);
}

bool service_fit_of(const struct session *const *sessions, size_t n, struct service_fit *out)
{
    struct totals serial = { 0 }, shared = { 0 };
    struct service_kind kinds[2] = { { 0 } };
    *out = (struct service_fit){ .ready_s = NAN, .ready_sd_s = NAN, .startup_s = NAN, .first = 1 };
    for (size_t i = 0; i < n; i++) {
        if (!service_has_requests(sessions[i]))
            continue;
        out->n_sessions++;
        add_session(sessions[i], &serial, &shared);
        service_add_kinds(sessions[i], sessions[i]->n_services, kinds);
    }
    if (out->n_sessions == 0)
        return false;
    out->at_once_known = serial.n_waiting > 0;
    out->at_once = !out->at_once_known || serial.error_s <= shared.error_s;
    if (out->at_once)
        out->first = service_first_of(kinds);
    take(out, out->at_once ? &serial : &shared, kinds);
    out->rate_spread = rate_spread(sessions, n, out);
    return true;
}

static double ready_sd_s(const struct service_fit *f, double prior_spread)
{
    double k = (double)f->n_ready, wider = sqrt(1 + 1 / k);
    if (prior_spread == 0)
        return 0;
    if (f->n_ready < FEWEST_SESSIONS)
        return prior_spread * f->ready_s * wider;
    return f->ready_sd_s * wider * few_wider(k);
}

struct service_rule service_fit_rule(const struct service_fit *f, double startup_s,
                                     double prior_spread)
{
    struct service_rule rule = {
        .serves = true, .rate = f->rate, .first = f->first, .at_once = f->at_once
    };
    double sd_s = ready_sd_s(f, prior_spread), less_s = startup_s - f->startup_s,
           ready_s = isnan(less_s) ? f->ready_s : f->ready_s - less_s;
    if (prior_spread > 0)
        rule.session_sd = isnan(f->rate_spread) ? prior_spread : f->rate_spread;
    if (ready_s > 0)
        rule.ready = sd_s > 0 ? dist_normal(ready_s, sd_s) : dist_constant(ready_s);
    return rule;
}
