#include "num/fit_impl.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>

static void mean_sd_guess(double mean, double cv, double *p, double *error)
{
    p[0] = mean;
    p[1] = cv * mean;
    error[0] = cv;
    error[1] = 0.7;
}

static bool normal_prepare(const double *p, double *c)
{
    c[0] = p[0];
    c[1] = p[1];
    c[2] = gsl_cdf_ugaussian_P(p[0] / p[1]);             /* what truncation keeps */
    return true;
}

static double normal_log_density(double x, const double *c)
{
    return -0.5 * gsl_pow_2((x - c[0]) / c[1]) - log(c[1] * c[2]) - 0.5 * log(2 * M_PI);
}

static double normal_upper(double x, const double *c)
{
    return gsl_cdf_ugaussian_Q((x - c[0]) / c[1]) / c[2];
}

static double normal_lower(double x, const double *c)
{
    return (gsl_cdf_ugaussian_P((x - c[0]) / c[1]) - gsl_cdf_ugaussian_Q(c[0] / c[1])) / c[2];
}

static struct dist *normal_make(const double *p)
{
    return dist_normal(p[0], p[1]);
}

static bool lognormal_prepare(const double *p, double *c)
{
    double sigma2 = log1p(gsl_pow_2(p[1] / p[0]));
    c[0] = log(p[0]) - sigma2 / 2;
    c[1] = sqrt(sigma2);
    return p[1] < 100 * p[0] && sigma2 > 0;
}

static double lognormal_log_density(double x, const double *c)
{
    return -0.5 * gsl_pow_2((log(x) - c[0]) / c[1]) - log(x * c[1]) - 0.5 * log(2 * M_PI);
}

static double lognormal_lower(double x, const double *c)
{
    return gsl_cdf_lognormal_P(x, c[0], c[1]);
}

static double lognormal_upper(double x, const double *c)
{
    return gsl_cdf_lognormal_Q(x, c[0], c[1]);
}

static struct dist *lognormal_make(const double *p)
{
    return dist_lognormal(p[0], p[1]);
}

static bool gamma_prepare(const double *p, double *c)
{
    c[0] = gsl_pow_2(p[0] / p[1]);
    c[1] = gsl_pow_2(p[1]) / p[0];
    c[2] = gsl_sf_lngamma(c[0]) + c[0] * log(c[1]);
    return p[1] > 0.005 * p[0] && p[1] < 10 * p[0];
}

static double gamma_log_density(double x, const double *c)
{
    return (c[0] - 1) * log(x) - x / c[1] - c[2];
}

static double gamma_lower(double x, const double *c)
{
    return gsl_cdf_gamma_P(x, c[0], c[1]);
}

static double gamma_upper(double x, const double *c)
{
    return gsl_cdf_gamma_Q(x, c[0], c[1]);
}

static void gamma_guess(double mean, double cv, double *p, double *error)
{
    mean_sd_guess(mean, fmin(9, fmax(0.006, cv)), p, error);
}

static struct dist *gamma_make(const double *p)
{
    return dist_gamma(p[0], p[1]);
}

static bool weibull_prepare(const double *p, double *c)
{
    c[0] = p[0];
    c[1] = p[1];
    return p[0] > 0.1 && p[0] < 1000;
}

static double weibull_log_density(double x, const double *c)
{
    double y = log(x / c[1]);
    return log(c[0] / c[1]) + (c[0] - 1) * y - exp(c[0] * y);
}

static double weibull_lower(double x, const double *c)
{
    return gsl_cdf_weibull_P(x, c[1], c[0]);
}

static double weibull_upper(double x, const double *c)
{
    return gsl_cdf_weibull_Q(x, c[1], c[0]);
}

static void weibull_guess(double mean, double cv, double *p, double *error)
{
    p[0] = fmin(500, fmax(0.2, pow(cv, -1.086)));        /* within some per cent for cv below 2 */
    p[1] = mean / gsl_sf_gamma(1 + 1 / p[0]);
    error[0] = 0.8;
    error[1] = 1 / p[0];
}

static struct dist *weibull_make(const double *p)
{
    return dist_weibull(p[0], p[1]);
}

static bool exponential_prepare(const double *p, double *c)
{
    c[0] = p[0];
    return true;
}

static double exponential_log_density(double x, const double *c)
{
    return -x / c[0] - log(c[0]);
}

static double exponential_lower(double x, const double *c)
{
    return gsl_cdf_exponential_P(x, c[0]);
}

static double exponential_upper(double x, const double *c)
{
    return gsl_cdf_exponential_Q(x, c[0]);
}

static void exponential_guess(double mean, double cv, double *p, double *error)
{
    (void)cv;
    p[0] = mean;
    error[0] = 1;
}

static struct dist *exponential_make(const double *p)
{
    return dist_exponential(p[0]);
}

const struct fit_law fit_laws[] = {
    { "normal", 2, false, normal_prepare, normal_log_density, normal_lower, normal_upper,
      normal_make, mean_sd_guess },
    { "lognormal", 2, true, lognormal_prepare, lognormal_log_density, lognormal_lower,
      lognormal_upper, lognormal_make, mean_sd_guess },
    { "gamma", 2, true, gamma_prepare, gamma_log_density, gamma_lower, gamma_upper, gamma_make,
      gamma_guess },
    { "weibull", 2, true, weibull_prepare, weibull_log_density, weibull_lower, weibull_upper,
      weibull_make, weibull_guess },
    { "exponential", 1, false, exponential_prepare, exponential_log_density, exponential_lower,
      exponential_upper, exponential_make,
      exponential_guess },
};
const size_t fit_law_count = sizeof fit_laws / sizeof fit_laws[0];

const char *const fit_families[] = { "normal", "lognormal", "gamma", "weibull", "exponential",
                                     NULL };
