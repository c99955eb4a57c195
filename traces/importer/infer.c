#include "traces/importer/infer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"

double infer_peak(struct infer_load *loads, size_t n)
{
    double sum = 0, peak = 0;
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ sort_key_of(loads[i].amount), i };
    sort_by_keys(loads, n, sizeof *loads, keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ sort_key_of(loads[i].time_s), i };
    sort_by_keys(loads, n, sizeof *loads, keys);
    free(keys);
    for (size_t i = 0; i < n; i++) {
        sum += loads[i].amount;
        peak = fmax(peak, sum);
    }
    return peak;
}

/* Compares two runs of digits as numbers of any length; both pointers go behind them. */
static int compare_digits(const char **a, const char **b)
{
    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    const char *x = *a, *y = *b;
    while (isdigit((unsigned char)**a))
        ++*a;
    while (isdigit((unsigned char)**b))
        ++*b;
    size_t n = (size_t)(*a - x), m = (size_t)(*b - y);
    return n != m ? (n > m) - (n < m) : strncmp(x, y, n);
}

int infer_compare_names(const char *a, const char *b)
{
    const char *x = a, *y = b;
    while (*x && *y) {
        if (isdigit((unsigned char)*x) && isdigit((unsigned char)*y)) {
            int order = compare_digits(&x, &y);
            if (order)
                return order;
        } else if (*x != *y) {
            break;
        } else {
            x++;
            y++;
        }
    }
    int order = (unsigned char)*x - (unsigned char)*y;
    return order ? order : strcmp(a, b);
}

struct platform *infer_platform(const char *name, size_t n_nodes, int cores, int gpus,
                                const char *const *node_names, const char *source)
{
    struct platform *p = xcalloc(1, sizeof *p);
    p->name = xstrdup(name);
    p->source = xstrdup(source);
    p->slot_kind = SLOT_CORE;
    p->n_shapes = 1;
    p->shapes = xcalloc(1, sizeof *p->shapes);
    p->shapes[0] = (struct node_shape){ .name = xstrdup("node"), .cores = cores,
                                        .threads_per_core = 1, .n_slots = cores, .n_gpus = gpus };
    p->n_nodes = n_nodes;
    p->shape_of = xcalloc(n_nodes, sizeof *p->shape_of);
    p->node_names = node_names ? xcalloc(n_nodes, sizeof *p->node_names) : NULL;
    for (size_t i = 0; node_names && i < n_nodes; i++)
        p->node_names[i] = xstrdup(node_names[i]);
    return p;
}

uint32_t infer_common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint32_t infer_ranks(uint32_t cores, uint32_t gpus, uint32_t nodes)
{
    uint32_t common = infer_common_divisor(cores, gpus);
    if (nodes && cores % nodes == 0 && gpus % nodes == 0)
        return nodes;
    return common ? common : 1;
}

/* --- durations -------------------------------------------------------------------------------- */

/* Known durations, ascending, and the sums of those from each on. */
struct known { size_t n; double *values, *sums; };

static struct known find_known(const double *durations, size_t n)
{
    struct known k = { 0, xcalloc(n + 1, sizeof *k.values), xcalloc(n + 2, sizeof *k.sums) };
    for (size_t i = 0; i < n; i++)
        if (!isnan(durations[i]))
            k.values[k.n++] = durations[i];
    qsort(k.values, k.n, sizeof *k.values, sort_by_double);
    for (size_t i = k.n; i-- > 0; )
        k.sums[i] = k.sums[i + 1] + k.values[i];
    return k;
}

/* The mean of the known ones above `least`; NAN: none is. */
static double mean_above(const struct known *k, double least)
{
    size_t below = sort_count(k->values, k->n, least);
    return below < k->n ? k->sums[below] / (double)(k->n - below) : (double)NAN;
}

static double mean_bound(const double *durations, const struct infer_bounds *bounds, size_t n)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; bounds && i < n; i++) {
        if (!isnan(durations[i]) || !(bounds[i].at_least_s > 0))
            continue;
        sum += bounds[i].at_least_s;
        count++;
    }
    return count ? sum / (double)count : 0;
}

size_t infer_durations(double *durations, const struct infer_bounds *bounds, size_t n)
{
    size_t unknown = 0;
    for (size_t i = 0; i < n; i++)
        unknown += isnan(durations[i]);
    if (!unknown)
        return 0;
    struct known known = find_known(durations, n);
    double otherwise = known.n ? known.sums[0] / (double)known.n : mean_bound(durations, bounds, n);
    for (size_t i = 0; i < n; i++) {
        if (!isnan(durations[i]))
            continue;
        double least = bounds ? bounds[i].at_least_s : 0, most = bounds ? bounds[i].at_most_s : 0;
        double mean = least > 0 ? mean_above(&known, least) : otherwise;
        durations[i] = isnan(mean) ? least : mean;
        if (most > 0 && (durations[i] > most || (!known.n && least <= 0)))
            durations[i] = most;
    }
    xfree(known.values, known.sums);
    return unknown;
}
