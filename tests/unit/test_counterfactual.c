/* Worlds with one thing otherwise. Oracle: constant durations worked out by hand. */
#include "study/counterfactual.h"

#include <math.h>

#include "core/variant.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct given given_new(const char *workflow, const char *platform)
{
    struct given g = { given_workflow(workflow), given_platform(platform), middleware_ideal(),
                       { .mode = MODE_ASYNCHRONOUS, .seed = 5 } };
    g.scenario.workflow = g.workflow;
    g.scenario.platform = g.platform;
    g.scenario.middleware = g.middleware;
    g.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, g.middleware);
    return g;
}

static struct counterfactuals asked_of(const struct scenario *s)
{
    struct counterfactuals c;
    struct error err = { "" };
    if (counterfactuals(s, &(struct replicate_options){ .replicas = 40, .threads = 2 },
                        NULL, &c, &err))
        CU_FAIL_FATAL(err.text);
    return c;
}

static struct counterfactuals asked(const struct given *g)
{
    return asked_of(&g->scenario);
}

static void given_clear(struct given *g)
{
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

static bool lasts(const struct counterfactual *c, double real_s, double other_s)
{
    return !c->why_not && unit_close(c->makespan_s, other_s, 1e-12) &&
           fabs(c->difference_s - (other_s - real_s)) < 1e-9 &&
           fabs(c->ci95.low - c->difference_s) < 1e-9 &&
           fabs(c->ci95.high - c->difference_s) < 1e-9;
}

/* Of 60 s, 35 are allowed: nothing can be set against that. With a walltime of 65 s the run is
 * whole. */
static void unfinished_worlds_are_not_compared(void)
{
    struct given g = given_new(
        "{'task_sets': [{'name': 'a', 'tasks': 6, 'cores': 1, 'gpus': 1, 'duration': 10}]}",
        "{'nodes': [{'count': 1, 'cores': 8, 'gpus': 1}]}");
    g.scenario.walltime_s = 35;
    struct counterfactuals c = asked(&g);
    CU_ASSERT_STRING_EQUAL(c.of[what_if_index(SETTING_UNBOUNDED_GPUS)].why_not,
                           "not every replica ends as it is");
    counterfactuals_clear(&c);
    g.scenario.walltime_s = 65;
    c = asked(&g);
    CU_ASSERT(lasts(&c.of[what_if_index(SETTING_UNBOUNDED_GPUS)], 60, 10));
    counterfactuals_clear(&c);
    given_clear(&g);
}

/* Six tasks of 10 s, one GPU for all: one after the other. With GPUs for all six run at once, with
 * cores for all nothing changes. */
static void gpus_without_bound(void)
{
    struct given g = given_new(
        "{'task_sets': [{'name': 'a', 'tasks': 6, 'cores': 1, 'gpus': 1, 'duration': 10}]}",
        "{'nodes': [{'count': 1, 'cores': 8, 'gpus': 1}]}");
    struct counterfactuals c = asked(&g);
    unit_is(c.makespan_s, ==, 60);
    unit_is(c.replicas, ==, 40);
    CU_ASSERT(lasts(&c.of[what_if_index(SETTING_UNBOUNDED_GPUS)], 60, 10));
    CU_ASSERT(lasts(&c.of[what_if_index(SETTING_UNBOUNDED_CORES)], 60, 60));
    CU_ASSERT_STRING_EQUAL(c.of[what_if_index(SETTING_PERFECT_PACKING)].why_not,
                           "there is one node only");
    CU_ASSERT_STRING_EQUAL(c.of[what_if_index(SETTING_IDEAL_MIDDLEWARE)].why_not,
                           "the middleware is ideal already");
    counterfactuals_clear(&c);
    given_clear(&g);
}

/* 5000 tasks of four cores: more than one added node holds. */
static void cores_without_bound(void)
{
    struct given g =
        given_new("{'task_sets': [{'name': 'a', 'tasks': 5000, 'cores': 4, 'duration': 0.5}]}",
                  "{'nodes': [{'count': 1, 'cores': 4}]}");
    struct counterfactuals c = asked(&g);
    CU_ASSERT(lasts(&c.of[what_if_index(SETTING_UNBOUNDED_CORES)], 2500, 0.5));
    CU_ASSERT_STRING_EQUAL(c.of[what_if_index(SETTING_UNBOUNDED_GPUS)].why_not,
                           "no task wants a GPU");
    counterfactuals_clear(&c);
    given_clear(&g);
}

/* One task of 2 cores on each node of 4 strands the 4 that the other wants. */
static void packing_without_loss(void)
{
    struct given g = given_new("{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': "
                               "40}, {'name': 'b', 'cores': 4, 'duration': 8}]}",
                               "{'nodes': [{'count': 2, 'cores': 4}]}");
    g.scenario.scheduler.placement = "worst_fit";
    struct counterfactuals c = asked(&g);
    CU_ASSERT(lasts(&c.of[what_if_index(SETTING_PERFECT_PACKING)], 48, 40));
    counterfactuals_clear(&c);
    given_clear(&g);
}

static void a_middleware_that_costs_nothing(void)
{
    struct given g = given_new("{'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', "
                               "'duration': 5, 'after': ['a']}]}",
                               "{'nodes': [{'count': 1, 'cores': 4}]}");
    g.middleware->parameter[STATION_STARTUP_WARM] = dist_constant(3.5);
    struct counterfactuals c = asked(&g);
    CU_ASSERT(lasts(&c.of[what_if_index(SETTING_IDEAL_MIDDLEWARE)], 18.5, 15));
    counterfactuals_clear(&c);
    given_clear(&g);
}

/* The mean of the larger of two exponential times is 1.5 means; without chance it is one. */
static void durations_without_chance(void)
{
    struct given g = given_new("{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': "
                               "{'distribution': 'exponential', 'mean': 60}}]}",
                               "{'nodes': [{'count': 1, 'cores': 4}]}");
    struct counterfactuals c = asked(&g);
    const struct counterfactual *m = &c.of[what_if_index(SETTING_MEAN_DURATIONS)];
    unit_is(m->makespan_s, ==, 60);
    unit_is(m->ci95.low, <, -30 + 25);
    unit_is(m->ci95.high, >, -30 - 25);
    unit_is(m->ci95.low, <, m->difference_s);
    unit_alike(m->difference_s, 60 - c.makespan_s, 1e-9);
    counterfactuals_clear(&c);
    given_clear(&g);
}

/* The real world that has run already, also explained, gives the same; it is taken as it is. */
static void takes_what_has_run(void)
{
    struct given g = given_new("{'task_sets': [{'name': 'a', 'tasks': 9, 'duration': "
                               "{'distribution': 'exponential', 'mean': 60}}]}",
                               "{'nodes': [{'count': 1, 'cores': 4}]}");
    struct replicate_options o = { .replicas = 40, .explain = 40, .threads = 2 };
    struct replicas real;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(replicate(&g.scenario, &o, &real, &err), 0);
    o.explain = 0;
    struct counterfactuals own = asked(&g), handed;
    CU_ASSERT_EQUAL_FATAL(counterfactuals(&g.scenario, &o, &real, &handed, &err), 0);
    const int cores = what_if_index(SETTING_UNBOUNDED_CORES);
    unit_near(handed.makespan_s, own.makespan_s, 0);
    unit_near(handed.of[cores].difference_s, own.of[cores].difference_s, 0);
    unit_near(handed.of[cores].ci95.low, own.of[cores].ci95.low, 0);
    counterfactuals_clear(&handed);
    for (size_t i = 0; i < real.n; i++)
        real.at[i].makespan_s += 7;
    CU_ASSERT_EQUAL_FATAL(counterfactuals(&g.scenario, &o, &real, &handed, &err), 0);
    unit_near(handed.makespan_s, own.makespan_s + 7, 1e-9);
    unit_near(handed.of[cores].difference_s, own.of[cores].difference_s - 7, 1e-9);
    counterfactuals_clear(&handed);
    counterfactuals_clear(&own);
    replicas_clear(&real);
    given_clear(&g);
}

/* Behind the three nodes of each of two pilots there is one more. */
static void each_pilot_has_cores_without_bound(void)
{
    struct given g = given_new("{'task_sets': [{'name': 'a', 'tasks': 6, 'duration': 10}]}",
                               "{'nodes': [{'count': 3, 'cores': 1}]}");
    struct variant o;
    struct error err = { "" };
    struct setting_change changes[] = {
        { .id = SETTING_PILOTS, .value = { .said = true, .number = 2 } },
        { .id = SETTING_UNBOUNDED_CORES, .value.said = true },
    };
    CU_ASSERT_EQUAL_FATAL(variant_vary(&o, &g.scenario, changes, 2, &err), 0);
    unit_is(platform_job_nodes(o.platform), ==, 4);
    CU_ASSERT_EQUAL_FATAL(o.platform->n_nodes, 8);
    for (size_t n = 0; n < 8; n++)
        CU_ASSERT_EQUAL(platform_node(o.platform, n)->n_slots > 1, n % 4 == 3);
    variant_clear(&o);
    given_clear(&g);
}

/* Big nodes hold what the nodes held together, in units that all demands share; the real world
 * stays as it is. */
static void big_nodes_hold_as_much(void)
{
    struct given g =
        given_new("{'task_sets': [{'name': 'a', 'cores': 6, 'gpus': 1, 'duration': 1}, {'name': "
                  "'b', 'cores': 9, 'duration': 1}]}",
                  "{'nodes': [{'count': 50, 'cores': 90, 'gpus': 3, 'memory_mib': 1000}]}");
    struct variant o;
    struct error err = { "" };
    struct setting_change packed = { .id = SETTING_PERFECT_PACKING, .value.said = true };
    CU_ASSERT_EQUAL_FATAL(variant_vary(&o, &g.scenario, &packed, 1, &err), 0);
    /* 150 GPUs, at most 64 a node; 4500 / 3 slots */
    unit_is(o.platform->n_nodes, ==, 3);
    unit_is(platform_usable_slots(o.platform), ==, 1500);
    unit_is(platform_gpus(o.platform), ==, 150);
    unit_is(o.workflow->sets[0].traits->demand.threads, ==, 2);
    unit_is(o.workflow->sets[1].traits->demand.threads, ==, 3);
    unit_is(o.platform->shapes[0].memory_mib, ==, 50000 / 3);
    unit_is(g.workflow->sets[0].traits->demand.cores, ==, 6);
    unit_is(g.workflow->sets[0].traits->demand.threads, ==, 0);
    variant_clear(&o);
    given_clear(&g);
}

/* Two pilots of three nodes each: two pilots of one node each, whose flow moves as much. Tasks of
 * two cores on nodes of three leave one idle: 6 at a time fit; packed, 4 in each pilot. */
static void each_pilot_is_packed(void)
{
    struct given g = given_new(
        "{'task_sets': [{'name': 'a', 'tasks': 16, 'cores': 2, 'duration': 10}]}",
        "{'nodes': [{'count': 3, 'cores': 3, 'memory_mib': 500}], "
        "'flows': [{'name': 'nvme', 'rate': 7, 'per': 'node'}]}");
    struct variant pilots, o;
    struct error err = { "" };
    struct setting_change two = { .id = SETTING_PILOTS, .value = { .said = true, .number = 2 } },
                          packed = { .id = SETTING_PERFECT_PACKING, .value.said = true };
    CU_ASSERT_EQUAL_FATAL(variant_vary(&pilots, &g.scenario, &two, 1, &err), 0);
    CU_ASSERT_EQUAL_FATAL(variant_vary(&o, &pilots.scenario, &packed, 1, &err), 0);
    unit_is(platform_pilots(o.platform), ==, 2);
    unit_is(o.platform->n_nodes, ==, 2);
    for (size_t n = 0; n < 2; n++) {
        unit_is(platform_node(o.platform, n)->n_slots, ==, 4);   /* of two cores */
        unit_is(platform_node(o.platform, n)->memory_mib, ==, 1500);
    }
    unit_near(o.platform->flows[0].rate, 21, 1e-12);
    struct counterfactuals c = asked_of(&pilots.scenario);
    const struct counterfactual *p = &c.of[what_if_index(SETTING_PERFECT_PACKING)];
    CU_ASSERT_PTR_NULL(p->why_not);
    unit_near(c.makespan_s, 30, 1e-9);   /* 16 tasks, 6 at a time */
    unit_near(p->makespan_s, 20, 1e-9);  /* 8 at a time */
    counterfactuals_clear(&c);
    variant_clear(&o);
    variant_clear(&pilots);
    given_clear(&g);
}

/* Nodes that come later are not all there at once. */
static void late_nodes_are_not_packed(void)
{
    struct given g = given_new("{'task_sets': [{'name': 'a', 'tasks': 9, 'duration': 10}]}",
                               "{'nodes': [{'count': 3, 'cores': 3}, {'name': 'late', 'count': 2, "
                               "'cores': 3, 'joins': 50}]}");
    struct counterfactuals c = asked(&g);
    CU_ASSERT_STRING_EQUAL(c.of[what_if_index(SETTING_PERFECT_PACKING)].why_not,
                           "its nodes come at times of their own");
    counterfactuals_clear(&c);
    given_clear(&g);
}

static void what_ifs_end_the_table(void)
{
    for (int id = 0; id < SETTINGS; id++)
        CU_ASSERT_EQUAL(what_if_index((enum setting_id)id) >= 0,
                        setting_at((enum setting_id)id)->views == SETTING_WHAT_IF);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(gpus_without_bound),
        UNIT_TEST(cores_without_bound),
        UNIT_TEST(each_pilot_has_cores_without_bound),
        UNIT_TEST(each_pilot_is_packed),
        UNIT_TEST(late_nodes_are_not_packed),
        UNIT_TEST(packing_without_loss),
        UNIT_TEST(a_middleware_that_costs_nothing),
        UNIT_TEST(durations_without_chance),
        UNIT_TEST(unfinished_worlds_are_not_compared),
        UNIT_TEST(big_nodes_hold_as_much),
        UNIT_TEST(takes_what_has_run),
        UNIT_TEST(what_ifs_end_the_table),
        { NULL, NULL },
    };
    return unit_run("counterfactual", tests);
}
