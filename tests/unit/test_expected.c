/* The closed forms of expected sessions that are not written out as a whole, against those of the
 * same written out: bit by bit. */
#include "study/expected.h"

#include "model/makespan.h"
#include "scheduling/growing.h"
#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

static const char two_nodes[] = "{'name': 'p', 'nodes': [{'count': 2, 'cores': 8, 'gpus': 2}]}";

#define EXPONENTIAL(mean) "{'distribution': 'exponential', 'mean': " mean "}"
#define LOOP(name, sets, stop)                                                                     \
    "{'name': '" name "', 'sets': [" sets "], 'stop': " stop ", 'decision_time': 0.5}"

/* The list schedule; false: more is in flight than has places. */
static bool compare_forms(const struct scenario *s, struct growing *g, const struct workflow *whole)
{
    struct scenario written_out = *s, growing = *s;
    struct makespan_form a = { 0 }, b = { 0 };
    written_out.workflow = whole;
    growing.workflow = growing_workflow(g);
    CU_ASSERT_EQUAL(makespan_form_of(&written_out, WAVE_EXPECTED_MAX, &a, NULL), 0);
    if (makespan_form_of(&growing, WAVE_EXPECTED_MAX, &b, NULL) != 0) {
        CU_ASSERT_FATAL(growing_is_full(g));
        return false;
    }
    unit_near(b.schedule_s, a.schedule_s, 0);
    unit_near(b.overhead_s, a.overhead_s, 0);
    unit_near((double)b.n_waves, (double)a.n_waves, 0);
    return true;
}

/* Of what is drawn, in which iterations differ. */
static void compare_drawn(const struct scenario *s, uint32_t replica)
{
    const struct realise_options o = { .seed = s->seed, .replica = replica, .mode = s->mode,
                                       .platform = s->platform, .horizon = 64 };
    struct workflow *whole = workflow_realise(s->workflow, &o, NULL);
    bool all = false;
    int iterations;
    CU_ASSERT_EQUAL_FATAL(workflow_iterations(s->workflow, &o, &iterations, NULL), 0);
    for (int places = growing_least_places(s->workflow); !all; places *= 4) {
        struct growing *g = growing_new(s->workflow, &o, &iterations, places);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g);
        all = compare_forms(s, g, whole);
        growing_free(g);
    }
    workflow_free(whole);
}

static void compare_degrees(const struct degree *a, const struct degree *b)
{
    unit_near(a->value, b->value, 0);
    unit_near(a->exact, b->exact, 0);
}

/* All that is told without simulating, of the expected session. */
static void compare(const char *text)
{
    struct workflow *w = given_workflow(text);
    struct platform *p = given_platform(two_nodes);
    struct middleware *m = known_middleware();
    struct scenario s = { .workflow = w, .platform = p, .middleware = m,
                          .mode = MODE_ASYNCHRONOUS, .seed = 3 };
    struct adaptive_session expected;
    struct prediction a, b;
    CU_ASSERT_FATAL(expected_predict_grown(&s, &a));
    CU_ASSERT_EQUAL_FATAL(adaptive_expected(&s, &expected, NULL), 0);
    CU_ASSERT_EQUAL(predict(&expected.scenario, &b, NULL), 0);
    struct expected listed;
    CU_ASSERT_EQUAL(expected_session(&s, &listed, NULL), 0);
    unit_near(listed.n_sets, (double)expected.scenario.workflow->n_sets, 0);
    unit_near(listed.n_tasks, (double)expected.scenario.workflow->n_tasks, 0);
    unit_near((double)listed.session.workflow->n_sets < 10, 1, 0);
    expected_clear(&listed);
    unit_near(a.asynchronicity.doa_dep, b.asynchronicity.doa_dep, 0);
    compare_degrees(&a.asynchronicity.width, &b.asynchronicity.width);
    compare_degrees(&a.asynchronicity.doa_res, &b.asynchronicity.doa_res);
    compare_degrees(&a.asynchronicity.doa_res_partial, &b.asynchronicity.doa_res_partial);
    compare_degrees(&a.asynchronicity.wla, &b.asynchronicity.wla);
    for (int mode = 0; mode < MODES; mode++) {
        const struct mode_prediction *x = &a.mode[mode], *y = &b.mode[mode];
        for (int k = 0; k < BOUND_KINDS; k++)
            unit_near(x->bounds.of_s[k], y->bounds.of_s[k], 0);
        unit_near(x->critical_path_s, y->critical_path_s, 0);
        unit_near(x->mean.makespan_s, y->mean.makespan_s, 0);
        unit_near(x->mean.overhead_s, y->mean.overhead_s, 0);
        unit_near(x->expected_max.makespan_s, y->expected_max.makespan_s, 0);
        unit_near(x->improvement, y->improvement, 0);
        unit_near(x->improvement_expected_max, y->improvement_expected_max, 0);
        s.mode = (enum mode)mode;
        for (uint32_t replica = 0; replica < 3; replica++)
            compare_drawn(&s, replica);
    }
    adaptive_session_clear(&expected);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* In the second sets of one iteration come after single tasks, numbers are as expected, a set is
 * not expected at all, and sets outside come before, beside and after the loop. */
static void closed_forms_are_those_of_the_whole(void)
{
    compare(
        "{'name': 'tails', 'task_sets': [{'name': 'a', 'tasks': 3, 'duration': " EXPONENTIAL(
            "4") "}, {'name': 'd', 'duration': 1, 'after': ['a']}, {'name': 'tail', 'tasks': {"
                 "'distribution': 'uniform', 'min': 1, 'max': 5}, 'gpus': 1, 'duration': 5, "
                 "'after': ['a']}], 'loops': [{'name': 'l', 'sets': ['a', 'd', 'tail'], "
                 "'decided_by': 'd', 'stop': {'after': 4000}}]}");
    compare(
        "{'name': 'around', 'task_sets': [{'name': 'p', 'duration': 3}, {'name': 'a', 'tasks': 20, "
        "'threads': 2, 'duration': " EXPONENTIAL(
            "4") ", 'after': ['p']}, {'name': 'b', 'tasks': {'per': 'a', 'distribution': "
                 "'binomial', 'n': 2, 'p': 0.5}, 'duration': 2, 'after': [{'set': 'a', 'kind': "
                 "'each'}]}, {'name': 'c', 'when': 0.3, 'else': 'e', 'gpus': 1, 'duration': 2, "
                 "'after': ['a']}, {'name': 'e', 'duration': 1, 'after': ['a']},"
                 " {'name': 'z', 'tasks': 2, 'duration': 1, 'after': ['a']}, {'name': 'y', "
                 "'duration': 1, 'after': ['z']}, {'name': 'x', 'duration': 5}],"
                 " 'loops': [" LOOP("l", "'a', 'b', 'c', 'e'", "{'probability': 0.0003}") "]}");
}

/* Short ones, campaigns, and tails that pile up are written out. */
static void some_are_written_out(void)
{
    static const char *const texts[] = {
        "{'name': 'short', 'task_sets': [{'name': 'a', 'duration': 1}],"
        " 'loops': [" LOOP("l", "'a'", "{'after': 4000}") "]}",
        "{'name': 'campaign', 'task_sets': [{'name': 'c', 'duration': 3}],"
        " 'campaigns': [{'name': 's', 'candidates': 'c', 'budget': 20000}]}",
        "{'name': 'piles up', 'task_sets': [{'name': 'a', 'duration': 1}, {'name': 'd', "
        "'duration': 1, 'after': ['a']}, {'name': 'tail', 'gpus': 2, 'duration': 9, 'after': "
        "['a']}], 'loops': [{'name': 'l', 'sets': ['a', 'd', 'tail'], 'decided_by': 'd', "
        "'stop': {'after': 4000}}]}",
    };
    struct platform *p = given_platform(two_nodes);
    struct middleware *m = known_middleware();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct workflow *w = given_workflow(texts[i]);
        struct scenario s = { .workflow = w, .platform = p, .middleware = m, .seed = 3 };
        struct prediction grown, either;
        unit_near(expected_predict_grown(&s, &grown), 0, 0);
        CU_ASSERT_EQUAL(expected_predict(&s, &either, NULL), 0);
        unit_is(either.mode[MODE_SEQUENTIAL].mean.makespan_s, >, 0);
        workflow_free(w);
    }
    middleware_free(m);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test all[] = {
        UNIT_TEST(closed_forms_are_those_of_the_whole),
        UNIT_TEST(some_are_written_out),
        { NULL, NULL },
    };
    return unit_run("expected", all);
}
