#include "core/platform.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/unit.h"

static struct platform *platform_of(const char *names)
{
    struct error err = { "" };
    char *text = str_format(
        "{\"name\": \"p\", \"nodes\": [{\"count\": 5, \"cores\": 8, \"names\": [%s]}]}", names);
    struct json_document *d = json_parse(text, strlen(text), "p.json", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    struct json root = json_root(d);
    struct platform *p = platform_from_json(&root, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    json_free(d);
    free(text);
    return p;
}

static void call(struct platform *p, size_t node, const char *name)
{
    free(p->node_names[node]);
    p->node_names[node] = str_format("%s", name);
}

static void a_second_name_gets_the_first_free_number(void)
{
    struct platform *p = platform_of("\"a\", \"b\", \"l\", \"l-3\", \"c\"");
    call(p, 0, "l");
    call(p, 4, "l");
    CU_ASSERT_EQUAL(platform_unique_node_names(p), 2);
    CU_ASSERT_STRING_EQUAL(p->node_names[0], "l");
    CU_ASSERT_STRING_EQUAL(p->node_names[1], "b");
    CU_ASSERT_STRING_EQUAL(p->node_names[2], "l-2");
    CU_ASSERT_STRING_EQUAL(p->node_names[3], "l-3");
    CU_ASSERT_STRING_EQUAL(p->node_names[4], "l-4");     /* l-3 is another's */
    CU_ASSERT_EQUAL(platform_unique_node_names(p), 0);
    platform_free(p);
}

/* core/timeline_csv.c escapes what separates names in its files. */
static void separators_and_controls_stay(void)
{
    struct platform *p = platform_of("\"a;b\", \"c,d\", \"e\\tf\", \"g\", \"h\"");
    CU_ASSERT_EQUAL(platform_unique_node_names(p), 0);
    CU_ASSERT_STRING_EQUAL(p->node_names[0], "a;b");
    CU_ASSERT_STRING_EQUAL(p->node_names[1], "c,d");
    CU_ASSERT_STRING_EQUAL(p->node_names[2], "e\tf");
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(a_second_name_gets_the_first_free_number),
                                              UNIT_TEST(separators_and_controls_stay),
                                              { NULL, NULL } };
    return unit_run("node_names", tests);
}
