#include "traces/loop_law.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

enum { VALUES = 400, MOST_ITERATIONS = 100000 };

struct logs { double mean, squares; };

static struct logs logs_of(const double *iterations, size_t n)
{
    struct logs l = { 0, 0 };
    for (size_t i = 0; i < n; i++)
        l.mean += log(fmax(iterations[i], 1)) / (double)n;
    for (size_t i = 0; i < n; i++)
        l.squares += pow(log(fmax(iterations[i], 1)) - l.mean, 2);
    return l;
}

/* degrees 0: normal. */
static struct dist *whole_numbers(double mean, double scale, double degrees)
{
    double values[VALUES];
    for (size_t q = 0; q < VALUES; q++) {
        double p = ((double)q + 0.5) / VALUES,
               z = degrees > 0 ? gsl_cdf_tdist_Pinv(p, degrees) : gsl_cdf_ugaussian_Pinv(p);
        values[q] = fmin(fmax(round(exp(mean + scale * z)), 1), MOST_ITERATIONS);
    }
    return dist_empirical(values, VALUES);
}

struct dist *loop_law(const double *iterations, size_t n)
{
    struct logs l = logs_of(iterations, n);
    double degrees = LOOP_LAW_PRIOR + (double)n - 1,
           variance = (LOOP_LAW_PRIOR * LOOP_LAW_SD * LOOP_LAW_SD + l.squares) / degrees;
    return whole_numbers(l.mean, sqrt(variance * (1 + 1 / (double)n)), degrees);
}

struct dist *loop_law_about(double iterations)
{
    return whole_numbers(log(fmax(iterations, 1)), LOOP_LAW_SD, 0);
}
