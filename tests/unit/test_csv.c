#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* All rows as "[field|field]", torn ones with '!', for comparison. free() it. */
static char *shown_as(const char *text, size_t size, char separator, bool trims)
{
    char *copy = xmalloc(size + 1);          /* the text may hold NULs */
    memcpy(copy, text, size);
    copy[size] = '\0';
    struct str out = { 0 };
    struct csv c;
    csv_open(&c, copy, size, separator);
    c.trims = trims;
    while (csv_next(&c)) {
        str_add(&out, c.torn ? "!" : "");
        for (size_t i = 0; i < c.n; i++)
            str_addf(&out, "%s%s", i ? "|" : "[", c.fields[i]);
        str_add(&out, "]");
    }
    csv_close(&c);
    free(copy);
    return str_take(&out);
}

static char *shown(const char *text, size_t size, char separator)
{
    return shown_as(text, size, separator, false);
}

static void blanks_around_fields_are_kept_or_left_out(void)
{
    static const char text[] = " a , \" b \" ,c d \n   ,,  \"e\"\r\nf ,\"g\" h";
    char *kept = shown(text, strlen(text), ','), *trimmed = shown_as(text, strlen(text), ',', true);
    CU_ASSERT_STRING_EQUAL(kept, "![ a | \" b \" |c d ]![   ||  \"e\"]![f |g]");
    CU_ASSERT_STRING_EQUAL(trimmed, "[a| b |c d][||e]![f|g]");
    free(kept);
    free(trimmed);
}

static void check(const char *text, char separator, const char *expected)
{
    char *got = shown(text, strlen(text), separator);
    CU_ASSERT_STRING_EQUAL(got, expected);
    free(got);
}

static void rows_and_fields_are_told_apart(void)
{
    check("a,b\nc,,d\n", ',', "[a|b][c||d]");
    check("a,b\r\n\r\n\nc,", ',', "[a|b][c|]");
    check("1;2,5;3\n", ';', "[1|2,5|3]");
    check("1|2|\n3|4|\n", '|', "[1|2|][3|4|]");
    check("\xEF\xBB\xBFname\n", ',', "[name]");
    check("", ',', "");
    check("\n\n", ',', "");
}

static void quotes_keep_what_would_end_a_field(void)
{
    check("\"a,b\",c\n", ',', "[a,b|c]");
    check("\"say \"\"so\"\"\",\"\"\n", ',', "[say \"so\"|]");
    check("\"two\nlines\",x\r\ny\n", ',', "[two\nlines|x][y]");
}

static void what_is_not_sound_is_marked(void)
{
    check("a,\"open\nb,c\n", ',', "![a|open\nb,c\n]");
    check("\"a\"b,c\nd\n", ',', "![a|c][d]");
    check("a\"b,c\nd\n", ',', "![a\"b|c][d]");
    char *got = shown("a\0b,c\nd\n", 8, ',');
    CU_ASSERT_STRING_EQUAL(got, "![a|c][d]");
    free(got);
}

static void lines_are_counted_through_quotes_and_empty_ones(void)
{
    char text[] = "a\n\n\"b\nb\",c\r\nd\n";
    const size_t lines[] = { 1, 3, 5 };
    struct csv c;
    csv_open(&c, text, strlen(text), ',');
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT_FATAL(csv_next(&c));
        CU_ASSERT_EQUAL(c.line, lines[i]);
    }
    CU_ASSERT_FALSE(csv_next(&c));
    csv_close(&c);
}

/* Whatever a cell holds reads back as escape_csv() writes it. */
static void what_is_written_reads_back(void)
{
    static const char letters[] = "ab,\"\n\r; 7";
    char cells[50][3][8];
    struct str out = { 0 };
    for (size_t i = 0; i < 50; i++) {
        for (size_t k = 0; k < 3; k++) {
            for (size_t l = 0; l < 7; l++)
                cells[i][k][l] = letters[given_choice(i, 8 * k + l, 0, sizeof letters - 2)];
            cells[i][k][7] = '\0';
            escape_csv(&out, cells[i][k]);
            str_add(&out, k < 2 ? "," : "\n");
        }
    }
    struct csv c;
    csv_open(&c, out.text, out.length, ',');
    for (size_t i = 0; i < 50; i++) {
        CU_ASSERT_FATAL(csv_next(&c));
        unit_must_be(c.n, ==, 3);
        CU_ASSERT_FALSE_FATAL(c.torn);
        for (size_t k = 0; k < 3; k++)
            CU_ASSERT_STRING_EQUAL(escape_csv_undo(c.fields[k]), cells[i][k]);
    }
    CU_ASSERT_FALSE(csv_next(&c));
    csv_close(&c);
    str_clear(&out);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(rows_and_fields_are_told_apart),
        UNIT_TEST(blanks_around_fields_are_kept_or_left_out),
        UNIT_TEST(quotes_keep_what_would_end_a_field),
        UNIT_TEST(what_is_not_sound_is_marked),
        UNIT_TEST(lines_are_counted_through_quotes_and_empty_ones),
        UNIT_TEST(what_is_written_reads_back),
        { NULL, NULL },
    };
    return unit_run("csv", tests);
}
