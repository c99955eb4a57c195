/* tests/support/simulated_session.h - a replica as the session that an importer would make of it:
 * every event that calibration reads.
 *
 * The workflow has pipelines; one that comes after others begins a run() of its own. */
#ifndef DAGCAST_TESTS_SUPPORT_SIMULATED_SESSION_H
#define DAGCAST_TESTS_SUPPORT_SIMULATED_SESSION_H

#include "core/middleware.h"
#include "traces/session.h"

/* Replica `replica` of the workflow (given_workflow() text) on the platform (given_platform() text)
 * in pipelined mode; requested durations are the workflow's means, the agent's clock of whole
 * seconds is that of the bootstrap. New; session_free() it. */
struct session *simulated_session(const char *workflow, const char *platform,
                                  const struct middleware *m, uint64_t seed, uint32_t replica);

#endif
