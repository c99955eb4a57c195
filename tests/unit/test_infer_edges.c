#include "traces/importer/infer_edges.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/unit.h"

static void clear(struct edge_group *groups, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(groups[i].parents);
}

static void the_next_group_follows_the_last_end(void)
{
    struct edge_group g[] = { { .submitted_s = 0, .done_s = 100 }, { .submitted_s = 0, .done_s = 60 },
                              { .submitted_s = 100.5, .done_s = 200 } };
    struct edge_counts c = infer_edges(g, 3, 1, INFINITY);
    CU_ASSERT_EQUAL(c.edges, 1);
    CU_ASSERT_EQUAL(c.released, 0);
    CU_ASSERT_EQUAL_FATAL(g[2].n_parents, 1);
    CU_ASSERT_EQUAL(g[2].parents[0], 0);
    clear(g, 3);
}

static void a_slow_script_is_a_barrier_up_to_its_limit(void)
{
    struct edge_group g[] = { { .submitted_s = 0, .done_s = 100 }, { .submitted_s = 400, .done_s = 500 } };
    CU_ASSERT_EQUAL(infer_edges(g, 2, 1, 600).edges, 1);
    clear(g, 2);
    struct edge_group late[] = { { .submitted_s = 0, .done_s = 100 }, { .submitted_s = 4000, .done_s = 5000 } };
    struct edge_counts c = infer_edges(late, 2, 1, 600);
    CU_ASSERT_EQUAL(c.edges, 0);
    CU_ASSERT_EQUAL(c.released, 1);
    CU_ASSERT_EQUAL(late[1].release_s, 4000);
    clear(late, 2);
}

static void a_group_without_an_end_is_no_barrier(void)
{
    struct edge_group g[] = { { .submitted_s = 0, .done_s = NAN }, { .submitted_s = 5, .done_s = 100 },
                              { .submitted_s = 150, .done_s = 300 } };
    struct edge_counts c = infer_edges(g, 3, 1, INFINITY);
    CU_ASSERT_EQUAL(c.edges, 0);
    CU_ASSERT_EQUAL(g[2].release_s, 150);
    clear(g, 3);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_next_group_follows_the_last_end), UNIT_TEST(a_slow_script_is_a_barrier_up_to_its_limit),
        UNIT_TEST(a_group_without_an_end_is_no_barrier), { NULL, NULL },
    };
    return unit_run("infer_edges", tests);
}
