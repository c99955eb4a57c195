#include "num/random_effects.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

struct weighted { double mean, weight, squares; };       /* mu, sum w, sum w (m - mu)^2 */

static struct weighted weigh(const double *m, const double *v, size_t n, double tau2)
{
    struct weighted sum = { 0, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        double w = tau2 + v[i] > 0 ? 1 / (tau2 + v[i]) : 1;
        sum.weight += w;
        sum.mean += w * m[i];
    }
    sum.mean /= sum.weight;
    for (size_t i = 0; i < n; i++)
        sum.squares +=
            (m[i] - sum.mean) * (m[i] - sum.mean) * (tau2 + v[i] > 0 ? 1 / (tau2 + v[i]) : 1);
    return sum;
}

/* sum w (m - mu)^2 falls with tau^2; at tau^2 = sum (m - mean)^2 it is at most n - 1 for n >= 2. */
static double solve_tau2(const double *m, const double *v, size_t n)
{
    const double target = (double)(n - 1);
    double low = 0, high = 0;
    for (size_t i = 0; i < n; i++)
        high += (m[i] - m[0]) * (m[i] - m[0]);
    if (n < 2 || high == 0)
        return 0;
    if (v[0] <= 0)
        /* weights are 1: the variance of the means */
        return weigh(m, v, n, 0).squares / target;
    if (weigh(m, v, n, 0).squares <= target)
        return 0;
    for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
        double middle = (low + high) / 2;
        if (weigh(m, v, n, middle).squares > target)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

struct random_effects random_effects_fit(const double *m, const double *v, size_t n)
{
    double tau2 = solve_tau2(m, v, n);
    struct weighted sum = weigh(m, v, n, tau2);
    struct random_effects out = { .mean = sum.mean, .between = sqrt(tau2), .se = NAN,
                                  .ci95 = { NAN, NAN } };
    if (n < 2)
        return out;
    out.se = sqrt(sum.squares / ((double)(n - 1) * sum.weight));
    double half = gsl_cdf_tdist_Pinv(0.975, (double)(n - 1)) * out.se;
    out.ci95 = (struct stats_interval){ sum.mean - half, sum.mean + half };
    return out;
}
