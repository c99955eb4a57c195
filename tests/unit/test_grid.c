#include "study/grid.h"

#include <string.h>

#include "tests/support/unit.h"

static struct grid *parse(const char *quoted, struct error *err)
{
    struct str text = { 0 };
    for (; *quoted; quoted++)
        str_add_n(&text, *quoted == '\'' ? "\"" : quoted, 1);
    struct grid *g = grid_parse(text.text, text.length, "study", err);
    str_clear(&text);
    return g;
}

static struct grid *given(const char *quoted)
{
    struct error err = { "" };
    struct grid *g = parse(quoted, &err);
    if (!g)
        printf("%s\n", err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g);
    return g;
}

static void refused(const char *quoted, const char *part)
{
    struct error err = { "" };
    struct grid *g = parse(quoted, &err);
    CU_ASSERT_PTR_NULL(g);
    if (!strstr(err.text, part))
        printf("'%s' is not in '%s'\n", part, err.text);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    grid_free(g);
}

#define BASE "'workflow': 'w.json', 'platform': 'p.json'"

static void the_product_runs_last_member_fastest(void)
{
    struct grid *g =
        given("{" BASE
              ", 'grid': {'nodes': [3, 5], 'mode': ['pipelined', 'sequential', 'asynchronous']}}");
    static const double nodes[] = { 3, 3, 3, 5, 5, 5 };
    static const char *const modes[] = { "pipelined", "sequential", "asynchronous", "pipelined",
                                         "sequential", "asynchronous" };
    CU_ASSERT_EQUAL_FATAL(g->n_points, 6);
    CU_ASSERT_EQUAL(g->replicas, 100);
    for (size_t k = 0; k < 6; k++) {
        CU_ASSERT_EQUAL(grid_find(g, k, SETTING_NODES).number, nodes[k]);
        CU_ASSERT_STRING_EQUAL(grid_find(g, k, SETTING_MODE).text, modes[k]);
        CU_ASSERT_STRING_EQUAL(grid_find(g, k, SETTING_WORKFLOW).text, "w.json");
    }
    grid_free(g);
}

static void a_list_replaces_what_all_points_share(void)
{
    struct grid *g = given(
        "{" BASE ", 'nodes': 7, 'points': [{'order': 'largest'}, {'nodes': 9, 'comment': 'more'}],"
        " 'grid': {'seed': [4, 2]}, 'replicas': 12, 'precision': 0.25}");
    CU_ASSERT_EQUAL_FATAL(g->n_points, 4);
    CU_ASSERT_EQUAL(g->replicas, 12);
    CU_ASSERT_EQUAL(g->precision, 0.25);
    CU_ASSERT_EQUAL(grid_find(g, 1, SETTING_NODES).number, 7);
    CU_ASSERT_STRING_EQUAL(grid_find(g, 1, SETTING_ORDER).text, "largest");
    CU_ASSERT_EQUAL(grid_find(g, 1, SETTING_SEED).number, 2);
    CU_ASSERT_EQUAL(grid_find(g, 2, SETTING_NODES).number, 9);
    struct setting_value order = grid_find(g, 2, SETTING_ORDER);
    CU_ASSERT_FALSE(order.said);
    grid_free(g);
}

static void a_point_is_a_list_of_changes(void)
{
    struct grid *g =
        given("{" BASE ", 'tasks.b.x': 21, 'tasks': 34, 'points': [{}, {'tasks.b.x': 55}]}");
    struct setting_change changes[4];
    CU_ASSERT_EQUAL_FATAL(g->n_axes, 4);
    CU_ASSERT_EQUAL_FATAL(grid_changes(g, 1, changes), 4);
    CU_ASSERT_EQUAL(changes[0].id, SETTING_WORKFLOW);
    CU_ASSERT_EQUAL(changes[2].id, SETTING_TASKS);
    CU_ASSERT_STRING_EQUAL(changes[2].part, "b.x");
    CU_ASSERT_EQUAL(changes[2].value.number, 55);
    CU_ASSERT_PTR_NULL(changes[3].part);
    CU_ASSERT_EQUAL(changes[3].value.number, 34);
    grid_free(g);
}

static void values_are_written_as_in_the_file(void)
{
    struct grid *g = given("{" BASE ", 'walltime': '1:30:00', 'duration_scale': 0.1}");
    struct str text = { 0 };
    struct setting_value walltime = grid_find(g, 0, SETTING_WALLTIME),
                         scale = grid_find(g, 0, SETTING_DURATION_SCALE);
    CU_ASSERT_EQUAL(walltime.number, 5400);
    setting_value_add(&text, &scale);
    CU_ASSERT_STRING_EQUAL(text.text, "0.1");
    str_clear(&text);
    grid_free(g);
}

static void mistakes_are_refused_by_name(void)
{
    refused("[]", "must be an object");
    refused("{'platform': 'p'}", "needs a `workflow`");
    refused("{'workflow': 'w.json'}", "needs a `platform`");
    refused("{" BASE ", 'node': 3}", "did you mean 'nodes'");
    refused("{" BASE ", 'nodes.a': 3}", "is of no task set");
    refused("{" BASE ", 'grid': {'ordr': ['largest']}}",
            "grid.ordr: no setting 'ordr' can be given here; did you mean 'order'");
    refused("{" BASE ", 'grid': {'order': ['larges']}}",
            "grid.order[0]: no order is named 'larges'; did you mean 'largest'");
    refused("{" BASE ", 'mode': 'asynchron'}", "mode: no mode is named");
    refused("{" BASE ", 'scheduler': 'zebra'}", "no scheduler is named 'zebra'");
    refused("{" BASE ", 'grid': {'nodes': []}}", "grid.nodes: is empty");
    refused("{" BASE ", 'grid': {'nodes': 3}}", "grid.nodes");
    refused("{" BASE ", 'grid': {'nodes': [3, 4, 3]}}",
            "grid.nodes[2]: is the same value as number 1");
    refused("{" BASE ", 'grid': {'nodes': [0]}}", "grid.nodes[0]");
    refused("{" BASE ", 'grid': {'nodes': ['three']}}", "grid.nodes[0]");
    refused("{" BASE ", 'nodes': 3, 'grid': {'nodes': [4]}}",
            "grid.nodes: is also given for all points");
    refused("{" BASE ", 'points': [{'nodes': 3}], 'grid': {'nodes': [4]}}",
            "grid.nodes: is also given in `points`");
    refused("{" BASE ", 'points': []}", "points: is empty");
    refused("{" BASE ", 'points': [4]}", "points[0]: must be an object");
    refused("{" BASE ", 'gpus.a': 1.5}", "whole number, or a share below 1");
    refused("{" BASE ", 'walltime': 'soon'}", "invalid duration");
    refused("{" BASE ", 'replicas': 0}", "replicas");
    refused("{" BASE ", 'precision': 2}", "precision");
    refused("{" BASE ", 'failure_probability': 1.5}", "failure_probability");
}

static void too_many_points_are_refused(void)
{
    struct str text = { 0 };
    str_add(&text, "{" BASE ", 'grid': {");
    static const char *const axes[] = { "nodes", "seed", "tasks", "ranks" };
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
        str_addf(&text, "%s'%s': [1", i ? ", " : "", axes[i]);
        for (int value = 2; value <= 100; value++)
            str_addf(&text, ", %d", value);
        str_add(&text, "]");
    }
    str_add(&text, "}}");
    refused(text.text, "has more than 1000000 points");
    str_clear(&text);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_product_runs_last_member_fastest),
        UNIT_TEST(a_list_replaces_what_all_points_share),
        UNIT_TEST(a_point_is_a_list_of_changes),
        UNIT_TEST(values_are_written_as_in_the_file),
        UNIT_TEST(mistakes_are_refused_by_name),
        UNIT_TEST(too_many_points_are_refused),
        { NULL, NULL },
    };
    return unit_run("grid", tests);
}
