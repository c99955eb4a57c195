/* Oracle: a matrix of who depends on whom, filled by the definitions of the kinds. */
#include "traces/task_edges.h"

#include <stdlib.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static void kinds_expand_to_their_edges(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': 1.5}, {'name': 'b', 'tasks': 2, "
        "'duration': 1.5, "
        "'after': [{'set': 'a', 'kind': 'each'}]}, {'name': 'c', 'tasks': 4, 'duration': 1.5, "
        "'after': [{'set': 'b', 'kind': 'block'}]},"
        "{'name': 'd', 'tasks': 2, 'duration': 1.5, 'after': [{'set': 'c', 'kind': 'block'}, "
        "'a']}, {'name': 'e', 'tasks': 3,"
        "'duration': 1.5, 'after': [{'set': 'd', 'kind': 'edges', 'edges': [[1, 2], [0, 0]]}]}]}");
    static const struct task_edge expected[] = { { 0, 2 }, { 1, 3 }, { 2, 4 },  { 2, 5 },
                                                 { 3, 6 }, { 3, 7 }, { 0, 8 },  { 0, 9 },
                                                 { 1, 8 }, { 1, 9 }, { 4, 8 },  { 5, 8 },
                                                 { 6, 9 }, { 7, 9 }, { 8, 10 }, { 9, 12 } };
    size_t n;
    struct task_edge *edges = task_edges_expand(w, &n);
    unit_must_be(n, ==, sizeof expected / sizeof *expected);
    unit_is(task_edges_count(w), ==, (double)n);
    for (size_t i = 0; i < n; i++) {
        unit_is(edges[i].parent, ==, expected[i].parent);
        unit_is(edges[i].child, ==, expected[i].child);
    }
    free(edges);
    workflow_free(w);
}

static void turning_sorts_and_drops_doubles(void)
{
    enum { N = 9, EDGES = 60 };
    for (uint64_t number = 0; number < 40; number++) {
        struct task_edge edges[EDGES];
        bool has[N][N] = { { false } };
        for (size_t k = 0; k < EDGES; k++) {
            edges[k] =
                (struct task_edge){ (uint32_t)given_choice(number, 2 * k, 0, N - 1),
                                    (uint32_t)given_choice(number, 2 * k + 1, 0, N - 1) };
            has[edges[k].parent][edges[k].child] = true;
        }
        struct task_edges raw = task_edges_of(edges, EDGES, N),
                          parents = task_edges_turned(&raw, N),
                          children = task_edges_turned(&parents, N);
        CU_ASSERT_EQUAL(raw.first[N], EDGES);
        size_t at = 0;
        for (uint32_t i = 0; i < N; i++) {
            CU_ASSERT_EQUAL(children.first[i], at);
            for (uint32_t j = 0; j < N; j++)
                if (has[i][j])
                    unit_is(children.to[at++], ==, j);
        }
        unit_is(children.first[N], ==, at);
        unit_is(parents.first[N], ==, at);
        task_edges_clear(&raw);
        task_edges_clear(&parents);
        task_edges_clear(&children);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(kinds_expand_to_their_edges),
        UNIT_TEST(turning_sorts_and_drops_doubles),
        { NULL, NULL },
    };
    return unit_run("task_edges", tests);
}
