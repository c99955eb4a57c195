#include "plots/dag.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* Two ways from a to d: 3 + 10 + 2 by b, 3 + 4 + 2 by c. */
static const char text[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\\\"\\\\\", \"tasks\": 4, \"cores\": 2, "
    "\"gpus\": 1, \"duration\": 3},"
    "{\"name\": \"b\", \"tasks\": 4, \"cores\": 1, \"duration\": 10, \"after\": [{\"set\": "
    "\"a\\\"\\\\\", \"kind\": \"each\"}]},"
    "{\"name\": \"c\", \"ranks\": 3, \"cores\": 1, \"duration\": 4, \"after\": [\"a\\\"\\\\\"]},"
    "{\"name\": \"d\", \"cores\": 1, \"duration\": 2, \"after\": [\"b\", \"c\"]}]}";

static struct workflow *diamond(void)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "w", &err);

    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    return w;
}

static void the_longest_path_is_critical(void)
{
    struct workflow *w = diamond();
    double length_s;
    int *before = dag_critical_path(w, &length_s);

    CU_ASSERT_EQUAL(length_s, 15);
    unit_is(before[0], ==, -1);
    unit_is(before[1], ==, 0);
    unit_is(before[2], ==, DAG_NOT_CRITICAL);
    unit_is(before[3], ==, 1);
    free(before);
    workflow_free(w);
}

/* a -> b -> c and a -> c: all sets are critical, the short cut is not. */
static void a_short_cut_between_critical_sets_is_not_critical(void)
{
    static const char triangle[] =
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"cores\": 1, \"duration\": 3},"
        "{\"name\": \"b\", \"cores\": 1, \"duration\": 4, \"after\": [\"a\"]},"
        "{\"name\": \"c\", \"cores\": 1, \"duration\": 5, \"after\": [\"a\", \"b\"]}]}";
    struct workflow *w = workflow_parse(triangle, strlen(triangle), "w", NULL);
    struct str out = { 0 };

    dag_add_dot(&out, w, "t");
    const char *cut = strstr(out.text, "s0 -> s2"), *path = strstr(out.text, "s1 -> s2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(cut);
    CU_ASSERT_PTR_NOT_NULL_FATAL(path);
    unit_is(strncmp(strchr(cut, '#'), "#404040", 7), ==, 0);
    unit_is(strncmp(strchr(path, '#'), "#C00000", 7), ==, 0);
    str_clear(&out);
    workflow_free(w);
}

static void graphs_say_counts_and_demands(void)
{
    static const char *const expected[] = { "4 tasks of 2 cores + 1 GPU",
                                            "1 task of 3 ranks of 1 core", "a\\\"\\\\",
                                            "label=\"each\"",
                                            "s0 -> s1", "s1 -> s3", "15 s" };
    struct workflow *w = diamond();
    struct str out = { 0 };

    dag_add_dot(&out, w, "a \"title\"");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(out.text, expected[i]));
    CU_ASSERT_PTR_NOT_NULL(strstr(out.text, "a \\\"title\\\""));
    str_clear(&out);
    workflow_free(w);
}

static void absent_graphviz_is_said(void)
{
    struct workflow *w = diamond();
    struct error err = { "" };
    char *path = getenv("PATH"), *kept = path ? strdup(path) : NULL;

    setenv("PATH", "/nonexistent", 1);
    CU_ASSERT_EQUAL(plot_dag(w, "t", "/tmp/dagcast-dag.svg", &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "dot is not installed"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "apt install graphviz"));
    CU_ASSERT(!file_exists("/tmp/dagcast-dag.svg"));
    CU_ASSERT_EQUAL(plot_dag(w, "t", "/tmp/dagcast-dag.gif", &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, ".svg, .png or .pdf"));
    if (kept)
        setenv("PATH", kept, 1);
    free(kept);
    workflow_free(w);
}

/* A frame a loop, the inner one in the outer; ways back from what decides, a blunt edge for a
 * cancellation. */
static void decisions_are_drawn_as_such(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 1}, {'name': 'b', "
                       "'duration': 1, 'after': ['a'], 'tasks':"
                       " {'distribution': 'poisson', 'mean': 7}}, {'name': 'c', 'duration': 1, "
                       "'after': ['b'], 'when': 0.25, 'else': 'd'},"
                       " {'name': 'd', 'duration': 1, 'after': ['b']}, {'name': 'e', "
                       "'duration': 1, 'cancels': ['b']}],"
                       " 'loops': [{'name': 'out', 'sets': ['a', 'b', 'c', 'd'], 'at_most': 4}, "
                       "{'name': 'in', 'sets': ['b'], 'at_least': 2,"
                       " 'at_most': 2}]}");
    struct str dot = { 0 };
    dag_add_dot(&dot, w, "w");
    const char *outer = strstr(dot.text, "cluster_loop_0"),
               *inner = strstr(dot.text, "cluster_loop_1");
    CU_ASSERT_PTR_NOT_NULL(outer);
    CU_ASSERT_PTR_NOT_NULL(inner);
    unit_is(inner - outer, >, 0);
    unit_has(inner, "in: 2 times");
    unit_has(dot.text, "about 7 tasks");
    unit_has(dot.text, "1 task, with probability 0.25");
    unit_has(dot.text, "s2 -> s0 [style=dashed");
    unit_has(dot.text, "s3 -> s0 [style=dashed");
    unit_has(dot.text, "s1 -> s1 [style=dashed");
    unit_has(dot.text, "s4 -> s1 [style=dashed, arrowhead=tee");
    unit_has(dot.text, "s2 -> s3 [style=dotted");
    str_clear(&dot);
    workflow_free(w);
}

/* 30 iterations of three steps: three nodes, and the dependencies between them counted. */
static void many_sets_are_folded_by_label(void)
{
    static const char *const expected[] = {
        "90 task sets, folded by label",
        "f0 [label=\"md\\n30 sets, 120 tasks of 1 core\\nmean 10 s\"",
        "f0 -> f1 [label=\"30\"",
        "f1 -> f2 [label=\"30\"",
        "f2 -> f0 [label=\"29\"",
        "900 s"
    };
    struct str json = { 0 }, out = { 0 };
    str_add(&json, "{\"name\": \"w\", \"task_sets\": [");
    for (int i = 0; i < 90; i++) {
        static const char *const names[] = { "md", "ml", "analyse" };
        str_addf(&json, "%s{\"name\": \"%s.%d\", \"tasks\": 4, \"cores\": 1, \"duration\": 10",
                 i ? "," : "", names[i % 3], i / 3 + 1);
        if (i > 0)
            str_addf(&json, ", \"after\": [\"%s.%d\"]", names[(i - 1) % 3], (i - 1) / 3 + 1);
        str_add(&json, "}");
    }
    str_add(&json, "]}");
    struct workflow *w = workflow_parse(json.text, json.length, "w", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_EQUAL(dag_nodes(w), 3);
    dag_add_dot(&out, w, "t");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(out.text, expected[i]));
    CU_ASSERT_PTR_NULL(strstr(out.text, "f3"));
    str_clear(&json);
    str_clear(&out);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(many_sets_are_folded_by_label),
        UNIT_TEST(the_longest_path_is_critical),
        UNIT_TEST(a_short_cut_between_critical_sets_is_not_critical),
        UNIT_TEST(graphs_say_counts_and_demands),
        UNIT_TEST(absent_graphviz_is_said),
        UNIT_TEST(decisions_are_drawn_as_such),
        { NULL, NULL },
    };
    return unit_run("dag", tests);
}
