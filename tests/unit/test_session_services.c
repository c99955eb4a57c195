/* A session's services in the workflow that it ran. Oracle: by hand. */
#include "traces/session_services.h"

#include <math.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

/* Two services, launched at 3 and 5 s; two tasks, at 11 and 9 s: 6 s of loading are over then. */
static void services_may_be_launched_earlier(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': 1}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 1, 'cores': 4}]}");
    struct session_service services[] = { { .launched_s = 3 }, { .launched_s = 5 } };
    double at[2][SESSION_EVENTS] = { { 0 } };
    struct session_task tasks[2] = { { .uid = "a", .at = at[0] }, { .uid = "b", .at = at[1] } };
    struct session s = { .n_services = 2, .services = services, .tasks = tasks,
                         .timeline = timeline_new(w, p) };
    for (uint32_t t = 0; t < 2; t++)
        timeline_add(s.timeline, &(struct timeline_record){ .task = t }, TASK_DONE, 0);
    tasks[0].at[EVENT_LAUNCH_START] = 11;
    tasks[1].at[EVENT_LAUNCH_START] = 9;
    unit_near(session_service_lead_s(&s), 6, 1e-12);
    services[0].launched_s = NAN;
    unit_near(session_service_lead_s(&s), 4, 1e-12);
    services[1].launched_s = 12;         /* later */
    unit_near(session_service_lead_s(&s), 0, 0);
    tasks[0].at[EVENT_LAUNCH_START] = tasks[1].at[EVENT_LAUNCH_START] = NAN;
    services[1].launched_s = 5;
    unit_near(session_service_lead_s(&s), 0, 0);
    timeline_free(s.timeline);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(services_may_be_launched_earlier),
        { NULL, NULL },
    };
    return unit_run("session_services", tests);
}
