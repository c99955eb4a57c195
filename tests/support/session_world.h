/* tests/support/session_world.h - sessions for tests: small worlds that ran, written as
 * RADICAL-Pilot would and loaded again. */
#ifndef DAGCAST_TESTS_SUPPORT_SESSION_WORLD_H
#define DAGCAST_TESTS_SUPPORT_SESSION_WORLD_H

#include "tests/support/session_writer.h"
#include "tests/support/world.h"
#include "traces/session.h"

extern const char session_world_platform[];              /* three nodes of 40 threads and 4 GPUs */
/* sim, train | infer: two pipelines, the second after the first */
extern const char session_world_staged[];
/* the same sets, each after the one before; no pipelines */
extern const char session_world_bare[];

/* One attempt with every time known (submitted + 1.5 s arrived, + 2.5 s started, 1 ms later for
 * each task before it in the workflow stopped), on slots of its own. */
void session_world_ran(struct world *w, int set, uint32_t task, double submitted_s,
                       unsigned attempt, enum task_status status);

/* All tasks of the first three sets ran: submitted at 100.5, 137 and 160 s, a set a bulk. */
struct world session_world_new(const char *workflow_json);

/* Writes the session below `folder` and loads it; fails the test if that fails. writer->cut_s 0:
 * nothing is cut. */
struct session *session_world_load(const char *folder, struct session_writer *writer);

#endif
