#include "tests/support/world.h"

#include <math.h>

#include "tests/support/given.h"

struct world world_new(const char *workflow_json, const char *platform_json)
{
    struct world w = { .workflow = given_workflow(workflow_json),
                       .platform = given_platform(platform_json) };
    w.timeline = timeline_new(w.workflow, w.platform);
    return w;
}

void world_clear(struct world *w)
{
    timeline_free(w->timeline);
    workflow_free(w->workflow);
    platform_free(w->platform);
    *w = (struct world){ 0 };
}

size_t world_ran(struct world *w, int set, uint32_t task, double start_s, double stop_s)
{
    struct timeline_record r = {
        .submitted_s = NAN, .arrived_s = NAN, .scheduled_s = start_s, .started_s = start_s,
        .stopped_s = stop_s,
        .freed_s = stop_s, .notified_s = NAN, .task = w->workflow->sets[set].first_task + task,
    };

    return timeline_add(w->timeline, &r, TASK_DONE, 0);
}

void world_slots(struct world *w, struct world_place place)
{
    uint16_t cores[NODE_MOST_SLOTS], gpus[1] = { (uint16_t)(place.gpu < 0 ? 0 : place.gpu) };

    for (int i = 0; i < place.n_slots; i++)
        cores[i] = (uint16_t)(place.first_slot + i);
    timeline_add_slots(w->timeline, &(struct timeline_slots){ .node = place.node, .cores = cores,
                                       .n_cores = (size_t)place.n_slots, .gpus = gpus,
                                       .n_gpus = place.gpu < 0 ? 0 : 1 });
}

size_t world_ran_on(struct world *w, int set, uint32_t task, double start_s, double stop_s,
                    struct world_place place)
{
    size_t record = world_ran(w, set, task, start_s, stop_s);

    world_slots(w, place);
    return record;
}
