/* traces/cold_rule.h - which tasks start cold: the rule that best tells slow starts from others.
 *
 * What is explained is x, start-up plus execution beyond the request, s. In session s a rule's cold
 * tasks take D_s longer on average than its warm ones: one observation a session, not one a task,
 * since a cold start is one event. A rule of core/middleware.h explains 1 - SS1 / SS0, where SS0
 * sums the squares of x about each session's mean and SS1 those of x - D c, c being 1 for cold
 * tasks and D the mean of the OTHER sessions' D_s. (Where one session alone has both, its own,
 * less what chance explains.) Cold tasks must be slower in more than half of those that have both;
 * of rules about as good the simplest is taken. */
#ifndef DAGCAST_TRACES_COLD_RULE_H
#define DAGCAST_TRACES_COLD_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/middleware.h"
#include "traces/samples.h"

struct cold_rule_fit {
    enum cold_rule rule;
    int burst, bulks;                    /* of COLD_BURST */
    bool gpu_only;
    double explained;                    /* share of the squares, 0 for COLD_NEVER */
};
struct cold_rule_fit cold_rule_choose(const struct samples *sessions, size_t n);

/* cold[i] of tasks[i] under the rule; bulks in the order of their number. */
void cold_rule_apply(const struct cold_rule_fit *rule, const struct samples *session, bool *cold);

#endif
