/* Jobs one after the other. Oracle: times worked out by hand, and one long session. */
#include "sim/chain.h"

#include <math.h>
#include <stdio.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct run {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct queue_wait *wait;
    struct scenario scenario;
    struct simulator *simulator;
    struct timeline *timeline;
    struct replica out;
};

static struct run run_with(const char *workflow, const char *middleware, double walltime_s,
                           int jobs, struct dist *wait)
{
    struct run r = { .workflow = given_workflow(workflow),
                     .middleware = given_middleware(middleware),
                     .platform = given_platform("{'nodes': [{'count': 1, 'cores': 4}]}") };
    struct scheduler_options options = { 0 };
    struct error err = { "" };
    r.wait = wait ? queue_wait_of_dist(wait) : NULL;
    r.scenario = (struct scenario){
        .workflow = r.workflow,
        .platform = r.platform,
        .middleware = r.middleware,
        .mode = MODE_ASYNCHRONOUS,
        .seed = 7,
        .walltime_s = walltime_s,
        .allocation = { .jobs = jobs, .wait = r.wait },
        .scheduler = scheduler_options_resolve(&options, r.middleware),
    };
    r.simulator = simulator_new(&r.scenario, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.simulator);
    r.timeline = timeline_new(r.workflow, r.platform);
    simulator_run(r.simulator, 3, NULL, &r.out);
    simulator_run(r.simulator, 0, r.timeline, &r.out);
    struct replica bare; /* the same without records */
    simulator_run(r.simulator, 0, NULL, &bare);
    unit_near(bare.jobs.solution_s, r.out.jobs.solution_s, 0);
    unit_near((double)bare.n_done, (double)r.out.n_done, 0);
    unit_near(bare.lost_slot_s, r.out.lost_slot_s, 0);
    int status = timeline_check(r.timeline, &err);
    if (status)
        printf("  %s\n", err.text);
    CU_ASSERT_EQUAL(status, 0);
    return r;
}

static void clear(struct run *r)
{
    simulator_free(r->simulator);
    timeline_free(r->timeline);
    queue_wait_free(r->wait);
    workflow_free(r->workflow);
    platform_free(r->platform);
    middleware_free(r->middleware);
}

static void check_job(const struct run *r, size_t job, double requested_s, double started_s,
                      double ended_s)
{
    size_t n;
    const struct job_span *jobs = simulator_jobs(r->simulator, &n);
    unit_must_be(job, <, n);
    unit_near(jobs[job].requested_s, requested_s, 1e-9);
    unit_near(jobs[job].started_s, started_s, 1e-9);
    unit_near(jobs[job].ended_s, ended_s, 1e-9);
}

static void a_wait_comes_before_all(void)
{
    struct run r =
        run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 23.85, 'tasks': 2}]}", "{}",
                 0, 1, dist_constant(600));
    check_job(&r, 0, 0, 600, 647.7);
    unit_near(r.out.makespan_s, 47.7, 1e-9);
    unit_near(r.out.jobs.solution_s, 647.7, 1e-9);
    unit_near(r.out.jobs.queue_s, 600, 1e-9);
    unit_near(r.out.jobs.held_s, 47.7, 1e-9);
    unit_near(r.timeline->records[0].started_s, 600, 1e-9);
    unit_near(r.timeline->session_end_s, 647.7, 1e-9);
    CU_ASSERT(r.out.complete);
    clear(&r);
}

/* Four tasks of 40 s, one at a time, in jobs of 100 s: two and a half, the third again, and the
 * fourth. */
static void work_that_is_cut_goes_on_in_the_next_job(void)
{
    struct run r =
        run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 40, 'tasks': 4}]}", "{}",
                 100, 5, dist_constant(1000));
    check_job(&r, 0, 0, 1000, 1100);
    check_job(&r, 1, 1100, 2100, 2180);
    unit_near((double)r.out.jobs.n, 2, 0);
    unit_near((double)r.out.jobs.n_cut, 1, 0);
    unit_near((double)r.out.n_done, 4, 0);
    unit_near(r.out.jobs.solution_s, 2180, 1e-9);
    unit_near(r.out.makespan_s, 1180, 1e-9);
    unit_near(r.out.jobs.held_s, 180, 1e-9);
    unit_near(r.out.jobs.queue_s, 2000, 1e-9);
    unit_near(r.out.lost_slot_s, 4 * 20, 1e-9);
    CU_ASSERT(r.out.complete);
    CU_ASSERT(r.out.in_time);
    CU_ASSERT_EQUAL(r.timeline->n, 5);
    CU_ASSERT_EQUAL(r.timeline->status[2], TASK_KILLED);
    unit_near(r.timeline->records[2].stopped_s, 1100, 1e-9);
    unit_near((double)timeline_attempt(r.timeline, 3), 1, 0);
    unit_near(r.timeline->records[3].started_s, 2100, 1e-9);
    clear(&r);
}

static void dependencies_hold_across_jobs(void)
{
    struct run r = run_with("{'task_sets': [{'name': 'a', 'cores': 2, 'duration': 90, 'tasks': 2},"
                            " {'name': 'b', 'cores': 4, 'duration': 50, 'after': ['a']}]}",
                            "{'stations': {'bootstrap': 5}}", 100, 3, NULL);
    check_job(&r, 0, 0, 0, 100);
    check_job(&r, 1, 100, 100, 155);
    unit_near(r.out.jobs.solution_s, 155, 1e-9);
    unit_near((double)r.out.jobs.n_cut, 1, 0);
    clear(&r);
}

/* No job is long enough: all are used up, and the result says so. */
static void what_no_job_can_hold_is_not_done(void)
{
    struct run r = run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 30, 'tasks': 2},"
                            " {'name': 'b', 'duration': 101}]}",
                            "{}", 100, 3, dist_constant(10));
    unit_near((double)r.out.jobs.n, 3, 0);
    unit_near((double)r.out.n_done, 2, 0);
    unit_near((double)r.out.n_killed, 1, 0);
    unit_near((double)r.out.n_cancelled, 0, 0);
    CU_ASSERT(!r.out.complete);
    CU_ASSERT(!r.out.in_time);
    clear(&r);
}

/* A failed attempt counts towards the retries, one that a walltime cut does not. */
static void only_failures_use_up_retries(void)
{
    struct run r = run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 60, 'tasks': 3, "
                            "'failure_probability': 0.4, 'retries': 20}]}",
                            "{}", 100, 50, NULL);
    unit_near((double)r.out.n_done, 3, 0);
    CU_ASSERT(r.out.complete);
    unit_is(r.out.jobs.n, >=, 3);
    clear(&r);
}

/* A chain whose walltime is long is one session, record by record. */
static void one_long_job_is_a_session(void)
{
    for (uint64_t number = 0; number < 40; number++) {
        const struct given_limits limits = { .max_sets = 5, .max_tasks = 12, .varying = true };
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct middleware *m =
            given_middleware("{'stations': {'bootstrap': 3, 'launch': {'service': 0.1}}}");
        struct scheduler_options options = { 0 };
        struct error err = { "" };
        struct queue_wait *wait = queue_wait_of_dist(dist_constant(64));
        struct scenario s = { .workflow = w,
                              .platform = p,
                              .middleware = m,
                              .mode = MODE_PIPELINED,
                              .seed = number,
                              .walltime_s = 1e6,
                              .scheduler = scheduler_options_resolve(&options, m) };
        struct timeline *one = timeline_new(w, p), *chain = timeline_new(w, p);
        struct replica a, b;
        struct simulator *sim = simulator_new(&s, &err);
        simulator_run(sim, 0, one, &a);
        simulator_free(sim);
        s.allocation = (struct allocation){ .jobs = 4, .wait = wait };
        sim = simulator_new(&s, &err);
        simulator_run(sim, 0, chain, &b);
        simulator_free(sim);
        CU_ASSERT_EQUAL_FATAL(one->n, chain->n);
        for (size_t i = 0; i < one->n; i++) {
            CU_ASSERT_EQUAL(one->records[i].task, chain->records[i].task);
            unit_near(chain->records[i].stopped_s, one->records[i].stopped_s + 64, 1e-9);
        }
        unit_near(b.jobs.solution_s, a.jobs.solution_s + 64, 1e-9);
        unit_near(b.busy_slot_s, a.busy_slot_s, 1e-9);
        timeline_free(one);
        timeline_free(chain);
        queue_wait_free(wait);
        middleware_free(m);
        platform_free(p);
        workflow_free(w);
    }
}

/* Random workflows cut into many jobs: all is done, the timeline holds, no time is lost in between.
 */
static void random_chains_end(void)
{
    for (uint64_t number = 0; number < 60; number++) {
        const struct given_limits limits = { .max_sets = 6,
                                             .max_tasks = 15,
                                             .varying = number % 2 };
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct middleware *m = given_middleware("{}");
        struct scheduler_options options = { 0 };
        struct error err = { "" };
        struct scenario s = { .workflow = w,
                              .platform = p,
                              .middleware = m,
                              .mode = (enum mode)(number % MODES),
                              .seed = number,
                              .scheduler = scheduler_options_resolve(&options, m) };
        struct timeline *t = timeline_new(w, p);
        struct replica whole, cut;
        struct simulator *sim = simulator_new(&s, &err);
        simulator_run(sim, 0, t, &whole);
        simulator_free(sim);
        double longest_s = 0;
        for (size_t i = 0; i < t->n; i++)
            longest_s = fmax(longest_s, t->records[i].stopped_s - t->records[i].started_s);
        s.walltime_s = fmax(longest_s * 1.01, whole.makespan_s / 5);
        s.allocation.jobs = JOBS_MOST;
        sim = simulator_new(&s, &err);
        simulator_run(sim, 0, t, &cut);
        size_t n;
        const struct job_span *jobs = simulator_jobs(sim, &n);
        CU_ASSERT(cut.complete);
        CU_ASSERT_EQUAL(timeline_check(t, &err), 0);
        for (size_t j = 1; j < n; j++)
            unit_near(jobs[j].requested_s, jobs[j - 1].ended_s, 0);
        unit_near(cut.jobs.held_s, jobs[n - 1].ended_s, 1e-6);
        unit_near(cut.busy_slot_s - cut.lost_slot_s, whole.busy_slot_s, 1e-6 * whole.busy_slot_s);
        simulator_free(sim);
        timeline_free(t);
        middleware_free(m);
        platform_free(p);
        workflow_free(w);
    }
}

static void waits_are_drawn_job_by_job(void)
{
    struct run r =
        run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 80, 'tasks': 3}]}", "{}",
                 100, 5, dist_exponential(50));
    size_t n;
    const struct job_span *jobs = simulator_jobs(r.simulator, &n);
    CU_ASSERT_EQUAL_FATAL(n, 3);
    double first_s = jobs[0].started_s - jobs[0].requested_s,
           second_s = jobs[1].started_s - jobs[1].requested_s;
    unit_is(first_s, >, 0);
    unit_is(second_s, >, 0);
    unit_is(fabs(first_s - second_s), >, 1e-6);
    clear(&r);
}

/* 250 s of work in jobs of 100 s: 90 s are kept in each, at 30, 60 and 90 s of computing and 2 s
 * each; the last 70 s take two more. */
static void a_checkpoint_is_taken_up_in_the_next_job(void)
{
    struct run r = run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 250, "
                            "'checkpoint': {'interval': 30, 'cost': 2}}]}",
                            "{}", 100, 5, NULL);
    unit_near((double)r.out.jobs.n, 3, 0);
    unit_near(r.out.jobs.solution_s, 274, 1e-9);
    unit_near((double)r.out.jobs.n_cut, 2, 0);
    CU_ASSERT(r.out.complete);
    clear(&r);
}

/* Nodes fail within jobs: attempts are numbered through, and only walltimes cut. */
static void nodes_may_fail_in_a_chain(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 4, 'duration': 30}]}");
    struct platform *p = given_platform(
        "{'nodes': [{'count': 2, 'cores': 4}], 'failures': {'mtbf': 100, 'repair': 5}}");
    struct middleware *m = given_middleware("{}");
    struct error err = { "" };
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 4,
                          .walltime_s = 100,
                          .allocation.jobs = 30,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct simulator *sim = simulator_new(&s, &err);
    struct timeline *t = timeline_new(w, p);
    size_t lost = 0, cut = 0;
    for (uint32_t replica = 0; replica < 20; replica++) {
        struct replica out;
        simulator_run(sim, replica, t, &out);
        CU_ASSERT(out.complete);
        if (timeline_check(t, &err))
            CU_FAIL(err.text);
        size_t killed = 0;
        for (size_t i = 0; i < t->n; i++)
            killed += t->status[i] == TASK_KILLED;
        CU_ASSERT_EQUAL(killed, out.n_lost + out.jobs.n_cut);
        lost += out.n_lost;
        cut += out.jobs.n_cut;
    }
    unit_is(lost, >, 20);
    unit_is(cut, >, 20);
    timeline_free(t);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_wait_comes_before_all),
        UNIT_TEST(work_that_is_cut_goes_on_in_the_next_job),
        UNIT_TEST(dependencies_hold_across_jobs),
        UNIT_TEST(what_no_job_can_hold_is_not_done),
        UNIT_TEST(only_failures_use_up_retries),
        UNIT_TEST(one_long_job_is_a_session),
        UNIT_TEST(random_chains_end),
        UNIT_TEST(a_checkpoint_is_taken_up_in_the_next_job),
        UNIT_TEST(nodes_may_fail_in_a_chain),
        UNIT_TEST(waits_are_drawn_job_by_job),
        { NULL, NULL },
    };
    return unit_run("chain", tests);
}
