/* tests/oracle/random_scenario.h - small random workflows on small random platforms, of every kind
 * there is: ranks, cores, threads, GPUs and shares of them, memory; all kinds of dependencies,
 * releases, failures, pipelines. A pure function of its number. */
#ifndef DAGCAST_TESTS_ORACLE_RANDOM_SCENARIO_H
#define DAGCAST_TESTS_ORACLE_RANDOM_SCENARIO_H

#include <stdint.h>

#include "core/middleware.h"
#include "core/platform.h"
#include "core/workflow.h"

struct random_scenario {
    struct workflow *workflow;
    struct platform *platform;           /* holds each task of the workflow */
    struct middleware *middleware;       /* ideal for three in four */
};
struct random_scenario random_scenario_new(uint64_t number);
void random_scenario_free(struct random_scenario *s);

#endif
