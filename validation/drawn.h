/* validation/drawn.h - a measured session whose decisions are drawn: how often its loops repeat is
 * not known beforehand.
 *
 * Beside the prediction with outcomes known (validation/validate.h) it says how long such a session
 * takes before anybody knows what will be decided: with loops as other sessions had them, or, of a
 * session alone, as its own had. */
#ifndef DAGCAST_VALIDATION_DRAWN_H
#define DAGCAST_VALIDATION_DRAWN_H

#include "traces/session_loops.h"
#include "validation/validate.h"

struct drawn_prediction {
    const struct validation *of; /* with outcomes known */
    bool done; /* the session decides something, and could be predicted */
    size_t n_others; /* loops of other sessions that were learnt from; 0: its own */
    size_t n_loops; /* of this session; 0: it is a campaign, whose number of tasks is known */
    double iterations; /* of all its loops together, as measured */
    struct stats_summary drawn; /* the same, drawn */
    struct stats_summary makespan;
    struct stats_interval pi95;
    double error_s; /* mean predicted - measured */
    bool in_interval;
    struct error why; /* it decides, but could not be predicted; else empty */
};
struct drawn_predictions {
    size_t n;
    struct drawn_prediction *at;
};
/* Others: loops of the sessions to learn from, not of this one. */
void drawn_predict(struct drawn_prediction *out, const struct validation *v,
                   const struct loop_counts *others);

#endif
