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

static void programs_see_everything(void)
{
    struct table *t = sample();
    struct str out = { 0 };
    table_print_csv(t, &out);
    CU_ASSERT_STRING_EQUAL(
        out.text,
        "mode,s,note\nsequential,1578.0625,\"a \"\"b\"\", c\"\n\xc3\xa9t\xc3\xa9,0.1,\n,,\n");
    str_clear(&out);
    cJSON *json = table_to_json(t);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(json), 3);
    const cJSON *first = cJSON_GetArrayItem(json, 0), *last = cJSON_GetArrayItem(json, 2);
    CU_ASSERT_EQUAL(cJSON_GetObjectItem(first, "s")->valuedouble, 1578.0625);
    CU_ASSERT_STRING_EQUAL(cJSON_GetObjectItem(first, "note")->valuestring, "a \"b\", c");
    CU_ASSERT(cJSON_IsNull(cJSON_GetObjectItem(last, "mode")) &&
              cJSON_IsNull(cJSON_GetObjectItem(last, "s")));
    cJSON_Delete(json);
    table_free(t);
}

static void cells_can_be_asked_and_set_again(void)
{
    struct table *t = sample();
    CU_ASSERT(table_rows(t) == 3 && table_columns(t) == 3);
    CU_ASSERT_STRING_EQUAL(table_text(t, 0, 1), "1578.1");
    CU_ASSERT_STRING_EQUAL(table_text(t, 2, 0), "");
    table_set_text(t, 1, "many");
    CU_ASSERT_STRING_EQUAL(table_text(t, 2, 1), "many");
    table_free(t);
    table_free(NULL);
}

static void a_table_without_rows_is_its_head(void)
{
    struct table *t = table_new();
    struct str out = { 0 };
    table_add_column(t, "seed", TABLE_RIGHT);
    table_print_csv(t, &out);
    CU_ASSERT_STRING_EQUAL(out.text, "seed\n");
    str_clear(&out);
    table_free(t);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(programs_see_everything),
        UNIT_TEST(cells_can_be_asked_and_set_again),
        UNIT_TEST(a_table_without_rows_is_its_head),
        { NULL, NULL },
    };
    return unit_run("table", tests);
}
