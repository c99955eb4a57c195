/* JSON as it is written is JSON: cJSON reads back what was given, whatever the texts hold. */
#include "doc/json_out.h"

#include <math.h>

#include <cjson/cJSON.h>

#include "tests/support/unit.h"

static const char odd[] = "a \"b\" \\ <script> & \x01 \xe2\x80\xae \n";

/* {"t": odd, "n": [...], "o": {}, "f": true} */
static cJSON *written(bool in_page, struct str *text)
{
    struct json_out o = { .text = text, .in_page = in_page };
    json_out_open(&o, NULL, '{');
    json_out_text(&o, "t", odd);
    json_out_open(&o, "n", '[');
    json_out_whole(&o, NULL, INT64_MIN);
    json_out_line(&o);
    json_out_whole(&o, NULL, 0);
    json_out_number(&o, NULL, 1.0 / 3);
    json_out_number(&o, NULL, NAN);
    json_out_close(&o, ']');
    json_out_open(&o, "o", '{');
    json_out_close(&o, '}');
    json_out_flag(&o, "f", true);
    json_out_close(&o, '}');
    return cJSON_Parse(text->text);
}

static void it_reads_back(void)
{
    struct str text = { 0 };
    cJSON *root = written(false, &text), *n = cJSON_GetObjectItem(root, "n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(n), 4);
    unit_near(cJSON_GetArrayItem(n, 0)->valuedouble, -9223372036854775808.0, 0);
    unit_near(cJSON_GetArrayItem(n, 1)->valuedouble, 0, 0);
    unit_near(cJSON_GetArrayItem(n, 2)->valuedouble, 1.0 / 3, 1e-9);
    CU_ASSERT(cJSON_IsNull(cJSON_GetArrayItem(n, 3)));
    CU_ASSERT(cJSON_IsObject(cJSON_GetObjectItem(root, "o")));
    CU_ASSERT(cJSON_IsTrue(cJSON_GetObjectItem(root, "f")));
    CU_ASSERT_STRING_EQUAL(cJSON_GetObjectItem(root, "t")->valuestring, odd);
    cJSON_Delete(root);
    str_clear(&text);
}

/* Within a page no text can end the element, or turn what stands around it. */
static void a_page_stays_whole(void)
{
    struct str text = { 0 };
    cJSON *root = written(true, &text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    for (const char *c = text.text; *c; c++) {
        unit_is(*c, !=, '<');
        unit_is(*c, !=, '>');
        unit_is(*c, !=, '&');
        CU_ASSERT(*c >= ' ' || *c == '\n' || *c < 0);
    }
    CU_ASSERT_STRING_EQUAL(cJSON_GetObjectItem(root, "t")->valuestring,
                           "a \"b\" \\ <script> & \xef\xbf\xbd \xef\xbf\xbd \n");
    cJSON_Delete(root);
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(it_reads_back),
                                              UNIT_TEST(a_page_stays_whole), { NULL, NULL } };
    return unit_run("json_out", tests);
}
