/* Orders of pipelines as people write them. */
#include "core/setting_impl.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct workflow *three(void)
{
    return given_workflow(
        "{'task_sets': [{'name': 'a', 'duration': 1}, {'name': 'b', 'duration': 1}, {'name': 'c', "
        "'duration': 1}], "
        "'pipelines': [{'name': 'first', 'stages': [['a']]}, {'name': '3', 'stages': [['b']]}, "
        "{'name': 'last', 'stages': [['c']]}]}");
}

static void is_read(const char *text, int a, int b, int c)
{
    struct workflow *w = three();
    struct error err = { "" };
    int *order = setting_parse_pipelines(text, w, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(order);
    CU_ASSERT_EQUAL(order[0], a);
    CU_ASSERT_EQUAL(order[1], b);
    CU_ASSERT_EQUAL(order[2], c);
    free(order);
    workflow_free(w);
}

static void is_refused(const char *text)
{
    struct workflow *w = three();
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(setting_parse_pipelines(text, w, &err));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(err.text, "expected the numbers 1 to 3 or the names of the pipelines, each once"));
    workflow_free(w);
}

static void numbers_and_names_mix(void)
{
    is_read("1,2,last", 0, 1, 2);
    is_read("last,1,2", 2, 0, 1);
    /* the pipeline that is called 3, not the third */
    is_read("3,first,last", 1, 0, 2);
}

static void other_lists_are_refused(void)
{
    static const char *const texts[] = { "", "1,2", "1,2,2", "1,2,4", "1,2,last,", "1;2;last",
                                         "0,1,2", "first,first,last" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        is_refused(texts[i]);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(numbers_and_names_mix),
                                              UNIT_TEST(other_lists_are_refused), { NULL, NULL } };
    return unit_run("setting_pipelines", tests);
}
