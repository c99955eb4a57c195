/* traces/service_order.h - were requests served one by one, or did they share the service?
 *
 * Both are played back with requests of one length: which mean end is nearer to the recorded one
 * tells. */
#ifndef DAGCAST_TRACES_SERVICE_ORDER_H
#define DAGCAST_TRACES_SERVICE_ORDER_H

#include "traces/session.h"

/* How far the mean end is from the recorded one if each task of the service takes `each_s` for one
 * request at a time. A session with services and requests. O(requests log requests) */
double service_order_serial_error_s(const struct session *s, double each_s);
/* If requests share all of it: one takes `each_s` alone, the first took `first_s` to be served. */
double service_order_shared_error_s(const struct session *s, double each_s, double first_s);

#endif
