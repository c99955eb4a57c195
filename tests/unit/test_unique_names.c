#include "core/unique_names.h"

#include <stdlib.h>

#include "tests/support/unit.h"

static void takes(struct unique_names *u, const char *name, const char *expected)
{
    char *taken = unique_names_take(u, name);
    CU_ASSERT_STRING_EQUAL(taken, expected);
    free(taken);
}

static void a_second_name_gets_the_first_free_number(void)
{
    struct unique_names *u = unique_names_new(".");
    CU_ASSERT_TRUE(unique_names_claim(u, "a.3"));
    takes(u, "a", "a");
    takes(u, "a", "a.2");
    takes(u, "a", "a.4");
    takes(u, "a.3", "a.3.2");
    takes(u, "a.2", "a.2.2");
    CU_ASSERT_FALSE(unique_names_claim(u, "a.4"));
    unique_names_free(u);
}

static void a_name_may_be_numbered_at_once(void)
{
    struct unique_names *u = unique_names_new("-");
    char *first = unique_names_numbered(u, "n");
    CU_ASSERT_STRING_EQUAL(first, "n-2");
    takes(u, "n", "n");
    takes(u, "n", "n-3");
    free(first);
    unique_names_free(u);
    unique_names_free(NULL);
}

/* 200,000 of one name: looking through all numbers would take minutes. */
static void many_share_a_name(void)
{
    enum { MANY = 200000 };
    struct unique_names *u = unique_names_new(".");
    for (int i = 1; i < MANY; i++)
        free(unique_names_take(u, "x"));
    takes(u, "x", "x.200000");
    unique_names_free(u);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_second_name_gets_the_first_free_number),
        UNIT_TEST(a_name_may_be_numbered_at_once),
        UNIT_TEST(many_share_a_name),
        { NULL, NULL },
    };
    return unit_run("unique_names", tests);
}
