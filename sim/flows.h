/* sim/flows.h - the flows of a simulated platform, and who uses them.
 *
 * A use is one phase's share of one flow: a task on several nodes uses the flow of each. The
 * engine's timer is when the next use of any flow ends. */
#ifndef DAGCAST_SIM_FLOWS_H
#define DAGCAST_SIM_FLOWS_H

#include "drive/driver.h"
#include "sim/flow.h"

#define NO_FLOW UINT32_MAX

struct flows;
struct flows *flows_new(struct driver *d);               /* d's scenario is set */
void flows_free(struct flows *f);                        /* NULL allowed */
void flows_begin(struct flows *f);                       /* a replica: all are empty */

/* What a set's phase uses: the number of a flow's rule, or of a service's flow. */
uint32_t flows_find(const struct flows *f, const struct task_set *set, const struct phase *phase);
/* NO_FLOW: it has none */
uint32_t flows_of_slowdown(const struct flows *f, const struct task_set *set);
/* One more task of a service serves, or (-1) one less. */
void flows_serve(struct flows *f, int set, int more);
/* The most that one user gets of the flow besides its own limit. */
double flows_cap(const struct flows *f, uint32_t rule);
/* Its rate; of a service's, of one of its tasks. */
double flows_rate(const struct flows *f, uint32_t rule);
bool flows_is_per_node(const struct flows *f, uint32_t rule);

/* The owner begins to use a flow now. Returns the use, which is in no list yet. */
uint32_t flows_use(struct flows *f, uint32_t rule, uint32_t node, double amount, double cap,
                   uint32_t owner);
/* Its next use in the list that begins with *first gets `use` in front. */
void flows_link(struct flows *f, uint32_t use, uint32_t *first);
/* Ends all uses of the list before their time. Returns how much is left of their amounts. */
double flows_stop(struct flows *f, uint32_t *first);

/* EVENT_FLOW is due: the uses that have ended, one a call; NO_FLOW: no more, and the
 * timer is set. Other uses may begin in between. */
uint32_t flows_ended(struct flows *f, struct event ev);
uint32_t flows_owner(const struct flows *f, uint32_t use);
/* A use that has ended leaves its owner's list and is gone. */
void flows_drop(struct flows *f, uint32_t use, uint32_t *first);

#endif
