/* Which scenarios have equal replicas. Oracle: the replicas themselves, and each purpose of a draw.
 */
#include "sim/randomness.h"

#include <stdio.h>
#include <string.h>

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static const char platform_text[] = "{'name': 'p', 'nodes': [{'count': 2, 'cores': 8, 'gpus': 2}]}";

struct world {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct world world_of(struct workflow *w, const char *order)
{
    struct world x = { w, given_platform(platform_text), middleware_ideal(), { 0 } };
    x.scenario = (struct scenario){ .workflow = w,
                                    .platform = x.platform,
                                    .middleware = x.middleware,
                                    .mode = MODE_ASYNCHRONOUS,
                                    .seed = 7 };
    x.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ .order = order }, x.middleware);
    return x;
}

static void world_end(struct world *x)
{
    workflow_free(x->workflow);
    platform_free(x->platform);
    middleware_free(x->middleware);
}

static bool is_random(const char *set, const char *order)
{
    char text[512];
    snprintf(text, sizeof text,
             "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 5, 'cores': 2, %s}]}", set);
    struct world x = world_of(given_workflow(text), order);
    bool random = scenario_is_random(&x.scenario);
    world_end(&x);
    return random;
}

static void every_purpose_of_a_draw_has_a_row(void)
{
    for (int p = 0; p < RNG_PURPOSES; p++) {
        if (!randomness_is_known((enum rng_purpose)p))
            printf("no row for purpose %d\n", p);
        CU_ASSERT(randomness_is_known((enum rng_purpose)p));
    }
}

static void constants_are_not_random(void)
{
    CU_ASSERT_FALSE(is_random("'duration': 2.385", NULL));
    CU_ASSERT_FALSE(is_random("'durations': [1, 2, 3, 4, 5.5]", NULL));
    CU_ASSERT_FALSE(is_random("'duration': 2.385, 'release': 3.5", "largest"));
    CU_ASSERT_FALSE(is_random("'phases': [{'compute': 2.5}, {'flow': 'x', 'amount': 7}]", NULL));
}

static void what_is_drawn_is_random(void)
{
    CU_ASSERT(is_random("'duration': {'distribution': 'normal', 'mean': 9, 'sd': 1}", NULL));
    CU_ASSERT(is_random("'duration': 2.385, 'set_sd': 0.1", NULL));
    CU_ASSERT(is_random("'duration': 2.385, 'failure_probability': 0.1", NULL));
    CU_ASSERT(is_random("'duration': 2.385", "random"));
    CU_ASSERT(is_random("'duration': 2.385, 'when': 0.5", NULL));
    CU_ASSERT(
        is_random("'duration': 2.5, 'input': {'flow': 'x', 'amount': {'distribution': 'uniform', "
                  "'min': 1, 'max': 2}}",
                  NULL));
    CU_ASSERT(
        is_random("'phases': [{'compute': 2.5}, {'compute': {'distribution': 'uniform', 'min': 1, "
                  "'max': 2}}]",
                  NULL));
}

/* 100 workflows of constant durations: replicas 0 and 5 are the same bytes. */
static void replicas_of_constants_are_equal(void)
{
    const struct given_limits limits = { .max_sets = 6, .max_tasks = 9, .only_single = true };
    for (uint64_t number = 0; number < 100; number++) {
        struct world x = world_of(given_random_workflow(number, &limits), NULL);
        platform_free(x.platform);
        x.scenario.platform = x.platform = given_random_platform(number);
        struct simulator *sim = simulator_new(&x.scenario, NULL);
        struct replica first = { 0 }, later = { 0 };
        simulator_run(sim, 0, NULL, &first);
        simulator_run(sim, 5, NULL, &later);
        CU_ASSERT_FALSE(scenario_is_random(&x.scenario));
        CU_ASSERT_EQUAL(memcmp(&first, &later, sizeof first), 0);
        simulator_free(sim);
        world_end(&x);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(every_purpose_of_a_draw_has_a_row),
                                              UNIT_TEST(constants_are_not_random),
                                              UNIT_TEST(what_is_drawn_is_random),
                                              UNIT_TEST(replicas_of_constants_are_equal),
                                              { NULL, NULL } };
    return unit_run("randomness", tests);
}
