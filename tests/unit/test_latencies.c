/* Plain timelines, simulated with constant stations: each is read back as it was. */
#include "traces/latencies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/plain_session.h"
#include "tests/support/unit.h"
#include "traces/calibrate.h"
#include "traces/could_start.h"

static const char four_cores[] = "{'nodes': [{'count': 2, 'cores': 2}]}";
static const char chains[] =
    "{'task_sets': [{'name': 'a', 'tasks': 6, 'durations': [50.25, 61.5, 73.75, 85.5, 90.25, "
    "70.5]},"
    "{'name': 'b', 'tasks': 6, 'duration': 40.125, 'after': [{'set': 'a', 'kind': 'each'}]},"
    "{'name': 'c', 'tasks': 2, 'duration': 20.5, 'after': ['b']}]}";

static struct samples read_back(const struct plain_kind *kind, const char *middleware)
{
    struct middleware *m = given_middleware(middleware);
    struct session *s = plain_session(kind, m, 3, 0);
    struct samples x;
    samples_init(&x, s, 1);
    session_free(s);
    middleware_free(m);
    return x;
}

static void all_are(const struct sample_list *list, double value, double tolerance)
{
    unit_is(list->n, >, 0);
    for (size_t i = 0; i < list->n; i++) {
        unit_near(list->at[i].low, value, tolerance);
        unit_near(list->at[i].high, value, tolerance);
    }
}

static void submissions_tell_three_stations(void)
{
    const struct plain_kind kind = { chains, four_cores, .submissions = true };
    struct samples x = read_back(&kind, "{'stations': {'client': {'next_task': 3}, 'startup': "
                                        "{'warm': 0.5}, 'free': {'base': 1.25}}}");
    all_are(&x.of[STATION_STARTUP_WARM], 0.5, 1e-9);
    all_are(&x.of[STATION_FREE], 1.25, 1e-9);
    all_are(&x.of[STATION_NEXT_TASK], 3, 1e-9);
    CU_ASSERT_EQUAL(x.of[STATION_LAUNCH].n + x.n_contrary + x.n_bulks, 0);
    samples_clear(&x);
}

/* Without submissions the way to a slot is all start-up; the children's delay counts beyond that.
 */
static void starts_alone_tell_two(void)
{
    const struct plain_kind kind = { chains, four_cores, .submissions = false };
    struct samples x = read_back(&kind, "{'stations': {'client': {'next_task': 3}, 'startup': "
                                        "{'warm': 0.5}, 'free': {'base': 1.25}}}");
    all_are(&x.of[STATION_STARTUP_WARM], 1.75, 1e-9);
    all_are(&x.of[STATION_NEXT_TASK], 3, 1e-9);
    CU_ASSERT_EQUAL(x.of[STATION_FREE].n, 0);
    samples_clear(&x);
}

/* One behind the other: bursts of 4, then 12. */
static void a_serial_launcher_shows_in_bursts(void)
{
    const struct plain_kind kind = {
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'duration': 30.5}, {'name': 'b', 'tasks': 12, "
        "'duration': 30.5, 'after': ['a']}]}",
        "{'nodes': [{'cores': 16}]}", .submissions = true
    };
    struct samples x = read_back(&kind, "{'stations': {'client': {'next_task': 3}, 'launch': "
                                        "{'service': 0.25}, 'startup': {'warm': 0.5}}}");
    all_are(&x.of[STATION_LAUNCH], 0.25, 1e-9);
    all_are(&x.of[STATION_STARTUP_WARM], 0.5, 1e-9);
    all_are(&x.of[STATION_NEXT_TASK], 3, 1e-9);
    samples_clear(&x);
}

/* Side by side bursts take as long whatever their size. */
static void latencies_side_by_side_are_no_launcher(void)
{
    const struct plain_kind kind = {
        "{'task_sets': [{'name': 'a', 'tasks': 5, 'duration': 30.5}, {'name': 'b', 'tasks': 60, "
        "'duration': 30.5, 'after': ['a']},"
        "{'name': 'c', 'tasks': 15, 'duration': 30.5, 'after': ['b']}]}",
        "{'nodes': [{'cores': 64}]}", .submissions = true
    };
    struct samples x = read_back(
        &kind,
        "{'stations': {'startup': {'warm': {'distribution': 'uniform', 'min': 1, 'max': 3}}}}");
    CU_ASSERT_EQUAL(x.of[STATION_LAUNCH].n, 0);
    unit_is(x.of[STATION_STARTUP_WARM].n, >=, 60);
    samples_clear(&x);
}

static void a_clock_of_whole_seconds_makes_ranges(void)
{
    const struct plain_kind kind = { chains, four_cores, .submissions = true, .clock_s = 1 };
    struct samples x = read_back(&kind, "{'stations': {'startup': {'warm': 0.5}}}");
    unit_is(x.of[STATION_STARTUP_WARM].n, >, 0);
    for (size_t i = 0; i < x.of[STATION_STARTUP_WARM].n; i++) {
        const struct fit_sample *at = &x.of[STATION_STARTUP_WARM].at[i];
        unit_is(at->low, <=, 0.5);
        unit_is(at->high, >=, 0.5);
        unit_is(at->high - at->low, <=, 2);
    }
    samples_clear(&x);
}

static void a_generator_is_one_server(void)
{
    const struct plain_kind kind = { "{'task_sets': [{'name': 'a', 'tasks': 90, 'duration': "
                                     "{'distribution': 'uniform', 'min': 1.5, 'max': 9}}]}",
                                     "{'nodes': [{'count': 4, 'cores': 1}]}", .submissions = false,
                                     .window = 4 };
    struct samples x =
        read_back(&kind, "{'stations': {'client': {'base': 0.75, 'per_task': 0.7, 'window': 4}}}");
    bool several = false;
    unit_is(x.n_bulks, >, 20);
    for (size_t b = 1; b < x.n_bulks; b++) {
        unit_near(x.bulks[b].cost_s, 0.75 + 0.7 * x.bulks[b].n_tasks, 1e-9);
        several = several || x.bulks[b].n_tasks > 1;
    }
    CU_ASSERT(several);
    CU_ASSERT(x.bulks[0].first);
    unit_is(x.bulks[0].n_tasks, ==, 4);
    samples_clear(&x);
}

/* Two tasks wait; two stop within the latency: each has waited for its own room. */
static void everybody_waits_for_a_room_of_his_own(void)
{
    const struct plain_kind kind = {
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 2, 'durations': [10.25, 10.75, 5, 5]}]}",
        four_cores, .submissions = false
    };
    struct middleware *m = given_middleware("{'stations': {'free': {'base': 2.5}}}");
    struct session *s = plain_session(&kind, m, 3, 0);
    struct could_start *c = could_start_of(s);
    CU_ASSERT_EQUAL_FATAL(s->timeline->n, 4);
    unit_near(s->timeline->records[3].started_s, 13.25, 1e-9);
    CU_ASSERT(isinf(c[0].room_s));
    CU_ASSERT(isinf(c[1].room_s));
    CU_ASSERT(isinf(c[0].parents_s));
    unit_near(c[2].room_s, 10.25, 1e-9);
    unit_near(c[3].room_s, 10.75, 1e-9);
    free(c);
    session_free(s);
    middleware_free(m);
}

static void runs_that_say_nothing_are_named(void)
{
    const struct plain_kind kind = { "{'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 5.5}]}",
                                     four_cores, .submissions = false };
    struct middleware *m = middleware_ideal();
    struct session *s = plain_session(&kind, m, 3, 0);
    const struct session *all[] = { s };
    struct calibration c;
    struct error err;
    CU_ASSERT_EQUAL_FATAL(calibrate(all, 1, NULL, &c, &err), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.notes.text, "no latency could be told"));
    CU_ASSERT_PTR_NULL(strstr(c.profile->summary, "RADICAL"));
    CU_ASSERT_PTR_NULL(c.profile->scheduler);
    calibration_clear(&c);
    session_free(s);
    middleware_free(m);
}

/* Three levels and a makespan: what it is beyond nothing between tasks, for each level but the
 * first. */
static void a_makespan_alone_tells_one_figure_a_level(void)
{
    const struct plain_kind kind = { chains, four_cores, .submissions = false };
    struct middleware *m = middleware_ideal();
    struct session *s = plain_session(&kind, m, 3, 0);
    const double ideal_s = timeline_makespan(s->timeline);
    const struct session *all[] = { s };
    struct calibration c;
    struct error err;
    timeline_clear(s->timeline);
    s->recorded_makespan_s = ideal_s + 2 * 7.25;
    CU_ASSERT_EQUAL(calibrate(all, 1, NULL, &c, &err), -1);
    CU_ASSERT_EQUAL_FATAL(
        calibrate(all, 1, &(struct calibrate_options){ .ideal_s = &ideal_s }, &c, &err), 0);
    unit_near(c.station[STATION_NEXT_TASK].mean_s, 7.25, 1e-9);
    CU_ASSERT_EQUAL(c.station[STATION_STARTUP_WARM].n_samples, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.notes.text, "one figure for each of its 3 task levels"));
    calibration_clear(&c);
    s->recorded_makespan_s = ideal_s - 1; /* shorter than nothing between */
    CU_ASSERT_EQUAL_FATAL(
        calibrate(all, 1, &(struct calibrate_options){ .ideal_s = &ideal_s }, &c, &err), 0);
    CU_ASSERT_EQUAL(c.station[STATION_NEXT_TASK].n_samples, 0);
    calibration_clear(&c);
    session_free(s);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(submissions_tell_three_stations),
        UNIT_TEST(starts_alone_tell_two),
        UNIT_TEST(a_serial_launcher_shows_in_bursts),
        UNIT_TEST(latencies_side_by_side_are_no_launcher),
        UNIT_TEST(a_clock_of_whole_seconds_makes_ranges),
        UNIT_TEST(a_generator_is_one_server),
        UNIT_TEST(everybody_waits_for_a_room_of_his_own),
        UNIT_TEST(runs_that_say_nothing_are_named),
        UNIT_TEST(a_makespan_alone_tells_one_figure_a_level),
        { NULL, NULL },
    };
    return unit_run("latencies", tests);
}
