#include "traces/importer/table_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { ROWS = 250000 };                  /* some 6 MB: six pieces */

static char path[] = "/tmp/test_table_file.XXXXXX";

/* Rows of random widths, in part in quotes, with what would end a field or a row in them. */
static char *random_table(size_t rows)
{
    static const char *const fields[] = { "a",
                                          "",
                                          "seventeen letters",
                                          "\"two\nlines, \"\"q\"\"\"",
                                          " b ",
                                          "\"\"",
                                          "\r",
                                          "torn \" quote",
                                          "0123456789012" };
    static const char *const ends[] = { "\n", "\r\n", "\n\n" };
    struct str text = { 0 };
    str_add(&text, "one,two,three\n");
    for (size_t i = 0; i < rows; i++) {
        int n = given_choice(3, 8 * i, 1, 6);
        for (int k = 0; k < n; k++)
            str_addf(&text, "%s%s", k ? "," : "", fields[given_choice(4, 8 * i + (size_t)k, 0, 8)]);
        str_add(&text, ends[given_choice(5, i, 0, 2)]);
    }
    return str_take(&text);
}

static void save(const char *text, size_t n)
{
    struct error err;
    CU_ASSERT_EQUAL_FATAL(file_save(path, text, n, &err), 0);
}

/* The first row that differs from the text's, or that is missing; 0: none. */
static size_t first_difference(struct table_file *t, char *text)
{
    struct csv whole;
    size_t found = 0;
    csv_open(&whole, text, strlen(text), ',');
    whole.trims = true;
    for (bool more = true; more && !found; table_file_pass(t)) {
        more = csv_next(&whole);
        bool same = csv_next(&t->csv) == more && whole.n == t->csv.n && whole.line == t->csv.line &&
                    whole.torn == t->csv.torn && whole.quoted == t->csv.quoted;
        for (size_t k = 0; same && k < whole.n; k++)
            same = str_equal(whole.fields[k], t->csv.fields[k]);
        found = same ? 0 : whole.line;
    }
    csv_close(&whole);
    return found;
}

static void pieces_give_the_rows_of_the_whole(void)
{
    struct table_file t;
    struct error err;
    char *text = random_table(ROWS);
    save(text, strlen(text));
    CU_ASSERT_EQUAL_FATAL(table_file_open(&t, path, &err), 0);
    CU_ASSERT_PTR_NOT_NULL(t.stream);
    CU_ASSERT_EQUAL(first_difference(&t, text), 0);
    CU_ASSERT_EQUAL(table_file_close(&t, path, &err), 0);
    free(text);
}

/* Texts of rows before the first pass stay; memory of later ones is given back. */
static void what_precedes_the_first_pass_stays(void)
{
    struct table_file t;
    struct error err;
    char *text = random_table(ROWS);
    save(text, strlen(text));
    CU_ASSERT_EQUAL_FATAL(table_file_open(&t, path, &err), 0);
    CU_ASSERT(csv_next(&t.csv));
    const char *heading = t.csv.fields[1], *middle = t.text + (1 << 21);
    for (table_file_pass(&t); csv_next(&t.csv); table_file_pass(&t))
        ;
    CU_ASSERT_STRING_EQUAL(heading, "two");
    CU_ASSERT_EQUAL(*middle, '\0');
    CU_ASSERT_EQUAL(table_file_close(&t, path, &err), 0);
    free(text);
}

/* A small one, one aligned with blanks, one in UTF-16: held whole. */
static void others_are_held_whole(void)
{
    struct table_file t;
    struct error err;
    struct str aligned = { 0 };
    save("a,b\n1,2\n", 8);
    CU_ASSERT_EQUAL_FATAL(table_file_open(&t, path, &err), 0);
    CU_ASSERT_PTR_NULL(t.stream);
    CU_ASSERT(csv_next(&t.csv));
    CU_ASSERT_STRING_EQUAL(t.csv.fields[1], "b");
    CU_ASSERT_EQUAL(table_file_close(&t, path, &err), 0);
    str_add(&aligned, "id    name\n----- --------\n");
    while (aligned.length < (size_t)5 << 20)
        str_add(&aligned, "17    a b\n");
    save(aligned.text, aligned.length);
    CU_ASSERT_EQUAL_FATAL(table_file_open(&t, path, &err), 0);
    CU_ASSERT_PTR_NULL(t.stream);
    CU_ASSERT(csv_next(&t.csv));
    CU_ASSERT(csv_next(&t.csv));
    CU_ASSERT_STRING_EQUAL(t.csv.fields[1], "a b");
    CU_ASSERT_EQUAL(table_file_close(&t, path, &err), 0);
    str_clear(&aligned);
}

static void no_file_is_refused(void)
{
    struct table_file t;
    struct error err;
    CU_ASSERT_EQUAL(table_file_open(&t, "/nowhere/t.csv", &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nowhere/t.csv"));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(pieces_give_the_rows_of_the_whole),
        UNIT_TEST(what_precedes_the_first_pass_stays),
        UNIT_TEST(others_are_held_whole),
        UNIT_TEST(no_file_is_refused),
        { NULL, NULL },
    };
    int made = mkstemp(path);
    if (made >= 0)
        close(made);
    int status = unit_run("table_file", tests);
    unlink(path);
    return status;
}
