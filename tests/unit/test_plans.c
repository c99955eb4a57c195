/* Nodes, walltime and jobs until the result is there. Oracle: constant durations and waits, by
 * hand. */
#include "study/plans.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct queue_wait *wait;
    struct scenario scenario;
    struct advice advice;
    struct plans plans;
};

static const size_t one_and_two[] = { 1, 2 };
static const struct advise_options usual = {
    .nodes = one_and_two, .n_nodes = 2, .confidence = 0.9, .replicas = 100, .threads = 2
};

static struct given planned(const char *workflow, const char *platform, struct dist *wait,
                            struct plan_limits limits)
{
    struct given g = { given_workflow(workflow),
                       given_platform(platform),
                       middleware_ideal(),
                       queue_wait_of_dist(wait),
                       { .seed = 5 },
                       { 0 },
                       { 0 } };
    struct error err = { "" };
    g.scenario.workflow = g.workflow;
    g.scenario.platform = g.platform;
    g.scenario.middleware = g.middleware;
    g.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, g.middleware);
    g.scenario.allocation.wait = g.wait;
    if (advise(&g.scenario, &usual, &g.advice, &err) ||
        plans_make(&g.scenario, &usual, &g.advice, limits, &g.plans, &err))
        CU_FAIL_FATAL(err.text);
    return g;
}

static void given_clear(struct given *g)
{
    plans_clear(&g->plans);
    advice_clear(&g->advice);
    queue_wait_free(g->wait);
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

static const struct plan *find(const struct given *g, size_t nodes, int planned_jobs)
{
    for (size_t i = 0; i < g->plans.n; i++)
        if (g->advice.rows[g->plans.at[i].row].nodes == nodes &&
            g->plans.at[i].planned == planned_jobs)
            return &g->plans.at[i];
    return NULL;
}

/* 12 tasks of 100 s, 2 at once on a node: 600 s on one node, 300 s on two. */
static const char twelve[] =
    "{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 2, 'duration': 100}]}";

static void constant_waits_give_exact_plans(void)
{
    struct given g = planned(twelve, "{'nodes': [{'count': 2, 'cores': 4}]}", dist_constant(1000),
                             (struct plan_limits){ 3, 1 });
    const struct plan *one = find(&g, 1, 1), *halves = find(&g, 1, 2), *two = find(&g, 2, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(one);
    CU_ASSERT_PTR_NOT_NULL_FATAL(halves);
    CU_ASSERT_PTR_NOT_NULL_FATAL(two);
    unit_near(one->walltime_s, 600, 0);
    unit_near(one->solution_q50_s, 1600, 1e-9);
    unit_near(one->solution_q_s, 1600, 1e-9);
    unit_near(one->queue_q_s, 1000, 1e-9);
    unit_near(one->jobs_q, 1, 0);
    unit_near(one->charge, 600 / 3600.0, 1e-12);
    unit_near(one->lost_hours, 0, 0);
    /* two jobs of 300 s: three waves each, nothing is cut */
    unit_near(halves->walltime_s, 300, 0);
    unit_near(halves->solution_q50_s, 2600, 1e-9);
    unit_near(halves->jobs_q, 2, 0);
    unit_near(halves->queue_q50_s, 2000, 1e-9);
    unit_near(two->solution_q50_s, 1300, 1e-9);
    CU_ASSERT_PTR_EQUAL(&g.plans.at[g.plans.soonest], two);
    given_clear(&g);
}

/* The only queue ends jobs after 250 s: two waves and a half, whose half is lost and run again. */
static void a_short_queue_takes_more_jobs(void)
{
    struct given g = planned(
        twelve,
        "{'nodes': [{'count': 1, 'cores': 4}], 'machine_nodes': 1, 'queues': [{'name': 'short', "
        "'min_nodes': 1, 'max_nodes': 1, 'max_walltime': 250, 'charge_factor': 2}]}",
        dist_constant(10), (struct plan_limits){ 2, 1 });
    const struct plan *p = find(&g, 1, 2);
    CU_ASSERT_PTR_NULL(find(&g, 1, 1));
    CU_ASSERT_PTR_NULL(find(&g, 2, 1));
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    unit_near(p->walltime_s, 240, 0);
    unit_near(p->jobs_q, 3, 0);
    unit_near(p->solution_q_s, 3 * 10 + 2 * 240 + 200, 1e-9);
    unit_near(p->share_second, 1, 0);
    unit_near(p->charge, 2 * (240 + 240 + 200) / 3600.0, 1e-9);
    unit_near(p->lost_hours, 2 * 40 / 3600.0, 1e-9);
    CU_ASSERT_STRING_EQUAL(p->queue->name, "short");
    given_clear(&g);
}

/* Where more jobs wait longer in total, one long job is the soonest; where no queue holds the
 * tasks, nothing is. */
static void what_never_ends_is_no_plan(void)
{
    struct given g = planned(
        "{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 4, 'duration': 300}]}",
        "{'nodes': [{'count': 1, 'cores': 4}], 'machine_nodes': 1, 'queues': [{'name': 'short', "
        "'min_nodes': 1, 'max_nodes': 1, 'max_walltime': 240, 'charge_factor': 1}]}",
        dist_constant(10), (struct plan_limits){ 3, 1 });
    CU_ASSERT_EQUAL(g.plans.n, 0);
    CU_ASSERT_EQUAL(g.plans.soonest, -1);
    given_clear(&g);
}

/* A plan keeps its quantiles in fresh replicas: heavy-tailed waits, random durations. */
static void quantiles_hold_in_fresh_replicas(void)
{
    struct given g = planned("{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 2, 'duration': "
                             "{'distribution': 'lognormal', "
                             "'mean': 100, 'sd': 40}}]}",
                             "{'nodes': [{'count': 2, 'cores': 4}]}", dist_lognormal(1000, 2000),
                             (struct plan_limits){ 2, 1 });
    const struct plan *p = &g.plans.at[g.plans.soonest];
    struct scenario s = g.scenario;
    struct platform *on = platform_with_nodes(g.platform, g.advice.rows[p->row].nodes, NULL);
    struct replicas runs;
    s.platform = on;
    s.mode = g.advice.rows[p->row].mode;
    s.walltime_s = p->walltime_s;
    s.allocation.jobs = p->planned + 4;
    s.seed = 99;
    CU_ASSERT_EQUAL_FATAL(
        replicate(&s, &(struct replicate_options){ .replicas = 4000, .threads = 2 }, &runs, NULL),
        0);
    double half = 0, most = 0;
    for (size_t i = 0; i < runs.n; i++) {
        half += runs.at[i].jobs.solution_s <= p->solution_q50_s;
        most += runs.at[i].jobs.solution_s <= p->solution_q_s;
    }
    /* of 100 replicas: sd 0.05 and 0.03 */
    unit_near(half / 4000, 0.5, 0.15);
    unit_near(most / 4000, 0.9, 0.09);
    replicas_clear(&runs);
    platform_free(on);
    given_clear(&g);
}

/* 2 x 1 node: both jobs wait 1000 s, and each does half of the work. Idle nodes draw 100 W, and a
 * core 10 W. */
static void side_by_side_is_a_form(void)
{
    struct given g =
        planned(twelve, "{'nodes': [{'count': 2, 'cores': 4, 'power': {'idle': 100, 'core': 10}}]}",
                dist_constant(1000), (struct plan_limits){ 2, 4 });
    const struct plan *side = NULL;
    for (size_t i = 0; i < g.plans.n; i++)
        if (g.plans.at[i].pilots == 2 && g.plans.at[i].walltime_s == 300)
            side = &g.plans.at[i];
    CU_ASSERT_PTR_NOT_NULL_FATAL(side);
    CU_ASSERT_EQUAL(side->nodes, 1);
    CU_ASSERT_EQUAL(plan_form_of(side), PLAN_SIDE_BY_SIDE);
    unit_near(side->solution_q_s, 1300, 1e-9);
    unit_near(side->queue_q_s, 1000, 1e-9);
    unit_near(side->jobs_q, 2, 0);
    unit_near(side->charge, 600 / 3600.0, 1e-12);
    unit_near(side->energy_kwh, (2 * 100 * 300 + 12 * 100 * 2 * 10) / 3.6e6, 1e-12);
    unit_near(find(&g, 1, 1)->energy_kwh, (100 * 600 + 12 * 100 * 2 * 10) / 3.6e6, 1e-12);
    for (int f = 0; f < PLAN_FORMS; f++) {
        unit_must_be(g.plans.of_form[f], >=, 0);
        CU_ASSERT_EQUAL((int)plan_form_of(&g.plans.at[g.plans.of_form[f]]), f);
    }
    given_clear(&g);
}

/* Of waits that differ much, the shorter of two lets half of the work begin. */
static void two_short_waits_beat_a_long_one(void)
{
    struct given g = planned(twelve, "{'nodes': [{'count': 2, 'cores': 4}]}",
                             dist_lognormal(3000, 9000), (struct plan_limits){ 2, 4 });
    const struct plan *one = &g.plans.at[g.plans.of_form[PLAN_ONE_JOB]];
    const struct plan *side = &g.plans.at[g.plans.of_form[PLAN_SIDE_BY_SIDE]];
    unit_is(side->solution_q50_s, <, one->solution_q50_s);
    unit_is(side->solution_q_s, <, 0.8 * one->solution_q_s);
    unit_is(side->charge, <=, 700 / 3600.0); /* the last tasks leave a node idle */
    given_clear(&g);
}

/* A task in ten fails for good: of 100 replicas hardly any ends, and none may be advised. */
static void what_ends_too_rarely_is_no_plan(void)
{
    struct given g = planned(
        "{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 2, 'duration': 100, "
        "'failure_probability': 0.1}]}",
        "{'nodes': [{'count': 2, 'cores': 4}]}", dist_constant(10), (struct plan_limits){ 2, 4 });
    CU_ASSERT_EQUAL(g.plans.n, 0);
    CU_ASSERT_EQUAL(g.advice.cheapest, -1);
    CU_ASSERT_EQUAL(g.advice.fastest, -1);
    unit_is(g.advice.rows[0].share_complete, <, 0.9);
    given_clear(&g);
    /* once in a hundred: 0.99^12 = 0.886 end, and in a sample of 100 replicas perhaps 0.9 */
    g = planned("{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 2, 'duration': 100, "
                "'failure_probability': 0.01, 'retries': 0}]}",
                "{'nodes': [{'count': 2, 'cores': 4}]}", dist_constant(10),
                (struct plan_limits){ 1, 1 });
    for (size_t i = 0; i < g.plans.n; i++) {
        unit_is(g.plans.at[i].share_complete, >=, 0.9);
        CU_ASSERT(isfinite(g.plans.at[i].solution_q_s));
    }
    given_clear(&g);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(constant_waits_give_exact_plans), UNIT_TEST(a_short_queue_takes_more_jobs),
        UNIT_TEST(what_never_ends_is_no_plan),      UNIT_TEST(quantiles_hold_in_fresh_replicas),
        UNIT_TEST(side_by_side_is_a_form),          UNIT_TEST(two_short_waits_beat_a_long_one),
        UNIT_TEST(what_ends_too_rarely_is_no_plan), { NULL, NULL },
    };
    return unit_run("plans", tests);
}
