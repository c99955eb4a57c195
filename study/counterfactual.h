/* study/counterfactual.h - what if: the same replicas in a world where one thing is otherwise.
 *
 * Each world shares its random numbers with the real one, so that differences are paired. Makespans
 * may grow where something is removed: list schedules know such anomalies (Graham 1969). */
#ifndef DAGCAST_STUDY_COUNTERFACTUAL_H
#define DAGCAST_STUDY_COUNTERFACTUAL_H

#include "base/error.h"
#include "core/scenario.h"
#include "core/setting.h"
#include "num/stats.h"
#include "study/replicate.h"

/* The settings with SETTING_WHAT_IF end the table (core/setting.h). */
enum { COUNTERFACTUALS = SETTINGS - SETTING_IDEAL_MIDDLEWARE };
static inline int what_if_index(enum setting_id id)            /* its place in counterfactuals.of */
{
    return (int)id - SETTING_IDEAL_MIDDLEWARE;
}

struct counterfactual {
    enum setting_id id;
    bool left_out;                       /* the scenario has nothing that it is about */
    /* it would change nothing, cannot be, or leaves tasks undone; NULL: what follows is filled */
    char *why_not;
    /* means; difference to the real world, paired: negative is faster */
    double makespan_s, difference_s;
    struct stats_interval ci95;          /* of the difference */
};
struct counterfactuals {
    size_t replicas;
    double makespan_s;                   /* mean, of the real world */
    struct counterfactual of[COUNTERFACTUALS];
    bool interrupted;                    /* then nothing else is filled */
};
/* In the scenario's mode. `real`: the result of replicate() for the scenario and these options, if
 * known; NULL: runs it. Returns -1 if replicate() refuses the scenario itself. Ignores o->precision
 * and o->bounds. */
int counterfactuals(const struct scenario *s, const struct replicate_options *o,
                    const struct replicas *real, struct counterfactuals *out, struct error *err);
void counterfactuals_clear(struct counterfactuals *c);

#endif
