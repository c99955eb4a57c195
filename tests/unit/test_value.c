#include "doc/value.h"

#include <math.h>

#include "tests/support/unit.h"

static void reads(struct doc_value v, struct doc_format f, bool in_column, const char *expected)
{
    struct str out = { 0 };
    doc_value_add(&out, &v, f, in_column);
    if (!str_equal(out.text, expected))
        printf("reads '%s', expected '%s'\n", out.text, expected);
    CU_ASSERT_STRING_EQUAL(out.text, expected);
    str_clear(&out);
}

static void values_read_with_their_units(void)
{
    reads(doc_number(1660.083), (struct doc_format){ DOC_SECONDS, 0, false }, false, "1660.1 s");
    reads(doc_number(1660.083), (struct doc_format){ DOC_SECONDS, 0, false }, true, "1660.1");
    reads(doc_number(1660.083), (struct doc_format){ DOC_LONG_SECONDS, 0, false }, false,
          "1660.1 s (27 min 40 s)");
    reads(doc_number(1660.083), (struct doc_format){ DOC_CLOCK, 0, false }, false, "0:27:41");
    reads(doc_number(0.6842), (struct doc_format){ DOC_SHARE, 0, false }, false, "68.4 %");
    reads(doc_number(96), (struct doc_format){ DOC_COUNT, 0, false }, false, "96");
    reads(doc_number(2.3851), (struct doc_format){ DOC_NUMBER, 0, false }, false, "2.385");
    reads(doc_number(2.3851), (struct doc_format){ DOC_NUMBER, 2, false }, false, "2.39");
    reads(doc_flag(true), (struct doc_format){ DOC_FLAG, 0, false }, false, "yes");
    reads(doc_text("backfill"), (struct doc_format){ DOC_TEXT, 0, false }, false, "backfill");
}

static void ranges_and_triples_share_one_unit(void)
{
    reads(doc_range(0.2071, 0.2204), (struct doc_format){ DOC_SHARE, 0, false }, false,
          "20.7 .. 22.0 %");
    reads(doc_triple(1.5, 2.25, 3.125), (struct doc_format){ DOC_SECONDS, 0, false }, false,
          "1.5 / 2.2 / 3.1 s");
}

static void no_value_is_a_dash(void)
{
    reads(doc_number((double)NAN), (struct doc_format){ DOC_SECONDS, 0, false }, false, "-");
    reads(doc_range(1, (double)INFINITY), (struct doc_format){ DOC_SECONDS, 0, false }, false, "-");
    reads(doc_text(NULL), (struct doc_format){ DOC_TEXT, 0, false }, false, "-");
}

static void zero_has_no_sign_of_its_own(void)
{
    reads(doc_number(-0.04), (struct doc_format){ DOC_SECONDS, 0, false }, true, "0.0");
    reads(doc_number(0.7), (struct doc_format){ DOC_SECONDS, 0, true }, true, "+0.7");
    reads(doc_number(-18.52), (struct doc_format){ DOC_SECONDS, 0, true }, true, "-18.5");
}

static void json_holds_the_plain_number(void)
{
    struct doc_value v = doc_number(0.6842), r = doc_range(1.5, 2.5), none = doc_none();
    cJSON *number = doc_value_json(&v, DOC_SHARE), *range = doc_value_json(&r, DOC_SECONDS),
          *null = doc_value_json(&none, DOC_COUNT);
    unit_near(number->valuedouble, 0.6842, 0);
    unit_near(cJSON_GetArrayItem(range, 1)->valuedouble, 2.5, 0);
    CU_ASSERT_TRUE(cJSON_IsNull(null));
    struct doc_value back = doc_value_of_json(range);
    CU_ASSERT_EQUAL(back.n, 2);
    unit_near(back.x[0], 1.5, 0);
    cJSON_Delete(number);
    cJSON_Delete(range);
    cJSON_Delete(null);
}

static void units_have_names(void)
{
    for (int u = 0; u < DOC_UNITS; u++)
        CU_ASSERT_EQUAL(doc_unit_find(doc_unit_name((enum doc_unit)u)), u);
    CU_ASSERT_EQUAL(doc_unit_find("furlongs"), -1);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(values_read_with_their_units),
        UNIT_TEST(ranges_and_triples_share_one_unit),
        UNIT_TEST(no_value_is_a_dash),
        UNIT_TEST(zero_has_no_sign_of_its_own),
        UNIT_TEST(json_holds_the_plain_number),
        UNIT_TEST(units_have_names),
        { NULL, NULL },
    };
    return unit_run("value", tests);
}
