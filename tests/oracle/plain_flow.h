/* tests/oracle/plain_flow.h - who shares a flow, replayed by plain water filling: every rate anew
 * at every change. */
#ifndef DAGCAST_TESTS_ORACLE_PLAIN_FLOW_H
#define DAGCAST_TESTS_ORACLE_PLAIN_FLOW_H

#include <stdbool.h>
#include <stddef.h>

struct plain_user {
    double from_s, amount, cap;
    double leaves_s;                     /* before it has its amount; NAN: it does not */
    double ends_s;                       /* the result */
};
struct plain_servers { double at_s; int more; };         /* in order of time */

/* Max-min fair shares of `rate` (times the servers that are there then; n_servers 0: one, always).
 * O(n^2 log n) */
void plain_flow(struct plain_user *users, size_t n, double rate,
                const struct plain_servers *servers, size_t n_servers);

#endif
