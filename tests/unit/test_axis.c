#include "study/axis.h"

#include <string.h>

#include "tests/support/unit.h"

static void every_kind_is_found_by_its_name(void)
{
    for (int i = 0; i < AXIS_KINDS; i++) {
        const struct axis_kind *k = axis_kind_at((enum axis_id)i);
        struct json at = { .key = k->name };
        struct axis axis;
        CU_ASSERT_EQUAL_FATAL(axis_find(&at, &axis, NULL), 0);
        CU_ASSERT_EQUAL((int)axis.id, i);
        CU_ASSERT_PTR_NULL(axis.set);
        CU_ASSERT_TRUE(strlen(k->summary) > 0);
        CU_ASSERT_TRUE(k->min <= k->max);
    }
}

static void a_dot_names_a_set_where_sets_have_it(void)
{
    struct axis axis;
    static const char text[] = "{\"cores.a.b\": 1, \"nodes.a\": 1}";
    struct json_document *doc = json_parse(text, strlen(text), "study", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), cores = json_first(&root), nodes = json_next(&cores);
    struct error err = { "" };
    CU_ASSERT_EQUAL(axis_find(&cores, &axis, NULL), 0);
    CU_ASSERT_EQUAL(axis.id, AXIS_CORES);
    CU_ASSERT_STRING_EQUAL(axis.set, "a.b");
    CU_ASSERT_EQUAL(axis_find(&nodes, &axis, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "nodes is of no task set"));
    json_free(doc);
}

static void values_are_equal_by_what_they_say(void)
{
    struct axis_value none = AXIS_VALUE_NONE, two = { NULL, 2 }, three = { NULL, 3 }, text = { "2", NAN };
    char copy[] = "2";
    struct axis_value same_text = { copy, NAN };
    CU_ASSERT_TRUE(axis_value_equal(&none, &none));
    CU_ASSERT_FALSE(axis_value_equal(&none, &two));
    CU_ASSERT_FALSE(axis_value_equal(&two, &three));
    CU_ASSERT_FALSE(axis_value_equal(&two, &text));
    CU_ASSERT_TRUE(axis_value_equal(&text, &same_text));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_kind_is_found_by_its_name), UNIT_TEST(a_dot_names_a_set_where_sets_have_it),
        UNIT_TEST(values_are_equal_by_what_they_say), { NULL, NULL },
    };
    return unit_run("axis", tests);
}
