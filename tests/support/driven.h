/* tests/support/driven.h - a session in progress (drive/driver.h) on one node of four cores, in a
 * scripted world of the test's: what tests of the driver have in common. */
#ifndef DAGCAST_TESTS_SUPPORT_DRIVEN_H
#define DAGCAST_TESTS_SUPPORT_DRIVEN_H

#include "base/str.h"
#include "drive/driver.h"

/* The first member of a test's world, which is what the driver hands to its ops. */
struct driven {
    struct driver drive;
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *ideal;
    struct str starts;                   /* what start() notes, "TIME TASK " */
};

/* `how`: mode, walltime, order of pipelines and scheduler of the scenario; its order, overtake and
 * placement are arrival, backfill and first_fit. Begins the driver at 0. */
void driven_init(struct driven *d, const char *workflow, const struct scenario *how,
                 const struct world_ops *ops, const struct client_ops *client);
void driven_run(struct driven *d);       /* to its end */
void driven_clear(struct driven *d);

/* A check that the noted text is this; shows both if not. */
void driven_same_text(const struct str *actual, const char *expected);

#endif
