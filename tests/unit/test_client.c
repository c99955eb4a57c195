/* The client's way from ready tasks to the agent. Oracle: times worked out by hand from constant
 * parameters. */
#include "sim/simulate.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct run {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct timeline *timeline;
    struct replica out;
};

static struct run run(const char *workflow, const char *middleware)
{
    struct run r = { given_workflow(workflow), given_platform("{'nodes': [{'cores': 4}]}"),
                     given_middleware(middleware), NULL, { .n_done = 0 } };
    struct scenario s = { .workflow = r.workflow, .platform = r.platform,
                          .middleware = r.middleware,
                          .mode = MODE_ASYNCHRONOUS, .seed = 7,
                          .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" } };
    struct error err = { "" };
    struct simulator *sim = simulator_new(&s, &err);
    CU_ASSERT_FATAL(sim != NULL);
    r.timeline = timeline_new(r.workflow, r.platform);
    simulator_run(sim, 0, r.timeline, &r.out);
    simulator_free(sim);
    CU_ASSERT(timeline_check(r.timeline, &err) == 0);
    return r;
}

static void clear(struct run *r)
{
    timeline_free(r->timeline);
    workflow_free(r->workflow);
    platform_free(r->platform);
    middleware_free(r->middleware);
}

static double start_of(const struct run *r, uint32_t task)
{
    for (size_t i = 0; i < r->timeline->n; i++)
        if (r->timeline->records[i].task == task)
            return r->timeline->records[i].started_s;
    CU_FAIL_FATAL("no such record");
    return 0;
}

/* Of bulks of at most n tasks: each is created while the one before is on its way; what is ready
 * together has one base. */
static void a_client_submits_what_is_ready_in_bulks(void)
{
    static const struct { const char *profile; double last_s; } cases[] = {
        { "{'stations': {'client': {'base': 2, 'open_task': 0.5, 'bulk': 1}}}", 3 * 0.5 },
        /* 3 and 1 */
        { "{'stations': {'client': {'base': 2, 'open_task': 0.5, 'bulk': 3}}}", 0.5 },
        { "{'stations': {'client': {'base': 2, 'open_task': 0.5}}}", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run r = run("{'task_sets': [{'name': 'a', 'tasks': 4, 'duration': 10}, "
                           "{'name': 'b', 'duration': 1, 'after': ['a']}]}", cases[i].profile);
        unit_near(start_of(&r, 3) - start_of(&r, 0), cases[i].last_s, 1e-9);
        unit_near(r.out.makespan_s, 10 + cases[i].last_s + 2 + 0.5 + 1, 1e-9);
        clear(&r);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(a_client_submits_what_is_ready_in_bulks),
                                              { NULL, NULL } };
    return unit_run("client", tests);
}
