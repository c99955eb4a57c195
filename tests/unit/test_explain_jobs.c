/* Where the time goes in jobs that wait, end and cut, and on nodes that fail. Oracle: by hand;
 * parts add up. */
#include "study/explain.h"

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* Two jobs of 100 s, 1000 s of queue before each: 40, 40 and 20 lost; then 40 again. */
static void jobs_and_their_queue_are_parts(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 40, 'tasks': 3}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 1, 'cores': 4}]}");
    struct middleware *m = given_middleware("{'stations': {'bootstrap': 5}}");
    struct queue_wait *wait = queue_wait_of_dist(dist_constant(1000));
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 7,
                          .walltime_s = 100,
                          .allocation = { .jobs = 3, .wait = wait },
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    struct explainer *x = explainer_new(&s);
    struct timeline *t = timeline_new(w, p);
    struct explain_path path = { 0 };
    struct explanation e = { 0 };
    struct replica out;
    explainer_run(x, sim, 0, t, &path, &out);
    double sum = 0;
    for (size_t i = 0; i < path.n; i++)
        sum += path.steps[i].to_s - path.steps[i].from_s;
    unit_near(sum, out.makespan_s, 1e-9);
    explanation_add(&e, w, &path);
    explanation_end(&e);
    unit_near(explanation_of_kind(&e, EXPLAIN_BATCH_QUEUE), 1000, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_RESTART), 5, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_LOST), 15, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_WORK), 40, 1e-9);
    unit_near(explanation_of_class(&e, EXPLAIN_CLASS_JOBS), 1020, 1e-9);
    explain_path_clear(&path);
    explanation_clear(&e);
    timeline_free(t);
    explainer_free(x);
    simulator_free(sim);
    queue_wait_free(wait);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

static const char eight[] =
    "{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 40, 'tasks': 8}]}";

/* Sums over replicas; each path must add up to its makespan. */
static void add_up(const struct scenario *s, uint32_t replicas, struct explanation *e)
{
    struct simulator *sim = simulator_new(s, NULL);
    struct explainer *x = explainer_new(s);
    struct timeline *t = timeline_new(s->workflow, s->platform);
    for (uint32_t r = 0; r < replicas; r++) {
        struct explain_path path = { 0 };
        struct replica out;
        double sum = 0;
        explainer_run(x, sim, r, t, &path, &out);
        for (size_t i = 0; i < path.n; i++)
            sum += path.steps[i].to_s - path.steps[i].from_s;
        unit_near(sum, out.makespan_s, 1e-6);
        explanation_add(e, s->workflow, &path);
        explain_path_clear(&path);
    }
    explanation_end(e);
    timeline_free(t);
    explainer_free(x);
    simulator_free(sim);
}

static void explain_chain(const char *workflow, const char *platform, enum mode mode,
                          double walltime_s, struct explanation *e)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform(platform);
    struct middleware *m = given_middleware("{}");
    struct queue_wait *wait = queue_wait_of_dist(dist_constant(1000));
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = mode,
                          .seed = 7,
                          .walltime_s = walltime_s,
                          .allocation = { .jobs = 9, .wait = wait },
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    add_up(&s, 1, e);
    queue_wait_free(wait);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* y runs to 30 s, x from 0 to 95, is cut at 100 and runs from 1100 to 1195 s; the barrier keeps z
 * back until then, which is cut at 1200 and runs from 2200 to 2240 s. */
static void a_barrier_over_jobs_is_a_barrier(void)
{
    struct explanation e = { 0 };
    explain_chain("{'task_sets': [{'name': 'y', 'duration': 30}, {'name': 'x', 'cores': 4, "
                  "'tasks': 2, 'duration': 95}, {'name': 'z', 'duration': 40, 'after': ['y']}]}",
                  "{'nodes': [{'count': 1, 'cores': 5}]}", MODE_SEQUENTIAL, 100, &e);
    unit_near(explanation_of_kind(&e, EXPLAIN_BARRIER), 1165, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_ENDING), 0, 0);
    unit_near(explanation_of_kind(&e, EXPLAIN_LOST), 5, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_BATCH_QUEUE), 1000, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_WORK), 70, 1e-9);
    explanation_clear(&e);
}

/* Tasks of earlier jobs keep the instants at which they were due: nothing waits for a release. */
static void earlier_jobs_keep_their_instants(void)
{
    struct explanation e = { 0 };
    explain_chain("{'task_sets': [{'name': 'a', 'duration': 80}, {'name': 'b', 'duration': 80, "
                  "'after': ['a']}, {'name': 'c', 'duration': 80, 'after': ['b']}]}",
                  "{'nodes': [{'count': 1, 'cores': 4}]}", MODE_ASYNCHRONOUS, 100, &e);
    unit_near(explanation_of_kind(&e, EXPLAIN_RELEASE), 0, 0);
    unit_near(explanation_of_kind(&e, EXPLAIN_WORK), 240, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_BATCH_QUEUE), 2000, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_LOST), 40, 1e-9);
    explanation_clear(&e);
}

/* 10,000 MiB from 50 s on, cut at 100 and from 1100 on: parts of one way. */
static void staging_out_over_jobs_is_data_moved(void)
{
    struct explanation e = { 0 };
    explain_chain("{'task_sets': [{'name': 'a', 'duration': 50, 'output': {'flow': 'f', 'amount': "
                  "10000, 'staging': 'outside'}}, {'name': 'b', 'duration': 10, 'after': ['a']}]}",
                  "{'nodes': [{'count': 1, 'cores': 4}], 'flows': [{'name': 'f', 'rate': 100}]}",
                  MODE_ASYNCHRONOUS, 100, &e);
    unit_near(explanation_of_kind(&e, EXPLAIN_TRANSFER), 100, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_BATCH_QUEUE), 1000, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_WORK), 60, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_NOTIFY), 0, 1e-9);
    explanation_clear(&e);
}

/* Two pilots of one node, each 100 s twice: 40, 40 and 20 lost; 1000 s in the queue; 40 again. */
static void jobs_side_by_side_are_parts(void)
{
    struct workflow *w = given_workflow(eight);
    struct platform *one = given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
                    *p = platform_with_pilots(one, 2, NULL);
    struct middleware *m = given_middleware("{}");
    struct queue_wait *wait = queue_wait_of_dist(dist_constant(1000));
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 7,
                          .walltime_s = 100,
                          .allocation = { .jobs = 2, .wait = wait },
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct explanation e = { 0 };
    add_up(&s, 1, &e);
    unit_near(explanation_of_kind(&e, EXPLAIN_BATCH_QUEUE), 1000, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_WORK), 40, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_NEXT_TASK), 0, 1e-9);
    explanation_clear(&e);
    queue_wait_free(wait);
    middleware_free(m);
    platform_free(p);
    platform_free(one);
    workflow_free(w);
}

/* One node, whose task is lost when it fails: work, what was lost, and repairs are all there is. */
static void a_repair_is_a_part(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 40, 'tasks': 2}]}");
    struct platform *p = given_platform(
        "{'nodes': [{'count': 1, 'cores': 4}], 'failures': {'mtbf': 60, 'repair': 25}}");
    struct middleware *m = given_middleware("{}");
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 7,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct explanation e = { 0 };
    add_up(&s, 40, &e);
    double repair_s = explanation_of_kind(&e, EXPLAIN_REPAIR),
           lost_s = explanation_of_kind(&e, EXPLAIN_LOST);
    unit_is(repair_s, >, 10);
    unit_near(explanation_of_kind(&e, EXPLAIN_BEHIND), 0, 1e-9);
    unit_near(explanation_of_kind(&e, EXPLAIN_SCHEDULE), 0, 1e-9);
    unit_near(explanation_of_class(&e, EXPLAIN_CLASS_JOBS), repair_s + lost_s, 1e-9);
    /* the path goes through one of the two, the other one is waited for: nothing else is there */
    unit_near(explanation_of_kind(&e, EXPLAIN_CORES) + explanation_of_kind(&e, EXPLAIN_WORK) +
                  repair_s + lost_s,
              e.makespan_s, 1e-6);
    explanation_clear(&e);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

static void what_a_failed_node_took_along_is_a_part(void)
{
    struct workflow *w = given_workflow(eight);
    struct platform *p = given_platform(
        "{'nodes': [{'count': 2, 'cores': 4}], 'failures': {'mtbf': 60, 'repair': 5}}");
    struct middleware *m = given_middleware("{}");
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 7,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct explanation e = { 0 };
    add_up(&s, 40, &e);
    unit_is(explanation_of_kind(&e, EXPLAIN_LOST), >, 5);
    unit_near(explanation_of_kind(&e, EXPLAIN_NEXT_TASK), 0, 1e-9);
    explanation_clear(&e);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(jobs_and_their_queue_are_parts),
        UNIT_TEST(a_barrier_over_jobs_is_a_barrier),
        UNIT_TEST(earlier_jobs_keep_their_instants),
        UNIT_TEST(staging_out_over_jobs_is_data_moved),
        UNIT_TEST(jobs_side_by_side_are_parts),
        UNIT_TEST(a_repair_is_a_part),
        UNIT_TEST(what_a_failed_node_took_along_is_a_part),
        { NULL, NULL },
    };
    return unit_run("explain_jobs", tests);
}
