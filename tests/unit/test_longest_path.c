#include "core/longest_path.h"

#include <stdlib.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

/* a -> b -> d and a -> c -> d; c waits for a task by task, and b is of another iteration. */
static struct workflow *diamond(void)
{
    return given_workflow(
        "{\"task_sets\": [{\"name\": \"a\", \"tasks\": 2, \"duration\": 3.25, \"iteration\": 1}, "
        "{\"name\": \"b\", \"duration\": 10.5, \"after\": [\"a\"], \"iteration\": 2}, "
        "{\"name\": \"c\", \"tasks\": 2, \"duration\": 4, \"iteration\": 1, "
        "\"after\": [{\"set\": \"a\", \"kind\": \"each\"}]}, "
        "{\"name\": \"d\", \"duration\": 2, \"after\": [\"b\", \"c\"], \"iteration\": 1}]}");
}

static void sets_end_behind_the_longest_way(void)
{
    struct workflow *w = diamond();
    static const double end_s[] = { 3.25, 13.75, 7.25, 15.75 };
    static const int from[] = { -1, 0, 0, 1 };
    struct longest_path p;
    longest_path_of_sets(&p, w, 0);
    for (int s = 0; s < 4; s++) {
        CU_ASSERT_EQUAL(p.end_s[s], end_s[s]);
        CU_ASSERT_EQUAL(p.from[s], from[s]);
    }
    CU_ASSERT_EQUAL(p.length_s, 15.75);
    CU_ASSERT_EQUAL(p.last, 3);
    longest_path_clear(&p);
    workflow_free(w);
}

static void upward_ranks_lead_to_the_end(void)
{
    struct workflow *w = diamond();
    static const double rank_s[] = { 15.75, 12.5, 6, 2 };
    struct longest_path p;
    longest_path_of_sets(&p, w, PATH_TO_THE_END);
    for (int s = 0; s < 4; s++)
        CU_ASSERT_EQUAL(p.end_s[s], rank_s[s]);
    longest_path_clear(&p);
    workflow_free(w);
}

/* Task 0 of a takes 1 s, task 1 takes 9; those of c 4 each, the first released at 6.5. */
static void own_durations(void *context, int set, uint32_t first, uint32_t n, double *start_s,
                          double *duration_s)
{
    static const double of_s[4][2] = { { 1, 9 }, { 0, 0 }, { 4, 4 }, { 0, 0 } };
    (void)context;
    for (uint32_t t = 0; t < n; t++) {
        duration_s[t] = of_s[set][first + t];
        if (set == 2 && first + t == 0 && start_s[t] < 6.5)
            start_s[t] = 6.5;
    }
}

/* Task by task: max(6.5, 1) + 4 = 10.5 and 9 + 4 = 13. Had c waited for all of a, as well 13; by
 * the first alone 10.5. */
static void tasks_are_followed_one_by_one(void)
{
    struct workflow *w = diamond();
    struct longest_path p;
    longest_path_init(&p, w, path_graph_of(w, PATH_BY_TASK));
    CU_ASSERT_EQUAL(longest_path_run(&p, own_durations, NULL), 13);
    CU_ASSERT_EQUAL(p.task_end_s[2][0], 10.5);
    CU_ASSERT_EQUAL(p.task_end_s[2][1], 13);
    CU_ASSERT_EQUAL(p.last, 2);
    longest_path_clear(&p);
    workflow_free(w);
}

static void levels_may_stay_within_iterations(void)
{
    struct workflow *w = diamond();
    static const int level[] = { 0, 1, 1, 2 }, within[] = { 0, 0, 1, 2 };
    int *all = longest_path_levels(w, path_graph_of(w, 0));
    int *own = longest_path_levels(w, path_graph_of(w, PATH_WITHIN_ITERATIONS));
    for (int s = 0; s < 4; s++) {
        CU_ASSERT_EQUAL(all[s], level[s]);
        CU_ASSERT_EQUAL(own[s], within[s]);
    }
    free(all);
    free(own);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(sets_end_behind_the_longest_way),
        UNIT_TEST(upward_ranks_lead_to_the_end),
        UNIT_TEST(tasks_are_followed_one_by_one),
        UNIT_TEST(levels_may_stay_within_iterations),
        { NULL, NULL },
    };
    return unit_run("longest_path", tests);
}
