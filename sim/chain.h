/* sim/chain.h - jobs one after the other, each with a wait in the queue and a session. */
#ifndef DAGCAST_SIM_CHAIN_H
#define DAGCAST_SIM_CHAIN_H

#include "core/timeline.h"
#include "sim/simulate.h"

struct simulator;

struct chain *chain_new(const struct scenario *s);       /* NULL: one job that never waits */
void chain_free(struct chain *c);        /* NULL allowed */
/* A replica of all its jobs. Times count from the first request. */
void chain_stream(struct simulator *s, uint32_t replica, const struct record_sink *sink,
                  struct replica *out);
/* A way (sim/phases.h) of the job in hand has staged out what an earlier job did of a task: all,
 * and the client knows at notified_s; NAN: a part, and the job is over. */
struct staged_part { uint32_t set, task, way; double notified_s; };
void chain_staged(struct chain *c, const struct staged_part *part);
const struct job_span *chain_jobs(const struct chain *c, size_t *n);     /* of the last replica */

#endif
