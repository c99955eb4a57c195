/* traces/cold_rule.h - which tasks start cold: the rule under which start-up and execution split best into two kinds.
 *
 * Every rule of core/middleware.h, for all tasks or those with GPUs, is scored by the log density of each session's start-ups and
 * of what it executed beyond the request, both taken as lognormal with means and variances of the other sessions' cold and warm
 * tasks. A cold start is one event of a session, not one of each task: a rule must gain in most sessions that tell the rules
 * apart, or it is chance; and of rules about as good the simplest is taken. */
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
    double gain;                         /* log score over COLD_NEVER, per task */
};
struct cold_rule_fit cold_rule_choose(const struct samples *sessions, size_t n);

/* cold[i] of tasks[i] under the rule; bulks in the order of their number. */
void cold_rule_apply(const struct cold_rule_fit *rule, const struct samples *session, bool *cold);

#endif
