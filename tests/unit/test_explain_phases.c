/* Where the time of transfers, requests, slowdowns and checkpoints goes. Oracle: by hand; parts add
 * up. */
#include "study/explain.h"

#include <math.h>

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct explained {
    struct explanation e;
    double makespan_s;
};

static struct explained explain(const char *workflow, const char *platform, const char *middleware)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform(platform);
    struct middleware *m = given_middleware(middleware);
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 7,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    struct explainer *x = explainer_new(&s);
    struct timeline *t = timeline_new(w, p);
    struct explain_path path = { 0 };
    struct explained out = { 0 };
    struct replica r;
    double sum = 0;
    explainer_run(x, sim, 0, t, &path, &r);
    for (size_t i = 0; i < path.n; i++) {
        sum += path.steps[i].to_s - path.steps[i].from_s;
        if (i > 0)
            unit_near(path.steps[i].from_s, path.steps[i - 1].to_s, 1e-9);
    }
    unit_near(sum, r.makespan_s, 1e-9);
    explanation_add(&out.e, w, &path);
    explanation_end(&out.e);
    out.makespan_s = r.makespan_s;
    explain_path_clear(&path);
    timeline_free(t);
    explainer_free(x);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
    return out;
}

static void has(struct explained *x, enum explain_kind k, double seconds)
{
    unit_near(explanation_of_kind(&x->e, k), seconds, 1e-9);
}

#define MACHINE                                                                                    \
    "{'nodes': [{'cores': 8}], 'flows': [{'name': 'disk', 'rate': 100}, {'name': 'memory', "       \
    "'rate': 30, 'per': 'node'}]}"

/* Four read 500 at 100 together: 20 s for what takes 5 s alone; then 7 s of computing; then 100 at
 * 25 each, which is what each may. */
static void transfers_wait_for_what_they_share(void)
{
    struct explained x = explain("{'task_sets': [{'name': 'a', 'tasks': 4, 'duration': 7, 'input': "
                                 "{'flow': 'disk', 'amount': 500}, "
                                 "'output': {'flow': 'disk', 'amount': 100, 'rate': 25}}]}",
                                 MACHINE, "{}");
    has(&x, EXPLAIN_TRANSFER, 5 + 4);
    has(&x, EXPLAIN_SHARED, 15);
    has(&x, EXPLAIN_WORK, 7);
    unit_near(x.makespan_s, 31, 1e-9);
    explanation_clear(&x.e);
}

/* Staged outside the slots: in 20 s for 5 s, between the agent and the scheduler; the first start
 * counts from there, so the second task's staging shows only behind it. b reads in alone, 2 s. */
static void staging_outside_is_seen_too(void)
{
    struct explained x =
        explain("{'task_sets': [{'name': 'a', 'duration': 7}, {'name': 'b', 'tasks': 2, "
                "'duration': 3, 'after': ['a'], "
                "'input': {'flow': 'disk', 'amount': 200, 'staging': 'outside'}}]}",
                MACHINE, "{}");
    has(&x, EXPLAIN_TRANSFER, 2);
    has(&x, EXPLAIN_SHARED, 2);
    has(&x, EXPLAIN_WORK, 10);
    explanation_clear(&x.e);
}

/* The service loads 9 s; six clients ask one request of 0.5 s each, served in turn, after 1 s of
 * computing; the middleware takes 0.25 s. */
static void requests_wait_for_the_service(void)
{
    struct explained x =
        explain("{'task_sets': [{'name': 'c', 'tasks': 6, 'phases': [{'compute': 1}, {'flow': 's', "
                "'amount': 1}]}, "
                "{'name': 's', 'service': {'rate': 2, 'ready': 9, 'at_once': 1}}]}",
                MACHINE, "{'stations': {'execute': {'offset': 0.25}}}");
    has(&x, EXPLAIN_REQUEST, 0.5);
    has(&x, EXPLAIN_WORK, 1);
    has(&x, EXPLAIN_EXECUTE_EXTRA, 0.25);
    has(&x, EXPLAIN_SERVICE, 9.25 + 3 - 0.5 - 1 - 0.25);
    unit_near(explanation_of(&x.e, EXPLAIN_SERVICE, 1),
              explanation_of_kind(&x.e, EXPLAIN_SERVICE), 1e-9);
    explanation_clear(&x.e);
}

/* Six want 10 of a memory of 30: half as fast. And three checkpoints of 2 s. */
static void slowdowns_and_checkpoints_have_their_parts(void)
{
    struct explained x = explain("{'task_sets': [{'name': 'a', 'tasks': 6, 'duration': 10, "
                                 "'slowdown': {'flow': 'memory', 'rate': 10}}, "
                                 "{'name': 'b', 'duration': 40, 'after': ['a'], 'checkpoint': "
                                 "{'interval': 10, 'cost': 2}}]}",
                                 MACHINE, "{}");
    has(&x, EXPLAIN_WORK, 10 + 40);
    has(&x, EXPLAIN_SLOWED, 10);
    has(&x, EXPLAIN_CHECKPOINT, 6);
    unit_near(explanation_of_class(&x.e, EXPLAIN_CLASS_FLOWS), 10, 1e-9);
    explanation_clear(&x.e);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(transfers_wait_for_what_they_share),
        UNIT_TEST(staging_outside_is_seen_too),
        UNIT_TEST(requests_wait_for_the_service),
        UNIT_TEST(slowdowns_and_checkpoints_have_their_parts),
        { NULL, NULL },
    };
    return unit_run("explain_phases", tests);
}
