/* validation/plain_view.h - a plain session (traces/session.h) with the arrivals, placements and
 * frees that its starts and ends tell, so that schedulers can be replayed on it.
 *
 * A task arrives its session's least latency after its submission or its parents' ends, and not
 * after its start; it is placed at its start; its slots are free the least latency of a reuse after
 * its stop. (Latencies hold what a scheduler made tasks wait although room was free: the least
 * ones, the 5 % quantiles, do not.) */
#ifndef DAGCAST_VALIDATION_PLAIN_VIEW_H
#define DAGCAST_VALIDATION_PLAIN_VIEW_H

#include "traces/session.h"

struct plain_view {
    /* the given one but for its timeline and tasks; never session_free() it */
    struct session session;
    /* instants closer than that are the same: latencies vary, clocks have whole seconds */
    double tolerance_s;
};
void plain_view_init(struct plain_view *view, const struct session *s);
void plain_view_clear(struct plain_view *view);

#endif
