#include "doc/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static char *fitted(const struct table *t, const struct fit_options *o, struct str *left_out)
{
    struct str out = { 0 };
    fit_table(&out, t, o, left_out);
    return str_take(&out);
}

static void what_has_room_is_aligned(void)
{
    struct table *t = sample();
    struct str left_out = { 0 };
    char *text = fitted(t, &(struct fit_options){ .indent = 2, .width = 30 }, &left_out);
    CU_ASSERT_STRING_EQUAL(text,
        "  mode             s  note\n"
        "  ----------  ------  --------\n"
        "  sequential  1578.1  a \"b\", c\n"
        "  \xc3\xa9t\xc3\xa9            0.1  -\n"
        "  -                -  -\n");
    CU_ASSERT_EQUAL(left_out.length, 0);
    free(text);
    table_free(t);
}

static void words_fold_before_numbers(void)
{
    struct table *t = sample();
    struct str left_out = { 0 };
    table_add_row(t);
    table_set_text(t, 0, "last");
    table_set_text(t, 2, "words that have no room on a line");
    char *text = fitted(t, &(struct fit_options){ .width = 37 }, &left_out);
    CU_ASSERT_STRING_EQUAL(text, "mode             s  note\n"
                                 "----------  ------  -----------------\n"
                                 "sequential  1578.1  a \"b\", c\n"
                                 "\xc3\xa9t\xc3\xa9            0.1  -\n"
                                 "-                -  -\n"
                                 "last             -  words that have\n"
                                 "                    no room on a line\n");
    free(text);
    table_free(t);
}

static void columns_without_room_are_named(void)
{
    static const bool keep[] = { false, false, true };
    struct table *t = sample();
    struct str left_out = { 0 };
    char *text = fitted(t, &(struct fit_options){ .width = 21, .keep = keep }, &left_out);
    CU_ASSERT_STRING_EQUAL(text,
        "mode        note\n"
        "----------  --------\n"
        "sequential  a \"b\", c\n"
        "\xc3\xa9t\xc3\xa9         -\n"
        "-           -\n");
    CU_ASSERT_STRING_EQUAL(left_out.text, "s");
    str_clear(&left_out);
    free(text);
    table_free(t);
}

/* Columns of values: a number keeps its unit, a range folds after ".."; what has no room follows
 * below. */
static void panels_follow_below(void)
{
    struct table *t = table_new();
    struct str left_out = { 0 };
    table_add_column(t, "", TABLE_LEFT);
    table_add_column(t, "pipelined", TABLE_RIGHT);
    table_add_column(t, "asynchronous", TABLE_RIGHT);
    table_add_row(t);
    table_set_text(t, 0, "  95 % interval");
    table_set_text(t, 1, "20.8 .. 22.0 %");
    table_set_text(t, 2, "21.1 .. 22.3 %");
    char *text = fitted(t, &(struct fit_options){ .width = 30, .repeat = true }, &left_out);
    CU_ASSERT_STRING_EQUAL(text, "                     pipelined\n"
                                 "---------------  -------------\n"
                                 "  95 % interval        20.8 ..\n"
                                 "                        22.0 %\n"
                                 "\n"
                                 "                  asynchronous\n"
                                 "---------------  -------------\n"
                                 "  95 % interval        21.1 ..\n"
                                 "                        22.3 %\n");
    CU_ASSERT_EQUAL(left_out.length, 0);
    free(text);
    table_free(t);
}

/* Whatever the width, nothing is lost of a table with room for two columns, and no line is longer.
 */
static void every_width_keeps_every_character(void)
{
    static const char *const cells[] = {
        "a long heading of six words",
        "x",
        "one a-word-that-is-longer-than-any-other \xc3\xa9\xc3\xa9",
        "1.5 s .. 3 GiB",
    };
    struct table *t = table_new();
    size_t expected = 0;
    for (size_t i = 0; i < 4; i++)
        for (const char *c = cells[i]; *c; c++)
            expected += !strchr(" -", *c);
    table_add_column(t, cells[0], TABLE_LEFT);
    table_add_column(t, cells[1], TABLE_LEFT);
    table_add_row(t);
    table_set_text(t, 0, cells[2]);
    table_set_text(t, 1, cells[3]);
    for (size_t width = 40; width < 80; width++) {
        struct str left_out = { 0 };
        char *text = fitted(t, &(struct fit_options){ .width = width }, &left_out);
        size_t longest = 0, letters = 0;
        for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
            char *own = strndup(line, strcspn(line, "\n"));
            longest = str_characters(own) > longest ? str_characters(own) : longest;
            free(own);
        }
        for (const char *c = text; *c; c++)
            letters += !strchr(" \n-", *c);
        unit_is(longest, <=, width);
        CU_ASSERT_EQUAL(letters, expected);
        free(text);
    }
    table_free(t);
}

static void words_hang(void)
{
    struct str out = { 0 };
    str_add(&out, "Label  ");
    fit_words(&out, "one two  three \033[1m", 7, 7, 15);
    CU_ASSERT_STRING_EQUAL(out.text, "Label  one two\n       three\n       \\u001b[1m\n");
    str_clear(&out);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_has_room_is_aligned), UNIT_TEST(words_fold_before_numbers),
        UNIT_TEST(columns_without_room_are_named), UNIT_TEST(panels_follow_below),
        UNIT_TEST(every_width_keeps_every_character), UNIT_TEST(words_hang), { NULL, NULL },
    };
    return unit_run("fit", tests);
}
