#include "num/modes.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/xalloc.h"

enum { PARTS = 20 };                     /* a twentieth is the least part and the most inside a gap */

/* Values of the sorted x in [from, to]. */
static size_t count_within(const double *x, size_t n, double from, double to)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += x[i] >= from && x[i] <= to;
    return count;
}

/* How likely a gap between x[left] and x[right] is under one mode. Its ends themselves were chosen by looking and do not count. */
static double chance(const double *x, size_t n, size_t left, size_t right)
{
    double width = x[right] - x[left];
    size_t inside = right - left - 1;
    size_t below = count_within(x, left, x[left] - width, x[left]), above = count_within(x + right + 1, n - right - 1, x[right],
                                                                                         x[right] + width);
    size_t beside = below < above ? below : above;
    return gsl_cdf_binomial_P((unsigned)inside, 0.5, (unsigned)(beside + inside));
}

static void describe(struct two_modes *out, const double *x, size_t n, double middle)
{
    size_t k = count_within(x, n, -INFINITY, middle);
    out->found = true;
    out->low = gsl_stats_mean(x, 1, k);
    out->high = gsl_stats_mean(x + k, 1, n - k);
    out->share_low = (double)k / (double)n;
    out->share_high = (double)(n - k) / (double)n;
}

struct two_modes two_modes_of(const double *x, size_t n, double least_gap)
{
    struct two_modes out = { .p = 1 };
    size_t part = n / PARTS > 1 ? n / PARTS : 1, best = 0, best_right = 0, tried = 0;
    double least = 1;
    if (n < 2 * part + 1)
        return out;
    double *sorted = xmemdup(x, n * sizeof *x);
    gsl_sort(sorted, 1, n);
    for (size_t left = part - 1; left + part < n; left++)
        for (size_t right = left + 1; right <= left + 1 + n / PARTS && right + part <= n; right++) {
            tried++;
            if (sorted[right] - sorted[left] < least_gap || sorted[right] == sorted[left])
                continue;
            double p = chance(sorted, n, left, right);
            if (p < least) {
                least = p;
                best = left;
                best_right = right;
            }
        }
    out.p = fmin(1, least * (double)tried);
    out.gap = sorted[best_right] - sorted[best];
    if (out.p < TWO_MODES_LEVEL)
        describe(&out, sorted, n, (sorted[best] + sorted[best_right]) / 2);
    free(sorted);
    return out;
}
