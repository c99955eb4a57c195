#include "validation/forecast.h"

#include <math.h>
#include <string.h>

#include "tests/support/measured.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char workflow_json[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", "
                                    "\"tasks\": 5, \"cores\": 4, \"duration\": 10.5},"
                                    "{\"name\": \"b\", \"tasks\": 2, \"cores\": 1, \"duration\": "
                                    "{\"distribution\": \"uniform\", \"min\": "
                                    "2, \"max\": 6}, \"after\": [\"a\"]}]}";
static const char platform_json[] =
    "{\"name\": \"m\", \"slots\": \"cores\", \"nodes\": [{\"count\": 1, \"cores\": 8}]}";

static struct scenario scenario_of(const struct world *w, const struct middleware *m)
{
    struct scenario s = { .workflow = w->workflow, .platform = w->platform, .middleware = m,
                          .mode = MODE_PIPELINED, .seed = 9 };
    s.scheduler = scheduler_options_resolve(&(struct scheduler_options){ .order = "arrival" }, m);
    return s;
}

/* Without middleware: three waves of a, then the larger of two uniform draws of b, whose mean and
 * quantiles are known. */
static void makespans_follow_the_known_distribution(void)
{
    struct world w = world_new(workflow_json, platform_json);
    struct middleware *ideal = middleware_ideal();
    struct scenario s = scenario_of(&w, ideal);
    struct forecast f;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(forecast_run(&f, &s, 4000, &err), 0);
    /* 4.5 standard errors */
    unit_near(f.makespan.mean, 31.5 + 2 + 4 * 2.0 / 3, 0.07);
    /* P(max <= x) = x^2 */
    unit_near(f.pi95.low, 31.5 + 2 + 4 * sqrt(0.025), 0.1);
    unit_near(f.pi95.high, 31.5 + 2 + 4 * sqrt(0.975), 0.05);
    CU_ASSERT_EQUAL(f.clock.phase.low, f.clock.phase.high);                          /* no clock */
    unit_near(f.start_s[0], 0, 1e-12);
    unit_near(f.start_s[2], 10.5, 1e-12);
    unit_near(f.start_s[5], 31.5, 1e-12);
    unit_near(timeline_makespan(f.typical), stats_quantile(f.makespan_s, f.n, 0.5), 0.02);
    forecast_clear(&f);
    middleware_free(ideal);
    world_clear(&w);
}

/* With a scheduler's clock the interval is wider by its period at either end, and its phase makes a
 * band that holds replica 0. */
static void a_clock_widens_the_interval(void)
{
    struct middleware *m = measured_profile();
    struct world w = world_new(workflow_json, platform_json);
    struct scenario s = scenario_of(&w, m);
    struct forecast f;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(forecast_run(&f, &s, 50, &err), 0);
    unit_near(f.pi95.low, stats_quantile(f.makespan_s, 50, 0.025) - m->period_s[POLL_SCHEDULE],
              1e-9);
    unit_near(f.pi95.high, stats_quantile(f.makespan_s, 50, 0.975) + m->period_s[POLL_SCHEDULE],
              1e-9);
    unit_is(f.clock.phase.low, <=, f.makespan_s[0]);
    unit_is(f.makespan_s[0], <=, f.clock.phase.high);
    unit_is(f.clock.phase.high - f.clock.phase.low, <, 2);
    forecast_clear(&f);
    CU_ASSERT_EQUAL_FATAL(forecast_run(&f, &s, 1, &err), 0);
    unit_near(f.makespan.mean, f.makespan_s[0], 0);
    unit_near(f.makespan.sd, NAN, 0);
    /* one replica has no interval */
    unit_near(f.pi95.low, NAN, 0);
    unit_near(f.pi95.high, NAN, 0);
    forecast_clear(&f);
    s.scheduler.order = "no such order";
    CU_ASSERT_EQUAL(forecast_run(&f, &s, 5, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no such order"));
    middleware_free(m);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(makespans_follow_the_known_distribution),
        UNIT_TEST(a_clock_widens_the_interval),
        { NULL, NULL },
    };
    return unit_run("forecast", tests);
}
