#include "core/transfer.h"

#include <math.h>

#include "tests/support/unit.h"

/* The less alike, the wider; a latency of no time may still take some, a rate of none may not. */
static void each_step_is_wider(void)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        for (enum transfer t = TRANSFER_NEAR; t < TRANSFERS; t++) {
            double before = transfer_sd(CLIENT_ENTK, (enum station_parameter)p, t - 1, 2.385);
            CU_ASSERT(transfer_sd(CLIENT_ENTK, (enum station_parameter)p, t, 2.385) >= before);
            CU_ASSERT(before > 0);
        }
    CU_ASSERT(transfer_sd(CLIENT_ALONE, STATION_NOTIFY, TRANSFER_KIND, 0) > 0);
    CU_ASSERT_DOUBLE_EQUAL(transfer_sd(CLIENT_ENTK, STATION_CLOSE_TASK, TRANSFER_LAUNCHER, 0), 0,
                           1e-12);
}

/* What varies evenly between sessions has more degrees than what is now and then far off. */
static void degrees_are_a_stations(void)
{
    unit_near(transfer_degrees(CLIENT_ENTK, STATION_AGENT), 8, 0);
    unit_near(transfer_degrees(CLIENT_ALONE, STATION_LAUNCH), 8, 0);
    unit_near(transfer_degrees(CLIENT_ALONE, STATION_STARTUP_WARM), TRANSFER_DEGREES, 0);
    unit_near(transfer_degrees(CLIENT_UNKNOWN, STATION_AGENT), TRANSFER_DEGREES, 0);
}

static void shares_and_seconds_add_as_variances(void)
{
    struct transfer_spread s = transfer_spread(CLIENT_ENTK, STATION_AGENT, TRANSFER_GENERATION);
    CU_ASSERT_DOUBLE_EQUAL(pow(transfer_sd(CLIENT_ENTK, STATION_AGENT, TRANSFER_GENERATION, 3), 2),
                           pow(3 * s.share, 2) + pow(s.seconds, 2), 1e-12);
}

/* Of other clients nothing was measured: shares of the mean. */
static void unknown_clients_have_shares(void)
{
    CU_ASSERT_DOUBLE_EQUAL(transfer_sd(CLIENT_UNKNOWN, STATION_AGENT, TRANSFER_KIND, 0.002), 0.0006,
                           1e-12);
    CU_ASSERT_DOUBLE_EQUAL(transfer_sd(CLIENT_UNKNOWN, STATION_AGENT, TRANSFER_NEAR, 0.002),
                           0.00192, 1e-12);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_step_is_wider),
        UNIT_TEST(degrees_are_a_stations),
        UNIT_TEST(shares_and_seconds_add_as_variances),
        UNIT_TEST(unknown_clients_have_shares),
        { NULL, NULL },
    };
    return unit_run("transfer", tests);
}
