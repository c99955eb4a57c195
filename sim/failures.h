/* sim/failures.h - nodes of the simulated platform that fail and are repaired (core/failures.h). */
#ifndef DAGCAST_SIM_FAILURES_H
#define DAGCAST_SIM_FAILURES_H

#include "sim/simulate_impl.h"

struct failures;
struct failures *failures_new(struct simulator *s);                      /* NULL: no node fails */
void failures_free(struct failures *f);                                  /* NULL allowed */
/* A session; `first`: of a replica. */
void failures_begin(struct failures *f, uint32_t replica, bool first);
/* EVENT_NODE is due: the node fails, or is back. */
void failures_on_node(struct failures *f, uint32_t node);
/* All of the replica so far, in the time of all its jobs. */
const struct node_down *failures_downs(const struct failures *f, size_t *n);
bool failures_down(const struct failures *f, uint32_t node);
/* A node of the attempt is down. O(nodes of the attempt) */
bool failures_strikes(const struct failures *f, const struct attempt *a);

#endif
