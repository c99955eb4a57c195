/* tests/support/known_middleware.h - a workflow in two run() calls and a middleware of constants:
 * every station's value is known. */
#ifndef DAGCAST_TESTS_SUPPORT_KNOWN_MIDDLEWARE_H
#define DAGCAST_TESTS_SUPPORT_KNOWN_MIDDLEWARE_H

#include "core/middleware.h"
#include "traces/session.h"

/* for simulated_session(): seven stages, some of which wait for slots */
extern const char known_workflow[], known_platform[];

/* bootstrap 25, client 1.1 + 0.03 a task, 5 once, next_stage 2.1, next_run 5.5, agent 0.5, launch
 * 0.01, start-up 0.06, in the first wave 2, offset 0.066, in the first wave 0.6 more, detect 0.02,
 * free 0.03, notify 0.9, drain 20; polls as RADICAL-Pilot's. */
struct middleware *known_middleware(void);
/* of every parameter between sessions */
void known_spread(struct middleware *m, double between_sd);
/* session_free() it */
struct session *known_session(const struct middleware *m, uint32_t replica);

#endif
