#include "num/dist/gaussian.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "tests/support/unit.h"

/* Across both borders of the central branch, p = 0.075 and 0.925, and far into the tails; GSL is
 * the second method, of whose bits the tails are. */
static void quantiles_agree_with_gsl_and_invert_the_cdf(void)
{
    for (int i = -8200; i <= 8200; i++) {
        double p = gsl_cdf_ugaussian_P(i * 1e-3), z;
        gaussian_quantile_block(&p, 1, &z);
        unit_must_be(fabs(z - gsl_cdf_ugaussian_Pinv(p)), <=, 2e-15 * fabs(z));
        if (fabs(p - 0.5) > 0.425)
            CU_ASSERT_EQUAL_FATAL(z, gsl_cdf_ugaussian_Pinv(p));
        if (i < 0)
            unit_must_be(fabs(gsl_cdf_ugaussian_P(z) / p - 1), <, 1e-13);
    }
}

static void known_quantiles(void)
{
    static const double p[] = { 0, 0.025, 0.5, 0.75, 0.975, 1 };
    double z[6];
    gaussian_quantile_block(p, 6, z);
    unit_is(z[0], ==, -INFINITY);
    unit_is(z[2], ==, 0);
    unit_is(z[5], ==, INFINITY);
    unit_alike(z[1], -1.959963984540054, 1e-14);
    unit_alike(z[3], 0.674489750196082, 1e-14);
    unit_alike(z[4], 1.959963984540054, 1e-14);
}

static void both_sides_mirror_each_other_and_ascend(void)
{
    enum { N = 4095 };
    double p[N], z[N];
    for (int i = 0; i < N; i++)
        p[i] = (i + 1) / (N + 1.0);
    gaussian_quantile_block(p, N, z);
    for (int i = 0; i < N; i++) {
        unit_must_be(z[i], ==, -z[N - 1 - i]);
        if (i != 0)
            unit_is(z[i], >, z[i - 1]);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(quantiles_agree_with_gsl_and_invert_the_cdf), UNIT_TEST(known_quantiles),
        UNIT_TEST(both_sides_mirror_each_other_and_ascend), { NULL, NULL },
    };
    return unit_run("gaussian", tests);
}
