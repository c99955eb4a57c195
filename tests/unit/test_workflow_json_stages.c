#include "core/workflow_json_impl.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

#define SETS                                                                                       \
    "\"task_sets\": [{\"name\": \"T0\", \"duration\": 1}, {\"name\": \"T1\", \"duration\": 1}, "   \
    "{\"name\": \"T2\", \"duration\": 1}]"

static void pipelines_as_written(void)
{
    struct workflow *w = given_workflow(
        "{" SETS ", \"pipelines\": [{\"stages\": [[\"T2\", \"T0\"]], \"after\": [\"last\"]}, "
        "{\"name\": \"last\", \"stages\": [[\"T1\"]]}]}");
    CU_ASSERT_EQUAL_FATAL(w->n_pipelines, 2);
    CU_ASSERT_STRING_EQUAL(w->pipelines[0].name, "pipeline 1");
    unit_must_be(w->pipelines[0].n_stages, ==, 1);
    unit_is(w->pipelines[0].stages[0].n_sets, ==, 2);
    unit_is(w->pipelines[0].stages[0].sets[0], ==, 2);
    unit_is(w->pipelines[0].stages[0].sets[1], ==, 0);
    unit_must_be(w->pipelines[0].n_after, ==, 1);
    unit_is(w->pipelines[0].after[0], ==, 1);
    /* no set has `after`: T0 and T2 come after T1 */
    CU_ASSERT_EQUAL(workflow_edge_count(w), 2);
    workflow_free(w);
}

static void stages_as_written(void)
{
    struct workflow *w = given_workflow("{" SETS ", \"stages\": [[\"T1\"], [\"T0\", \"T2\"]]}");
    CU_ASSERT_EQUAL_FATAL(w->n_stages, 2);
    CU_ASSERT_EQUAL(w->sets[0].dependencies[0].parent, 1);
    CU_ASSERT_EQUAL(w->sets[2].dependencies[0].parent, 1);
    workflow_free(w);
}

/* A name stands for all iterations of its set, "name.2" for one. */
static void names_of_iterations(void)
{
    struct workflow *w =
        given_workflow("{" SETS ", \"iterations\": {\"count\": 2, \"sets\": [\"T1\"]}, \"stages\": "
                                "[[\"T0\", \"T1.2\"], [\"T1.1\", \"T2\"]]}");
    CU_ASSERT_STRING_EQUAL(w->sets[w->stages[0].sets[1]].name, "T1.2");
    CU_ASSERT_STRING_EQUAL(w->sets[w->stages[1].sets[0]].name, "T1.1");
    workflow_free(w);
    w = given_workflow("{" SETS ", \"iterations\": {\"count\": 3, \"sets\": [\"T1\"]}, \"stages\": "
                                "[[\"T0\"], [\"T1\"], [\"T2\"]]}");
    CU_ASSERT_EQUAL(w->stages[1].n_sets, 3);
    workflow_free(w);
    given_refused(
        "{" SETS ", \"iterations\": 2, \"stages\": [[\"T1.3\"]]}",
        "w.json:1: stages[0][0]: there is no task set 'T1.3'; the iterations of 'T1' are 1 to 2");
}

static void errors(void)
{
    given_refused("{" SETS ", \"stages\": [[\"T0\", \"T1\", \"T9\"]]}",
                  "w.json:1: stages[0][2]: there is no task set 'T9'");
    given_refused(
        "{" SETS ", \"stages\": [[\"T0\", \"T1\"]]}",
        "w.json: workflow without a name: stages: task set 'T2' is missing; list every set once");
    given_refused(
        "{" SETS ", \"stages\": [[\"T0\", \"T1\", \"T2\"], [\"T0\"]]}",
        "w.json:1: stages[1]: names sets of earlier stages; each set belongs to one stage");
    given_refused("{" SETS ", \"stages\": [[\"T0\", \"T0\", \"T0\", \"T0\"]]}",
                  "w.json:1: stages[0][3]: task set 'T0' is listed twice");
    given_refused("{" SETS ", \"pipelines\": [{\"name\": \"first\"}]}",
                  "w.json:1: pipelines[0]: needs `stages`: [[set, ...], ...]");
    given_refused("{" SETS ", \"pipelines\": [{\"name\": \"p\", \"stages\": [[\"T0\"]]}, "
                           "{\"name\": \"p\", \"stages\": [[\"T1\"]]}]}",
                  "w.json:1: pipelines[1]: another pipeline is called 'p' too; names must differ");
    given_refused(
        "{" SETS
        ", \"pipelines\": [{\"name\": \"first\", \"stages\": [[\"T0\"]], \"after\": [\"frist\"]}]}",
        "w.json:1: pipelines[0].after[0]: there is no pipeline 'frist'; did you mean 'first'?");
    given_refused("{" SETS ", \"pipelines\": [{\"name\": \"p\", \"stages\": [[\"T0\"]]}, "
                           "{\"stages\": [[\"T1\"]], \"after\": [\"p\", \"p\"]}]}",
                  "w.json:1: pipelines[1].after[1]: pipeline 'p' is listed twice");
    given_refused("{" SETS ", \"pipelines\": [{\"stages\": []}]}",
                  "w.json: workflow without a name: pipeline 'pipeline 1' has no stages");
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(pipelines_as_written),
                                              UNIT_TEST(stages_as_written),
                                              UNIT_TEST(names_of_iterations),
                                              UNIT_TEST(errors), { NULL, NULL } };
    return unit_run("workflow_json_stages", tests);
}
