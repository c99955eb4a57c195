/* traces/station_lists.h - the samples of several sessions, one list a parameter and session, after
 * what only all of them tell: which starts were cold, and what each task adds to a bulk's cost and
 * to its creation. */
#ifndef DAGCAST_TRACES_STATION_LISTS_H
#define DAGCAST_TRACES_STATION_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "traces/cold_rule.h"
#include "traces/samples.h"
#include "traces/slope_fit.h"

struct station_lists {
    size_t n_sessions;
    struct sample_list *of[STATION_PARAMETERS];          /* n_sessions each */
    struct cold_rule_fit cold;
    /* of the sessions, on average: close_task and open_task are for a broker as far away
     * (core/broker.h); 0: none is known */
    double broker_s;
    /* n_sessions; a session's bookings, what it opens x this are for it */
    double *to_broker, *open_to_broker;
    bool singly;                         /* all clients create and submit one task after another */
    struct slope per_task, open_task;    /* client.per_task, client.open_task */
    /* tasks of a bulk, over bulks but the first, then sessions; 0 */
    double mean_bulk;
};

/* `base_s`: of a bulk where no session has a second one, to tell first_bulk from it. */
void station_lists_init(struct station_lists *out, const struct samples *sessions, size_t n,
                        double base_s);
void station_lists_clear(struct station_lists *l);

#endif
