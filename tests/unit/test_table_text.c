#include "traces/importer/table_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

static void check(const char *text, const char *expected)
{
    struct str out = { 0 };
    CU_ASSERT(table_text_align(text, &out));
    for (size_t i = 0; i < out.length; i++)
        out.text[i] = out.text[i] == TABLE_TEXT_SEPARATOR ? '|' : out.text[i];
    CU_ASSERT_STRING_EQUAL(out.text, expected);
    str_clear(&out);
}

static void columns_are_under_their_dashes(void)
{
    check("JobID     JobName      State \n------ ---------- ---------- \n19            a b  "
          "COMPLETED \n19.0              CANCELLED+ \n",
          "JobID|JobName|State\n19|a b|COMPLETED\n19.0||CANCELLED+\n");
    check("Job id    Name\r\n--------- ----\r\n1.pbs     md\r\n", "Job id|Name\n1.pbs|md\n");
}

static void empty_lines_may_precede(void)
{
    check("\n\nid    name\n----- --------\n1     a b\n", "id|name\n1|a b\n");
}

static void columns_begin_with_their_headings(void)
{
    check("JOBID   STAT  SUBMIT_TIME\n501     DONE  May  1 12:00\n",
          "JOBID|STAT|SUBMIT_TIME\n501|DONE|May  1 12:00\n");
}

static void a_line_that_keeps_to_no_columns_is_words(void)
{
    check("id start end\n1000 0 12.5\n\n2 3 4\n", "id|start|end\n1000|0|12.5\n2|3|4\n");
}

static void one_word_is_no_table(void)
{
    struct str out = { 0 };
    CU_ASSERT_FALSE(table_text_align("word\n1\n", &out));
    CU_ASSERT_FALSE(table_text_align("", &out));
    str_clear(&out);
}

static void the_most_frequent_separates(void)
{
    CU_ASSERT_EQUAL(table_text_separator("a|b|c,d\n"), '|');
    CU_ASSERT_EQUAL(table_text_separator("a\tb\n"), '\t');
    CU_ASSERT_EQUAL(table_text_separator("a b\n,,,\n"), '\0');
    unit_is(table_text_separator("\xEF\xBB\xBF\r\n\na|b\n,,,\n"), ==, '|');
}

static void lines_may_end_in_a_carriage_return_alone(void)
{
    char *text = xstrdup("id,start\r1,0\r");
    size_t size = strlen(text);
    CU_ASSERT_EQUAL(table_text_separate(&text, &size), ',');
    CU_ASSERT_STRING_EQUAL(text, "id,start\n1,0\n");
    free(text);
    text = xstrdup("id,start\r\n1,0\r\n");
    size = strlen(text);
    CU_ASSERT_EQUAL(table_text_separate(&text, &size), ',');
    CU_ASSERT_STRING_EQUAL(text, "id,start\r\n1,0\r\n");
    free(text);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(columns_are_under_their_dashes),
        UNIT_TEST(empty_lines_may_precede),
        UNIT_TEST(columns_begin_with_their_headings),
        UNIT_TEST(a_line_that_keeps_to_no_columns_is_words),
        UNIT_TEST(one_word_is_no_table),
        UNIT_TEST(the_most_frequent_separates),
        UNIT_TEST(lines_may_end_in_a_carriage_return_alone),
        { NULL, NULL },
    };
    return unit_run("table_text", tests);
}
