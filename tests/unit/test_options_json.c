#include "cli/options_json.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "tests/support/unit.h"

struct values { bool flag; int64_t count; double share; const char *text; double time_s; };

static const struct option_row rows[] = {
    { .name = "flag", .kind = OPTION_FLAG, .offset = offsetof(struct values, flag), .help = "a flag" },
    { .name = "count", .kind = OPTION_INTEGER, .argument = "N", .offset = offsetof(struct values, count), .min = 1, .max = 50,
      .help = "a number" },
    { .name = "share", .kind = OPTION_NUMBER, .argument = "X", .offset = offsetof(struct values, share), .help = "a share" },
    { .name = "text", .kind = OPTION_TEXT, .argument = "T", .offset = offsetof(struct values, text), .help = "a text" },
    { .name = "time", .kind = OPTION_SECONDS, .argument = "TIME", .offset = offsetof(struct values, time_s), .help = "a time" },
    { .name = NULL },
};
static const struct values defaults = { .count = -1 };

static struct json_document *document_of(cJSON *object)
{
    char *text = json_print(object);
    struct error err = { "" };
    struct json_document *doc = json_parse(text, strlen(text), "o", &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    free(text);
    cJSON_Delete(object);
    return doc;
}

static void values_come_back(void)
{
    struct values given = { .flag = true, .count = 17, .share = 0.1, .text = "it's \"so\"", .time_s = 90.5 }, back = defaults;
    cJSON *object = cJSON_CreateObject();
    options_add_json(object, rows, &given, &defaults);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(object), 5);
    struct json_document *doc = document_of(object);
    struct json root = json_root(doc);
    struct error err = { "" };
    CU_ASSERT_EQUAL(options_take_json(&root, rows, &back, &err), 0);
    CU_ASSERT(back.flag);
    CU_ASSERT_EQUAL(back.count, 17);
    CU_ASSERT_EQUAL(back.share, 0.1);
    CU_ASSERT_STRING_EQUAL(back.text, given.text);
    CU_ASSERT_EQUAL(back.time_s, 90.5);
    json_free(doc);
}

static void defaults_are_not_said(void)
{
    cJSON *object = cJSON_CreateObject();
    options_add_json(object, rows, &defaults, &defaults);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(object), 0);
    struct json_document *doc = document_of(object);
    struct json root = json_root(doc);
    struct values back = { .flag = true, .count = 3, .text = "kept" };
    CU_ASSERT_EQUAL(options_take_json(&root, rows, &back, NULL), 0);
    CU_ASSERT(back.flag && back.count == 3);
    CU_ASSERT_STRING_EQUAL(back.text, "kept");
    json_free(doc);
}

static void bad_values_are_refused(void)
{
    static const char *const texts[] = { "{\"count\": 51}", "{\"count\": \"x\"}", "{\"flag\": 1}", "{\"text\": 4}", "{\"time\": \"1h\"}" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct json_document *doc = json_parse(texts[i], strlen(texts[i]), "o", NULL);
        struct json root = json_root(doc);
        struct values back = defaults;
        struct error err = { "" };
        CU_ASSERT_EQUAL(options_take_json(&root, rows, &back, &err), -1);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "o:1: "));
        json_free(doc);
    }
}

static void command_lines_are_quoted(void)
{
    struct values given = { .flag = true, .count = 17, .share = 0.1, .text = "it's $HOME", .time_s = 0 };
    cJSON *object = cJSON_CreateObject();
    options_add_json(object, rows, &given, &defaults);
    struct str text = { 0 };
    options_add_command_line(&text, object);
    CU_ASSERT_STRING_EQUAL(text.text, " --flag --count 17 --share 0.1 --text 'it'\\''s $HOME'");
    str_clear(&text);
    escape_shell(&text, "");
    CU_ASSERT_STRING_EQUAL(text.text, "''");
    str_clear(&text);
    cJSON_Delete(object);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(values_come_back), UNIT_TEST(defaults_are_not_said), UNIT_TEST(bad_values_are_refused),
        UNIT_TEST(command_lines_are_quoted), { NULL, NULL },
    };
    return unit_run("options_json", tests);
}
