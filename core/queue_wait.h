/* core/queue_wait.h - how long a job waits in the queue: a distribution, or learnt. */
#ifndef DAGCAST_CORE_QUEUE_WAIT_H
#define DAGCAST_CORE_QUEUE_WAIT_H

#include <stdbool.h>

#include "base/str.h"
#include "core/platform.h"
#include "num/dist.h"
#include "num/waits.h"

struct queue_wait;                       /* immutable */
struct queue_wait *queue_wait_of_dist(struct dist *d);                   /* takes it */
/* Takes the waits. `in_nodes`: their sizes are nodes, else cores. `has_walltimes`: they depend on
 * the walltime asked for. */
struct queue_wait *queue_wait_of_history(struct waits *w, bool in_nodes, bool has_walltimes);
void queue_wait_free(struct queue_wait *q);              /* NULL allowed */

/* Waits are the same for every job. NULL: there are none. */
bool queue_wait_is_random(const struct queue_wait *q);
/* Of a distribution; NAN: of a history, whose waits depend on what is asked for. */
double queue_wait_mean(const struct queue_wait *q);
bool queue_wait_needs_walltime(const struct queue_wait *q);
/* "the jobs of the queue history asked for 16 to 64 cores, not 1344": false, nothing added, if the
 * history holds such jobs, or q is no history or NULL. */
bool queue_wait_add_outside(struct str *text, const struct queue_wait *q, const struct platform *p,
                            double walltime_s);
/* Of a job that asks for the nodes of a job of the platform for so long (0: no walltime); new. */
struct dist *queue_wait_dist(const struct queue_wait *q, const struct platform *p,
                             double walltime_s);

#endif
