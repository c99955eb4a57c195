#include "base/error.h"

#include <string.h>

#include "tests/support/unit.h"

static void set_formats_and_returns_minus_one(void)
{
    struct error err = { "something older" };
    CU_ASSERT_EQUAL(error_set(&err, "tasks[%d].cores: must be at least %d, is %d", 3, 1, -2), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "tasks[3].cores: must be at least 1, is -2");
}

static void prefix_adds_from_outside_in(void)
{
    struct error err;
    error_set(&err, "is %s", "wrong");
    CU_ASSERT_EQUAL(error_prefix(&err, "%s: ", "cores"), -1);
    error_prefix(&err, "%s:%d: ", "ddmd.json", 7);
    CU_ASSERT_STRING_EQUAL(err.text, "ddmd.json:7: cores: is wrong");
}

static void no_error_wanted(void)
{
    CU_ASSERT_EQUAL(error_set(NULL, "lost %d", 1), -1);
    CU_ASSERT_EQUAL(error_prefix(NULL, "lost %d", 1), -1);
}

static void long_texts_are_cut_at_the_end(void)
{
    char text[2000];
    struct error err;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&err, "%s", text);
    CU_ASSERT_EQUAL(strlen(err.text), sizeof err.text - 1);
    error_prefix(&err, "file: ");
    CU_ASSERT_EQUAL(strlen(err.text), sizeof err.text - 1);
    CU_ASSERT_EQUAL(strncmp(err.text, "file: xxx", 9), 0);
    error_prefix(&err, "%s", text);
    CU_ASSERT_EQUAL(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(set_formats_and_returns_minus_one), UNIT_TEST(prefix_adds_from_outside_in),
        UNIT_TEST(no_error_wanted), UNIT_TEST(long_texts_are_cut_at_the_end), { NULL, NULL },
    };
    return unit_run("error", tests);
}
