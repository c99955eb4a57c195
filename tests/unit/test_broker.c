/* EnTK's bookings with a broker at a distance. Oracle: by hand from core/broker.h. */
#include "core/broker.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static void a_ratio_needs_one_broker_that_is_far(void)
{
    unit_near(broker_ratio(1.2, 0.02), 60, 1e-9);
    unit_near(broker_ratio(0.02, 1.2), 1 / 60.0, 1e-9);
    unit_near(broker_ratio(1.2, 0.8), 1.5, 1e-9);
    unit_near(broker_ratio(0.04, 0.01), 1, 0);             /* both near */
    unit_near(broker_ratio(NAN, 0.01), 1, 0);
    unit_near(broker_ratio(1.2, 0), 1, 0);
}

static struct middleware *profile(const char *release, double broker_s)
{
    char *text = str_format(
        "{'stations': {'client': {'close_task': 0.02, 'open_task': 0.004, 'broker': %g,"
        "'answers': %s}},"
        "'sessions': [{'name': 'a', 'client.close_task': 0.03, 'client.open_task': 0.006}],"
        "'estimates': {'client.close_task': {'between': 0.002, 'se': 0.001, 'degrees': 3}},"
        "'seen': {'releases': '%s', 'client': 'entk'}}",
        broker_s, broker_answers(release) ? "true" : "false", release);
    struct middleware *m = given_middleware(text);
    free(text);
    return m;
}

static double mean(const struct middleware *m, enum station_parameter p)
{
    return m->parameter[p] ? dist_mean(m->parameter[p]) : 0;
}

/* All that the profile says of both stations is for 60 times the distance. */
static void bookings_are_round_trips(void)
{
    struct middleware *m = profile("0.70.3", 0.02);
    broker_adapt(m, 1.2, "0.71.0");
    unit_near(mean(m, STATION_CLOSE_TASK), 1.2, 1e-9);
    unit_near(mean(m, STATION_OPEN_TASK), 0.24, 1e-9);
    unit_near(m->estimate[STATION_CLOSE_TASK].between_s, 0.12, 1e-9);
    unit_near(m->estimate[STATION_CLOSE_TASK].se_s, 0.06, 1e-9);
    unit_near(m->sessions[0].mean[STATION_CLOSE_TASK], 1.8, 1e-9);
    unit_near(m->broker_s, 1.2, 0);
    unit_near(broker_far(m, STATION_OPEN_TASK), 60, 1e-9);
    unit_near(broker_far(m, STATION_NEXT_STAGE), 1, 0);
    middleware_free(m);
}

/* Before 1.5 a task is put up as it is booked; from then on it is only sent. */
static void releases_before_1_5_wait_for_answers(void)
{
    static const struct { const char *profile, *run; double open_s; } cases[] = {
        { "1.5.7", "0.70.3", 1.2 }, { "1.5.7", "1.4.0", 1.2 }, { "1.4.0", "0.70.3", 0.24 },
        { "1.5.7", "1.9.2", 0.004 },
        { "0.70.3", "1.9.2", 0 },   { "0.70.3", "1.0.0", 0.24 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct middleware *m = profile(cases[i].profile, 0.02);
        broker_adapt(m, 1.2, cases[i].run);
        unit_near(mean(m, STATION_OPEN_TASK), cases[i].open_s, 1e-9);
        unit_near(mean(m, STATION_CLOSE_TASK), 1.2, 1e-9);
        middleware_free(m);
    }
}

/* It is the profile's within a generation, and near in another. */
static void a_broker_may_be_unknown(void)
{
    static const struct { const char *run; double close_s; } cases[] = {
        { "0.71.0", 0.02 }, { NULL, 0.02 }, { "0.47", 0.02 / 60 }, { "1.9.2", 0.02 / 60 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct middleware *m = profile("0.70.3", 1.2);
        broker_adapt(m, NAN, cases[i].run);
        unit_near(mean(m, STATION_CLOSE_TASK), cases[i].close_s, 1e-9);
        middleware_free(m);
    }
    struct middleware *m = profile("0.70.3", 0);
    broker_adapt(m, 1.2, "0.70.3");
    unit_near(mean(m, STATION_CLOSE_TASK), 0.02, 0);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_ratio_needs_one_broker_that_is_far),
        UNIT_TEST(bookings_are_round_trips),
        UNIT_TEST(releases_before_1_5_wait_for_answers),
        UNIT_TEST(a_broker_may_be_unknown),
        { NULL, NULL },
    };
    return unit_run("broker", tests);
}
