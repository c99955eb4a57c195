/* tests/support/given.h - descriptions for tests: from JSON, with single quotes if one likes, or
 * random ones, reproducibly. */
#ifndef DAGCAST_TESTS_SUPPORT_GIVEN_H
#define DAGCAST_TESTS_SUPPORT_GIVEN_H

#include <stdint.h>

#include "core/middleware.h"
#include "core/platform.h"
#include "core/workflow.h"

/* 'x' stands for "x", unless the text has double quotes of its own. A sentence on standard error
 * and abort() when the text is refused. */
struct workflow *given_workflow(const char *text);
struct platform *given_platform(const char *text);
struct middleware *given_middleware(const char *text);
/* A check that this workflow, as the text of w.json, is refused with this very sentence. */
void given_refused(const char *text, const char *sentence);

struct given_limits {
    size_t max_sets;                     /* 1 .. that many sets, */
    uint32_t max_tasks;                  /* of 1 .. that many tasks */
    bool only_all;                       /* no dependencies task by task */
    bool only_single;                    /* no tasks of several ranks, no shares of GPUs */
    /* durations vary; else each set's are constant, of few different values */
    bool varying;
};
/* Sets with any demands, dependencies on earlier ones; durations are multiples of 1/8 s when they
 * are constant. */
struct workflow *given_random_workflow(uint64_t number, const struct given_limits *limits);
/* Some nodes of one or two shapes, with slots, GPUs and memory enough for every demand of the
 * random workflows. */
struct platform *given_random_platform(uint64_t number);

double given_draw(uint64_t number, uint64_t index);                      /* uniform in (0, 1) */
int given_choice(uint64_t number, uint64_t index, int low, int high);    /* low .. high */

#endif
