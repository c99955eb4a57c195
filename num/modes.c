#include "num/modes.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* a twentieth is the least part and the most inside a gap */
enum { PARTS = 20 };

/* How many of the sorted x are less than (or, `equal`, at most) this. O(log n). */
static size_t count_below(const double *x, size_t n, double value, bool equal)
{
    size_t below;
    SORT_COUNT_IF(below, n, i, x[i] < value || (equal && x[i] == value));
    return below;
}

/* Values of the emptier neighbourhood of the gap between x[left] and x[right]. Its ends were chosen
 * by looking and do not count. */
static size_t beside_gap(const double *x, size_t n, size_t left, size_t right)
{
    double width = x[right] - x[left];
    size_t below = left - count_below(x, left, x[left] - width, false);
    size_t above = count_below(x, n, x[right] + width, true) - (right + 1);
    return below < above ? below : above;
}

/* How likely so many values in a gap are under one mode. */
static double chance(size_t inside, size_t beside)
{
    return gsl_cdf_binomial_P((unsigned)inside, 0.5, (unsigned)(beside + inside));
}

static void describe(struct two_modes *out, const double *x, size_t n, double middle)
{
    size_t k = count_below(x, n, middle, true);
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
    size_t best_inside = n, best_beside = 0;
    double least = 1;
    if (n < 2 * part + 1)
        return out;
    double *sorted = xmemdup(x, n * sizeof *x);
    sort_doubles(sorted, n);
    for (size_t left = part - 1; left + part < n; left++)
        for (size_t right = left + 1; right <= left + 1 + n / PARTS && right + part <= n; right++) {
            tried++;
            if (sorted[right] - sorted[left] < least_gap || sorted[right] == sorted[left])
                continue;
            size_t inside = right - left - 1, beside = beside_gap(sorted, n, left, right);
            if (inside >= best_inside && beside <= best_beside)
                continue;                /* surely not less likely than the best */
            double p = chance(inside, beside);
            if (p < least) {
                least = p;
                best_inside = inside;
                best_beside = beside;
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
