#include "cli/options.h"

#include <stddef.h>

#include "base/escape.h"
#include "tests/support/unit.h"

struct values { bool flag; int64_t count; double share; const char *text; double time_s; };

static const struct option_row rows[] = {
    { .name = "flag", .kind = OPTION_FLAG, .offset = offsetof(struct values, flag),
      .help = "a flag" },
    { .name = "count", .kind = OPTION_INTEGER, .argument = "N",
      .offset = offsetof(struct values, count), .min = 1, .max = 50,
      .help = "a number" },
    { .name = "share", .kind = OPTION_NUMBER, .argument = "X",
      .offset = offsetof(struct values, share), .help = "a share" },
    { .name = "text", .kind = OPTION_TEXT, .argument = "T", .offset = offsetof(struct values, text),
      .help = "a text" },
    { .name = "time", .kind = OPTION_SECONDS, .argument = "TIME",
      .offset = offsetof(struct values, time_s), .help = "a time" },
    { .name = NULL },
};
static const struct option_group groups[] = { { .title = "All", .rows = rows }, { .title = NULL } };
static const struct values defaults = { .count = -1 };

static void values_are_said_by_their_names(void)
{
    struct values given = { .flag = true, .count = 17, .share = 0.1, .text = "it's \"so\"",
                            .time_s = 90.5 };
    cJSON *object = cJSON_CreateObject();
    options_add_json(object, groups, &given, &defaults);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(object), 5);
    CU_ASSERT_TRUE(cJSON_IsTrue(cJSON_GetObjectItem(object, "flag")));
    unit_near(cJSON_GetObjectItem(object, "count")->valuedouble, 17, 0);
    unit_near(cJSON_GetObjectItem(object, "share")->valuedouble, 0.1, 0);
    CU_ASSERT_STRING_EQUAL(cJSON_GetObjectItem(object, "text")->valuestring, given.text);
    unit_near(cJSON_GetObjectItem(object, "time")->valuedouble, 90.5, 0);
    cJSON_Delete(object);
}

static void defaults_are_not_said(void)
{
    cJSON *object = cJSON_CreateObject();
    options_add_json(object, groups, &defaults, &defaults);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(object), 0);
    cJSON_Delete(object);
}

static void command_lines_are_quoted(void)
{
    struct values given = { .flag = true, .count = 17, .share = 0.1, .text = "it's $HOME",
                            .time_s = 0 };
    cJSON *object = cJSON_CreateObject();
    options_add_json(object, groups, &given, &defaults);
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
        UNIT_TEST(values_are_said_by_their_names), UNIT_TEST(defaults_are_not_said),
        UNIT_TEST(command_lines_are_quoted), { NULL, NULL },
    };
    return unit_run("options_json", tests);
}
