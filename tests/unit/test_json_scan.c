#include "base/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/unit.h"

static void expect_refused(const char *text, const char *sentence)
{
    struct error err = { "" };
    CU_ASSERT_EQUAL(json_scan_check(text, strlen(text), &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
}

static void valid_texts_pass(void)
{
    static const char *const right[] = {
        "0",
        " -0.5e+10 ",
        "\"\"",
        "true",
        "null",
        "[]",
        "{ }",
        "[1,[2,{\"a\":[]}]]",
        "{\"a\":1,\"b\":{\"c\":null}}\r\n\t",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf \xed\x9f\xbf\"",
        "1e308",
    };
    struct error err = { "" };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        CU_ASSERT_EQUAL(json_scan_check(right[i], strlen(right[i]), &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
}

/* Strings are looked at eight bytes at a time: each byte at each place among plain ones is taken or
 * refused as alone. */
static void each_byte_at_each_place(void)
{
    enum { LENGTH = 19 };
    for (int place = 0; place < LENGTH; place++)
        for (int byte = 1; byte < 256; byte++) {
            char text[LENGTH + 3] = { 0 };
            struct error err = { "" };
            memset(text, 'a', LENGTH + 2);
            text[0] = text[LENGTH + 1] = '"';
            text[1 + place] = (char)byte;
            bool plain = byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
            CU_ASSERT_EQUAL(json_scan_check(text, LENGTH + 2, &err), plain ? 0 : -1);
            char *where = str_format("1:%d: not JSON: a string holds an unescaped", place + 2);
            CU_ASSERT_EQUAL(str_starts(err.text, where), byte < ' ');
            free(where);
        }
}

static void structure(void)
{
    expect_refused("", "1:1: not JSON: expected a value, found the end of the text");
    expect_refused("[1,\n2,\n]", "3:1: not JSON: expected a value, found ']'");
    expect_refused("[1 2]", "1:4: not JSON: expected ',' or ']', found '2'");
    expect_refused("{\"a\"\n:1,}", "2:4: not JSON: expected a string, found '}'");
    expect_refused("{\"a\" 1}", "1:6: not JSON: expected ':', found '1'");
    expect_refused("{a:1}", "1:2: not JSON: expected a string, found 'a'");
    expect_refused("{\"a\":1", "1:7: not JSON: expected ',' or '}', found the end of the text");
    expect_refused("[1]\n[2]", "2:1: not JSON: expected nothing more, found '['");
    expect_refused("True", "1:1: not JSON: expected a value, found 'T'");
    expect_refused("nul", "1:1: not JSON: expected a value, found 'n'");
    expect_refused("\xef\xbb\xbf{}", "1:1: not JSON: expected a value, found the byte 0xef");
    expect_refused("[1] // one", "1:5: not JSON: expected nothing more, found '/'");
}

static void numbers(void)
{
    expect_refused("01", "1:2: not JSON: a number must not begin with 0");
    expect_refused("-", "1:2: not JSON: expected a digit, found the end of the text");
    expect_refused("+1", "1:1: not JSON: expected a value, found '+'");
    expect_refused(".5", "1:1: not JSON: expected a value, found '.'");
    expect_refused(
        "1.",
        "1:3: not JSON: expected a digit behind the decimal point, found the end of the text");
    /* columns are characters */
    expect_refused("[\"\xc3\xa4\", e]", "1:7: not JSON: expected a value, found 'e'");
    expect_refused("1e",
                   "1:3: not JSON: expected a digit in the exponent, found the end of the text");
    expect_refused("NaN", "1:1: not JSON: expected a value, found 'N'");
    expect_refused("0x10", "1:2: not JSON: expected nothing more, found 'x'");
    expect_refused("[\n1e999]", "2: the number 1e999 is beyond the range of a double");
    expect_refused("-1e309", "1: the number -1e309 is beyond the range of a double");
    expect_refused("1234567890123456789012345678901234567890123456789012345678901",
                   "1: a number has 61 characters, at most 60 are allowed");
}

static void strings(void)
{
    expect_refused("\"abc", "1:5: not JSON: a string does not end");
    expect_refused("\"a\nb\"", "1:3: not JSON: a string holds an unescaped control character");
    expect_refused("\"\\x\"", "1:3: not JSON: a string holds an escape that JSON does not know");
    expect_refused("\"\\u12g4\"", "1:6: not JSON: \\u must be followed by four hexadecimal digits");
    expect_refused("\"\\u0000\"", "1: a string must not hold \\u0000");
    expect_refused("\"\\ud83d\"", "1: a string holds half a surrogate pair");
    expect_refused("\"\\ude00\"", "1: a string holds half a surrogate pair");
    expect_refused("\"\\ud83d\\ud83d\"", "1: a string holds half a surrogate pair");
    expect_refused("\"\\", "1:3: not JSON: a string holds an escape that JSON does not know");
}

static void utf8(void)
{
    static const char *const wrong[] = {
        "\"\x80\"",         "\"\xc3\"",         "\"\xc0\xaf\"",
        "\"\xe0\x80\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
        "\"\xff\"",         "\"\xe2\x82\"",     "\"\xf0\x9f\x98\"",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expect_refused(wrong[i], "1:2: not JSON: a string is not valid UTF-8");
}

static void a_nul_byte_is_no_end(void)
{
    struct error err;
    CU_ASSERT_EQUAL(json_scan_check("[1]\0", 4, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "1:4: not JSON: expected nothing more, found the byte 0x00");
    CU_ASSERT_EQUAL(json_scan_check("\"\\u\0", 4, &err), -1);
}

static char *nested(int depth)
{
    struct str s = { 0 };
    for (int i = 0; i < depth; i++)
        str_add(&s, i % 2 ? "{\"a\":" : "[");
    str_add(&s, "1");
    for (int i = depth - 1; i >= 0; i--)
        str_add(&s, i % 2 ? "}" : "]");
    return str_take(&s);
}

static void depth_is_limited(void)
{
    struct error err;
    char *deepest = nested(200), *deeper = nested(201);
    CU_ASSERT_EQUAL(json_scan_check(deepest, strlen(deepest), &err), 0);
    CU_ASSERT_EQUAL(json_scan_check(deeper, strlen(deeper), &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "1: nested deeper than 200");
    free(deepest);
    free(deeper);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(valid_texts_pass),
        UNIT_TEST(each_byte_at_each_place),
        UNIT_TEST(structure),
        UNIT_TEST(numbers),
        UNIT_TEST(strings),
        UNIT_TEST(utf8),
        UNIT_TEST(a_nul_byte_is_no_end),
        UNIT_TEST(depth_is_limited),
        { NULL, NULL },
    };
    return unit_run("json_scan", tests);
}
