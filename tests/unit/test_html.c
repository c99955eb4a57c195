#include "doc/html_text.h"

#include <string.h>

#include "base/file.h"
#include "doc/render.h"
#include "tests/support/unit.h"

static void texts_stay_texts(void)
{
    static const struct { const char *text, *html;
    } cases[] = {
        { "</script><b>&amp;'\"", "&lt;/script&gt;&lt;b&gt;&amp;amp;&#39;&quot;" },
        { "a\nb\tc", "a\nb\tc" },
        { "a\x01\x1f\x7f", "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
        { "\xC2\x85", "\xEF\xBF\xBD" }, /* a C1 control character */
        { "\xE2\x80\xAE"
          "evil",
          "\xEF\xBF\xBD"
          "evil" }, /* right to left from here on */
        { "\xD7\x90 \xF0\x9F\x98\x80", "\xD7\x90 \xF0\x9F\x98\x80" },
        { "\xC0\xAF|\xED\xA0\x80|\xE2\x82",
          "\xEF\xBF\xBD\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|"
          "\xEF\xBF\xBD\xEF\xBF\xBD" },
        { "\xF5\x80\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out = { 0 };
        html_add_text(&out, cases[i].text);
        CU_ASSERT_STRING_EQUAL(out.text, cases[i].html);
        str_clear(&out);
    }
}

static void names_do_not_turn_what_stands_around(void)
{
    struct str out = { 0 };
    html_add_name(&out, "<x>");
    CU_ASSERT_STRING_EQUAL(out.text, "<bdi>&lt;x&gt;</bdi>");
    str_clear(&out);
    html_add_name(&out, "forty-one characters without any blank at");
    CU_ASSERT_STRING_EQUAL(out.text, "<bdi>forty-one characters without any blank at</bdi>");
    str_clear(&out);
    html_add_name(&out, "no forty-one-characters-without-any-blank-within");
    CU_ASSERT_STRING_EQUAL(
        out.text, "<bdi class=\"long\">no forty-one-characters-without-any-blank-within</bdi>");
    str_clear(&out);
}

/* It reads back as the same JSON, but for control characters. */
static void json_cannot_end_a_script(void)
{
    cJSON *value = cJSON_CreateString("</script><!-- & \\u0041 \\ \" \n"), *back;
    struct str out = { 0 };
    html_add_json(&out, value);
    CU_ASSERT_PTR_NULL(strpbrk(out.text, "<>&"));
    back = cJSON_Parse(out.text);
    CU_ASSERT_STRING_EQUAL(back->valuestring, value->valuestring);
    cJSON_Delete(back);
    cJSON_Delete(value);
    str_clear(&out);

    value = cJSON_CreateString("a\x01z");
    html_add_json(&out, value);
    CU_ASSERT_STRING_EQUAL(out.text, "\"a\xEF\xBF\xBDz\"");
    cJSON_Delete(value);
    str_clear(&out);
}

static void pages_load_nothing(void)
{
    struct str out = { 0 };
    struct doc *d = doc_new("compare", "0.1.0");
    doc_render_html(&d, 1, "a <title>", &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.text, "<title>a &lt;title&gt;</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.text, "default-src 'none'"));
    CU_ASSERT_PTR_NULL(strstr(out.text, "http://"));
    CU_ASSERT_PTR_NULL(strstr(out.text, "https://"));
    CU_ASSERT_PTR_NULL(strstr(out.text, " src="));
    str_clear(&out);
    doc_free(d);
}

static int draw(const void *svg, const char *path, struct error *err)
{
    return file_save(path, svg, strlen(svg), err);
}

static void ids_of_pictures_are_their_own(void)
{
    static const char svg[] = "<?xml?><svg><g id=\"a\"/><use xlink:href='#a'/>"
                              "<path fill=\"url(#a)\" stroke=\"#aabbcc\"/></svg>";
    struct str out = { 0 };
    struct doc *d = doc_new("compare", "0.1.0");
    doc_picture(d, "one", draw, svg);
    doc_picture(d, "two", draw, svg);
    doc_render_html(&d, 1, NULL, &out);
    CU_ASSERT_PTR_NOT_NULL(strstr(out.text, "<svg><g id=\"p1-a\"/><use xlink:href='#p1-a'/>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.text,
                                  "<svg><g id=\"p2-a\"/><use xlink:href='#p2-a'/>"
                                  "<path fill=\"url(#p2-a)\" stroke=\"#aabbcc\"/></svg>"));
    CU_ASSERT_PTR_NULL(strstr(out.text, "<?xml"));
    str_clear(&out);
    doc_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(texts_stay_texts),
        UNIT_TEST(names_do_not_turn_what_stands_around),
        UNIT_TEST(json_cannot_end_a_script),
        UNIT_TEST(pages_load_nothing),
        UNIT_TEST(ids_of_pictures_are_their_own),
        { NULL, NULL },
    };
    return unit_run("html", tests);
}
