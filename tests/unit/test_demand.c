#include "core/demand.h"

#include "tests/support/unit.h"

/* Every field counts: a change of any one makes two demands differ. */
static void demands_differ_by_any_field(void)
{
    const struct demand d = { .ranks = 2, .cores = 3, .gpus = 1, .memory_mib = 512 };
    struct demand e[] = { d, d, d, d, d, d, d };
    CU_ASSERT(demand_equal(&d, &e[0]));
    e[0].ranks++;
    e[1].cores++;
    e[2].threads++;
    e[3].gpus++;
    e[4].gpu_share++;
    e[5].memory_mib++;
    e[6].one_node = true;
    for (int i = 0; i < 7; i++)
        CU_ASSERT_FALSE(demand_equal(&d, &e[i]));
}

static void slot_demands_differ_by_any_field(void)
{
    const struct slot_demand d = { .ranks = 2, .slots = 3, .gpus = 1, .memory_mib = 512 };
    struct slot_demand e[] = { d, d, d, d, d, d };
    CU_ASSERT(slot_demand_equal(&d, &e[0]));
    e[0].ranks++;
    e[1].slots++;
    e[2].gpus++;
    e[3].gpu_share++;
    e[4].memory_mib++;
    e[5].one_node = true;
    for (int i = 0; i < 6; i++)
        CU_ASSERT_FALSE(slot_demand_equal(&d, &e[i]));
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(demands_differ_by_any_field),
                                              UNIT_TEST(slot_demands_differ_by_any_field),
                                              { NULL, NULL } };
    return unit_run("demand", tests);
}
