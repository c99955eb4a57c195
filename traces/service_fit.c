#include "traces/service_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

enum { FEWEST_REQUESTS = 2, FEWEST_OF_A_KIND = 8 };

/* Times in which a service was at work on requests of one kind. */
struct kind {
    size_t n;
    double sum_s, squares;
};

struct totals {                          /* over sessions, if all requests were served in one way */
    double error_s;                      /* of mean ends */
    double ready_s, ready_squares, startup_s;
    size_t n_requests, n_ready, n_waiting, n_startups;
};

static bool has_service(const struct session *s)
{
    return s->n_services > 0 && s->n_requests >= FEWEST_REQUESTS;
}

/* Time in which the service was at work on all requests but the first. */
static double busy_s(const struct session *s)
{
    double sum_s = 0;
    for (size_t i = 1; i < s->n_requests; i++)
        sum_s += s->requests[i].stopped_s -
                 fmax(s->requests[i].started_s, s->requests[i - 1].stopped_s);
    return sum_s;
}

/* Requests served in that time if all shared the service: those that began after the first end.
 * The others were nearly done by then. */
static size_t begun_later(const struct session *s)
{
    size_t n = 0;
    for (size_t i = 1; i < s->n_requests; i++)
        n += s->requests[i].started_s >= s->requests[0].stopped_s;
    return n > 0 ? n : s->n_requests - 1;
}

static void add_to_kind(struct kind *k, double s)
{
    k->n++;
    k->sum_s += s;
    k->squares += s * s;
}

/* Of each client its first request in kinds[0], the others in kinds[1]; not the session's first. */
static void add_kinds(const struct session *s, struct kind kinds[2])
{
    bool *asked = xcalloc(s->timeline ? s->timeline->n + 1 : s->n_requests + 1, sizeof *asked);
    for (size_t i = 0; i < s->n_requests; i++) {
        const struct session_request *r = &s->requests[i];
        double free_s = i > 0 ? s->requests[i - 1].stopped_s : NAN;
        if (i > 0)
            add_to_kind(&kinds[asked[r->record]], r->stopped_s - fmax(r->started_s, free_s));
        asked[r->record] = true;
    }
    free(asked);
}

static double variance_of_mean(const struct kind *k, double mean_s)
{
    double n = (double)k->n;
    return fmax(0, k->squares - n * mean_s * mean_s) / (n - 1) / n;
}

/* What a first request counts as. */
static double first_of(const struct kind kinds[2])
{
    const struct kind *first = &kinds[0], *later = &kinds[1];
    if (first->n < FEWEST_OF_A_KIND || later->n < FEWEST_OF_A_KIND)
        return 1;
    double a_s = first->sum_s / (double)first->n, b_s = later->sum_s / (double)later->n;
    double error_s = sqrt(variance_of_mean(first, a_s) + variance_of_mean(later, b_s));
    const double rounding = 1e-9;
    return b_s > 0 && fabs(a_s - b_s) > fmax(3 * error_s, rounding * b_s) ? a_s / b_s : 1;
}

static double first_start(const struct session *s)
{
    double first_s = NAN;
    for (size_t i = 0; i < s->n_services; i++)
        first_s = fmin(first_s, s->services[i].started_s);
    return first_s;
}

/* When each request could be served: it was sent, and the service was ready. Ascending; free() it.
 */
static double *sorted_starts(const struct session *s, double ready_at_s)
{
    double *start_s = xcalloc(s->n_requests, sizeof *start_s);
    for (size_t i = 0; i < s->n_requests; i++)
        start_s[i] = fmax(s->requests[i].started_s, ready_at_s);
    sort_doubles(start_s, s->n_requests);
    return start_s;
}

static double serial_end_s(const double *start_s, size_t n, double each_s)
{
    double free_s = -INFINITY, sum_s = 0;
    for (size_t i = 0; i < n; i++)
        sum_s += free_s = fmax(free_s, start_s[i]) + each_s;
    return sum_s / (double)n;
}

/* Equal requests that share a rate end in the order in which they began, each when the virtual
 * time, which passes at 1 / (their number), has moved on by each_s. */
static double shared_end_s(const double *start_s, size_t n, double each_s)
{
    double now_s = start_s[0], virtual_s = 0, sum_s = 0, *end_s = xcalloc(n, sizeof *end_s);
    size_t begun = 0, ended = 0;
    while (ended < n) {
        double next_s = begun < n ? start_s[begun] : INFINITY;
        double active = (double)(begun - ended);
        double left_s = active > 0 ? (end_s[ended] - virtual_s) * active : INFINITY;
        if (now_s + left_s <= next_s) {
            now_s += left_s;
            virtual_s = end_s[ended++];
            sum_s += now_s;
            continue;
        }
        virtual_s += active > 0 ? (next_s - now_s) / active : 0;
        now_s = next_s;
        end_s[begun++] = virtual_s + each_s;
    }
    free(end_s);
    return sum_s / (double)n;
}

static double observed_end_s(const struct session *s)
{
    double sum_s = 0;
    for (size_t i = 0; i < s->n_requests; i++)
        sum_s += s->requests[i].stopped_s;
    return sum_s / (double)s->n_requests;
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
    for (size_t i = 1; i < s->n_requests; i++)
        n += s->requests[i].started_s < s->requests[i - 1].stopped_s;
    return n;
}

typedef double mean_end_fn(const double *start_s, size_t n, double each_s);

/* How far the mean end is from what was seen, if the first request took `first_s` to be served. */
static double error_of(const struct session *s, mean_end_fn *mean_end, double each_s,
                       double first_s)
{
    double *start_s = sorted_starts(s, s->requests[0].stopped_s - first_s);
    double error_s = fabs(mean_end(start_s, s->n_requests, each_s) - observed_end_s(s));
    free(start_s);
    return error_s;
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

/* What the session says if requests are served one by one, and if they share. */
static void add_session(const struct session *s, struct totals *serial, struct totals *shared)
{
    const struct session_request *first = &s->requests[0];
    double busy = busy_s(s), serial_s = busy / (double)(s->n_requests - 1),
           shared_s = busy / (double)begun_later(s), together = (double)at_first_end(s),
           took_s = first->stopped_s - first->started_s,
           since_s = first->stopped_s - first_start(s);
    add_startups(s, serial);
    add_startups(s, shared);
    serial->n_requests += s->n_requests - 1;
    shared->n_requests += begun_later(s);
    serial->error_s += error_of(s, serial_end_s, serial_s, serial_s);
    shared->error_s += error_of(s, shared_end_s, shared_s, together * shared_s);
    serial->n_waiting += waiting(s);
    if (took_s > 2 * serial_s)           /* it waited for the service */
        add_ready(serial, since_s - serial_s);
    if (took_s > 2 * together * shared_s)
        add_ready(shared, since_s - together * shared_s);
}

static void take(struct service_fit *out, const struct totals *t)
{
    double k = (double)t->n_ready;
    out->n_requests = t->n_requests;
    if (t->n_startups > 0)
        out->startup_s = t->startup_s / (double)t->n_startups;
    if (t->n_ready > 0)
        out->ready_s = t->ready_s / k;
    if (t->n_ready > 1)
        out->ready_sd_s =
            sqrt(fmax(0, (t->ready_squares - k * out->ready_s * out->ready_s) / (k - 1)));
}

bool service_fit_of(const struct session *const *sessions, size_t n, struct service_fit *out)
{
    struct totals serial = { 0 }, shared = { 0 };
    /* service tasks, weighted by the time in which they served */
    double tasks_s = 0;
    struct kind kinds[2] = { { 0 } };
    *out = (struct service_fit){ .ready_s = NAN, .ready_sd_s = NAN, .startup_s = NAN, .first = 1 };
    for (size_t i = 0; i < n; i++) {
        double session_s = has_service(sessions[i]) ? busy_s(sessions[i]) : 0;
        if (!(session_s > 0))
            continue;
        out->n_sessions++;
        out->busy_s += session_s;
        tasks_s += session_s * (double)sessions[i]->n_services;
        add_session(sessions[i], &serial, &shared);
        add_kinds(sessions[i], kinds);
    }
    if (out->n_sessions == 0)
        return false;
    out->at_once_known = serial.n_waiting > 0;
    out->at_once = !out->at_once_known || serial.error_s <= shared.error_s;
    take(out, out->at_once ? &serial : &shared);
    if (out->at_once)
        out->first = first_of(kinds);
    out->rate = ((double)out->n_requests + (double)kinds[0].n * (out->first - 1)) / tasks_s;
    return true;
}

struct service_rule service_fit_rule(const struct service_fit *f, double startup_s,
                                     double prior_spread)
{
    struct service_rule rule = {
        .serves = true, .rate = f->rate, .first = f->first, .at_once = f->at_once
    };
    double sd_s = isnan(f->ready_sd_s) ? prior_spread * f->ready_s : f->ready_sd_s,
           less_s = startup_s - f->startup_s,
           ready_s = isnan(less_s) ? f->ready_s : f->ready_s - less_s;
    if (ready_s > 0)
        rule.ready = sd_s > 0 ? dist_normal(ready_s, sd_s) : dist_constant(ready_s);
    return rule;
}
