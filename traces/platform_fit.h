/* traces/platform_fit.h - makes an imported platform hold every task that ran on it. */
#ifndef DAGCAST_TRACES_PLATFORM_FIT_H
#define DAGCAST_TRACES_PLATFORM_FIT_H

#include "traces/session.h"

/* A file may describe less than its tasks used: then `describe` and `simulate` would refuse what
 * `import` wrote. Ranks larger than any node that a platform can have are split, then nodes grow to
 * the largest rank, then nodes are added for the ranks of one task. Each is a gap of the session.
 * Does nothing if the platform holds each task as it is. */
void platform_fit(struct session *s);

#endif
