/* tests/support/plain_session.h - a replica as another tool's trace: starts and ends, submissions
 * if asked for, nothing else. */
#ifndef DAGCAST_TESTS_SUPPORT_PLAIN_SESSION_H
#define DAGCAST_TESTS_SUPPORT_PLAIN_SESSION_H

#include "core/middleware.h"
#include "traces/session.h"

struct plain_kind {
    const char *workflow, *platform; /* given_workflow(), given_platform() texts */
    bool submissions; /* were recorded */
    double clock_s; /* times are rounded down to multiples of it; 0: exact */
    int window; /* of the session; the profile has its own */
};
/* Asynchronous mode, arrival, backfilling, first fit. New; session_free() it. */
struct session *plain_session(const struct plain_kind *kind, const struct middleware *m,
                              uint64_t seed, uint32_t replica);

#endif
