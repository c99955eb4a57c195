#include "num/dist/whole.h"

#include <math.h>

#define ROUNDING 4e-16                   /* of 1 - p, and of GSL */

static bool reaches(const struct dist *d, struct dist_tails p, double k)
{
    struct dist_tails at = d->ops->cdf(d, k);
    return p.lower < p.upper ? at.lower >= p.lower * (1 - ROUNDING)
                             : at.upper <= p.upper + ROUNDING;
}

/* Steps away from the mean that double, then halves what lies between. */
double whole_quantile(const struct dist *d, struct dist_tails p, double most)
{
    double high = fmin(most, floor(d->mean)), low = -1, step = 1;
    bool above = reaches(d, p, high);
    for (double k = high - 1; above && k >= 0; k = high - step) {
        if (!reaches(d, p, k)) {
            low = k;
            break;
        }
        high = k;
        step *= 2;
    }
    while (!above && high < most && !reaches(d, p, high)) {
        low = high;
        high = fmin(most, high + step);
        step *= 2;
    }
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (reaches(d, p, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

double whole_expected_max(const struct dist *d, size_t n)
{
    double sum = 0;
    for (double k = 0; k < WHOLE_LARGEST; k++) {
        double above = -expm1((double)n * log1p(-d->ops->cdf(d, k).upper));
        sum += above;
        if (k > d->mean && above < 1e-12)
            break;
    }
    return sum;
}
