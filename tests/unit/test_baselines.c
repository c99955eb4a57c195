#include "validation/baselines.h"

#include <math.h>

#include "tests/support/measured.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

/* Three stages of which one runs in two waves: every baseline by hand. */
static const char workflow_json[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 4, \"cores\": 4, \"duration\": "
    "10.5},"
    "{\"name\": \"b\", \"tasks\": 1, \"cores\": 1, \"duration\": 7.25, \"after\": [\"a\"]},"
    "{\"name\": \"c\", \"tasks\": 2, \"cores\": 2, \"duration\": 3.5, \"after\": [\"b\"]}]}";
static const char platform_json[] =
    "{\"name\": \"m\", \"slots\": \"cores\", \"nodes\": [{\"count\": 1, \"cores\": 8}]}";

static void each_is_what_it_says(void)
{
    struct world w = world_new(workflow_json, platform_json);
    struct middleware *ideal = middleware_ideal();
    struct scenario s = { .workflow = w.workflow, .platform = w.platform, .middleware = ideal,
                          .mode = MODE_PIPELINED, .seed = 1 };
    double of_s[BASELINES];
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(baselines_run(&s, 6.5, 3, of_s, &err), 0);
    unit_near(of_s[BASELINE_CRITICAL_PATH], 10.5 + 7.25 + 3.5, 1e-9);
    unit_near(of_s[BASELINE_CLOSED_FORM], 21 + 7.25 + 3.5, 1e-9);
    unit_near(of_s[BASELINE_CONSTANT_GAP], 21 + 7.25 + 3.5 + 2 * 6.5, 1e-9);
    unit_near(of_s[BASELINE_FIFO], 21 + 7.25 + 3.5, 1e-9);
    unit_near(of_s[BASELINE_BACKFILL], 21 + 7.25 + 3.5, 1e-9);
    middleware_free(ideal);
    world_clear(&w);
}

/* The gap of sessions is the mean over sets with parents of what lies between; the profile's is
 * that of its mean latencies. */
static void gaps_of_sessions_and_profiles_agree(void)
{
    enum { RUNS = 6 };
    struct middleware *m = measured_profile();
    struct measured run[RUNS];
    const struct session *sessions[RUNS];
    for (uint32_t i = 0; i < RUNS; i++) {
        run[i] = measured_session(MEASURED_STAGED, DIALECT_TASK, m, i);
        sessions[i] = run[i].session;
    }
    double measured = baselines_gap_of_sessions(sessions, RUNS),
           expected = baselines_gap_of_profile(m);
    unit_near(measured, expected, 1.2); /* 12 gaps, each within 2 s */
    for (uint32_t i = 0; i < RUNS; i++)
        measured_clear(&run[i]);
    struct measured bag = measured_session(MEASURED_BAG, DIALECT_TASK, m, 1);
    const struct session *one = bag.session;
    CU_ASSERT(isnan(baselines_gap_of_sessions(&one, 1)));
    measured_clear(&bag);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_is_what_it_says),
        UNIT_TEST(gaps_of_sessions_and_profiles_agree),
        { NULL, NULL },
    };
    return unit_run("baselines", tests);
}
