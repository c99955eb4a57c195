#include "tests/support/scripted_run.h"

#include <stdlib.h>

#include "tests/support/given.h"

void scripted_run_init(struct scripted_run *r, const char *sets)
{
    char *text = str_format("{'name': 'w', 'task_sets': [%s]}", sets);
    *r = (struct scripted_run){ 0 };
    r->workflow = given_workflow(text);
    r->platform = given_platform("{'name': 'p', 'nodes': [{'name': 'n', 'count': 2, 'cores': 4}]}");
    r->ideal = middleware_ideal();
    r->scenario = (struct scenario){
        .workflow = r->workflow,
        .platform = r->platform,
        .middleware = r->ideal,
        .mode = MODE_ASYNCHRONOUS,
        .seed = 1,
        .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" },
    };
    r->timeline = timeline_new(r->workflow, r->platform);
    free(text);
}

static void hear(void *context, const char *sentence)
{
    struct scripted_run *r = context;
    str_addf(&r->heard, "%s\n", sentence);
}

static void turned(void *context, const struct run_progress *p)
{
    struct scripted_run *r = context;
    r->told = *p;
}

int scripted_run(struct scripted_run *r, struct run_plan plan)
{
    char *nothing[] = { NULL };
    const struct executor_setup setup = { .platform = r->platform,
                                          .run_id = "test",
                                          .environment = nothing,
                                          .task_program = "none",
                                          .folder = r->folder };
    timeline_clear(r->timeline);
    r->out = (struct run_outcome){ 0 };
    plan.scenario = &r->scenario;
    plan.setup = &setup;
    plan.grace_s = 1.5;
    plan.hooks = (struct run_hooks){ .context = r, .say = hear, .turned = turned };
    return run_workflow(&plan, r->timeline, &r->out, &r->err);
}

void scripted_run_clear(struct scripted_run *r)
{
    timeline_free(r->timeline);
    workflow_free(r->workflow);
    platform_free(r->platform);
    middleware_free(r->ideal);
    str_clear(&r->heard);
}
