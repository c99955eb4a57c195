#include "core/task_deps.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* a(6) -> each (6), fan-in (2), fan-out (12), all (3), and listed edges to e(3). */
static struct workflow *every_kind(void)
{
    return given_workflow("{\"task_sets\": [{\"name\": \"a\", \"tasks\": 6, \"duration\": 1}, "
                          "{\"name\": \"each\", \"tasks\": 6, \"duration\": 1, "
                          "\"after\": [{\"set\": \"a\", \"kind\": \"each\"}]}, "
                          "{\"name\": \"in\", \"tasks\": 2, \"duration\": 1, "
                          "\"after\": [{\"set\": \"a\", \"kind\": \"block\"}]}, "
                          "{\"name\": \"out\", \"tasks\": 12, \"duration\": 1, "
                          "\"after\": [{\"set\": \"a\", \"kind\": \"block\"}]}, "
                          "{\"name\": \"all\", \"tasks\": 3, \"duration\": 1, \"after\": [\"a\"]}, "
                          "{\"name\": \"edges\", \"tasks\": 3, \"duration\": 1, "
                          "\"after\": [{\"set\": \"a\", \"kind\": \"edges\", \"edges\": [[0, 2], "
                          "[1, 0], [1, 2], [5, 0]]}]}]}");
}

/* Whether the child waits for the parent, by the definition of the kind. */
static bool waits(const struct dependency *d, uint32_t parents, uint32_t children, uint32_t p,
                  uint32_t c)
{
    switch (d->kind) {
    case DEPENDENCY_ALL:
        return true;
    case DEPENDENCY_EACH:
        return p == c;
    case DEPENDENCY_BLOCK:
        return parents > children ? p / (parents / children) == c : c / (children / parents) == p;
    case DEPENDENCY_EDGES:
        for (size_t e = 0; e < d->n_edges; e++)
            if (d->edges[2 * e] == p && d->edges[2 * e + 1] == c)
                return true;
    }
    return false;
}

/* Counts each pair of the links into a matrix of parents x children. */
static void count(struct task_deps deps, uint32_t children, int *matrix)
{
    struct task_link link;
    while (task_deps_next(&deps, &link))
        for (uint32_t p = 0; p < link.n_parents; p++)
            for (uint32_t c = 0; c < link.n_children; c++)
                matrix[(link.parent + p) * children + link.child + c]++;
}

struct three {
    int *of_all, *of_parents, *of_children;
};

static struct three count_three_ways(const struct workflow *w, int set, const struct dependency *d)
{
    uint32_t parents = w->sets[d->parent].n_tasks, children = w->sets[set].n_tasks;
    struct task_deps_index by_parent = task_deps_index_by_parent(d, parents);
    struct task_deps_index by_child = task_deps_index_by_child(d, children);
    size_t n = (size_t)parents * children;
    struct three m = { xcalloc(n, sizeof(int)), xcalloc(n, sizeof(int)), xcalloc(n, sizeof(int)) };
    count(task_deps_of(w, set, d), children, m.of_all);
    for (uint32_t p = 0; p < parents; p++)
        count(task_deps_of_parent(w, set, d, &by_parent, p), children, m.of_parents);
    for (uint32_t c = 0; c < children; c++)
        count(task_deps_of_child(w, set, d, &by_child, c), children, m.of_children);
    task_deps_index_clear(&by_parent);
    task_deps_index_clear(&by_child);
    return m;
}

static void check(const struct workflow *w, int set, const struct dependency *d)
{
    uint32_t parents = w->sets[d->parent].n_tasks, children = w->sets[set].n_tasks;
    struct three m = count_three_ways(w, set, d);
    double edges = 0;
    for (uint32_t p = 0; p < parents; p++)
        for (uint32_t c = 0; c < children; c++) {
            int expected = waits(d, parents, children, p, c), i = (int)(p * children + c);
            edges += expected;
            CU_ASSERT_EQUAL(m.of_all[i], expected);
            CU_ASSERT_EQUAL(m.of_parents[i], expected);
            CU_ASSERT_EQUAL(m.of_children[i], expected);
        }
    CU_ASSERT_EQUAL(task_deps_edges(w, set, d), edges);
    free(m.of_all);
    free(m.of_parents);
    free(m.of_children);
}

static void links_are_what_the_kind_says(void)
{
    struct workflow *w = every_kind();
    for (int s = 1; s < (int)w->n_sets; s++)
        check(w, s, &w->sets[s].dependencies[0]);
    workflow_free(w);
}

static void parents_are_counted(void)
{
    static const uint32_t first_task[] = { 0, 1, 3, 1, 6, 2 };
    struct workflow *w = every_kind();
    for (int s = 1; s < (int)w->n_sets; s++) {
        const struct dependency *d = &w->sets[s].dependencies[0];
        struct task_deps_index by_child = task_deps_index_by_child(d, w->sets[s].n_tasks);
        CU_ASSERT_EQUAL(task_deps_parents(w, s, d, &by_child, 0), first_task[s]);
        task_deps_index_clear(&by_child);
    }
    workflow_free(w);
}

/* 6 tasks before 2: not each of them, but blocks of 3; before 12 the listed task 6 does not exist.
 */
static void sizes_must_fit_the_kind(void)
{
    struct workflow *w = every_kind();
    uint32_t edge[] = { 5, 11 };
    struct dependency d = { .parent = 0, .kind = DEPENDENCY_EACH };
    CU_ASSERT_EQUAL(task_deps_check(w, &w->sets[2], &d, NULL), -1);
    d.kind = DEPENDENCY_BLOCK;
    CU_ASSERT_EQUAL(task_deps_check(w, &w->sets[2], &d, NULL), 0);
    d = (struct dependency){ .kind = DEPENDENCY_EDGES, .edges = edge, .n_edges = 1 };
    CU_ASSERT_EQUAL(task_deps_check(w, &w->sets[3], &d, NULL), 0);
    edge[0] = 6;
    CU_ASSERT_EQUAL(task_deps_check(w, &w->sets[3], &d, NULL), -1);
    workflow_free(w);
}

/* Files name the kinds as the workflow above does. */
static void kinds_have_names_and_words(void)
{
    struct workflow *w = every_kind();
    static const char *const words[] = { "each", "block", "block", "", "task to task" };
    static const char *const names[] = { "each", "block", "block", "all", "edges" };
    for (int s = 1; s < (int)w->n_sets; s++) {
        enum dependency_kind kind = w->sets[s].dependencies[0].kind;
        CU_ASSERT_STRING_EQUAL(dependency_kind_names[kind], names[s - 1]);
        CU_ASSERT_STRING_EQUAL(dependency_kind_words(kind), words[s - 1]);
    }
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(links_are_what_the_kind_says),
        UNIT_TEST(parents_are_counted),
        UNIT_TEST(sizes_must_fit_the_kind),
        UNIT_TEST(kinds_have_names_and_words),
        { NULL, NULL },
    };
    return unit_run("task_deps", tests);
}
