/* validation/replay_run_impl.h - what replay_run.c, which replays a session, and
 * replay_places.c, which tells where its tasks were placed, share. */
#ifndef DAGCAST_VALIDATION_REPLAY_RUN_IMPL_H
#define DAGCAST_VALIDATION_REPLAY_RUN_IMPL_H

#include <stddef.h>
#include <stdint.h>

#include "validation/replay_run.h"

enum { REPLAY_ANYWHERE = 1 };            /* the session does not say where */

/* Of a plain session only nodes are told apart: ids of slots are mostly assumed there. */
uint64_t replay_nodes_of_grant(const struct pool *pool, uint32_t grant);
/* n records, none placed */
void replay_outcome_init(struct replay_outcome *out, size_t n);

#endif
