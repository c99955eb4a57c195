/* What a station is assumed to take where no session tells: from 163 sessions on Summit and Lassen,
 * RADICAL-Pilot 0.6 to 1.33 (docs/calibration.md). */
#include "traces/calibrate.h"

struct assumption { enum station_parameter parameter; double mean_s, sd_s; bool entk_only; };

static const struct assumption assumptions[] = {
    { STATION_BOOTSTRAP, 20, 2, false },
    { STATION_CLIENT_BASE, 2.3, 0.2, true },
    { STATION_CLIENT_TASK, 0.0115, 0, true },
    { STATION_CLIENT_FIRST, 5.25, 0.75, true },
    { STATION_NEXT_STAGE, 2.15, 0.75, true },
    { STATION_NEXT_RUN, 5.5, 0, true },
    { STATION_AGENT, 0.5, 0, false },
    { STATION_LAUNCH, 0.011, 0, false },
    { STATION_STARTUP_WARM, 0.06, 0, false },
    { STATION_EXECUTE_OFFSET, 0.06, 0, false },
    { STATION_NOTIFY, 0.8, 0, false },
};

struct middleware *calibrate_prior(bool has_entk)
{
    struct middleware *m = middleware_ideal();
    for (size_t i = 0; i < sizeof assumptions / sizeof *assumptions; i++) {
        const struct assumption *a = &assumptions[i];
        if (!a->entk_only || has_entk)
            m->parameter[a->parameter] =
                a->sd_s > 0 ? dist_normal(a->mean_s, a->sd_s) : dist_constant(a->mean_s);
    }
    return m;
}
