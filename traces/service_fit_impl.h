/* traces/service_fit_impl.h - what service_fit.c, which makes one rule of several sessions,
 * and service_requests.c, which reads one, share. */
#ifndef DAGCAST_TRACES_SERVICE_FIT_IMPL_H
#define DAGCAST_TRACES_SERVICE_FIT_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "traces/service_fit.h"

/* Times in which a service was at work on requests of one kind. */
struct service_kind {
    size_t n;
    double sum_s, squares;
};

/* It has a service, and requests enough to tell its rate. */
bool service_has_requests(const struct session *s);
/* Since when one of so many servers could serve request `i`, which ended as the i-th. */
double service_could_begin_s(const struct session *s, size_t i, size_t servers);
/* From then to its end. */
double service_took_s(const struct session *s, size_t i, size_t servers);
/* Time of servers at work on all requests but the first of each. */
double service_busy_s(const struct session *s, size_t servers);
/* Requests served in that time if all shared the service: those that began after the first end.
 * The others were nearly done by then. */
size_t service_begun_later(const struct session *s);

/* Of each client its first request in kinds[0], the others in kinds[1]; not the servers' first. */
void service_add_kinds(const struct session *s, size_t servers, struct service_kind kinds[2]);
/* about the mean */
double service_kind_squares(const struct service_kind *k);
/* What a first request counts as. */
double service_first_of(const struct service_kind kinds[2]);

#endif
