/* traces/service_fit.h - how fast a service answered, from the requests that its clients recorded.
 *
 * In the order of their ends, request i kept one of K servers (the tasks of the service) for
 * stop_i - max(start_i, stop_(i-K)): the time from when it could be served until it was (Lindley's
 * recursion, solved for the service time). The rate is requests / that time, summed; the first
 * request of each server, which may have waited for it to load, is left out and tells how long
 * loading took. Whether requests were served one by one or all at once is what the recorded
 * response times fit better. Served one by one, a client's first request may take longer than its
 * others (it opens a conversation): by how much, if the means differ by three standard errors of
 * eight requests or more of each kind. */
#ifndef DAGCAST_TRACES_SERVICE_FIT_H
#define DAGCAST_TRACES_SERVICE_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/phases.h"
#include "traces/session.h"

struct service_fit {
    size_t n_sessions, n_requests;       /* requests that the rate stands on */
    double rate;                         /* requests/s of one task of the service */
    /* relative sd of what a request takes in a new session: between sessions, and the error of
     * the mean; NAN: three requests or fewer */
    double rate_spread;
    double first; /* requests that a client's first counts as; 1: no difference */
    int at_once;                         /* 1 or 0 (struct service_rule) */
    bool at_once_known;                  /* requests waited for each other somewhere */
    size_t n_ready;                      /* sessions that show loading */
    /* mean and sd over them; sd NAN with one; NAN: not known */
    double ready_s, ready_sd_s;
    /* mean, of services from launch to start; NAN: not known */
    double startup_s;
};

/* Of the sessions that have a service and requests. False: none has. O(requests log requests) */
bool service_fit_of(const struct session *const *sessions, size_t n, struct service_fit *out);

/* The rule for a task set. A service starts up as other tasks do there, in `startup_s` in the mean
 * (NAN: as it did); `ready` makes up for the difference. `prior_spread` 0: as in these sessions.
 * Else as in a new one: rate and loading vary; loading by `prior_spread` of its mean if fewer than
 * three sessions tell, which one of them then knows with that error. `ready` is new. */
struct service_rule service_fit_rule(const struct service_fit *f, double startup_s,
                                     double prior_spread);

/* ---- were requests served one by one, or did they share the service? (service_order.c) ----
 *
 * Both are played back with requests of one length: which mean end is nearer to the recorded one
 * tells. */

/* How far the mean end is from the recorded one if each task of the service takes `each_s` for one
 * request at a time. A session with services and requests. O(requests log requests) */
double service_order_serial_error_s(const struct session *s, double each_s);
/* If requests share all of it: one takes `each_s` alone, the first took `first_s` to be served. */
double service_order_shared_error_s(const struct session *s, double each_s, double first_s);

#endif
