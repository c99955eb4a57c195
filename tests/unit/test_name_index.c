#include "core/name_index.h"

#include <stdio.h>

#include "base/str.h"
#include "tests/support/unit.h"

static void first_comer_keeps_the_name(void)
{
    struct name_index *index = name_index_new();
    CU_ASSERT_EQUAL(name_index_add(index, "simulation", 7), -1);
    CU_ASSERT_EQUAL(name_index_add(index, "training", 3), -1);
    CU_ASSERT_EQUAL(name_index_add(index, "simulation", 9), 7);
    CU_ASSERT_EQUAL(name_index_find(index, "simulation"), 7);
    CU_ASSERT_EQUAL(name_index_find(index, "training"), 3);
    CU_ASSERT_EQUAL(name_index_find(index, "simulatio"), -1);
    name_index_free(index);
}

/* A known pair of texts that have one FNV-1a hash. */
static void names_of_one_hash_are_two(void)
{
    static const char *const names[] = { "8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ" };
    struct name_index *index = name_index_new();
    CU_ASSERT_EQUAL_FATAL(str_hash(names[0]), str_hash(names[1]));
    CU_ASSERT_EQUAL(name_index_add(index, names[0], 7), -1);
    CU_ASSERT_EQUAL(name_index_find(index, names[1]), -1);
    CU_ASSERT_EQUAL(name_index_add(index, names[1], 3), -1);
    CU_ASSERT_EQUAL(name_index_add(index, names[0], 9), 7);
    CU_ASSERT_EQUAL(name_index_find(index, names[0]), 7);
    CU_ASSERT_EQUAL(name_index_find(index, names[1]), 3);
    name_index_free(index);
}

static void nearest_name_is_offered_only_when_near(void)
{
    struct name_index *index = name_index_new();
    CU_ASSERT_PTR_NULL(name_index_nearest(index, "anything"));
    name_index_add(index, "aggregation", 0);
    name_index_add(index, "inference", 1);
    CU_ASSERT_STRING_EQUAL(name_index_nearest(index, "inferense"), "inference");
    CU_ASSERT_PTR_NULL(name_index_nearest(index, "xyz"));
    name_index_free(index);
}

static void many_names_are_found_again(void)
{
    enum { N = 20000 };
    static char names[N][16];
    struct name_index *index = name_index_new();
    for (int i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "set.%d", i);
        CU_ASSERT_EQUAL_FATAL(name_index_add(index, names[i], 3 * i), -1);
    }
    for (int i = 0; i < N; i++)
        CU_ASSERT_EQUAL_FATAL(name_index_find(index, names[i]), 3 * i);
    name_index_free(index);
    name_index_free(NULL);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(first_comer_keeps_the_name), UNIT_TEST(names_of_one_hash_are_two),
        UNIT_TEST(nearest_name_is_offered_only_when_near), UNIT_TEST(many_names_are_found_again),
        { NULL, NULL } };
    return unit_run("name_index", tests);
}
