/* tests/oracle/all_words.h - small random campaigns with all the words at once: flows, phases,
 * staging, services, slowdowns, failures, checkpoints, kinds of node, named resources, decisions. A
 * pure function of their numbers. */
#ifndef DAGCAST_TESTS_ORACLE_ALL_WORDS_H
#define DAGCAST_TESTS_ORACLE_ALL_WORDS_H

#include <stdint.h>

#include "core/middleware.h"
#include "core/platform.h"
#include "core/workflow.h"

struct platform *all_words_platform(uint64_t number);
/* NULL: what was rolled is refused; roll again, with the next attempt. */
struct workflow *all_words_workflow(uint64_t number, uint64_t attempt);
/* ideal for half of them */
struct middleware *all_words_middleware(uint64_t number);

#endif
