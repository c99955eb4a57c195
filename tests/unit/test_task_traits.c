#include "core/task_traits.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct workflow *three_sets(void)
{
    struct workflow *w = workflow_new("w", 3);
    for (int s = 0; s < 3; s++) {
        w->sets[s].name = str_format("t%d", s);
        w->sets[s].duration = dist_constant(3.25);
        struct task_traits *t = task_traits_own(&w->sets[s]);
        t->demand.cores = 4;
        t->demand.node = xstrdup("fat");
        t->retries = s == 2 ? 3 : 2;
    }
    return w;
}

static void equal_ones_are_one_and_what_is_written_is_a_sets_own(void)
{
    struct workflow *w = three_sets();
    CU_ASSERT_PTR_NOT_EQUAL(w->sets[0].traits, w->sets[1].traits);
    CU_ASSERT_EQUAL_FATAL(workflow_finish(w, NULL), 0);
    CU_ASSERT_PTR_EQUAL(w->sets[0].traits, w->sets[1].traits);
    CU_ASSERT_PTR_NOT_EQUAL(w->sets[0].traits, w->sets[2].traits);
    CU_ASSERT_PTR_EQUAL(w->sets[0].duration, w->sets[2].duration);
    struct task_traits *own = task_traits_own(&w->sets[1]);
    own->demand.node[0] = 'c';
    own->demand.cores = 7;
    CU_ASSERT_STRING_EQUAL(w->sets[0].traits->demand.node, "fat");
    CU_ASSERT_EQUAL(w->sets[0].traits->demand.cores, 4);
    CU_ASSERT_STRING_EQUAL(w->sets[1].traits->demand.node, "cat");
    CU_ASSERT_PTR_EQUAL(task_traits_own(&w->sets[1]), own);
    workflow_free(w);
}

static void a_copied_workflow_shares_until_one_is_written(void)
{
    struct workflow *w = three_sets();
    CU_ASSERT_EQUAL_FATAL(workflow_finish(w, NULL), 0);
    struct workflow *copy = workflow_copy(w);
    CU_ASSERT_PTR_EQUAL(copy->sets[2].traits, w->sets[2].traits);
    task_traits_own(&copy->sets[2])->retries = 9;
    CU_ASSERT_EQUAL(w->sets[2].traits->retries, 3);
    workflow_free(w);
    CU_ASSERT_EQUAL(copy->sets[2].traits->retries, 9);
    CU_ASSERT_STRING_EQUAL(copy->sets[0].traits->demand.node, "fat");
    workflow_free(copy);
}

/* Each differs from the first in one trait, so that no two may be one. */
static void what_differs_in_anything_stays_apart(void)
{
    static const char *const more[] = {
        "", ", \"ranks\": 2", ", \"one_node\": true", ", \"gpus\": 0.25", ", \"gpus\": 1",
        ", \"memory_mib\": 77", ", \"node\": \"fat\"", ", \"node\": \"thin\"",
        ", \"resources\": [{\"name\": \"licence\", \"amount\": 2}]", ", \"set_sd\": 0.5",
        ", \"failure_probability\": 0.5", ", \"retries\": 2", ", \"on_failure\": \"cancel\"",
        ", \"timeout\": 85", ", \"command\": [\"sleep\"]",
        ", \"slowdown\": {\"flow\": \"bus\", \"rate\": 5}",
        ", \"checkpoint\": {\"interval\": 60, \"cost\": 1}",
    };
    enum { N = sizeof more / sizeof *more };
    struct str text = { 0 };
    for (int i = 0; i < 2 * N; i++)
        str_addf(&text, "%s{\"name\": \"t%d\", \"cores\": 2, \"duration\": 3.25%s}",
                 i > 0 ? ", " : "{\"task_sets\": [", i, more[i % N]);
    str_add(&text, "]}");
    struct workflow *w = given_workflow(text.text);
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < i; k++)
            CU_ASSERT_PTR_NOT_EQUAL(w->sets[i].traits, w->sets[k].traits);
        if (w->sets[i].traits->n_command == 0)
            CU_ASSERT_PTR_EQUAL(w->sets[i].traits, w->sets[N + i].traits);
    }
    str_clear(&text);
    workflow_free(w);
}

/* Sets of the usual kinds share their traits: a set itself is small. */
static void a_set_is_small(void)
{
    unit_near((double)sizeof(struct task_set), 112, 16);
    unit_is(sizeof(struct task_set), <, sizeof(struct task_traits));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(equal_ones_are_one_and_what_is_written_is_a_sets_own),
        UNIT_TEST(a_copied_workflow_shares_until_one_is_written),
        UNIT_TEST(what_differs_in_anything_stays_apart),
        UNIT_TEST(a_set_is_small),
        { NULL, NULL },
    };
    return unit_run("task_traits", tests);
}
