/* The loop's clock. Oracle: a bag on three cores whose two possible schedules are worked out by
 * hand. */
#include "study/clock_band.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct clock_band band_of(const char *workflow, const char *middleware)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform("{'nodes': [{'cores': 3}]}");
    struct middleware *m = given_middleware(middleware);
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 5,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct clock_band b = { 0 };
    struct error err = { "" };
    if (clock_band(&s, &b, &err))
        CU_FAIL_FATAL(err.text);
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
    return b;
}

/* c and d start at the tick that frees a and b, so that the phase moves nothing between them. They
 * end 10.01 and 10.09 s later. With a tick every 0.1 s both are freed at once, wide takes their
 * cores, and narrow follows long: 1000 + 1500. With a tick every 0.1025 s (98 of them: 10.045 s) c
 * is freed first and narrow takes its core, so that wide waits for long's: 1000 + 1000. */
static const char bag[] =
    "{'task_sets': [{'name': 'a', 'tasks': 2, 'duration': 10}, {'name': 'long', 'duration': 1000}, "
    "{'name': 'c', 'duration': 10.01}, {'name': 'd', 'duration': 10.09}, "
    "{'name': 'wide', 'cores': 2, 'duration': 1000}, {'name': 'narrow', 'duration': 1500}]}";
static const char loop[] = "{'stations': {'schedule': {'retry': 0.1}, 'free': {'poll': 0.1}}}";

static void a_bag_may_depend_on_the_period_alone(void)
{
    struct clock_band b = band_of(bag, loop);
    unit_near(b.phase.high - b.phase.low, 0.05, 0.05);       /* a tick at most */
    unit_near(b.period.high, 2500, 0.3);
    unit_near(b.period.low, 2000, 0.3);
    unit_near(b.period_s.low, 0.0975, 1e-12);
    unit_near(b.period_s.high, 0.1025, 1e-12);
    CU_ASSERT_TRUE(clock_band_is_chaotic(&b, 2500));
}

/* 300 tasks one after the other on one core each wait for a tick: the makespan grows with the
 * period, evenly. */
static void a_makespan_in_proportion_to_the_period_is_not_chaotic(void)
{
    struct clock_band b =
        band_of("{'task_sets': [{'name': 'a', 'tasks': 300, 'cores': 3, 'duration': 0.05}]}", loop);
    unit_near(b.period.high, 30 * 1.025, 0.3);
    unit_near(b.period.low, 30 * 0.975, 0.3);
    CU_ASSERT_FALSE(clock_band_is_chaotic(&b, 30));
}

static void without_a_loop_there_is_no_band(void)
{
    struct clock_band b = band_of(bag, "{'stations': {'launch': {'service': 0.1}}}");
    unit_near(b.phase.high - b.phase.low, 0, 0);
    unit_near(b.period.high - b.period.low, 0, 0);
    unit_near(b.period_s.high, 0, 0);
    CU_ASSERT_FALSE(clock_band_is_chaotic(&b, 2500));
}

/* Away from RADICAL's 0.1 s only the scenario's own period is varied. */
static void another_loop_is_varied_around_its_own_period(void)
{
    struct clock_band b =
        band_of(bag, "{'stations': {'schedule': {'retry': 4}, 'free': {'poll': 4}}}");
    unit_near(b.period_s.low, 3.9, 1e-12);
    unit_near(b.period_s.high, 4.1, 1e-12);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_bag_may_depend_on_the_period_alone),
        UNIT_TEST(a_makespan_in_proportion_to_the_period_is_not_chaotic),
        UNIT_TEST(without_a_loop_there_is_no_band),
        UNIT_TEST(another_loop_is_varied_around_its_own_period),
        { NULL, NULL }
    };
    return unit_run("clock_band", tests);
}
