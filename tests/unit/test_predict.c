#include "model/predict.h"

#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct platform *sixteen_summit_nodes(void)
{
    return given_platform("{'name': 'summit', 'slots': 'threads', 'nodes': [{'count': 16, 'cores': "
                          "42, 'threads_per_core': 4, 'gpus': 6,"
                          " 'blocked': [84, 85, 86, 87]}]}");
}

static struct prediction predict_example(const char *path, const struct platform *p)
{
    struct error err = { "" };
    struct workflow *w = workflow_load(path, &err);
    struct middleware *ideal = middleware_ideal();
    struct scenario s = { .workflow = w, .platform = p, .middleware = ideal };
    struct prediction out = { 0 };
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_EQUAL(predict(&s, &out, &err), 0);
    middleware_free(ideal);
    workflow_free(w);
    return out;
}

/* Three iterations of 340 + 85 + 62.5 + 37.5 s. Asynchronously GPU tasks take turns, in order of
 * arrival: simulations until 1020, all trainings at 1020 but the last at 1157.5, between them the
 * inferences: 1257.5. */
static void deep_drive_md_by_hand(void)
{
    struct platform *p = sixteen_summit_nodes();
    struct prediction d = predict_example("examples/ddmd.json", p);
    unit_alike(d.mode[MODE_SEQUENTIAL].mean.makespan_s, 1575, 1e-9);
    unit_alike(d.mode[MODE_SEQUENTIAL].critical_path_s, 1575, 1e-9);
    unit_alike(d.mode[MODE_ASYNCHRONOUS].mean.makespan_s, 1257.5, 1e-9);
    unit_alike(d.mode[MODE_ASYNCHRONOUS].improvement, 1 - 1257.5 / 1575, 1e-9);
    unit_alike(d.mode[MODE_ASYNCHRONOUS].critical_path_s, 525, 1e-9);
    unit_is(d.asynchronicity.doa_dep, ==, 2);
    unit_is(d.asynchronicity.doa_res.value, ==, 2);
    CU_ASSERT(d.asynchronicity.doa_res.exact);
    platform_free(p);
}

/* The requested durations of the measured runs, drawn once, have critical paths of 1880.1 and
 * 1774.4 s: the expected maxima of as many draws must come near, the means fall short. */
static void expected_maxima_come_near_what_was_drawn(void)
{
    static const struct { const char *path; double mean_s, drawn_s; } cases[] = {
        { "examples/dg1.json", 766.4 + 234.9 + 152.5 + 721.8, 1880.1 },
        { "examples/dg2.json", 384.6 + 153.7 + 769.2 + 461.6, 1774.4 },
    };
    struct platform *p = sixteen_summit_nodes();
    for (int i = 0; i < 2; i++) {
        struct prediction d = predict_example(cases[i].path, p);
        const struct mode_prediction *sequential = &d.mode[MODE_SEQUENTIAL];
        unit_alike(sequential->mean.makespan_s, cases[i].mean_s, 1e-9);
        unit_alike(sequential->expected_max.makespan_s, cases[i].drawn_s, 1e-3);
        unit_is(sequential->expected_max.makespan_s, >, sequential->mean.makespan_s);
    }
    platform_free(p);
}

/* On any workflow and platform: a schedule of mean durations cannot be shorter than the bounds of
 * mean durations, and the modes' barriers only ever lengthen the critical path. */
static void no_closed_form_is_below_its_bound(void)
{
    static const struct given_limits limits = { .max_sets = 9, .max_tasks = 12, .varying = true };
    struct middleware *ideal = middleware_ideal();
    for (uint64_t number = 0; number < 500; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct scenario s = { .workflow = w, .platform = p, .middleware = ideal };
        struct prediction d;
        CU_ASSERT_EQUAL_FATAL(predict(&s, &d, NULL), 0);
        for (int m = 0; m < MODES; m++)
            unit_is(d.mode[m].bounds.best_s, <=, d.mode[m].mean.makespan_s * (1 + 1e-12));
        platform_free(p);
        workflow_free(w);
    }
    middleware_free(ideal);
}

/* One set at a time in each mode: no anomalies, so longer waves make longer runs. */
static void expected_maxima_are_no_shorter_along_a_chain(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': ["
                       "{'name': 'a', 'tasks': 40, 'cores': 1,"
                       " 'duration': {'distribution': 'normal', 'mean': 30, 'sd': 6}},"
                       "{'name': 'b', 'tasks': 9, 'cores': 3, 'duration': "
                       "{'distribution': 'gamma', 'mean': 12, 'sd': 7},"
                       " 'after': ['a']}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 11}]}");
    struct middleware *ideal = middleware_ideal();
    struct scenario s = { .workflow = w, .platform = p, .middleware = ideal };
    struct prediction d;
    CU_ASSERT_EQUAL(predict(&s, &d, NULL), 0);
    struct set_form a = set_form_of(w, p, 0), b = set_form_of(w, p, 1);
    for (int m = 0; m < MODES; m++) {
        unit_alike(d.mode[m].mean.makespan_s, a.time_s + b.time_s, 1e-12);
        unit_alike(d.mode[m].expected_max.makespan_s, a.time_max_s + b.time_max_s, 1e-12);
        unit_is(d.mode[m].expected_max.makespan_s, >, d.mode[m].mean.makespan_s);
        CU_ASSERT_EQUAL(d.mode[m].improvement, 0);
    }
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

static void what_does_not_fit_is_refused(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'wide', 'tasks': 1, 'cores': 9, 'duration': 5}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 8}]}");
    struct middleware *ideal = middleware_ideal();
    struct scenario s = { .workflow = w, .platform = p, .middleware = ideal };
    struct prediction d = { .mode[0].critical_path_s = 2.385 };
    struct error err = { "" };
    CU_ASSERT_EQUAL(predict(&s, &d, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "wide"));
    CU_ASSERT_EQUAL(d.mode[0].critical_path_s, 2.385);
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(deep_drive_md_by_hand),
        UNIT_TEST(expected_maxima_come_near_what_was_drawn),
        UNIT_TEST(no_closed_form_is_below_its_bound),
        UNIT_TEST(expected_maxima_are_no_shorter_along_a_chain),
        UNIT_TEST(what_does_not_fit_is_refused),
        { NULL, NULL },
    };
    return unit_run("predict", tests);
}
