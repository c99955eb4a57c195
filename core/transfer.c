#include "core/transfer.h"

#include <math.h>

const char *transfer_name(enum transfer t)
{
    static const char *const names[TRANSFERS] = { NULL, "machine or release", "generation",
                                                  "launcher or client" };
    return names[t];
}

/* of a station; degrees of freedom within a kind */
struct spread { struct transfer_spread of[TRANSFERS]; int degrees; };

static const struct spread               /* by validation/transfer */
    /* of the client, between what ends and what it submits next */
    deciding = { { { 0.15, 0.08 }, { 0.15, 0.08 }, { 0.15, 0.6 }, { 0.6, 1.2 } }, 8 },
    /* of the agent, until it has what was submitted */
    fetching = { { { 0.25, 0.05 }, { 0.25, 0.05 }, { 0.25, 0.4 }, { 0.7, 0.6 } }, 8 },
    /* until the client knows of an end */
    notifying = { { { 0, 0.3 }, { 0.25, 0.3 }, { 0.25, 0.35 }, { 0.25, 0.6 } }, 8 },
    /* of the client, a bulk */
    sending = { { { 0.12, 0.01 }, { 1.4, 0.01 }, { 1.4, 0.8 }, { 1.4, 1.6 } }, 3 },
    /* of the client, a task of a bulk */
    preparing = { { { 0.2, 0.005 }, { 0.2, 0.005 }, { 0.6, 0.02 }, { 0.6, 0.1 } }, 8 },
    /* of the client, a task opened or closed */
    booking = { { { 0.12, 0 }, { 1.4, 0 }, { 1.4, 0 }, { 1.4, 0 } }, 3 },
    /* a launcher's time for a task */
    launching = { { { 0.08, 0.001 }, { 0.12, 0.001 }, { 0.25, 0.002 }, { 0.7, 0.05 } }, 8 },
    /* start-up, warm and cold */
    starting = { { { 0.2, 0.01 }, { 0.4, 0.01 }, { 0.6, 0.05 }, { 0.85, 0.15 } }, 3 },
    /* what tasks take longer than requested */
    exceeding = { { { 0.5, 0.05 }, { 0.5, 0.05 }, { 0.5, 0.5 }, { 0.5, 0.5 } }, 3 },
    /* before polls of 0.1 s */
    noticing = { { { 0.85, 0.001 }, { 0.85, 0.01 }, { 1, 0.02 }, { 1, 0.03 } }, 3 },
    /* before the first and after the last task */
    outside = { { { 0.3, 0 }, { 0.3, 0 }, { 1.4, 0 }, { 1.4, 0 } }, 5 },
    unmeasured = { { { 0.3, 0 }, { 0.96, 0 }, { 0.96, 0 }, { 0.96, 0 } }, 3 };

static const struct spread *const spreads[STATION_PARAMETERS] = {
#define ROW(id, name, leg, purpose, like, ...) [STATION_##id] = &like,
#include "core/station_rows.h"
#undef ROW
};

struct transfer_spread transfer_spread(enum client client, enum station_parameter p,
                                       enum transfer t)
{
    return (client == CLIENT_UNKNOWN ? &unmeasured : spreads[p])->of[t];
}

int transfer_degrees(enum client client, enum station_parameter p)
{
    return client == CLIENT_UNKNOWN ? unmeasured.degrees : spreads[p]->degrees;
}

double transfer_sd(enum client client, enum station_parameter p, enum transfer t, double mean)
{
    struct transfer_spread s = transfer_spread(client, p, t);
    return hypot(s.share * mean, s.seconds);
}
