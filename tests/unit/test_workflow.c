#include "core/workflow.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/longest_path.h"
#include "tests/support/unit.h"

static void name_sets(struct workflow *w)
{
    for (size_t s = 0; s < w->n_sets; s++) {
        w->sets[s].name = str_format("s%zu", s);
        task_traits_own(&w->sets[s])->demand.cores = 1;
        w->sets[s].duration = dist_constant(2.385);
    }
}

static void after(struct workflow *w, int set, int parent)
{
    workflow_add_dependency(&w->sets[set], (struct dependency){ .parent = parent });
}

static void finish(struct workflow *w)
{
    struct error err = { "" };
    if (workflow_finish(w, &err) != 0)
        printf("%s\n", err.text);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
}

static void tasks_are_numbered_through(void)
{
    struct workflow *w = workflow_new("numbers", 3);
    name_sets(w);
    w->sets[0].n_tasks = 5;
    w->sets[1].n_tasks = 1;
    w->sets[2].n_tasks = 300;
    finish(w);
    CU_ASSERT_EQUAL(w->n_tasks, 306);
    for (uint32_t t = 0; t < w->n_tasks; t++) {
        int s = workflow_set_of_task(w, t);
        unit_must_be(t, >=, w->sets[s].first_task);
        unit_must_be(t, <, w->sets[s].first_task + w->sets[s].n_tasks);
    }
    CU_ASSERT_EQUAL(workflow_find_set(w, "s2"), 2);
    CU_ASSERT_EQUAL(workflow_find_set(w, "s3"), -1);
    /* a task behind all is of the last set */
    CU_ASSERT_EQUAL(workflow_set_of_task(w, 306), 2);
    CU_ASSERT_EQUAL(w->sets[1].stream, str_hash("s1"));
    workflow_free(w);
}

/* Levels against the definition: 0 for sources, else one more than the highest parent; the order
 * against its property. */
static void levels_and_order_hold_on_random_graphs(void)
{
    enum { N = 60 };
    uint64_t state = 2385;
    for (int trial = 0; trial < 50; trial++) {
        struct workflow *w = workflow_new("random", N);
        int rank[N];
        name_sets(w);
        for (int s = 0; s < N; s++)
            /* a permutation: file order is no topological order */
            rank[s] = (s * 37 + trial) % N;
        for (int s = 0; s < N; s++)
            for (int p = 0; p < N; p++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                if (rank[p] < rank[s] && state >> 60 == 0)
                    after(w, s, p);
            }
        finish(w);
        int *level = longest_path_levels(w, path_graph_of(w, 0)),
            *order = workflow_topological_order(w), place[N];
        for (int i = 0; i < N; i++)
            place[order[i]] = i;
        for (int s = 0; s < N; s++) {
            int expected = 0;
            for (size_t d = 0; d < w->sets[s].n_dependencies; d++) {
                int p = w->sets[s].dependencies[d].parent;
                expected = level[p] + 1 > expected ? level[p] + 1 : expected;
                unit_must_be(place[p], <, place[s]);
                if (d != 0)
                    unit_is(p, >, w->sets[s].dependencies[d - 1].parent);
            }
            CU_ASSERT_EQUAL_FATAL(level[s], expected);
        }
        free(level);
        free(order);
        workflow_free(w);
    }
}

static void a_long_chain_needs_no_deep_stack(void)
{
    enum { N = 100000 };
    struct workflow *w = workflow_new("chain", N);
    name_sets(w);
    for (int s = 1; s < N; s++)
        after(w, s - 1, s);
    finish(w);
    int *level = longest_path_levels(w, path_graph_of(w, 0));
    CU_ASSERT_EQUAL(level[0], N - 1);
    CU_ASSERT_EQUAL(workflow_edge_count(w), N - 1);
    free(level);
    workflow_free(w);
}

static void edges_are_sorted_and_stand_once(void)
{
    static const uint32_t edges[] = { 2, 1, 0, 3, 2, 0, 0, 3, 1, 1 },
                          sorted[] = { 0, 3, 1, 1, 2, 0, 2, 1 };
    struct workflow *w = workflow_new("edges", 2);
    name_sets(w);
    w->sets[0].n_tasks = 3;
    w->sets[1].n_tasks = 4;
    workflow_add_dependency(&w->sets[1],
                            (struct dependency){ .parent = 0,
                                                 .kind = DEPENDENCY_EDGES,
                                                 .n_edges = 5,
                                                 .edges = xmemdup(edges, sizeof edges) });
    finish(w);
    CU_ASSERT_EQUAL_FATAL(w->sets[1].dependencies[0].n_edges, 4);
    CU_ASSERT_EQUAL(memcmp(w->sets[1].dependencies[0].edges, sorted, sizeof sorted), 0);
    workflow_free(w);
}

static struct stage stage_of(int a, int b)
{
    struct stage s = { .n_sets = b < 0 ? 1 : 2, .sets = xcalloc(2, sizeof *s.sets) };
    s.sets[0] = a;
    s.sets[1] = b;
    return s;
}

/* Pipelines [0][1 2], and after it [3]: 1 and 2 come after 0, 3 after 1 and 2. */
static struct workflow *of_pipelines(void)
{
    struct workflow *w = workflow_new("pipelines", 4);
    name_sets(w);
    w->n_pipelines = 2;
    w->pipelines = xcalloc(2, sizeof *w->pipelines);
    for (size_t p = 0; p < 2; p++) {
        w->pipelines[p].name = str_format("p%zu", p);
        w->pipelines[p].n_stages = 2 - p;
        w->pipelines[p].stages = xcalloc(2, sizeof *w->pipelines[p].stages);
    }
    w->pipelines[0].stages[0] = stage_of(0, -1);
    w->pipelines[0].stages[1] = stage_of(1, 2);
    w->pipelines[1].stages[0] = stage_of(3, -1);
    w->pipelines[1].n_after = 1;
    w->pipelines[1].after = xcalloc(1, sizeof *w->pipelines[1].after);
    return w;
}

static void order_of_pipelines_stands_in_for_dependencies(void)
{
    struct workflow *w = of_pipelines();
    finish(w);
    CU_ASSERT_EQUAL(workflow_edge_count(w), 4);
    CU_ASSERT_EQUAL(w->sets[1].dependencies[0].parent, 0);
    CU_ASSERT_EQUAL(w->sets[2].dependencies[0].parent, 0);
    CU_ASSERT_EQUAL_FATAL(w->sets[3].n_dependencies, 2);
    unit_is(w->sets[3].dependencies[0].parent, ==, 1);
    unit_is(w->sets[3].dependencies[1].parent, ==, 2);
    workflow_free(w);
}

static void one_dependency_written_keeps_the_order_out(void)
{
    struct workflow *w = of_pipelines();
    after(w, 2, 0);
    finish(w);
    CU_ASSERT_EQUAL(workflow_edge_count(w), 1);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(tasks_are_numbered_through),
                                              UNIT_TEST(levels_and_order_hold_on_random_graphs),
                                              UNIT_TEST(a_long_chain_needs_no_deep_stack),
                                              UNIT_TEST(edges_are_sorted_and_stand_once),
                                              UNIT_TEST(
                                                  order_of_pipelines_stands_in_for_dependencies),
                                              UNIT_TEST(one_dependency_written_keeps_the_order_out),
                                              { NULL, NULL } };
    return unit_run("workflow", tests);
}
