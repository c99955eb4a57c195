#include "cli/node_list.h"

#include <string.h>

#include "tests/support/unit.h"

static void expect(const char *text, const size_t *counts, size_t n)
{
    struct node_list l;
    struct error err = { "" };
    if (node_list_parse(text, &l, &err))
        CU_FAIL_FATAL(err.text);
    CU_ASSERT_EQUAL(l.n, n);
    unit_is(l.n, ==, n);
    unit_is(memcmp(l.at, counts, n * sizeof *counts), ==, 0);
    node_list_clear(&l);
}

static void lists_ranges_and_steps(void)
{
    expect("16", (const size_t[]){ 16 }, 1);
    expect("3..6", (const size_t[]){ 3, 4, 5, 6 }, 4);
    expect("4..17:4", (const size_t[]){ 4, 8, 12, 16 }, 4);
    expect("9,2..4,3,2", (const size_t[]){ 2, 3, 4, 9 }, 4);     /* ascending, none twice */
}

static void what_is_no_list_is_refused(void)
{
    static const char *const wrong[] = { "", "0", "x", "4..", "..4", "6..3", "1..9:0", "1..9:x",
                                         "1,,2", "1..99999", "1.5", "-3" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct node_list l;
        struct error err = { "" };
        unit_is(node_list_parse(wrong[i], &l, &err), ==, -1);
        CU_ASSERT_PTR_EQUAL(strstr(err.text, "--nodes"), err.text);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(lists_ranges_and_steps),
                                              UNIT_TEST(what_is_no_list_is_refused),
                                              { NULL, NULL } };
    return unit_run("node_list", tests);
}
