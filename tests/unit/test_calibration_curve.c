#include "traces/calibration_curve.h"

#include <math.h>

#include "base/sort.h"
#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

/* The two-sample Kolmogorov statistic: the largest distance between their distribution functions.
 */
static double distance_of(double *x, size_t n, double *y, size_t m)
{
    double distance = 0;
    sort_doubles(x, n);
    sort_doubles(y, m);
    for (size_t i = 0, k = 0; i < n && k < m;) {
        double at = fmin(x[i], y[k]);
        while (i < n && x[i] == at)
            i++;
        while (k < m && y[k] == at)
            k++;
        distance = fmax(distance, fabs((double)i / (double)n - (double)k / (double)m));
    }
    return distance;
}

/* Samples and fit on one scale: equal means, a small distance where the fit is good; nothing where
 * nothing varies. */
static void samples_and_fit_share_a_scale(void)
{
    struct middleware *m = known_middleware();
    dist_free(m->parameter[STATION_LAUNCH]);
    m->parameter[STATION_LAUNCH] = dist_gamma(0.05, 0.01);
    known_spread(m, 0.1);
    struct session *at[3];
    for (uint32_t s = 0; s < 3; s++)
        at[s] = known_session(m, s);
    struct calibration c;
    struct calibration_curve curve;
    unit_is(calibrate((const struct session *const *)at, 3, NULL, &c, NULL), ==, 0);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        calibration_curve_init(&curve, &c, (enum station_parameter)p);
        if (p == STATION_LAUNCH || p == STATION_DETECT) {
            unit_is(curve.n, ==, c.station[p].n_samples);
            unit_is(distance_of(curve.seen, curve.n, curve.expected, CURVE_POINTS), <, 0.1);
        }
        if (p == STATION_DRAIN || p == STATION_OPEN_TASK)
            unit_is(curve.n, ==, 0);
        calibration_curve_clear(&curve);
    }
    calibration_clear(&c);
    for (size_t s = 0; s < 3; s++)
        session_free(at[s]);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(samples_and_fit_share_a_scale),
                                              { NULL, NULL } };
    return unit_run("calibration_curve", tests);
}
