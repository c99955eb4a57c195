#include "scheduling/set_children.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

/* b waits for a as a whole, c for single tasks of a, d for those of b and c of its own number. */
static struct workflow *four_sets(void)
{
    return given_workflow(
        "{\"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"duration\": 3.25}, "
        "{\"name\": \"b\", \"tasks\": 2, \"duration\": 10.5, \"after\": [\"a\"]}, "
        "{\"name\": \"c\", \"tasks\": 2, \"duration\": 4, \"after\": [{\"set\": \"a\", "
        "\"kind\": \"edges\", \"edges\": [[0, 1], [2, 0], [2, 1]]}]}, "
        "{\"name\": \"d\", \"tasks\": 2, \"duration\": 2, \"after\": [{\"set\": \"b\", "
        "\"kind\": \"each\"}, {\"set\": \"c\", \"kind\": \"each\"}]}]}");
}

static void every_dependency_is_its_parents_child_once(void)
{
    struct workflow *w = four_sets();
    struct set_children c;
    set_children_init(&c, w);
    CU_ASSERT_EQUAL(c.begin[w->n_sets], workflow_edge_count(w));
    for (int s = 0; s < (int)w->n_sets; s++)
        for (uint32_t i = c.begin[s]; i < c.begin[s + 1]; i++) {
            CU_ASSERT_EQUAL(set_children_dependency(&c, i)->parent, s);
            if (i > c.begin[s])
                unit_is(c.at[i].set, >, c.at[i - 1].set);
        }
    set_children_clear(&c);
    workflow_free(w);
}

/* Of each task of the parent: how many links, and the child's task of the last one. */
static void tasks_that_wait_for_a_task(void)
{
    struct workflow *w = four_sets();
    static const struct { int parent; uint32_t child, task; int links; uint32_t last; } want[] = {
        { 0, 0, 1, 1, 0 }, { 0, 1, 0, 1, 1 }, { 0, 1, 1, 0, 9 }, { 0, 1, 2, 2, 1 },
        { 1, 0, 1, 1, 1 }, { 2, 0, 0, 1, 0 },
    };
    struct set_children c;
    struct task_link link;
    set_children_init(&c, w);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct task_deps deps =
            set_children_of_task(&c, c.begin[want[i].parent] + want[i].child, want[i].task);
        int links = 0;
        uint32_t last = 9;
        for (; task_deps_next(&deps, &link); links++)
            last = link.child;
        CU_ASSERT_EQUAL(links, want[i].links);
        CU_ASSERT_EQUAL(last, want[i].last);
    }
    set_children_clear(&c);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_dependency_is_its_parents_child_once),
        UNIT_TEST(tasks_that_wait_for_a_task),
        { NULL, NULL },
    };
    return unit_run("set_children", tests);
}
