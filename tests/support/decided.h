/* tests/support/decided.h - a workflow that decides at run time, on two nodes of eight cores and
 * two GPUs, without middleware. */
#ifndef DAGCAST_TESTS_SUPPORT_DECIDED_H
#define DAGCAST_TESTS_SUPPORT_DECIDED_H

#include "core/scenario.h"

struct decided {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;            /* of them; seed 3, arrival, backfill, first_fit */
};
struct decided decided_of(const char *workflow, enum mode mode);
void decided_clear(struct decided *d);

#endif
