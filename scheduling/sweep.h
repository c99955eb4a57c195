/* scheduling/sweep.h - of very many kinds of waiting tasks, those that could start in one pass, in
 * order.
 *
 * The index finds the next kind that could fit. A complete sweep leaves nothing waiting that fits,
 * so the next one looks only into nodes where slots were freed meanwhile, or that were reserved and
 * may be so no longer, and at kinds that came in. (Kinds of a reserved class are left out, but the
 * class fits nowhere then.) */
#ifndef DAGCAST_SCHEDULING_SWEEP_H
#define DAGCAST_SCHEDULING_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue_scheduler;
struct sweep;

struct sweep *sweep_new(const struct queue_scheduler *q);
void sweep_free(struct sweep *s);                        /* NULL allowed */
void sweep_reset(struct sweep *s);                       /* all nodes are free, nothing waits */
void sweep_nothing_waits(struct sweep *s);
void sweep_arrived(struct sweep *s, uint32_t kind);      /* some of the kind came in */
void sweep_freed(struct sweep *s, uint32_t node);        /* a node has more room than it had */

/* Begins a pass. With a reservation, until reserved_s, kinds of the reserved class are left out,
 * and so are those that could not start beside it. */
void sweep_begin(struct sweep *s, bool reserved, uint32_t head_class, double reserved_s);
/* The kind whose first task could start and goes first, of those behind the last one tried; -1:
 * there is none. */
int sweep_next(struct sweep *s);
/* The few nodes on which alone one of the kind could start, now that sweep_next() has found it;
 * NULL: any. */
const uint32_t *sweep_nodes(const struct sweep *s, int kind, size_t *n);
/* started: all that were tried; else the kind's first one did not */
void sweep_tried(struct sweep *s, int kind, bool started);

#endif
