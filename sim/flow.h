/* sim/flow.h - one rate shared by its users, max-min fair with caps: a file system, a link, a
 * service.
 *
 * At any time the users that are served get rates x_i = min(cap_i, L), where the level L is the
 * largest with sum x_i <= rate: "water filling" (Bertsekas and Gallager, Data Networks, 6.5.2).
 * Users of one cap get the same rate, so each cap class has a virtual time S(t), the amount that
 * one of its users has been served since the class was last empty (Parekh and Gallager 1993). A
 * user that joins at S ends when the class has served S + amount: a constant, kept in a heap.
 *
 * A change costs O(log users + classes), never a scan of the users. A limit of users served at once
 * makes the others wait, first come first served: 1 is a serial server, 0 processor sharing. */
#ifndef DAGCAST_SIM_FLOW_H
#define DAGCAST_SIM_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;
/* `rate` in amount a second, >= 0, INFINITY: everything is served at once. at_once 0: no limit. */
struct flow *flow_new(double rate, size_t at_once);
void flow_free(struct flow *f);                          /* NULL allowed */
void flow_reset(struct flow *f, double rate, size_t at_once);   /* empty, at time 0 */

/* Times never go back. Before a change at `now_s`, flow_pop() has given all that ended by then. */
void flow_set_rate(struct flow *f, double now_s, double rate, size_t at_once);
/* A user that gets at most `cap` (> 0, may be INFINITY); its number until it ends or leaves. */
uint32_t flow_join(struct flow *f, double now_s, double amount, double cap, uint32_t subject);
/* Before its end, served or waiting. Returns the part of its amount that is left. */
double flow_leave(struct flow *f, double now_s, uint32_t user);

/* When the next user ends if nothing changes; INFINITY: none does. O(1). */
double flow_next_s(const struct flow *f);
/* A user that has ended by now_s, in the order (end, joining); false: none. */
bool flow_pop(struct flow *f, double now_s, uint32_t *subject);

#endif
