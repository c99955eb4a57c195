#include "core/transfer.h"

#include <math.h>

const char *transfer_name(enum transfer t)
{
    static const char *const names[TRANSFERS] = {
        NULL,       "machine or release", "generation",
        "launcher", "generation",         "launcher and generation",
    };
    return names[t];
}

/* of a station; degrees of freedom within a kind */
struct spread { struct transfer_spread of[TRANSFERS]; int degrees; };

static const struct spread               /* by validation/transfer */
    /* of the client, between what ends and what it submits next */
    deciding = { { { 0.12, 0.08, 1 }, { 0.12, 0.08, 1 }, { 0.38, 0.53, 1 },
                   { 0.12, 0.08, 1 }, { 0.38, 0.53, 1 }, { 0.7, 1, 0.5 } }, 8 },
    /* of the agent, until it has what was submitted */
    fetching = { { { 0, 0.3, 1 }, { 0, 0.3, 1 }, { 0.35, 0.37, 1 },
                   { 0.93, 0.69, 1 }, { 0.29, 0.29, 0.5 }, { 0.68, 0.39, 0.5 } }, 8 },
    /* until the client knows of an end */
    notifying = { { { 0, 0.3, 1 }, { 0.33, 0.39, 1 }, { 0.25, 0.31, 1 },
                    { 0.17, 0.3, 1 }, { 0.2, 0.25, 0.5 }, { 0.27, 0.34, 0.5 } }, 8 },
    /* of the client, a bulk */
    sending = { { { 0.2, 0, 1 }, { 0.2, 0, 1 }, { 0.68, 0.66, 1 },
                  { 0.2, 0, 1 }, { 0.58, 0.53, 0.5 }, { 0.61, 0.44, 0.5 } }, 5 },
    /* and of the first */
    beginning = { { { 0.1, 0.01, 1 }, { 0.75, 1.5, 1 }, { 0.4, 1.9, 1 },
                    { 0.78, 0.38, 1 }, { 0.58, 1.8, 0.5 }, { 0.54, 2, 0.5 } }, 3 },
    /* of the client, a task of a bulk */
    preparing = { { { 0.2, 0, 1 }, { 0.2, 0, 1 }, { 0.54, 0.031, 1 },
                    { 0.2, 0, 1 }, { 0.63, 0.026, 0.5 }, { 0.49, 0.077, 0.5 } }, 8 },
    /* of the client, a task opened or closed, its broker near (core/broker.h) */
    booking = { { { 0.08, 0, 1 }, { 0.2, 0.03, 1 }, { 0.57, 0.015, 1 },
                  { 0.2, 0.03, 1 }, { 0.57, 0.015, 1 }, { 0.48, 0.11, 0.5 } }, 3 },
    /* a launcher's time for a task */
    launching = { { { 0.08, 0.001, 1 }, { 0.2, 0.0028, 1 }, { 0.3, 0.0024, 1 },
                    { 0.62, 0.14, 1 }, { 0.3, 0.0024, 1 }, { 0.77, 0.035, 0.5 } }, 8 },
    /* start-up, warm and cold */
    starting = { { { 0.2, 0.01, 1 }, { 0.48, 0.014, 1 }, { 0.63, 0.059, 1 },
                   { 0.82, 0.057, 1 }, { 0.56, 0.051, 0.5 }, { 0.62, 0.21, 0.5 } }, 3 },
    /* what tasks take longer than requested */
    exceeding = { { { 0.5, 0.05, 1 }, { 0.5, 0.05, 1 }, { 0.51, 0.64, 1 },
                    { 0.5, 0.8, 1 }, { 0.54, 0.53, 0.5 }, { 0.52, 0.38, 0.5 } }, 3 },
    /* before polls of 0.1 s: an end is seen, */
    noticing = { { { 0, 0.001, 1 }, { 0, 0.001, 1 }, { 0.74, 0.033, 1 },
                   { 0.73, 0.0087, 1 }, { 0.74, 0.033, 1 }, { 0.71, 0.081, 0.5 } }, 8 },
    /* and slots are free */
    freeing = { { { 0.02, 0, 1 }, { 0.59, 0.011, 1 }, { 0.57, 0.0071, 1 },
                  { 0.49, 0.012, 1 }, { 0.53, 0.0057, 0.5 }, { 0.71, 0.02, 0.5 } }, 8 },
    /* before the first and after the last task */
    outside = { { { 0.3, 0, 1 }, { 0.3, 0, 1 }, { 1.1, 0, 1 },
                  { 0.55, 0, 1 }, { 0.87, 0, 0.5 }, { 0.85, 0, 0.5 } }, 5 },
    unmeasured = { { { 0.3, 0, 1 }, { 0.96, 0, 1 }, { 0.96, 0, 1 }, { 0.96, 0, 1 },
                     { 0.96, 0, 1 }, { 0.96, 0, 1 } }, 3 };

static const struct spread *const spreads[STATION_PARAMETERS] = {
#define ROW(id, name, leg, purpose, like, ...) [STATION_##id] = &like,
#include "core/station_rows.h"
#undef ROW
};

/* By validation/transfer: medians over kinds without and with EnTK, s. Which start-ups are cold is
 * another rule in each kind, so that none is typical; launch.up is one launcher's. */
static const struct typical { enum station_parameter of; double alone_s, entk_s; } typicals[] = {
    { STATION_NEXT_STAGE, NAN, 1.46 },
    { STATION_NEXT_RUN, NAN, 5.44 },
    { STATION_AGENT, 0.574, 1.3 },
    { STATION_NOTIFY, 1.44, 1.4 },
    { STATION_CLIENT_BASE, 0.278, 0.0357 },
    { STATION_CLIENT_FIRST, 2.84, 2.53 },
    { STATION_CLIENT_TASK, 0, 0.0246 },
    { STATION_CLOSE_TASK, NAN, 0.0182 },
    { STATION_OPEN_TASK, NAN, 0.0189 },
    { STATION_LAUNCH, 0.0186, 0.0143 },
    { STATION_STARTUP_WARM, 0.0484, 0.0516 },
    { STATION_EXECUTE_OFFSET, 0.369, 0.117 },
    { STATION_EXECUTE_COLD, 0.204, 0.22 },
    { STATION_DETECT, 0.0318, 0.00102 },
    { STATION_FREE, 0, 0 },
    { STATION_BOOTSTRAP, 40.2, 31.2 },
    { STATION_DRAIN, 11.4, 46.4 },
    { STATION_PILOT_END, 0.724, 18.3 },
};

static double typical_s(enum client client, enum station_parameter p)
{
    for (size_t i = 0; i < sizeof typicals / sizeof *typicals; i++)
        if (typicals[i].of == p)
            return client == CLIENT_ENTK ? typicals[i].entk_s : typicals[i].alone_s;
    return NAN;
}

struct transfer_spread transfer_spread(enum client client, enum station_parameter p,
                                       enum transfer t)
{
    return (client == CLIENT_UNKNOWN ? &unmeasured : spreads[p])->of[t];
}

int transfer_degrees(enum client client, enum station_parameter p)
{
    return client == CLIENT_UNKNOWN ? unmeasured.degrees : spreads[p]->degrees;
}

double transfer_mean(enum client client, enum station_parameter p, enum transfer t, double mean)
{
    double keeps = transfer_spread(client, p, t).keeps, middle = typical_s(client, p);
    return isnan(middle) ? mean : keeps * mean + (1 - keeps) * middle;
}

double transfer_sd(enum client client, enum station_parameter p, enum transfer t, double mean)
{
    struct transfer_spread s = transfer_spread(client, p, t);
    return hypot(s.share * transfer_mean(client, p, t, mean), s.seconds);
}
