/* tests/support/measured.h - sessions whose truth is known: simulated under a profile, written as
 * RADICAL-Pilot would have left them, imported again. */
#ifndef DAGCAST_TESTS_SUPPORT_MEASURED_H
#define DAGCAST_TESTS_SUPPORT_MEASURED_H

#include <stdint.h>

#include "core/middleware.h"
#include "tests/support/session_writer.h"
#include "traces/session.h"


/* on 4 nodes, 56 tasks of summit; not fitted on anything */
struct middleware *measured_profile(void);

enum measured_kind {
    /* EnTK: one pipeline of three stages; nothing waits for slots */
    MEASURED_STAGED,
    MEASURED_BAG                         /* without EnTK: mixed sizes, twice as much as fits */
};
struct measured {
    struct session *session;
    double makespan_s;                   /* as simulated */
};
/* `number`: which of the sessions that the profile can make. */
struct measured measured_session(enum measured_kind kind, enum session_dialect dialect,
                                 const struct middleware *m, uint32_t number);
void measured_clear(struct measured *m);

/* "0.6" "1.4" "1.9" "1.33" */
const char *measured_generation(enum session_dialect dialect);
#define MEASURED_DIALECTS 4              /* 0 .. 3 are the dialects */

#endif
