#include "core/workflow.h"

#include <string.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

#define SET(name, more) "{\"name\": \"" name "\", \"duration\": 2.385" more "}"
#define WORKFLOW(sets, more) "{\"name\": \"w\", \"task_sets\": [" sets "]" more "}"

static bool has_parent(const struct workflow *w, const char *set, const char *parent)
{
    const struct task_set *s = &w->sets[workflow_find_set(w, set)];
    for (size_t d = 0; d < s->n_dependencies; d++)
        if (strcmp(w->sets[s->dependencies[d].parent].name, parent) == 0)
            return true;
    return false;
}

static void short_form(void)
{
    struct workflow *w = given_workflow("{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", "
                                        "\"tasks\": 96, \"threads\": 4, \"gpus\": 1, \"duration\": "
                                        "{\"distribution\": \"normal\", \"mean\": 340, \"sd\": "
                                        "0.02}}, {\"name\": \"b\", \"tasks\": 16, \"cores\": 8, "
                                        "\"duration\": 85, \"after\": [\"a\"]}]}");
    CU_ASSERT_EQUAL(w->n_sets, 2);
    CU_ASSERT_EQUAL(w->n_tasks, 112);
    CU_ASSERT_EQUAL(w->iterations, 1);
    unit_is(w->sets[0].traits->demand.threads, ==, 4);
    unit_is(w->sets[0].traits->demand.cores, ==, 0);
    unit_is(w->sets[0].traits->demand.gpus, ==, 1);
    unit_is(w->sets[1].traits->demand.cores, ==, 8);
    unit_is(w->sets[1].traits->demand.ranks, ==, 1);
    unit_is(w->sets[1].iteration, ==, 0);
    unit_near(dist_mean(w->sets[0].duration), 340, 1e-9);
    CU_ASSERT(has_parent(w, "b", "a"));
    workflow_free(w);
}

/* The whole workflow three times: chains side by side, tied only where `after_previous` says so. */
static void iterations_of_all(void)
{
    struct workflow *w = given_workflow(WORKFLOW(
        SET("sim", ", \"after_previous\": [\"train\"]") "," SET("train", ", \"after\": [\"sim\"]"),
        ", \"iterations\": 3"));
    CU_ASSERT_EQUAL_FATAL(w->n_sets, 6);
    CU_ASSERT_EQUAL(w->iterations, 3);
    for (int k = 1; k <= 3; k++) {
        char sim[16], train[16], previous[16];
        snprintf(sim, sizeof sim, "sim.%d", k);
        snprintf(train, sizeof train, "train.%d", k);
        snprintf(previous, sizeof previous, "train.%d", k - 1);
        unit_must_be(workflow_find_set(w, sim), >=, 0);
        CU_ASSERT(has_parent(w, train, sim));
        CU_ASSERT_EQUAL(has_parent(w, sim, previous), k > 1);
        CU_ASSERT_EQUAL(w->sets[workflow_find_set(w, sim)].iteration, k);
        CU_ASSERT_STRING_EQUAL(w->sets[workflow_find_set(w, sim)].label, "sim");
    }
    CU_ASSERT_EQUAL(workflow_edge_count(w), 5);
    workflow_free(w);
}

/* A repeated part between two sets that stand outside it: all iterations come after the first, the
 * last after all iterations. */
static void iterations_of_a_part(void)
{
    struct workflow *w = given_workflow(WORKFLOW(
        SET("prepare", "") "," SET("sim", ", \"after\": [\"prepare\"]") "," SET(
            "collect", ", \"after\": [\"sim\"]") "," SET("early", ", \"after\": [\"sim.2\"]"),
        ", \"iterations\": {\"count\": 4, \"sets\": [\"sim\"]}"));
    CU_ASSERT_EQUAL_FATAL(w->n_sets, 7);
    static const char *const sims[] = { "sim.1", "sim.2", "sim.3", "sim.4" };
    for (int k = 0; k < 4; k++) {
        CU_ASSERT(has_parent(w, sims[k], "prepare"));
        CU_ASSERT(has_parent(w, "collect", sims[k]));
        CU_ASSERT_EQUAL(has_parent(w, "early", sims[k]), k == 1);
    }
    CU_ASSERT_EQUAL(w->sets[workflow_find_set(w, "collect")].iteration, 0);
    workflow_free(w);
}

static void dependencies_of_every_kind(void)
{
    struct workflow *w = given_workflow(WORKFLOW(
        SET("a", ", \"tasks\": 6") "," SET(
            "b",
            ", \"tasks\": 6, \"after\": [{\"set\": \"a\", "
            "\"kind\": \"each\"}]") "," SET("c",
                                            ", \"tasks\": 2, \"after\": [{\"set\": \"b\", "
                                            "\"kind\": \"block\"}, {\"set\": "
                                            "\"a\"}]") "," SET("d", ", \"tasks\": 3, \"after\": "
                                                                    "[{\"set\": \"a\", \"kind\": "
                                                                    "\"edges\", \"edges\": [[5, "
                                                                    "0], [0, 2]]}]"),
        ""));
    CU_ASSERT_EQUAL(w->sets[1].dependencies[0].kind, DEPENDENCY_EACH);
    CU_ASSERT_EQUAL(w->sets[2].dependencies[0].kind, DEPENDENCY_ALL);
    CU_ASSERT_EQUAL(w->sets[2].dependencies[1].kind, DEPENDENCY_BLOCK);
    const struct dependency *d = &w->sets[3].dependencies[0];
    unit_must_be(d->kind, ==, DEPENDENCY_EDGES);
    unit_must_be(d->n_edges, ==, 2);
    unit_is(d->edges[0], ==, 0);
    unit_is(d->edges[1], ==, 2);
    unit_is(d->edges[2], ==, 5);
    unit_is(d->edges[3], ==, 0);
    workflow_free(w);
}

static void errors_name_file_line_and_path(void)
{
    given_refused("{\"name\": \"w\"}",
                  "w.json:1: needs `task_sets`: a list of {name, tasks, cores, duration, after}");
    given_refused(WORKFLOW("", ""), "w.json:1: task_sets: must hold at least one task set");
    given_refused(WORKFLOW(SET("a", ", \"taks\": 3"), ""),
                  "w.json:1: task_sets[0].taks: unknown field 'taks'; did you mean 'tasks'?");
    given_refused("{\"task_sets\": [\n" SET("a", "") ",\n" SET("a", "") "]}",
                  "w.json:3: task_sets[1]: another task set is called 'a' too; names must differ");
    given_refused("{\"task_sets\": [\n" SET("simulation", "") ",\n" SET(
                      "b", ", \"after\": [\"simulatoin\"]") "]}",
                  "w.json:3: task_sets[1].after[0]: there is no task set 'simulatoin'; did you "
                  "mean 'simulation'?");
    given_refused(
        WORKFLOW(SET("a", ", \"tasks\": 6") "," SET(
                     "b", ", \"tasks\": 4, \"after\": [{\"set\": \"a\", \"kind\": \"each\"}]"),
                 ""),
        "w.json:1: task_sets[1].after[0]: task set 'b': comes after each of 'a', so both need as "
        "many tasks; it has 4, 'a' has 6");
    given_refused(
        WORKFLOW(SET("a", "") "," SET("b", ", \"after\": [{\"set\": \"a\", \"edges\": [[0, 0]]}]"),
                 ""),
        "w.json:1: task_sets[1].after[0]: `edges` belong to kind edges, the kind is all");
    given_refused(
        WORKFLOW(SET("a", ", \"after\": [\"b\"]") "," SET("b", ", \"after\": [\"a\"]"), ""),
        "w.json: workflow w: task sets wait for each other in a circle: a -> b -> a");
}

static void errors_of_iterations(void)
{
    given_refused(WORKFLOW(SET("a", ""), ", \"iterations\": 0"),
                  "w.json:1: iterations: must be between 1 and 1000000, is 0");
    given_refused(WORKFLOW(SET("a", "") "," SET("b", ""),
                           ", \"iterations\": {\"count\": 2, \"sets\": [\"c\"]}"),
                  "w.json:1: iterations.sets[0]: there is no task set 'c'");
    given_refused(WORKFLOW(SET("a", "") "," SET("b", ", \"after_previous\": [\"a\"]"),
                           ", \"iterations\": {\"count\": 2, \"sets\": [\"b\"]}"),
                  "w.json:1: task_sets[1].after_previous[0]: after_previous means the iteration "
                  "before: both 'b' and 'a' must be in the repeated "
                  "part");
    given_refused(
        WORKFLOW(SET("a", "") "," SET("b", "") "," SET("c", ""), ", \"iterations\": 1000000"),
        "w.json:1: task_sets: with its iterations the workflow has 3000000 task sets; at most "
        "2000000 are held");
    given_refused(WORKFLOW(SET("a", ", \"iteration\": 2"), ", \"iterations\": 2"),
                  "w.json:1: task_sets[0]: has a label or an iteration of its own, so the "
                  "workflow's iterations are written out already");
    given_refused(WORKFLOW(SET("a", "") "," SET("a.2", ""),
                           ", \"iterations\": {\"count\": 2, \"sets\": [\"a\"]}"),
                  "w.json: workflow w: two task sets are called 'a.2'");
}

static void load_reads_files_and_names_them(void)
{
    struct error err = { "" };
    struct workflow *w = workflow_load("examples/ddmd.json", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_EQUAL(w->n_tasks, 3 * (96 + 16 + 1 + 96));
    workflow_free(w);
    CU_ASSERT_PTR_NULL(workflow_load("examples/none.json", &err));
    unit_has(err.text, "examples/none.json");
}

/* 20,000 sets in a chain by tasks, 10^6 edges in all: a loader that is quadratic in either would
 * not end. */
static void many_sets_and_edges_load(void)
{
    enum { SETS = 20000, TASKS = 50 };
    struct str text = { 0 };
    str_add(&text, "{\"task_sets\": [" SET("s0", ", \"tasks\": 50"));
    for (int s = 1; s < SETS; s++) {
        str_addf(&text,
                 ",{\"name\":\"s%d\",\"tasks\":50,\"duration\":1,\"after\":[{\"set\":\"s%d\","
                 "\"kind\":\"edges\",\"edges\":[",
                 s, s - 1);
        for (int t = 0; t < TASKS; t++)
            str_addf(&text, "%s[%d,%d]", t ? "," : "", TASKS - 1 - t, t);
        str_add(&text, "]}]}");
    }
    str_add(&text, "]}");
    struct workflow *w = given_workflow(text.text);
    CU_ASSERT_EQUAL(w->n_tasks, (uint32_t)SETS * TASKS);
    CU_ASSERT_EQUAL(workflow_edge_count(w), SETS - 1);
    CU_ASSERT_EQUAL(w->sets[SETS - 1].dependencies[0].n_edges, TASKS);
    workflow_free(w);
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(short_form),
                                              UNIT_TEST(iterations_of_all),
                                              UNIT_TEST(iterations_of_a_part),
                                              UNIT_TEST(dependencies_of_every_kind),
                                              UNIT_TEST(errors_name_file_line_and_path),
                                              UNIT_TEST(errors_of_iterations),
                                              UNIT_TEST(load_reads_files_and_names_them),
                                              UNIT_TEST(many_sets_and_edges_load),
                                              { NULL, NULL } };
    return unit_run("workflow_json", tests);
}
