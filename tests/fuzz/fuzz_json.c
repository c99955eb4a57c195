/* What json_parse() takes, prints and reads back to the same tree; what it refuses, it refuses with
 * a sentence. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/fuzz/fuzz.h"

static void visit(const struct json *at)
{
    static const char *const known[] = { "name", "tasks", NULL };
    struct error err = { "" };
    double number;
    const char *text;
    if (json_expect_object(at, known, &err))
        assert(strncmp(err.text, "f:", 2) == 0);
    json_need_number(at, "name", 0, 1, &number, &err);
    json_as_string(at, &text, &err);
    json_error(at, &err, "visited");
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        visit(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { "" };
    struct json_document *doc = json_parse((const char *)data, size, "f", &err);
    if (!doc) {
        assert(err.text[0]);
        return 0;
    }
    struct json root = json_root(doc);
    if (size < 4096)
        /* an error for each value costs a pass over the text */
        visit(&root);
    char *printed = json_print(root.value);
    struct json_document *again = json_parse(printed, strlen(printed), "printed", &err);
    assert(again && cJSON_Compare(root.value, json_root(again).value, 1));
    json_free(again);
    free(printed);
    json_free(doc);
    return 0;
}
