#include "base/json_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/support/unit.h"

static void text_for_people(void)
{
    cJSON *root = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(root, "quantiles");
    cJSON_AddItemToArray(list, cJSON_CreateNumber(340));
    cJSON_AddItemToArray(list, cJSON_CreateNumber(0.1));
    cJSON_AddNumberToObject(root, "none", INFINITY);
    cJSON_AddBoolToObject(root, "paired", true);
    cJSON_AddRawToObject(root, "raw", "12");
    cJSON_AddObjectToObject(root, "empty");
    cJSON *sets = cJSON_AddArrayToObject(root, "sets"), *set = cJSON_CreateObject();
    cJSON_AddStringToObject(set, "name", "a\"\\\n\t\x01/");
    cJSON_AddItemToArray(sets, set);
    char *text = json_print(root);
    CU_ASSERT_STRING_EQUAL(
        text, "{\n  \"quantiles\": [340, 0.1],\n  \"none\": null,\n  \"paired\": true,\n  \"raw\": "
              "12,\n  \"empty\": {},\n"
              "  \"sets\": [\n    {\n      \"name\": \"a\\\"\\\\\\n\\t\\u0001/\"\n    }\n  ]\n}\n");
    free(text);
    cJSON_Delete(root);
}

static void printed_and_read_is_the_same_tree(void)
{
    const char *source = "{\"a\":[1,-2.5e-300,0.30000000000000004,\"\xc3\xa9\\u001f\"],\"b\":{"
                         "\"c\":[[],[[null]],false]},\"d\":123456789012}";
    struct json_document *doc = json_parse(source, strlen(source), "source", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    char *text = json_print(json_root(doc).value);
    struct json_document *again = json_parse(text, strlen(text), "again", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    CU_ASSERT(cJSON_Compare(json_root(doc).value, json_root(again).value, true));
    free(text);
    json_free(doc);
    json_free(again);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(text_for_people), UNIT_TEST(printed_and_read_is_the_same_tree), { NULL, NULL },
    };
    return unit_run("json_print", tests);
}
