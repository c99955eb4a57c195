#include "base/escape.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/json.h"
#include "tests/support/unit.h"

typedef void escape_fn(struct str *out, const char *text);

static void expect(escape_fn *escape, const char *text, const char *expected)
{
    struct str out = { 0 };
    escape(&out, text);
    CU_ASSERT_STRING_EQUAL(out.text ? out.text : "", expected);
    str_clear(&out);
}

#define RTL "\xE2\x80\xAE"                /* U+202E */
#define CSI "\xC2\x9B"                    /* U+009B */

static void a_terminal_sees_no_control(void)
{
    expect(escape_terminal, "plain é 日本 ✓", "plain é 日本 ✓");
    expect(escape_terminal, "a\nb\tc\rd", "a\\nb\\tc\\rd");
    expect(escape_terminal, "\033[31mred\033[0m\a\177", "\\u001b[31mred\\u001b[0m\\u0007\\u007f");
    expect(escape_terminal, "x" RTL "y" CSI "z", "x\\u202ey\\u009bz");
    expect(escape_terminal, "\xff\xc3(\xed\xa0\x80", "\\xff\\xc3(\\xed\\xa0\\x80");
    /* a tag, U+E0041 */
    expect(escape_terminal, "\xF3\xA0\x81\x81", "\\udb40\\udc41");
    expect(escape_terminal, "cut \xe2\x80", "cut \\xe2\\x80");
    expect(escape_terminal_lines, "a\nb\tc\033", "a\nb\tc\\u001b");
}

static void formats_escape_their_texts_only(void)
{
    struct str out = { 0 };
    escape_addf(&out, "%s:\n%d %zu 5%% [%.3s|%.*s|%.9s]\n", "a\nb", -7, (size_t)9, "abcdef", 2,
                "x\ny", "\033[1m");
    CU_ASSERT_STRING_EQUAL(out.text, "a\\nb:\n-7 9 5% [abc|x\\n|\\u001b[1m]\n");
    str_clear(&out);
}

static void json_reads_back(void)
{
    static const char text[] = "a\"b\\c\n\033" RTL CSI "\177é";
    struct str out = { 0 };
    struct error err;
    str_add(&out, "[\"");
    escape_json(&out, text);
    str_add(&out, "\"]");
    for (const char *c = out.text; *c; c++) {
        unit_is((unsigned char)*c, >=, ' ');
        unit_is(*c, !=, 127);
    }
    struct json_document *doc = json_parse(out.text, out.length, "x", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), first = json_first(&root);
    CU_ASSERT_STRING_EQUAL(first.value->valuestring, text);
    json_free(doc);
    str_clear(&out);
    expect(escape_json, "\xff", "\\\\xff");
}

static void csv_reads_back_and_is_no_formula(void)
{
    static const char *const texts[] = { "=1+1", "@x", "+a", "-b", "\t=1", "'=1", "''@", "'plain",
                                         "-3.5", "a,b", "a\"b", "=\"x\",y", "a\nb", "\r", "" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str out = { 0 };
        struct csv csv;
        str_add(&out, "k,");
        escape_csv(&out, texts[i]);
        const char *cell = out.text + 2 + (out.text[2] == '"');
        CU_ASSERT_TRUE(!*cell || !strchr("=+@\t\r", *cell));
        csv_open(&csv, out.text, out.length, ',');
        CU_ASSERT_TRUE_FATAL(csv_next(&csv));
        CU_ASSERT_EQUAL_FATAL(csv.n, 2);
        CU_ASSERT_STRING_EQUAL(escape_csv_undo(csv.fields[1]), texts[i]);
        csv_close(&csv);
        str_clear(&out);
    }
    expect(escape_csv, "-3.5", "-3.5");
    expect(escape_csv, "-cmd", "'-cmd");
}

/* bash itself is asked what the word is. */
static void a_shell_word_is_one_word(void)
{
    static const char *const texts[] = { "plain", "a b", "it's", "$(id)`id`", "a\nb", "\033[1m", "",
                                         "\\n", "-x", "\xff", "x" RTL "'\\" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str command = { 0 };
        char got[64] = "";
        str_add(&command, "exec bash -c \"$(cat <<'END'\nprintf %s ");
        escape_shell(&command, texts[i]);
        str_add(&command, "\nEND\n)\"");
        FILE *bash = popen(command.text, "r");
        CU_ASSERT_PTR_NOT_NULL_FATAL(bash);
        got[fread(got, 1, sizeof got - 1, bash)] = '\0';
        CU_ASSERT_EQUAL(pclose(bash), 0);
        CU_ASSERT_STRING_EQUAL(got, texts[i]);
        str_clear(&command);
    }
}

static void pictures_and_pages_get_text_alone(void)
{
    expect(escape_gnuplot, "a 1.5", "\"a 1.5\"");
    expect(escape_gnuplot, "it's ''", "\"it\\047s \\047\\047\"");
    expect(escape_gnuplot, "`id` \"x\\y\" @m {b}",
           "\"\\140id\\140 \\042x\\134y\\042 \\100m \\173b\\175\"");
    expect(escape_gnuplot, "x]]>y", "\"x\\135\\135 >y\"");
    expect(escape_gnuplot, "a\nb\033" RTL "c\xff", "\"a b c\xEF\xBF\xBD\"");
    expect(escape_xml, "<a & \"b\" 'c'>\n\033\xff" RTL,
           "&lt;a &amp; &quot;b&quot; &#39;c&#39;&gt;\n\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    expect(escape_xml, "\xEF\xBF\xBF", "\xEF\xBF\xBD");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_terminal_sees_no_control),
        UNIT_TEST(formats_escape_their_texts_only),
        UNIT_TEST(json_reads_back),
        UNIT_TEST(csv_reads_back_and_is_no_formula),
        UNIT_TEST(a_shell_word_is_one_word),
        UNIT_TEST(pictures_and_pages_get_text_alone),
        { NULL, NULL },
    };
    return unit_run("escape", tests);
}
