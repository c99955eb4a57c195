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
const struct job_span *chain_jobs(const struct chain *c, size_t *n);     /* of the last replica */

#endif
