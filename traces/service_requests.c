/* What the requests of one session say: since when each could be served, and how long that took. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "traces/service_fit_impl.h"

enum { FEWEST_REQUESTS = 2, FEWEST_OF_A_KIND = 8 };

double service_could_begin_s(const struct session *s, size_t i, size_t servers)
{
    return i < servers ? s->requests[i].started_s
                       : fmax(s->requests[i].started_s, s->requests[i - servers].stopped_s);
}

double service_took_s(const struct session *s, size_t i, size_t servers)
{
    return s->requests[i].stopped_s - service_could_begin_s(s, i, servers);
}

double service_busy_s(const struct session *s, size_t servers)
{
    double sum_s = 0;
    for (size_t i = servers; i < s->n_requests; i++)
        sum_s += service_took_s(s, i, servers);
    return sum_s;
}

bool service_has_requests(const struct session *s)
{
    return s->n_services > 0 && s->n_requests >= s->n_services + FEWEST_REQUESTS - 1 &&
           service_busy_s(s, 1) > 0;
}

size_t service_begun_later(const struct session *s)
{
    size_t n = 0;
    for (size_t i = 1; i < s->n_requests; i++)
        n += s->requests[i].started_s >= s->requests[0].stopped_s;
    return n > 0 ? n : s->n_requests - 1;
}

static void add_to_kind(struct service_kind *k, double s)
{
    k->n++;
    k->sum_s += s;
    k->squares += s * s;
}

void service_add_kinds(const struct session *s, size_t servers, struct service_kind kinds[2])
{
    bool *asked = xcalloc(s->timeline ? s->timeline->n + 1 : s->n_requests + 1, sizeof *asked);
    for (size_t i = 0; i < s->n_requests; i++) {
        const struct session_request *r = &s->requests[i];
        if (i >= servers)
            add_to_kind(&kinds[asked[r->record]], service_took_s(s, i, servers));
        asked[r->record] = true;
    }
    free(asked);
}

double service_kind_squares(const struct service_kind *k)
{
    return k->n > 0 ? fmax(0, k->squares - k->sum_s * k->sum_s / (double)k->n) : 0;
}

static double variance_of_mean(const struct service_kind *k)
{
    double n = (double)k->n;
    return service_kind_squares(k) / (n - 1) / n;
}

double service_first_of(const struct service_kind kinds[2])
{
    const struct service_kind *first = &kinds[0], *later = &kinds[1];
    if (first->n < FEWEST_OF_A_KIND || later->n < FEWEST_OF_A_KIND)
        return 1;
    double a_s = first->sum_s / (double)first->n, b_s = later->sum_s / (double)later->n;
    double error_s = sqrt(variance_of_mean(first) + variance_of_mean(later));
    const double rounding = 1e-9;
    return b_s > 0 && fabs(a_s - b_s) > fmax(3 * error_s, rounding * b_s) ? a_s / b_s : 1;
}
