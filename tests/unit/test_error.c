#include "base/error.h"

#include <string.h>

#include "base/str.h"
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

/* In quotes 29 characters, an ellipsis and the last 30; characters stay whole. */
static void quoted_texts_are_shortened(void)
{
    struct str text = { 0 }, expected = { 0 };
    struct error err;
    for (int i = 0; i < 61; i++)
        str_add(&text, i == 28 ? "\xf0\x9f\x98\x80" : i == 31 ? "\xc3\xa9" : i < 31 ? "a" : "z");
    error_set(&err, "%d %%s: unknown '%s'%s; %s", 7, text.text, "!", text.text);
    str_addf(&expected, "7 %%s: unknown '%.28s\xf0\x9f\x98\x80\xe2\x80\xa6\xc3\xa9%s'!; %s",
             text.text, text.text + strlen(text.text) - 29, text.text);
    CU_ASSERT_STRING_EQUAL(err.text, expected.text);
    error_set(&err, "is '%s', or \"%.*s\" of %.1f", text.text + 1, 3, text.text, 2.5);
    str_clear(&expected);
    str_addf(&expected, "is '%s', or \"aaa\" of 2.5", text.text + 1);
    CU_ASSERT_STRING_EQUAL(err.text, expected.text);
    error_prefix(&err, "'%s': ", text.text);
    CU_ASSERT_EQUAL(
        strncmp(err.text, "'aaaaaaaaaaaaaaaaaaaaaaaaaaaa\xf0\x9f\x98\x80\xe2\x80\xa6", 36), 0);
    str_clear(&expected);
    str_clear(&text);
}

/* 1,023 bytes would end within a character. */
static void a_cut_text_ends_with_a_whole_character(void)
{
    struct error err;
    struct str text = { 0 };
    for (int i = 0; i < 600; i++)
        str_add(&text, "\xc3\xa9");
    error_set(&err, "%s", text.text);
    CU_ASSERT_EQUAL(strlen(err.text), 1022);
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(set_formats_and_returns_minus_one),
        UNIT_TEST(prefix_adds_from_outside_in),
        UNIT_TEST(no_error_wanted),
        UNIT_TEST(long_texts_are_cut_at_the_end),
        UNIT_TEST(quoted_texts_are_shortened),
        UNIT_TEST(a_cut_text_ends_with_a_whole_character),
        { NULL, NULL },
    };
    return unit_run("error", tests);
}
