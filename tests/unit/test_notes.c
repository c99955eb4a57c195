#include "traces/notes.h"

#include <stdio.h>

#include "tests/support/unit.h"

static void the_same_note_is_added_up(void)
{
    struct notes n = { 0 }, all = { 0 };
    char why[16];
    snprintf(why, sizeof why, "torn");
    notes_add(&n, 2, "rows", why);
    notes_add(&n, 0, "rows", "nothing");
    snprintf(why, sizeof why, "late");   /* texts are copied */
    notes_add(&n, 5, "rows", why);
    notes_add(&n, 3, "rows", "torn");
    CU_ASSERT_EQUAL_FATAL(n.n, 2);
    CU_ASSERT_STRING_EQUAL(n.at[0].why, "torn");
    CU_ASSERT_EQUAL(n.at[0].count, 5);
    CU_ASSERT_EQUAL(n.at[1].count, 5);
    notes_add(&all, 1, "rows", "late");
    notes_add_all(&all, &n);
    notes_clear(&n);
    CU_ASSERT_EQUAL_FATAL(all.n, 2);
    CU_ASSERT_EQUAL(all.at[0].count, 6);
    CU_ASSERT_STRING_EQUAL(all.at[1].why, "torn");
    notes_clear(&all);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(the_same_note_is_added_up),
                                              { NULL, NULL } };
    return unit_run("notes", tests);
}
