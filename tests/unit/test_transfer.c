#include "core/transfer.h"

#include <math.h>

#include "tests/support/unit.h"

/* Than within a kind, where the same mean is expected; a latency of no time may still take some, a
 * rate of none may not. */
static void others_differ_by_more(void)
{
    for (int i = 0; i < STATION_PARAMETERS; i++)
        for (enum transfer t = TRANSFER_NEAR; t <= TRANSFER_LAUNCHER; t++) {
            enum station_parameter p = (enum station_parameter)i;
            double within = transfer_sd(CLIENT_ENTK, p, TRANSFER_KIND, 2.385);
            unit_is(transfer_sd(CLIENT_ENTK, p, t, 2.385), >=, within);
            unit_is(within, >, 0);
        }
    unit_is(transfer_sd(CLIENT_ALONE, STATION_NOTIFY, TRANSFER_KIND, 0), >, 0);
    unit_near(transfer_sd(CLIENT_ENTK, STATION_DRAIN, TRANSFER_LAUNCHER, 0), 0, 1e-12);
}

/* A mean far from all other kinds' is not expected of another generation: it is nearer to what is
 * typical, from below and from above. Of the same generation it is; which start-ups are cold is
 * typical of nothing, and of other clients nothing is known. */
static void generations_are_nearer_to_what_is_typical(void)
{
    const enum station_parameter p = STATION_AGENT;
    double high = transfer_mean(CLIENT_ENTK, p, TRANSFER_GENERATION, 9),
           low = transfer_mean(CLIENT_ENTK, p, TRANSFER_GENERATION, 0.01);
    unit_is(high, <, 9);
    unit_is(low, >, 0.01);
    unit_is(low, <, high);
    unit_is(transfer_sd(CLIENT_ENTK, p, TRANSFER_GENERATION, 9), <,
            transfer_sd(CLIENT_ENTK, p, TRANSFER_SCALE, 9));
    for (enum transfer t = TRANSFER_KIND; t <= TRANSFER_LAUNCHER; t++)
        unit_near(transfer_mean(CLIENT_ENTK, p, t, 9), 9, 0);
    unit_near(transfer_mean(CLIENT_ENTK, STATION_STARTUP_COLD, TRANSFER_FARTHEST, 9), 9, 0);
    unit_near(transfer_mean(CLIENT_UNKNOWN, p, TRANSFER_FARTHEST, 9), 9, 0);
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
    double about = transfer_mean(CLIENT_ENTK, STATION_AGENT, TRANSFER_GENERATION, 3);
    unit_near(pow(transfer_sd(CLIENT_ENTK, STATION_AGENT, TRANSFER_GENERATION, 3), 2),
              pow(about * s.share, 2) + pow(s.seconds, 2), 1e-12);
}

/* Of other clients nothing was measured: shares of the mean. */
static void unknown_clients_have_shares(void)
{
    unit_near(transfer_sd(CLIENT_UNKNOWN, STATION_AGENT, TRANSFER_KIND, 0.002), 0.0006, 1e-12);
    unit_near(transfer_sd(CLIENT_UNKNOWN, STATION_AGENT, TRANSFER_NEAR, 0.002), 0.00192, 1e-12);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(others_differ_by_more),
        UNIT_TEST(generations_are_nearer_to_what_is_typical),
        UNIT_TEST(degrees_are_a_stations),
        UNIT_TEST(shares_and_seconds_add_as_variances),
        UNIT_TEST(unknown_clients_have_shares),
        { NULL, NULL },
    };
    return unit_run("transfer", tests);
}
