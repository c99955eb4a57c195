#include "traces/service_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* When each request could be served: it was sent, and the service was ready. Ascending; free() it.
 */
static double *sorted_starts(const struct session *s, double ready_at_s)
{
    double *start_s = xcalloc(s->n_requests, sizeof *start_s);
    for (size_t i = 0; i < s->n_requests; i++)
        start_s[i] = fmax(s->requests[i].started_s, ready_at_s);
    sort_doubles(start_s, s->n_requests);
    return start_s;
}

/* Requests of one length leave several servers in the order in which they came. */
static double serial_end_s(const double *start_s, size_t n, double each_s, size_t servers)
{
    double sum_s = 0, *end_s = xcalloc(n, sizeof *end_s);
    for (size_t i = 0; i < n; i++) {
        double free_s = i < servers ? -INFINITY : end_s[i - servers];
        sum_s += end_s[i] = fmax(free_s, start_s[i]) + each_s;
    }
    free(end_s);
    return sum_s / (double)n;
}

/* Equal requests that share a rate end in the order in which they began, each when the virtual
 * time, which passes at 1 / (their number), has moved on by each_s. */
static double shared_end_s(const double *start_s, size_t n, double each_s, size_t servers)
{
    (void)servers;                       /* each_s is that of all together */
    double now_s = start_s[0], virtual_s = 0, sum_s = 0, *end_s = xcalloc(n, sizeof *end_s);
    size_t begun = 0, ended = 0;
    while (ended < n) {
        double next_s = begun < n ? start_s[begun] : INFINITY;
        double active = (double)(begun - ended);
        double left_s = active > 0 ? (end_s[ended] - virtual_s) * active : INFINITY;
        if (now_s + left_s <= next_s) {
            now_s += left_s;
            virtual_s = end_s[ended++];
            sum_s += now_s;
            continue;
        }
        virtual_s += active > 0 ? (next_s - now_s) / active : 0;
        now_s = next_s;
        end_s[begun++] = virtual_s + each_s;
    }
    free(end_s);
    return sum_s / (double)n;
}

static double observed_end_s(const struct session *s)
{
    double sum_s = 0;
    for (size_t i = 0; i < s->n_requests; i++)
        sum_s += s->requests[i].stopped_s;
    return sum_s / (double)s->n_requests;
}

typedef double mean_end_fn(const double *start_s, size_t n, double each_s, size_t servers);

/* How far the mean end is from what was seen, if the first request took `first_s` to be served. */
static double error_of(const struct session *s, mean_end_fn *mean_end, double each_s,
                       double first_s)
{
    double *start_s = sorted_starts(s, s->requests[0].stopped_s - first_s);
    double end_s = mean_end(start_s, s->n_requests, each_s, s->n_services);
    double error_s = fabs(end_s - observed_end_s(s));
    free(start_s);
    return error_s;
}

double service_order_serial_error_s(const struct session *s, double each_s)
{
    return error_of(s, serial_end_s, each_s, each_s);
}

double service_order_shared_error_s(const struct session *s, double each_s, double first_s)
{
    return error_of(s, shared_end_s, each_s, first_s);
}
