#include "model/placing.h"

#include "scheduling/demand_classes.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static size_t put_all(const struct platform *p, struct slot_demand d, size_t tasks)
{
    struct pool *pool = pool_new(p, &d, 1);
    pool_claims_tasks(pool);
    struct placed placed = placing_put(pool, 0, tasks);
    CU_ASSERT_EQUAL(placed.grant == POOL_NONE, placed.tasks == 0);
    if (placed.grant != POOL_NONE)
        pool_release(pool, placed.grant);
    struct placed again = placing_put(pool, 0, tasks);   /* what was released is free again */
    CU_ASSERT_EQUAL(again.tasks, placed.tasks);
    pool_free(pool);
    return placed.tasks;
}

/* The empty platform holds what platform_capacity() says, of every demand. */
static void as_many_as_the_platform_holds(void)
{
    static const struct given_limits limits = { .max_sets = 6, .max_tasks = 4 };
    for (uint64_t number = 0; number < 300; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct demand_classes classes;
        demand_classes_init(&classes, w, p);
        for (size_t c = 0; c < classes.n; c++) {
            size_t capacity = (size_t)platform_capacity(p, &classes.demand[c]);
            CU_ASSERT_EQUAL(put_all(p, classes.demand[c], 1000), capacity);
            CU_ASSERT_EQUAL(put_all(p, classes.demand[c], capacity - 1), capacity - 1);
        }
        demand_classes_clear(&classes);
        platform_free(p);
        workflow_free(w);
    }
}

static void ranks_of_a_task_span_nodes_unless_they_must_not(void)
{
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 3, 'cores': 5}]}");
    struct slot_demand d = { .ranks = 3, .slots = 2 };
    CU_ASSERT_EQUAL(put_all(p, d, 9), 2);        /* 2 + 1, 1 + 2 */
    d.one_node = true;
    CU_ASSERT_EQUAL(put_all(p, d, 9), 0);
    d.ranks = 2;
    CU_ASSERT_EQUAL(put_all(p, d, 9), 3);
    platform_free(p);
}

/* What is already taken counts: 7 tasks of 2 slots beside one of 3 slots on nodes of 5. */
static void places_beside_what_is_taken(void)
{
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 4, 'cores': 5}]}");
    struct slot_demand d[] = { { .ranks = 1, .slots = 3 }, { .ranks = 1, .slots = 2 } };
    struct pool *pool = pool_new(p, d, 2);
    pool_claims_tasks(pool);
    CU_ASSERT_EQUAL(placing_put(pool, 0, 1).tasks, 1);
    struct placed placed = placing_put(pool, 1, 100);
    CU_ASSERT_EQUAL(placed.tasks, 7);
    CU_ASSERT_EQUAL(placed.parts, 4);
    pool_free(pool);
    platform_free(p);
}

/* A part holds slots of more words than one task has. */
static void many_small_tasks_lie_on_a_wide_node(void)
{
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 3, 'cores': 300}]}");
    struct slot_demand d[] = { { .ranks = 1, .slots = 1 }, { .ranks = 1, .slots = 2 } };
    struct pool *pool = pool_new(p, d, 2);
    pool_claims_tasks(pool);
    struct placed small = placing_put(pool, 0, 500), large = placing_put(pool, 1, 400);
    CU_ASSERT_EQUAL(small.tasks, 500);
    CU_ASSERT_EQUAL(large.tasks, 200);
    pool_release(pool, small.grant);
    small = placing_put(pool, 0, 1000);
    CU_ASSERT_EQUAL(small.tasks, 500);
    pool_release(pool, small.grant);
    pool_release(pool, large.grant);
    CU_ASSERT_EQUAL(placing_put(pool, 1, 1000).tasks, 450);
    pool_free(pool);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(as_many_as_the_platform_holds),
        UNIT_TEST(ranks_of_a_task_span_nodes_unless_they_must_not),
        UNIT_TEST(places_beside_what_is_taken),
        UNIT_TEST(many_small_tasks_lie_on_a_wide_node),
        { NULL, NULL },
    };
    return unit_run("placing", tests);
}
