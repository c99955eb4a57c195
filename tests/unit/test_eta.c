#include "validation/eta.h"

#include "core/durations.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct scenario scenario_of(const struct workflow *w, const struct platform *p,
                                   const struct middleware *m)
{
    return (struct scenario){
        .workflow = w,
        .platform = p,
        .middleware = m,
        .mode = MODE_ASYNCHRONOUS,
        .seed = 3,
        .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" }
    };
}

static void add(struct timeline *t, uint32_t task, double from_s, double to_s,
                enum task_status status, unsigned attempt)
{
    struct timeline_record r = { .task = task, .submitted_s = from_s, .arrived_s = from_s,
                                 .scheduled_s = from_s, .started_s = from_s,
                                 .stopped_s = to_s, .freed_s = to_s, .notified_s = to_s };
    timeline_add(t, &r, status, attempt);
}

/* Four tasks of 10 s on one core, then three of 4 s: 52 s. What has ended took half as long again:
 * so will the rest of its set, and the other set, of which nothing is known, takes as much longer
 * as tasks took so far. */
static void the_rest_goes_as_its_sets_went(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 1, "
                       "'duration': 10, 'retries': 1},"
                       " {'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 4, 'after': ['a']}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 1}]}");
    struct middleware *ideal = middleware_ideal();
    struct scenario s = scenario_of(w, p, ideal);
    struct error err;
    struct eta *e = eta_new(&s, &err);
    struct timeline *t = timeline_new(w, p);
    unit_near(eta_left_s(e, t, 0, 0), 52, 1e-9);
    unit_near(eta_left_s(e, t, 7.5, 0), 44.5, 1e-9);
    add(t, 0, 0, 15, TASK_DONE, 0);
    add(t, 1, 15, 30, TASK_DONE, 0);
    unit_near(eta_left_s(e, t, 30, 0), 2 * 15 + 3 * (4 + 5), 1e-9);
    unit_near(eta_left_s(e, t, 130, 100), 57, 1e-9);
    add(t, 2, 30, 45, TASK_DONE, 0);
    add(t, 3, 45, 60, TASK_DONE, 0);
    add(t, 4, 60, 66, TASK_DONE, 0);
    unit_near(eta_left_s(e, t, 67, 0), 2 * 6 - 1, 1e-9);
    unit_near(eta_left_s(e, t, 80.5, 0), 2 * 6 - 14.5, 1e-9); /* late */
    add(t, 5, 66, 72, TASK_DONE, 0);
    add(t, 6, 72, 78, TASK_DONE, 0);
    unit_near(eta_left_s(e, t, 78, 0), 0, 1e-9);
    timeline_free(t);
    eta_free(e);
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

/* The same draws, on a faster clock. */
static void scaled_workflows_draw_scaled_numbers(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 5, 'cores': 1, "
                       "'timeout': 80, 'release': 30,"
                       " 'duration': {'distribution': 'lognormal', 'mean': 34.5, 'sd': 7}},"
                       " {'name': 'b', 'tasks': 2, 'cores': 1, 'durations': [3, 5]}]}");
    struct workflow *scaled = workflow_scaled(w, 0.015);
    struct durations *d = durations_new(w), *e = durations_new(scaled);
    durations_begin(d, 9, 0);
    durations_begin(e, 9, 0);
    for (uint32_t t = 0; t < 5; t++)
        unit_alike(durations_at(e, 0, t, 1), 0.015 * durations_at(d, 0, t, 1), 1e-12);
    unit_near(durations_at(e, 1, 1, 0), 0.075, 1e-15);
    unit_near(scaled->sets[0].traits->timeout_s, 1.2, 1e-15);
    unit_near(scaled->sets[0].release.time_s, 0.45, 1e-15);
    durations_free(d);
    durations_free(e);
    workflow_free(scaled);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(the_rest_goes_as_its_sets_went),
                                              UNIT_TEST(scaled_workflows_draw_scaled_numbers),
                                              { NULL, NULL } };
    return unit_run("eta", tests);
}
