/* tests/support/world.h - a small workflow and platform from JSON written in the test, and
 * timelines filled by hand. */
#ifndef DAGCAST_TESTS_SUPPORT_WORLD_H
#define DAGCAST_TESTS_SUPPORT_WORLD_H

#include "core/timeline.h"

struct world {
    struct workflow *workflow;
    struct platform *platform;
    struct timeline *timeline;           /* empty at first */
};
/* as given_workflow(), given_platform() */
struct world world_new(const char *workflow_json, const char *platform_json);
void world_clear(struct world *w);

/* Task `task` of set `set`: given to it and started at start_s, stopped and freed at stop_s; other
 * times unknown. */
size_t world_ran(struct world *w, int set, uint32_t task, double start_s, double stop_s);
/* Slots first_slot .. first_slot + n_slots - 1 and one GPU (-1: none) of the node. */
struct world_place { uint32_t node; int first_slot, n_slots, gpu; };
/* The same, there. */
size_t world_ran_on(struct world *w, int set, uint32_t task, double start_s, double stop_s,
                    struct world_place place);
/* Slots for the record added last. */
void world_slots(struct world *w, struct world_place place);

#endif
