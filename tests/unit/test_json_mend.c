#include "base/json_mend.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "tests/support/unit.h"

/* The string in a document of one, mended. */
static void texts_cost_themselves_and_no_more(void)
{
    static const struct { const char *json, *want; size_t replaced; } cases[] = {
        { "\"plain\"", "plain", 0 },
        { "\"a\\u0000b\\u0000\"", "a\xef\xbf\xbd" "b\xef\xbf\xbd", 2 },
        { "\"a\\\\u0000\"", "a\\u0000", 0 },             /* a backslash, then u0000 */
        { "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 0 },
        { "\"\\ud83d!\"", "\xef\xbf\xbd!", 1 },
        { "\"x\\udcff\"", "x\\xff", 1 },                 /* as Python writes a stray byte */
        { "\"x\xff\"", "x\\xff", 1 },
        { "\"\xc3\xa9\xc3\"", "\xc3\xa9\\xc3", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t replaced = 0;
        struct error err = { "" };
        struct json_document *d =
            json_parse_mended(cases[i].json, strlen(cases[i].json), "x", &replaced, &err);
        if (!d)
            CU_FAIL_FATAL(err.text);
        CU_ASSERT_STRING_EQUAL(json_root(d).value->valuestring, cases[i].want);
        CU_ASSERT_EQUAL(replaced, cases[i].replaced);
        json_free(d);
    }
}

static void what_is_no_json_stays_none(void)
{
    static const char *const texts[] = { "", "\"", "\"\\", "\"\\u", "\"\\u00", "[\"\\ud83d", "\xff",
                                         "{\"a\\u0000\": 1, \"a\\u0000\": 2}" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t replaced = 0;
        struct error err = { "" };
        CU_ASSERT_PTR_NULL(json_parse_mended(texts[i], strlen(texts[i]), "x", &replaced, &err));
        unit_is(err.text[0], !=, '\0');
    }
}

static void an_escaped_text_is_escaped_once(void)
{
    struct str once = { 0 }, twice = { 0 };
    utf8_add_escaped(&once, "a\xff\xc3\xa9\x80", 5);
    CU_ASSERT_STRING_EQUAL(once.text, "a\\xff\xc3\xa9\\x80");
    utf8_add_escaped(&twice, once.text, once.length);
    CU_ASSERT_STRING_EQUAL(twice.text, once.text);
    CU_ASSERT_FALSE(utf8_is_valid("a\xff", 2));
    CU_ASSERT(utf8_is_valid(once.text, once.length));
    str_clear(&once);
    str_clear(&twice);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(texts_cost_themselves_and_no_more),
                                              UNIT_TEST(what_is_no_json_stays_none),
                                              UNIT_TEST(an_escaped_text_is_escaped_once),
                                              { NULL, NULL } };
    return unit_run("json_mend", tests);
}
