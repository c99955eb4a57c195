#include "model/asynchronicity.h"

#include <stdlib.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct platform *wide_platform(void)
{
    return given_platform("{'name': 'p', 'nodes': [{'count': 4, 'cores': 1000}]}");
}

static struct asynchronicity of_text(const char *text, const struct platform *p)
{
    struct workflow *w = given_workflow(text);
    struct asynchronicity a;
    asynchronicity_of(w, p, &a);
    workflow_free(w);
    return a;
}

/* Degrees that follow from the definitions: a chain, independent sets, three staggered iterations
 * of a chain. */
static void chains_and_independent_sets(void)
{
    struct platform *p = wide_platform();
    struct str chain = { 0 }, apart = { 0 };
    for (int i = 0; i < 17; i++) {
        const char *open = i ? ", " : "";
        str_addf(&apart, "%s{'name': 's%d', 'tasks': 3, 'cores': 1, 'duration': 2.5}", open, i);
        str_addf(&chain, "%s{'name': 's%d', 'tasks': 3, 'cores': 1, 'duration': 2.5", open, i);
        str_addf(&chain, i ? ", 'after': ['s%d']}" : "}", i - 1);
    }
    char *text = str_format("{'name': 'w', 'task_sets': [%s]}", chain.text);
    struct asynchronicity a = of_text(text, p);
    unit_is(a.doa_dep, ==, 0);
    unit_is(a.width.value, ==, 0);
    CU_ASSERT(a.width.exact);
    unit_is(a.doa_res.value, ==, 0);
    CU_ASSERT(a.doa_res.exact);
    unit_is(a.wla.value, ==, 0);
    free(text);
    text = str_format("{'name': 'w', 'task_sets': [%s]}", apart.text);
    a = of_text(text, p);
    unit_is(a.doa_dep, ==, 16);
    unit_is(a.width.value, ==, 16);
    unit_is(a.doa_res.value, ==, 16);
    CU_ASSERT(a.doa_res.exact);
    unit_is(a.wla.value, ==, 16);
    CU_ASSERT(a.wla.exact);
    free(text);
    str_clear(&chain);
    str_clear(&apart);
    platform_free(p);
}

/* A fork that joins again has one sink, yet is as wide as its middle: width is not DOA_dep. */
static void a_fork_that_joins_is_wide_but_has_one_branch(void)
{
    struct platform *p = wide_platform();
    struct asynchronicity a =
        of_text("{'name': 'w', 'task_sets': ["
                "{'name': 'a', 'tasks': 3, 'cores': 1, 'duration': 2},"
                "{'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 2, 'after': ['a']},"
                "{'name': 'c', 'tasks': 3, 'cores': 1, 'duration': 2, 'after': ['a']},"
                "{'name': 'd', 'tasks': 3, 'cores': 1, 'duration': 2, 'after': ['a']},"
                "{'name': 'e', 'tasks': 3, 'cores': 1, 'duration': 2, 'after': ['b', 'c', 'd']}]}",
                p);
    unit_is(a.doa_dep, ==, 0);
    unit_is(a.width.value, ==, 2);
    unit_is(a.doa_res.value, ==, 2);
    unit_is(a.wla.value, ==, 0);
    platform_free(p);
}

/* Three sets of 96 single-GPU tasks on 96 GPUs: whole only one at a time, one task of each all at
 * once. */
static void resources_limit_whole_sets_before_single_tasks(void)
{
    struct platform *p =
        given_platform("{'name': 'p', 'nodes': [{'count': 16, 'cores': 42, 'gpus': 6}]}");
    struct asynchronicity a =
        of_text("{'name': 'w', 'task_sets': ["
                "{'name': 'a', 'tasks': 96, 'cores': 1, 'gpus': 1, 'duration': 2},"
                "{'name': 'b', 'tasks': 96, 'cores': 1, 'gpus': 1, 'duration': 2},"
                "{'name': 'c', 'tasks': 96, 'cores': 1, 'gpus': 1, 'duration': 2}]}",
                p);
    unit_is(a.doa_dep, ==, 2);
    unit_is(a.doa_res.value, ==, 0);
    CU_ASSERT(a.doa_res.exact);
    unit_is(a.doa_res_partial.value, ==, 2);
    CU_ASSERT(a.doa_res_partial.exact);
    unit_is(a.wla.value, ==, 0);
    CU_ASSERT(a.wla.exact);
    platform_free(p);
}

static bool same(struct degree a, struct degree b)
{
    return a.value == b.value && a.exact == b.exact;
}

/* The same sets in another order, under other names. */
static struct workflow *renamed(const struct workflow *w, uint64_t number)
{
    struct workflow *copy = workflow_new("renamed", w->n_sets);
    int *place = calloc(w->n_sets, sizeof *place);
    for (size_t i = 0; i < w->n_sets; i++) {
        size_t j = (size_t)given_choice(number, 5000000 + i, 0, (int)i);
        place[i] = place[j];
        place[j] = (int)i;
    }
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *from = &w->sets[s];
        struct task_set *to = &copy->sets[place[s]];
        free(to->name);
        to->name = str_format("%c%d", 'z' - (char)s, place[s]);
        to->n_tasks = from->n_tasks;
        task_traits_own(to)->demand = from->traits->demand;
        to->duration = dist_copy(from->duration);
        to->n_dependencies = from->n_dependencies;
        to->dependencies = calloc(from->n_dependencies + 1, sizeof *to->dependencies);
        for (size_t d = 0; d < from->n_dependencies; d++)
            to->dependencies[d] =
                (struct dependency){ .parent = place[from->dependencies[d].parent] };
    }
    CU_ASSERT_EQUAL(workflow_finish(copy, NULL), 0);
    free(place);
    return copy;
}

static void names_and_order_change_nothing(void)
{
    static const struct given_limits limits = { .max_sets = 12, .max_tasks = 4, .only_all = true };
    for (uint64_t number = 0; number < 200; number++) {
        struct workflow *w = given_random_workflow(number, &limits), *v = renamed(w, number);
        struct platform *p = given_random_platform(number);
        struct asynchronicity a, b;
        asynchronicity_of(w, p, &a);
        asynchronicity_of(v, p, &b);
        unit_is(a.doa_dep, ==, b.doa_dep);
        CU_ASSERT(same(a.width, b.width));
        CU_ASSERT(!a.doa_res.exact || !b.doa_res.exact || same(a.doa_res, b.doa_res));
        CU_ASSERT(!a.doa_res_partial.exact || !b.doa_res_partial.exact ||
                  same(a.doa_res_partial, b.doa_res_partial));
        unit_is(a.doa_dep, <=, a.width.value);
        unit_is(a.doa_res.value, <=, a.width.value);
        unit_is(a.doa_res.value, <=, a.doa_res_partial.value);
        platform_free(p);
        workflow_free(w);
        workflow_free(v);
    }
}

/* 100,000 sets in layers of 50, each after one of the layer before: beyond the exact limits, in a
 * moment, and said to be a limit. */
static void large_workflows_get_lower_limits(void)
{
    enum { N = 100000, LAYER = 50 };
    struct workflow *w = workflow_new("large", N);
    for (int s = 0; s < N; s++) {
        struct task_set *set = &w->sets[s];
        free(set->name);
        set->name = str_format("s%d", s);
        set->n_tasks = 1;
        task_traits_own(set)->demand = (struct demand){ .ranks = 1, .cores = 1 };
        set->duration = dist_constant(2.5);
        if (s < LAYER)
            continue;
        set->n_dependencies = 1;
        set->dependencies = calloc(1, sizeof *set->dependencies);
        set->dependencies[0].parent = s - LAYER;
    }
    CU_ASSERT_EQUAL(workflow_finish(w, NULL), 0);
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 3, 'cores': 10}]}");
    struct asynchronicity a;
    asynchronicity_of(w, p, &a);
    unit_is(a.doa_dep, ==, LAYER - 1);
    unit_is(a.width.value, ==, LAYER - 1);
    CU_ASSERT_FALSE(a.width.exact);
    unit_is(a.doa_res.value, ==, 29);
    CU_ASSERT_FALSE(a.doa_res.exact);
    char *text = degree_format(&a.doa_res);
    CU_ASSERT_STRING_EQUAL(text, ">= 29");
    free(text);
    platform_free(p);
    workflow_free(w);
}

static void three_staggered_branches_in_each_example(void)
{
    static const char *const paths[] = { "examples/ddmd.json", "examples/dg1.json",
                                         "examples/dg2.json" };
    struct platform *p = given_platform("{'name': 'p', 'slots': 'threads', 'nodes': [{'count': 16, "
                                        "'cores': 42, 'threads_per_core': 4,"
                                        " 'gpus': 6}]}");
    for (int i = 0; i < 3; i++) {
        struct error err = { "" };
        struct workflow *w = workflow_load(paths[i], &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(w);
        struct asynchronicity a;
        asynchronicity_of(w, p, &a);
        CU_ASSERT_EQUAL(a.doa_dep, 2);
        workflow_free(w);
    }
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(chains_and_independent_sets),
        UNIT_TEST(a_fork_that_joins_is_wide_but_has_one_branch),
        UNIT_TEST(resources_limit_whole_sets_before_single_tasks),
        UNIT_TEST(names_and_order_change_nothing),
        UNIT_TEST(large_workflows_get_lower_limits),
        UNIT_TEST(three_staggered_branches_in_each_example),
        { NULL, NULL },
    };
    return unit_run("asynchronicity", tests);
}
