/* Orders of pipelines. Oracle: two pipelines on one core, by hand; factorials. */
#include "study/pipeline_orders.h"

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct pipeline_orders asked(const char *workflow, const char *platform)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform(platform);
    struct middleware *m = middleware_ideal();
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_PIPELINED,
                          .seed = 5,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct pipeline_orders o;
    struct error err = { "" };
    if (pipeline_orders(&s, &(struct replicate_options){ .replicas = 10, .threads = 1 },
                        PIPELINE_ORDERS_MOST, NULL, &o, &err))
        CU_FAIL_FATAL(err.text);
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
    return o;
}

/* One core for b (30 s) and a (10 s); c (50 s, a GPU alone) comes after a. b first: 30 + 10 + 50; a
 * first: 10 + 50. */
static void the_short_one_first(void)
{
    struct pipeline_orders o =
        asked("{'task_sets': [{'name': 'b', 'duration': 30}, {'name': 'a', 'duration': 10}, "
              "{'name': 'c', 'cores': 0, 'gpus': 1, 'duration': 50, 'after': ['a']}], "
              "'pipelines': [{'name': 'first', 'stages': [['b']]}, {'name': 'second', 'stages': "
              "[['a'], ['c']]}]}",
              "{'nodes': [{'count': 1, 'cores': 1, 'gpus': 1}]}");
    unit_is(o.n_pipelines, ==, 2);
    unit_is(o.n_orders, ==, 2);
    CU_ASSERT(o.all);
    unit_alike(o.file_s, 90, 1e-12);
    unit_alike(o.best_s, 60, 1e-12);
    unit_alike(o.worst_s, 90, 1e-12);
    unit_is(o.best[0], ==, 1);
    unit_is(o.best[1], ==, 0);
    unit_alike(o.best_ci95.high, -30, 1e-9);
    unit_is(o.worst_ci95.low, ==, 0);
    pipeline_orders_clear(&o);
}

static struct pipeline_orders of_singles(int n)
{
    struct str text = { 0 };
    str_add(&text, "{'task_sets': [");
    for (int i = 0; i < n; i++)
        str_addf(&text, "%s{'name': 's%d', 'duration': %d}", i ? ", " : "", i, 10 + i * i);
    str_add(&text, "]}");
    struct pipeline_orders o = asked(text.text, "{'nodes': [{'count': 1, 'cores': 2}]}");
    str_clear(&text);
    return o;
}

static void as_many_orders_as_there_are(void)
{
    const size_t factorials[] = { 0, 0, 2, 6, 24, 24, 24 };
    for (int n = 1; n <= 6; n++) {
        struct pipeline_orders o = of_singles(n);
        CU_ASSERT_EQUAL(o.n_pipelines, (size_t)n);
        CU_ASSERT_EQUAL(o.n_orders, factorials[n]);
        if (n >= 2) {
            unit_is(o.all, ==, (n <= 4));
            unit_is(o.best_s, <=, o.file_s);
            unit_is(o.file_s, <=, o.worst_s);
        }
        int seen = 0;
        for (int i = 0; n > 1 && i < n; i++)
            seen |= 1 << o.best[i];
        if (n >= 2)
            unit_is(seen, ==, (1 << n) - 1);         /* a permutation */
        pipeline_orders_clear(&o);
    }
}

/* 10, 11, 14 and 19 s on two cores: longest first is best, 10 + 19 = 29 against 11 + 14 = 25; in
 * file order 10 + 14, 11 + 19 = 30. */
static void all_orders_find_the_best(void)
{
    struct pipeline_orders o = of_singles(4);
    unit_alike(o.best_s, 29, 1e-12);
    unit_alike(o.file_s, 30, 1e-12);
    /* 11, 14 first, then 10, then 19 beside it: 14 + 19 */
    unit_alike(o.worst_s, 33, 1e-12);
    pipeline_orders_clear(&o);
}

/* The cheap question: of the three pipelines on one core nothing depends on the order; of the two
 * above 30 of 90 s do, in asynchronous mode by the order of the sets; sequentially there is nothing
 * to order. */
static struct pipeline_orders few(const char *workflow, enum mode mode)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform("{'nodes': [{'count': 1, 'cores': 1, 'gpus': 1}]}");
    struct middleware *m = middleware_ideal();
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = mode,
                          .seed = 5,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct pipeline_orders o;
    struct error err = { "" };
    if (pipeline_orders_few(&s, &(struct replicate_options){ .replicas = 100, .threads = 1 }, NULL,
                            &o, &err))
        CU_FAIL_FATAL(err.text);
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
    return o;
}

/* The two of above as the second run() of a session: a draw of 1 to 90 s before both. Were it one
 * for each, the orders would mix in every replica and their means be nearly the same. */
static void a_gap_before_a_run_does_not_hide_what_its_order_decides(void)
{
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'z', 'duration': 1}, {'name': 'b', 'duration': 30}, "
        "{'name': 'a', 'duration': 10}, "
        "{'name': 'c', 'cores': 0, 'gpus': 1, 'duration': 50, 'after': ['a']}], "
        "'pipelines': [{'name': 'zeroth', 'stages': [['z']]}, "
        "{'name': 'first', 'stages': [['b']], 'after': ['zeroth']}, "
        "{'name': 'second', 'stages': [['a'], ['c']], 'after': ['zeroth']}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 1, 'cores': 1, 'gpus': 1}]}");
    struct middleware *m = given_middleware(
        "{'stations': {'client': {'next_run': {'distribution': 'uniform', 'min': 1, 'max': 90}}}}");
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_PIPELINED,
                          .seed = 5,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct pipeline_orders o;
    struct error err = { "" };
    const struct replicate_options how = { .replicas = 40, .threads = 1 };
    CU_ASSERT_EQUAL_FATAL(pipeline_orders(&s, &how, PIPELINE_ORDERS_MOST, NULL, &o, &err), 0);
    CU_ASSERT_EQUAL(o.n_orders, 6);
    unit_near(o.worst_s - o.best_s, 30, 1e-9);
    unit_near(o.worst_s - o.file_s, 0, 1e-9);
    unit_near(o.best_ci95.low, -30, 1e-9);
    pipeline_orders_clear(&o);
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
}

/* Sets of random durations on two cores: replicas that have run already stand for the file's order,
 * and nothing changes. They are taken: makespans made up for them are the file's; but not if they
 * are too few, or if the scenario names an order. */
static void replicas_that_have_run_are_the_files_order(void)
{
    enum { REPLICAS = 10, MADE_UP_S = 77 };
    static const enum mode modes[] = { MODE_PIPELINED, MODE_ASYNCHRONOUS };
    static const int file_order[] = { 0, 1, 2 };
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 3, 'duration': {'distribution': 'uniform', 'min': "
        "1, 'max': 90}}, {'name': 'b', 'tasks': 2, 'duration': 30}, {'name': 'c', 'duration': "
        "{'distribution': 'exponential', 'mean': 40}}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 1, 'cores': 2}]}");
    struct middleware *m = middleware_ideal();
    const struct replicate_options how = { .replicas = REPLICAS, .threads = 1 };
    for (int i = 0; i < 2; i++) {
        struct scenario s = { .workflow = w, .platform = p, .middleware = m, .mode = modes[i],
                              .seed = 5, .scheduler = scheduler_options_resolve(
                                             &(struct scheduler_options){ 0 }, m) };
        struct replicas ran;
        struct pipeline_orders all, less;
        CU_ASSERT_EQUAL_FATAL(replicate(&s, &how, &ran, NULL), 0);
        CU_ASSERT_EQUAL_FATAL(pipeline_orders(&s, &how, 6, NULL, &all, NULL), 0);
        CU_ASSERT_EQUAL_FATAL(pipeline_orders(&s, &how, 6, &ran, &less, NULL), 0);
        unit_is(less.n_orders, ==, 6);
        unit_is(less.file_s, ==, all.file_s);
        unit_is(less.best_s, ==, all.best_s);
        unit_is(less.worst_ci95.low, ==, all.worst_ci95.low);
        pipeline_orders_clear(&less);
        for (size_t r = 0; r < ran.n; r++)
            ran.at[r].makespan_s = MADE_UP_S;
        pipeline_orders(&s, &how, 6, &ran, &less, NULL);
        unit_is(less.file_s, ==, MADE_UP_S);
        pipeline_orders_clear(&less);
        s.pipeline_order = file_order;
        pipeline_orders(&s, &how, 6, &ran, &less, NULL);
        unit_is(less.file_s, ==, all.file_s);
        pipeline_orders_clear(&less);
        s.pipeline_order = NULL;
        ran.n = REPLICAS - 1;
        pipeline_orders(&s, &how, 6, &ran, &less, NULL);
        unit_is(less.file_s, ==, all.file_s);
        pipeline_orders_clear(&less);
        pipeline_orders_clear(&all);
        replicas_clear(&ran);
    }
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
}

static void a_few_orders_tell_whether_they_matter(void)
{
    static const char matters[] =
        "{'task_sets': [{'name': 'b', 'duration': 30}, {'name': 'a', 'duration': 10}, "
        "{'name': 'c', 'cores': 0, 'gpus': 1, 'duration': 50, 'after': ['a']}]}";
    static const char same[] =
        "{'task_sets': [{'name': 'a', 'duration': 30}, {'name': 'b', 'duration': 10}, "
        "{'name': 'c', 'duration': 50}]}";
    const enum mode modes[] = { MODE_PIPELINED, MODE_ASYNCHRONOUS };
    for (int i = 0; i < 2; i++) {
        struct pipeline_orders o = few(matters, modes[i]);
        CU_ASSERT_TRUE(pipeline_orders_matter(&o));
        unit_alike(o.file_s, 90, 1e-12);
        unit_alike(o.best_s, 60, 1e-12);
        unit_alike(o.worst_s, 90, 1e-12);
        pipeline_orders_clear(&o);
        o = few(same, modes[i]);
        CU_ASSERT_EQUAL(o.n_orders, 4);
        CU_ASSERT_FALSE(pipeline_orders_matter(&o));
        pipeline_orders_clear(&o);
    }
    struct pipeline_orders o = few(matters, MODE_SEQUENTIAL);
    CU_ASSERT_EQUAL(o.n_orders, 0);
    CU_ASSERT_FALSE(pipeline_orders_matter(&o));
    pipeline_orders_clear(&o);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_short_one_first),
        UNIT_TEST(as_many_orders_as_there_are),
        UNIT_TEST(all_orders_find_the_best),
        UNIT_TEST(replicas_that_have_run_are_the_files_order),
        UNIT_TEST(a_few_orders_tell_whether_they_matter),
        UNIT_TEST(a_gap_before_a_run_does_not_hide_what_its_order_decides),
        { NULL, NULL },
    };
    return unit_run("pipeline_orders", tests);
}
