#include "tests/support/pilot_world.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct pilot_world pilot_world_of(struct workflow *w, struct platform *one, struct middleware *m,
                                  size_t pilots, struct dist *wait)
{
    struct error err = { "" };
    struct scheduler_options options = { 0 };
    struct pilot_world x = { .workflow = w, .middleware = m };
    x.platform = platform_with_pilots(one, pilots, &err);
    if (!x.platform)
        CU_FAIL_FATAL(err.text);
    platform_free(one);
    x.wait = wait ? queue_wait_of_dist(wait) : NULL;
    x.scenario = (struct scenario){ .workflow = w,
                                    .platform = x.platform,
                                    .middleware = m,
                                    .mode = MODE_ASYNCHRONOUS,
                                    .seed = 7,
                                    .allocation.wait = x.wait,
                                    .scheduler = scheduler_options_resolve(&options, m) };
    return x;
}

/* `one`: the platform of a pilot. */
struct pilot_world pilot_world_given(const char *workflow, const char *one, const char *middleware,
                                     size_t pilots, struct dist *wait)
{
    return pilot_world_of(given_workflow(workflow), given_platform(one),
                          given_middleware(middleware), pilots, wait);
}

void pilot_world_open(struct pilot_world *x)
{
    struct error err = { "" };
    x->simulator = simulator_new(&x->scenario, &err);
    if (!x->simulator)
        CU_FAIL_FATAL(err.text);
    x->timeline = timeline_new(x->workflow, x->platform);
}

void pilot_world_run(struct pilot_world *x, uint32_t replica)
{
    struct replica bare;
    struct error err = { "" };
    simulator_run(x->simulator, replica, NULL, &bare);
    simulator_run(x->simulator, replica, x->timeline, &x->out);
    unit_near(bare.jobs.solution_s, x->out.jobs.solution_s, 0);
    unit_near(bare.jobs.held_s, x->out.jobs.held_s, 0);
    unit_near((double)bare.n_done, (double)x->out.n_done, 0);
    if (timeline_check(x->timeline, &err))
        CU_FAIL(err.text);
}

void pilot_world_clear(struct pilot_world *x)
{
    simulator_free(x->simulator);
    timeline_free(x->timeline);
    queue_wait_free(x->wait);
    workflow_free(x->workflow);
    platform_free(x->platform);
    middleware_free(x->middleware);
}
