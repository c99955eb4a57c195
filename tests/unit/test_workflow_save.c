#include "core/workflow.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/support/unit.h"

/* Loading what was saved and saving it again gives the same text, and everything that a text could
 * hide is compared besides. */
static void round_trip(struct workflow *w)
{
    struct error err = { "" };
    cJSON *tree = workflow_to_json(w);
    char *text = json_print(tree);
    struct workflow *again = workflow_parse(text, strlen(text), "saved", &err);
    if (!again)
        printf("%s\n%s\n", err.text, text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    cJSON *second_tree = workflow_to_json(again);
    char *second = json_print(second_tree);
    CU_ASSERT_STRING_EQUAL(second, text);
    unit_is(again->iterations, ==, w->iterations);
    unit_is(again->n_tasks, ==, w->n_tasks);
    unit_is(again->session_sd, ==, w->session_sd);
    CU_ASSERT_EQUAL_FATAL(again->n_sets, w->n_sets);
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *a = &w->sets[s], *b = &again->sets[s];
        CU_ASSERT(demand_equal(&a->traits->demand, &b->traits->demand));
        unit_is(a->first_task, ==, b->first_task);
        unit_is(a->n_tasks, ==, b->n_tasks);
        unit_is(a->stream, ==, b->stream);
        unit_is(a->iteration, ==, b->iteration);
        CU_ASSERT_STRING_EQUAL(a->label, b->label);
        unit_is(dist_at(a->duration, 0.2385), ==, dist_at(b->duration, 0.2385));
        CU_ASSERT_EQUAL(a->n_dependencies, b->n_dependencies);
    }
    cJSON_Delete(tree);
    cJSON_Delete(second_tree);
    free(text);
    free(second);
    workflow_free(again);
    workflow_free(w);
}

static void examples_come_back(void)
{
    static const char *const examples[] = { "ddmd",          "dg1",
                                            "dg2",           "chain",
                                            "forkjoin",      "stranded_gpus",
                                            "adaptive_ddmd", "active_learning",
                                            "quality_gate",  "hyperparameters" };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct error err = { "" };
        char path[64];
        snprintf(path, sizeof path, "examples/%s.json", examples[i]);
        struct workflow *w = workflow_load(path, &err);
        CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
        round_trip(w);
    }
}

static void every_field_comes_back(void)
{
    static const char text[] =
        "{\"name\": \"all\", \"source\": \"made up\", \"session_sd\": 0.05, \"iterations\": "
        "{\"count\": 2, \"sets\": [\"b\", \"c\"]},"
        "\"task_sets\": ["
        "{\"name\": \"a\", \"tasks\": 4, \"ranks\": 3, \"threads\": 5, \"gpus\": 0.7, "
        "\"memory_mib\": 77, \"one_node\": true,"
        " \"durations\": [2.385, 0.1, 3, 4], \"release\": [1, 2.5, 0, 3], \"retries\": 2, "
        "\"failure_probability\": 0.125, \"priority\": 9,"
        " \"set_sd\": 0.01, \"timeout\": 33, \"command\": [\"echo\", \"\\\"quoted\\\"\"]},"
        "{\"name\": \"b\", \"tasks\": 4, \"cores\": 0, \"gpus\": 2, \"duration\": "
        "{\"distribution\": \"gamma\", \"mean\": 7, \"cv\": 0.4},"
        " \"after\": [{\"set\": \"a\", \"kind\": \"each\"}], \"release\": 12.5},"
        "{\"name\": \"c\", \"tasks\": 2, \"duration\": 3, \"after\": [{\"set\": \"b\", \"kind\": "
        "\"block\"},"
        " {\"set\": \"a\", \"kind\": \"edges\", \"edges\": [[3, 1], [0, 0]]}], \"after_previous\": "
        "[\"c\"],"
        " \"release\": {\"gaps\": {\"distribution\": \"exponential\", \"mean\": 2}}}],"
        "\"stages\": [[\"a\"], [\"b\"], [\"c.1\"], [\"c.2\"]],"
        "\"pipelines\": [{\"name\": \"p\", \"stages\": [[\"a\"]]}, {\"stages\": [[\"b\"], "
        "[\"c.1\"], [\"c.2\"]], \"after\": [\"p\"]}]}";
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "all", &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    round_trip(w);
}

/* Dependencies that came from the order of stages are not written: reading adds them again, as
 * implied ones, which a failure does not make cancel anything. */
static void order_of_stages_stays_an_order(void)
{
    static const char text[] =
        "{\"task_sets\": [{\"name\": \"a\", \"duration\": 1}, {\"name\": \"b\", \"duration\": 1, "
        "\"on_failure\": \"cancel\"}], \"stages\": [[\"b\"], [\"a\"]], \"on_failure\": "
        "\"continue\"}";
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "order", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    cJSON *tree = workflow_to_json(w);
    CU_ASSERT_PTR_NULL(cJSON_GetObjectItem(
        cJSON_GetArrayItem(cJSON_GetObjectItem(tree, "task_sets"), 0), "after"));
    char *written = json_print(tree);
    struct workflow *again = workflow_parse(written, strlen(written), "again", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    CU_ASSERT_EQUAL(again->sets[0].n_dependencies, 1);
    CU_ASSERT(again->sets[0].dependencies[0].implied);
    CU_ASSERT_EQUAL(again->sets[0].traits->on_failure, ON_FAILURE_UNSAID);
    CU_ASSERT_EQUAL(again->sets[1].traits->on_failure, ON_FAILURE_CANCEL);
    CU_ASSERT_EQUAL(again->on_failure, ON_FAILURE_CONTINUE);
    workflow_free(again);
    free(written);
    cJSON_Delete(tree);
    round_trip(w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(examples_come_back),
                                              UNIT_TEST(every_field_comes_back),
                                              UNIT_TEST(order_of_stages_stays_an_order),
                                              { NULL, NULL } };
    return unit_run("workflow_save", tests);
}
