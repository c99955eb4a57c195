#include "plots/dag.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/unit.h"

/* Two ways from a to d: 3 + 10 + 2 by b, 3 + 4 + 2 by c. */
static const char text[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\\\"\\\\\", \"tasks\": 4, \"cores\": 2, \"gpus\": 1, \"duration\": 3},"
    "{\"name\": \"b\", \"tasks\": 4, \"cores\": 1, \"duration\": 10, \"after\": [{\"set\": \"a\\\"\\\\\", \"kind\": \"each\"}]},"
    "{\"name\": \"c\", \"ranks\": 3, \"cores\": 1, \"duration\": 4, \"after\": [\"a\\\"\\\\\"]},"
    "{\"name\": \"d\", \"cores\": 1, \"duration\": 2, \"after\": [\"b\", \"c\"]}]}";

static struct workflow *diamond(void)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "w", &err);

    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_FATAL(w != NULL);
    return w;
}

static void the_longest_path_is_critical(void)
{
    struct workflow *w = diamond();
    double length_s;
    int *before = dag_critical_path(w, &length_s);

    CU_ASSERT_EQUAL(length_s, 15);
    CU_ASSERT(before[0] == -1 && before[1] == 0 && before[2] == DAG_NOT_CRITICAL && before[3] == 1);
    free(before);
    workflow_free(w);
}

/* a -> b -> c and a -> c: all sets are critical, the short cut is not. */
static void a_short_cut_between_critical_sets_is_not_critical(void)
{
    static const char triangle[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"cores\": 1, \"duration\": 3},"
                                   "{\"name\": \"b\", \"cores\": 1, \"duration\": 4, \"after\": [\"a\"]},"
                                   "{\"name\": \"c\", \"cores\": 1, \"duration\": 5, \"after\": [\"a\", \"b\"]}]}";
    struct workflow *w = workflow_parse(triangle, strlen(triangle), "w", NULL);
    struct str out = { 0 };

    dag_add_dot(&out, w, "t");
    const char *cut = strstr(out.text, "s0 -> s2"), *path = strstr(out.text, "s1 -> s2");
    CU_ASSERT_FATAL(cut && path);
    CU_ASSERT(strncmp(strchr(cut, '#'), "#404040", 7) == 0 && strncmp(strchr(path, '#'), "#C00000", 7) == 0);
    str_clear(&out);
    workflow_free(w);
}

static void graphs_say_counts_and_demands(void)
{
    static const char *const expected[] = { "4 tasks of 2 cores + 1 GPU", "1 task of 3 ranks of 1 core", "a\\\"\\\\", "label=\"each\"",
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

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_longest_path_is_critical),
        UNIT_TEST(a_short_cut_between_critical_sets_is_not_critical), UNIT_TEST(graphs_say_counts_and_demands),
        UNIT_TEST(absent_graphviz_is_said), { NULL, NULL },
    };
    return unit_run("dag", tests);
}
