/* What tasks of importers ask for, kept once. */
#include "traces/importer/demand_pool.h"

#include "tests/support/unit.h"
#include "traces/importer/task_groups.h"

enum { MANY = 5000 };

/* The i-th of MANY demands that differ, each in one of seven members from the first. */
static struct demand numbered(int i)
{
    struct demand d = { .ranks = 1, .cores = 1 };
    switch (i % 7) {
    case 0: d.ranks += i; break;
    case 1: d.cores += i; break;
    case 2: d.threads = i; break;
    case 3: d.gpus = i; break;
    case 4: d.gpu_share = i; break;
    case 5: d.memory_mib = i; break;
    default: d.memory_mib = i, d.one_node = true; break;
    }
    return d;
}

static void equal_ones_are_at_one_address_and_stay_there(void)
{
    static const struct demand *at[MANY];
    struct demand_pool pool = { 0 };
    for (int i = 0; i < MANY; i++) {
        struct demand d = numbered(i);
        at[i] = demand_pool_share(&pool, &d);
        CU_ASSERT_PTR_EQUAL(demand_pool_share(&pool, &d), at[i]);
    }
    CU_ASSERT_EQUAL(pool.n, MANY);
    for (int i = 0; i < MANY; i++) {
        struct demand d = numbered(i);
        CU_ASSERT_PTR_EQUAL(demand_pool_share(&pool, &d), at[i]);
        CU_ASSERT(demand_equal(at[i], &d));
    }
    demand_pool_clear(&pool);
}

static void a_cleared_pool_can_be_filled_again(void)
{
    struct demand_pool pool = { 0 };
    struct demand one = numbered(0), other = numbered(1);
    demand_pool_share(&pool, &one);
    demand_pool_clear(&pool);
    CU_ASSERT_EQUAL(pool.n, 0);
    CU_ASSERT_EQUAL(demand_pool_share(&pool, &other)->cores, 2);
    CU_ASSERT_EQUAL(demand_pool_share(&pool, &one)->cores, 1);
    CU_ASSERT_EQUAL(pool.n, 2);
    demand_pool_clear(&pool);
}

/* Of 10^6 of them the room is what importers need most: docs/performance.md. */
static void a_listed_task_is_small(void)
{
    unit_is(sizeof(struct listed_task), <=, 40);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(equal_ones_are_at_one_address_and_stay_there),
        UNIT_TEST(a_cleared_pool_can_be_filled_again),
        UNIT_TEST(a_listed_task_is_small),
        { NULL, NULL },
    };
    return unit_run("demand_pool", tests);
}
