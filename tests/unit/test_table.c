#include "base/table.h"

#include <math.h>
#include <stdlib.h>

#include "base/json_print.h"
#include "tests/support/unit.h"

static struct table *sample(void)
{
    struct table *t = table_new();
    table_add_column(t, "mode", TABLE_LEFT);
    table_add_column(t, "s", TABLE_RIGHT);
    table_add_column(t, "note", TABLE_LEFT);
    table_add_row(t);
    table_set_text(t, 0, "sequential");
    table_set_number(t, 1, 1578.0625, 1);
    table_set_text(t, 2, "a \"b\", c");
    table_add_row(t);
    table_set_text(t, 0, "\xc3\xa9t\xc3\xa9");
    table_set_number(t, 1, 0.1, -1);
    table_add_row(t);
    table_set_number(t, 1, NAN, 3);
    return t;
}

static void cells_can_be_asked_and_set_again(void)
{
    struct table *t = sample();
    unit_is(table_rows(t), ==, 3);
    unit_is(table_columns(t), ==, 3);
    CU_ASSERT_STRING_EQUAL(table_text(t, 0, 1), "1578.1");
    CU_ASSERT_STRING_EQUAL(table_text(t, 2, 0), "");
    table_set_text(t, 1, "many");
    CU_ASSERT_STRING_EQUAL(table_text(t, 2, 1), "many");
    table_free(t);
    table_free(NULL);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(cells_can_be_asked_and_set_again),
        { NULL, NULL },
    };
    return unit_run("table", tests);
}
