#include "traces/samples.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/known_middleware.h"
#include "tests/support/simulated_session.h"
#include "tests/support/unit.h"

static const double rounding = 1e-9;

static bool all_hold(const struct sample_list *list, double value)
{
    bool hold = list->n > 0;
    for (size_t i = 0; i < list->n; i++)
        hold = hold && list->at[i].low <= value + rounding && value - rounding <= list->at[i].high;
    return hold;
}

static double given(const struct middleware *m, enum station_parameter p)
{
    return dist_mean(m->parameter[p]);
}

/* A session of constants: each sample is that constant, or a range that holds it. */
static void every_sample_holds_the_constant_it_is_of(void)
{
    static const enum station_parameter which[] = { STATION_CLOSE_TASK, STATION_AGENT,
                                                    STATION_LAUNCH,     STATION_DETECT,
                                                    STATION_FREE,       STATION_NOTIFY,
                                                    STATION_DRAIN,      STATION_PILOT_END };
    struct middleware *m = known_middleware();
    for (uint32_t replica = 0; replica < 20; replica++) {
        struct session *s = known_session(m, replica);
        struct samples x;
        samples_init(&x, s, 1);
        for (size_t i = 0; i < sizeof which / sizeof *which; i++)
            CU_ASSERT(all_hold(&x.of[which[i]], given(m, which[i])));
        for (size_t b = 0; b < x.n_bulks; b++)
            unit_alike(x.bulks[b].cost_s,
                       1.1 + 0.03 * x.bulks[b].n_tasks + (x.bulks[b].first ? 5 : 0), 1e-9);
        unit_must_be(x.n_bulks, ==, 7);
        unit_must_be(x.n_closes, ==, 6);
        unit_must_be(x.n_opens, ==, 6);
        unit_is(x.of[STATION_NOTIFY].n, ==, 7);
        for (size_t i = 0; i < x.n_closes; i++) {
            double is = (x.closes[i].run ? 5.5 : 2.1) + 0.02 * x.closes[i].n_tasks;
            CU_ASSERT(x.closes[i].booked);
            unit_is(x.closes[i].delay_s.low, ==, x.closes[i].delay_s.high);
            unit_alike(x.closes[i].delay_s.low, is, 1e-9);
        }
        for (size_t i = 0; i < x.n_opens; i++)
            unit_alike(x.opens[i].took_s, 0.02 * x.opens[i].n_tasks, 1e-9);
        struct fit_sample up = x.of[STATION_BOOTSTRAP].at[0];
        unit_is(x.n_first, ==, 48);
        unit_is(up.low, <=, 25 + 48 * 0.02);
        unit_is(up.high, >=, 25 + 48 * 0.02);
        unit_is(x.n_contrary, ==, 0);
        unit_is(x.n_stalls, ==, 0);
        unit_is(x.n_tasks, ==, 180);
        samples_clear(&x);
        session_free(s);
    }
    middleware_free(m);
}

/* What comes at once, bulk after bulk, came by no poll of 2 s; seven waits of all lengths did. */
static void waits_that_are_all_short_are_no_polls(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 2);
    struct session_bulk *bulks = calloc(25, sizeof *bulks), *own = s->bulks;
    size_t n_own = s->n_bulks;
    CU_ASSERT_PTR_NOT_NULL_FATAL(bulks);
    for (size_t b = 0; b < 25; b++) {
        double at_s = 1000 + 7 * (double)b;
        bulks[b] = (struct session_bulk){ .n_tasks = 1, .submitted_s = at_s, .pushed_s = at_s,
                                          .pulled_s = at_s, .arrived_s = at_s + 0.02 };
    }
    struct samples x;
    samples_init(&x, s, 1);
    unit_near(x.period_s[POLL_AGENT], 2, 1e-9);
    samples_clear(&x);
    s->bulks = bulks;
    s->n_bulks = 25;
    samples_init(&x, s, 1);
    unit_near(x.period_s[POLL_AGENT], 0, 1e-9);
    unit_must_be(x.of[STATION_AGENT].n, ==, 25);
    CU_ASSERT(all_hold(&x.of[STATION_AGENT], 0.02));
    samples_clear(&x);
    for (size_t b = 0; b < 25; b++)                      /* up to 1.9 s */
        bulks[b].arrived_s = bulks[b].pushed_s + 0.1 + 0.075 * (double)b;
    samples_init(&x, s, 1);
    unit_near(x.period_s[POLL_AGENT], 2, 1e-9);
    samples_clear(&x);
    s->bulks = own;
    s->n_bulks = n_own;
    free(bulks);
    session_free(s);
    middleware_free(m);
}

/* Two pipelines end stages together: who finds the client busy was ready some time before it was
 * taken up. */
static void who_waits_for_the_client_gives_a_range(void)
{
    static const char two[] =
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 1, "
        "'duration': 50}, {'name': 'b', 'tasks': 4, 'cores': 1, 'duration': 50},"
        "{'name': 'c', 'tasks': 4, 'cores': 1, 'duration': 52.3}, "
        "{'name': 'd', 'tasks': 4, 'cores': 1, 'duration': 9}],"
        "'pipelines': [{'name': 'p', 'stages': [['a'], ['b']]}, "
        "{'name': 'q', 'stages': [['c'], ['d']]}]}";
    struct middleware *m = known_middleware();
    struct session *s = simulated_session(two, known_platform, m, 4, 1);
    struct samples x;
    samples_init(&x, s, 1);
    unit_is(x.n_closes, ==, 2);
    size_t ranges = 0;
    for (size_t i = 0; i < x.n_closes; i++) {
        ranges += x.closes[i].delay_s.low == 0 && x.closes[i].delay_s.high > 2.1 + 4 * 0.02;
        unit_is(x.closes[i].delay_s.low, <=, 2.1 + 4 * 0.02 + rounding);
        unit_is(x.closes[i].delay_s.high, >=, 2.1 - rounding);
    }
    unit_is(ranges, <=, 1);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* What was submitted before the pilot was there waited for it. */
static void bulks_before_the_pilot_say_nothing_of_the_agent(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    struct samples all, late;
    samples_init(&all, s, 1);
    s->pilot_active_s = s->bulks[0].pushed_s + 0.1;
    samples_init(&late, s, 1);
    unit_is(late.of[STATION_AGENT].n, ==, all.of[STATION_AGENT].n - 1);
    unit_alike(late.of[STATION_BOOTSTRAP].at[0].high, s->pilot_active_s - s->bootstrap_s, 1e-12);
    samples_clear(&all);
    samples_clear(&late);
    session_free(s);
    middleware_free(m);
}

static void the_agents_own_clock_hides_detection(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    for (size_t i = 0; i < s->timeline->n; i++)
        s->tasks[i].clock = CLOCK_AGENT;
    struct samples x;
    samples_init(&x, s, 1);
    unit_must_be(x.of[STATION_DETECT].n, ==, 0);
    unit_is(x.period_s[POLL_DETECT], ==, 0);
    unit_is(x.of[STATION_FREE].n, ==, s->timeline->n);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* Without the agent's record of ends, both polls lie between a stop and free slots. */
static void freeing_without_detection_has_both_polls(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    for (size_t i = 0; i < s->timeline->n; i++)
        s->tasks[i].at[EVENT_AGENT_STOP] = NAN;
    struct samples x;
    samples_init(&x, s, 1);
    unit_must_be(x.of[STATION_DETECT].n, ==, 0);
    CU_ASSERT(all_hold(&x.of[STATION_FREE], 0.02 + 0.03));
    unit_alike(x.of[STATION_FREE].at[0].high - x.of[STATION_FREE].at[0].low, 0.2, 1e-9);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

static void events_in_another_order_are_counted_not_used(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    s->tasks[5].at[EVENT_AGENT_STOP] = s->timeline->records[5].stopped_s - 1;
    struct samples x;
    samples_init(&x, s, 1);
    unit_must_be(x.n_contrary, ==, 1);
    unit_is(x.of[STATION_DETECT].n, ==, s->timeline->n - 1);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* The record of every submission (or push, or end) of a bulk's tasks is lost. */
static void lose(struct session *s, int bulk, enum session_event e)
{
    for (size_t i = 0; i < s->timeline->n; i++) {
        if (s->tasks[i].bulk != bulk)
            continue;
        s->tasks[i].at[e] = NAN;
        if (e == EVENT_CLIENT_SUBMITTED)
            s->timeline->records[i].submitted_s = NAN;
    }
    if (e == EVENT_CLIENT_SUBMITTED)
        s->bulks[bulk].submitted_s = NAN;
    if (e == EVENT_CLIENT_PUSHED)
        s->bulks[bulk].pushed_s = NAN;
}

static double costliest(const struct samples *x)
{
    double most = 0;
    for (size_t b = 0; b < x->n_bulks; b++)
        most = fmax(most,
                    x->bulks[b].cost_s - 0.03 * x->bulks[b].n_tasks - (x->bulks[b].first ? 5 : 0));
    return most;
}

/* Bulk 3 is submitted some 30 s after bulk 2 has left. */
static void a_bulk_without_a_submission_says_nothing_of_the_client(void)
{
    static const enum session_event lost[] = { EVENT_CLIENT_SUBMITTED, EVENT_CLIENT_PUSHED };
    struct middleware *m = known_middleware();
    for (size_t e = 0; e < sizeof lost / sizeof *lost; e++) {
        struct session *s = known_session(m, 3);
        struct samples x;
        lose(s, 3, lost[e]);
        samples_init(&x, s, 1);
        CU_ASSERT_EQUAL(x.n_bulks, 6);
        CU_ASSERT_EQUAL(x.n_lost[STATION_CLIENT_BASE], 1);
        unit_near(costliest(&x), 1.1, 1e-9);
        samples_clear(&x);
        session_free(s);
    }
    middleware_free(m);
}

/* How long the client was busy with a bulk is not known: nothing is known of one that may have
 * waited for it. */
static void a_bulk_that_may_have_waited_for_an_unknown_time_is_no_sample(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    struct samples x;
    lose(s, 3, EVENT_CLIENT_PUSHED);
    s->bulks[4].submitted_s = s->bulks[3].arrived_s - 0.5;
    samples_init(&x, s, 1);
    CU_ASSERT_EQUAL(x.n_bulks, 5);
    CU_ASSERT_EQUAL(x.n_lost[STATION_CLIENT_BASE], 2);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* Of a bulk that never left there is no cost, and the next one is the first. */
static void the_first_bulk_is_the_first_that_left(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    struct samples x;
    s->bulks[0].pushed_s = s->bulks[0].pulled_s = s->bulks[0].arrived_s = NAN;
    samples_init(&x, s, 1);
    CU_ASSERT_EQUAL(x.n_bulks, 6);
    CU_ASSERT_EQUAL(x.n_lost[STATION_CLIENT_BASE], 0);
    CU_ASSERT_TRUE(x.bulks[0].first);
    CU_ASSERT_FALSE(x.bulks[1].first);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* The first of the session was submitted before the second, but nobody knows when. */
static void a_lost_first_submission_or_last_end_is_not_the_next_best(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    struct samples x;
    lose(s, 0, EVENT_CLIENT_SUBMITTED);
    for (size_t i = 0; i < s->timeline->n; i++)
        if (s->tasks[i].bulk == 6)
            s->timeline->records[i].notified_s = NAN;
    samples_init(&x, s, 1);
    CU_ASSERT_EQUAL(x.of[STATION_BOOTSTRAP].n, 0);
    CU_ASSERT_EQUAL(x.n_lost[STATION_BOOTSTRAP], 1);
    CU_ASSERT_EQUAL(x.of[STATION_DRAIN].n, 0);
    CU_ASSERT_EQUAL(x.n_lost[STATION_DRAIN], 1);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

/* The start stands in for a lost launch in the order of launches; it does not say that starting
 * took no time. */
static void a_lost_launch_is_no_start_up_of_0(void)
{
    struct middleware *m = known_middleware();
    struct session *s = known_session(m, 3);
    struct samples x;
    double least = INFINITY;
    s->tasks[70].at[EVENT_LAUNCH_START] = NAN;
    samples_init(&x, s, 1);
    for (size_t i = 0; i < x.n_tasks; i++)
        least = fmin(least, isnan(x.tasks[i].startup_s) ? INFINITY : x.tasks[i].startup_s);
    CU_ASSERT_EQUAL(x.n_lost[STATION_STARTUP_WARM], 1);
    /* the way to the launcher is a mean, now over one fewer */
    unit_near(least, 0.06, 0.001);
    samples_clear(&x);
    session_free(s);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_sample_holds_the_constant_it_is_of),
        UNIT_TEST(waits_that_are_all_short_are_no_polls),
        UNIT_TEST(who_waits_for_the_client_gives_a_range),
        UNIT_TEST(bulks_before_the_pilot_say_nothing_of_the_agent),
        UNIT_TEST(the_agents_own_clock_hides_detection),
        UNIT_TEST(freeing_without_detection_has_both_polls),
        UNIT_TEST(events_in_another_order_are_counted_not_used),
        UNIT_TEST(a_bulk_without_a_submission_says_nothing_of_the_client),
        UNIT_TEST(a_bulk_that_may_have_waited_for_an_unknown_time_is_no_sample),
        UNIT_TEST(the_first_bulk_is_the_first_that_left),
        UNIT_TEST(a_lost_first_submission_or_last_end_is_not_the_next_best),
        UNIT_TEST(a_lost_launch_is_no_start_up_of_0),
        { NULL, NULL },
    };
    return unit_run("samples", tests);
}
