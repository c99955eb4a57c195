/* Expected largest of several draws (num/dist.h), against what is known of it in closed form; by
 * sampling, of every family: unit.dist. */
#include "num/dist.h"

#include <math.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>

#include "tests/support/unit.h"

static double normal_maximum(double mean, double sd, size_t n)
{
    struct dist *d = dist_normal(mean, sd);
    double most = dist_expected_max(d, n);
    dist_free(d);
    return (most - mean) / sd;
}

/* Expected largest of n standard normals: exact for 2 and 3, Harter's table (1961) for 10, 100; no
 * truncation at 20 sd. */
static void expected_maximum_of_normals_is_harters(void)
{
    unit_alike(normal_maximum(340, 17, 2), 1 / sqrt(M_PI), 1e-7);
    unit_alike(normal_maximum(340, 17, 3), 1.5 / sqrt(M_PI), 1e-7);
    unit_alike(normal_maximum(340, 17, 10), 1.53875, 4e-6);
    unit_alike(normal_maximum(340, 17, 100), 2.50759, 3e-6);
    unit_alike(normal_maximum(340, 0.005, 100), 2.50759, 3e-6);
}

/* Of n Weibull draws the largest by its series, and for shape 1 the harmonic number; of the
 * exponential exact for 10^7. */
static void expected_maximum_has_the_closed_forms(void)
{
    double alternating = 0;
    for (int i = 0; i < 5; i++)
        alternating += (i % 2 ? -1 : 1) * gsl_sf_choose(4, (unsigned)i) * pow(i + 1, -1 - 1 / 2.5);
    struct dist *w = dist_weibull(2.5, 30), *w1 = dist_weibull(1, 30), *e = dist_exponential(30),
                *u = dist_uniform(10, 14);
    unit_alike(dist_expected_max(w, 5), 30 * gsl_sf_gamma(1 + 1 / 2.5) * 5 * alternating, 1e-8);
    unit_alike(dist_expected_max(e, 4), 30 * (1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0), 1e-12);
    unit_alike(dist_expected_max(e, 10000000), 30 * (log(1e7) + M_EULER + 0.5e-7), 1e-12);
    for (size_t n = 1; n <= 10000000; n = n * 3 + 1)
        unit_alike(dist_expected_max(w1, n), dist_expected_max(e, n), 1e-8);
    unit_alike(dist_expected_max(u, 3), 13, 1e-14);
    dist_free(w);
    dist_free(w1);
    dist_free(e);
    dist_free(u);
}

/* A mixture of like parts is the part; a constant beside a normal far below it: E max = c - (c - E)
 * P(all below). */
static void expected_maximum_of_mixtures_bears_jumps(void)
{
    struct dist *n = dist_normal(340, 17), *low = dist_exponential(2), *c = dist_constant(500);
    struct dist *like = dist_mixture((struct dist *[]){ n, n, n }, (const double[]){ 1, 2, 5 }, 3);
    struct dist *apart = dist_mixture((struct dist *[]){ low, c }, (const double[]){ 3, 1 }, 2);
    for (size_t k = 1; k <= 10000000; k = k * 10 + 1)
        unit_alike(dist_expected_max(like, k), dist_expected_max(n, k), 1e-8);
    for (size_t k = 2; k <= 100; k = k * 3 + 1) {
        double all_low = pow(0.75, (double)k);
        unit_alike(dist_expected_max(apart, k),
                   500 * (1 - all_low) + all_low * dist_expected_max(low, k), 1e-7);
    }
    struct dist *d[] = { n, low, c, like, apart };
    for (size_t i = 0; i < sizeof d / sizeof *d; i++)
        dist_free(d[i]);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(expected_maximum_of_normals_is_harters),
        UNIT_TEST(expected_maximum_has_the_closed_forms),
        UNIT_TEST(expected_maximum_of_mixtures_bears_jumps),
        { NULL, NULL },
    };
    return unit_run("dist_maximum", tests);
}
