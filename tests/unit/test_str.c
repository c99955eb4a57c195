#include "base/str.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

static void text_grows(void)
{
    struct str s = { 0 };
    for (int i = 0; i < 1000; i++)
        str_addf(&s, "%03d,", i);
    str_add(&s, "end");
    str_add_n(&s, "ing!", 3);
    str_add_n(&s, NULL, 0);
    CU_ASSERT_EQUAL(s.length, 4006);
    CU_ASSERT_EQUAL(strncmp(s.text + 4 * 567, "567,568,", 8), 0);
    CU_ASSERT_STRING_EQUAL(s.text + 4000, "ending");
    char *taken = str_take(&s);
    CU_ASSERT_PTR_NULL(s.text);
    unit_is(s.length, ==, 0);
    unit_is(strlen(taken), ==, 4006);
    free(taken);
    taken = str_take(&s);
    CU_ASSERT_STRING_EQUAL(taken, "");
    free(taken);
    str_add(&s, "more");
    str_clear(&s);
    CU_ASSERT_PTR_NULL(s.text);
}

static void format_makes_a_new_string(void)
{
    char *s = str_format("%s has %d nodes", "summit", 16);
    CU_ASSERT_STRING_EQUAL(s, "summit has 16 nodes");
    free(s);
}

static void questions(void)
{
    unit_is(str_equal("a", "a"), ==, true);
    unit_is(str_equal(NULL, NULL), ==, true);
    CU_ASSERT_FALSE(str_equal("a", "b"));
    CU_ASSERT_FALSE(str_equal("a", NULL));
    CU_ASSERT_FALSE(str_equal(NULL, "a"));
    CU_ASSERT(str_starts("radical", "rad"));
    CU_ASSERT(str_starts("rad", ""));
    CU_ASSERT_FALSE(str_starts("ra", "rad"));
    CU_ASSERT(str_ends("a.json", ".json"));
    CU_ASSERT(str_ends("a", ""));
    CU_ASSERT_FALSE(str_ends("json", ".json"));
    unit_is(str_characters(""), ==, 0);
    unit_is(str_characters("abc"), ==, 3);
    unit_is(str_characters("\xC3\xA4\xE2\x82\xAC"
                           "x"),
            ==, 3);
}

static void nearest_name(void)
{
    static const char *const names[] = { "tasks", "threads", "gpus", "mode", "duration", NULL };
    CU_ASSERT_STRING_EQUAL(str_nearest("taks", names), "tasks");
    CU_ASSERT_STRING_EQUAL(str_nearest("mdoe", names), "mode");
    CU_ASSERT_STRING_EQUAL(str_nearest("thraeds", names), "threads");
    CU_ASSERT_STRING_EQUAL(str_nearest("durration", names), "duration");
    CU_ASSERT_STRING_EQUAL(str_nearest("dur", names), "duration");
    CU_ASSERT_PTR_NULL(str_nearest("du", names));
    static const char *const two[] = { "memory_mib", "memory_share", NULL };
    CU_ASSERT_PTR_NULL(str_nearest("memory", two));
    CU_ASSERT_STRING_EQUAL(str_nearest("memory", two + 1), "memory_share");
    CU_ASSERT_PTR_NULL(str_nearest("walltime", names));
    CU_ASSERT_PTR_NULL(str_nearest("", names));
    char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    CU_ASSERT_PTR_NULL(str_nearest(longer, names));
}

static void expect_double(double x, const char *text)
{
    struct str s = { 0 };
    str_add_double(&s, x);
    CU_ASSERT_STRING_EQUAL(s.text, text);
    str_clear(&s);
}

static void doubles_are_short(void)
{
    expect_double(0.1, "0.1");
    expect_double(340, "340");
    expect_double(1e-9, "1e-09");
    expect_double(1e6, "1000000");
    expect_double(-2.385, "-2.385");
    expect_double(9007199254740992.0, "9007199254740992");
    expect_double(0.1 + 0.2, "0.30000000000000004");
}

/* Whole numbers go another way: the oracle is %.15g, which is exact where it reads back. */
static void whole_numbers_are_printed_as_any(void)
{
    expect_double(-0.0, "-0");
    expect_double(999999999999999, "999999999999999");
    expect_double(1e15, "1e+15");
    expect_double(-1e15, "-1e+15");
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        char text[32];
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        double x = (double)((int64_t)bits >> (i % 64)) + (i % 5 == 0 ? 0.5 : 0);
        snprintf(text, sizeof text, "%.15g", x);
        if (strtod(text, NULL) == x)
            expect_double(x, text);
    }
}

/* Any double reads back: 100,000 of them drawn by their bits. */
static void doubles_read_back(void)
{
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 100000; i++) {
        double x, y = 0;
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        struct str s = { 0 };
        str_add_double(&s, x);
        CU_ASSERT_FATAL(str_to_double(s.text, &y));
        unit_must_be(memcmp(&x, &y, sizeof x), ==, 0);
        str_clear(&s);
    }
}

static void texts_to_numbers(void)
{
    static const char *const wrong[] = { "", " 1", "1 ", "1x", "nan", "inf", "0x10", "1e999",
                                         "-1e999", ".", "e5", "1..2", "--1" };
    double x = 7.5;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_FALSE(str_to_double(wrong[i], &x));
        unit_is(x, ==, 7.5);
    }
    CU_ASSERT(str_to_double("-2.5e3", &x));
    unit_is(x, ==, -2500);
    for (int digits = 1; digits <= 20; digits++) {
        CU_ASSERT(str_to_double(&"98765432109876543219"[20 - digits], &x));
        unit_is(x, ==, strtod(&"98765432109876543219"[20 - digits], NULL));
    }
    CU_ASSERT(str_to_double("1e-400", &x));
    unit_is(x, ==, 0);
    CU_ASSERT(str_to_double("1.7976931348623157e308", &x));
    unit_is(x, ==, DBL_MAX);
}

static void texts_to_integers(void)
{
    static const char *const wrong[] = { "", " 1", "1.0", "1e3", "9223372036854775808",
                                         "-9223372036854775809", "-", "+-1" };
    int64_t x = 75;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CU_ASSERT_FALSE(str_to_int64(wrong[i], &x));
        unit_is(x, ==, 75);
    }
    CU_ASSERT(str_to_int64("9223372036854775807", &x));
    unit_is(x, ==, INT64_MAX);
    CU_ASSERT(str_to_int64("-9223372036854775808", &x));
    unit_is(x, ==, INT64_MIN);
    CU_ASSERT(str_to_int64("007", &x));
    unit_is(x, ==, 7);
}

/* The test vectors of the FNV authors (draft-eastlake-fnv). */
static void hash_is_fnv1a(void)
{
    CU_ASSERT_EQUAL(str_hash(""), UINT64_C(0xcbf29ce484222325));
    CU_ASSERT_EQUAL(str_hash("a"), UINT64_C(0xaf63dc4c8601ec8c));
    CU_ASSERT_EQUAL(str_hash("foobar"), UINT64_C(0x85944171f73967e8));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(text_grows),
        UNIT_TEST(format_makes_a_new_string),
        UNIT_TEST(questions),
        UNIT_TEST(nearest_name),
        UNIT_TEST(doubles_are_short),
        UNIT_TEST(whole_numbers_are_printed_as_any),
        UNIT_TEST(doubles_read_back),
        UNIT_TEST(texts_to_numbers),
        UNIT_TEST(texts_to_integers),
        UNIT_TEST(hash_is_fnv1a),
        { NULL, NULL },
    };
    return unit_run("str", tests);
}
