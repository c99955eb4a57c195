/* tests/real/shared.h - the measured sessions that lie beside a checkout (never in it): loaded by
 * name, or the test is skipped. */
#ifndef DAGCAST_TESTS_REAL_SHARED_H
#define DAGCAST_TESTS_REAL_SHARED_H

#include <stddef.h>

#include "core/middleware.h"
#include "traces/session.h"

struct shared_run {
    const char *folder, *name;           /* "summit-async", "re.session. ... .0001" */
    double makespan_s, critical_path_s;  /* known from elsewhere; 0: not */
};
enum {
    SHARED_DDMD,
    SHARED_DG1,
    SHARED_DG1_ASYNC,
    SHARED_DG2,
    SHARED_DG1_RP,
    SHARED_BAG_2,
    SHARED_BAG_4,
    SHARED_RUNS
};
extern const struct shared_run shared_runs[SHARED_RUNS];
#define SHARED_ENTK 4                    /* the first four are under EnTK */

/* NULL: they are not there, and the test was skipped. session_free() it */
struct session *shared_session(int run);
/* the same of any: "bags/titan-64.tar.gz" */
struct session *shared_session_at(const char *file);
struct middleware *shared_profile(const struct session *s);      /* the shipped one nearest to it */

#endif
