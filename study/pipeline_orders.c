#include "study/pipeline_orders.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/readiness.h"

enum { PIPELINES_ALL = 4, PIPELINES_MOST = 1000 };       /* 4! = PIPELINE_ORDERS_MOST; beyond the latter ordering alone takes too long */

static size_t count_pipelines(const struct workflow *w)
{
    struct readiness *r = readiness_new(w, MODE_PIPELINED);
    int last = -1;
    for (size_t g = 0; g < readiness_group_count(r); g++) {
        int pipeline = readiness_group(r, g).pipeline;
        last = pipeline > last ? pipeline : last;
    }
    readiness_free(r);
    return (size_t)(last + 1);
}

/* The next permutation in lexicographic order; false: that was the last. */
static bool next_permutation(int *order, size_t n)
{
    size_t i = n - 1;
    while (i > 0 && order[i - 1] >= order[i])
        i--;
    if (i == 0)
        return false;
    size_t k = n - 1;
    while (order[k] <= order[i - 1])
        k--;
    int swapped = order[i - 1];
    order[i - 1] = order[k];
    order[k] = swapped;
    for (size_t a = i, b = n - 1; a < b; a++, b--) {
        swapped = order[a];
        order[a] = order[b];
        order[b] = swapped;
    }
    return true;
}

/* Orders one after the other, n pipelines each, the file's first; *n_orders of them. */
static int *list_orders(size_t n, uint64_t seed, size_t *n_orders)
{
    int *orders = xcalloc(PIPELINE_ORDERS_MOST * n, sizeof *orders);
    for (size_t i = 0; i < n; i++) {
        orders[i] = (int)i;
        orders[n + i] = (int)(n - 1 - i);
    }
    *n_orders = PIPELINE_ORDERS_MOST;
    struct rng_stream stream = rng_stream(seed, 0, RNG_ORDER, str_hash("orders of pipelines"));
    gsl_rng *rng = rng_gsl_new(&stream, 0);
    for (size_t k = 2; n > PIPELINES_ALL && k < PIPELINE_ORDERS_MOST; k++) {
        memcpy(orders + k * n, orders, n * sizeof *orders);
        gsl_ran_shuffle(rng, orders + k * n, n, sizeof *orders);
    }
    gsl_rng_free(rng);
    for (size_t k = 1; n <= PIPELINES_ALL && k < PIPELINE_ORDERS_MOST; k++) {
        memcpy(orders + k * n, orders + (k - 1) * n, n * sizeof *orders);
        if (!next_permutation(orders + k * n, n)) {
            *n_orders = k;
            break;
        }
    }
    return orders;
}

enum { REFUSED = -1, COMPLETE, INTERRUPTED, INCOMPLETE };

/* Mean makespan, and the difference to file_s[] (NULL: this is the file's order, which fills *keep). */
static int run_order(const struct scenario *s, const struct replicate_options *o, const double *file_s, double **keep, double *mean_s,
                     struct stats_interval *ci95, struct error *err)
{
    struct replicas runs;
    if (replicate(s, o, &runs, err))
        return REFUSED;
    double *made = xcalloc(o->replicas, sizeof *made), sum = 0;
    for (size_t i = 0; i < runs.n; i++)
        sum += made[i] = runs.at[i].makespan_s;
    *mean_s = sum / (double)o->replicas;
    if (!runs.interrupted && file_s)
        stats_paired_difference(file_s, made, runs.n, ci95);
    int status = runs.interrupted ? INTERRUPTED : replicas_are_complete(&runs) ? COMPLETE : INCOMPLETE;
    replicas_clear(&runs);
    if (keep)
        *keep = made;
    else
        free(made);
    return status;
}

static int try_orders(const struct scenario *s, const struct replicate_options *o, const int *orders, struct pipeline_orders *out,
                      struct error *err)
{
    struct scenario one = *s;
    double *file_s = NULL;
    size_t n = out->n_pipelines;
    int status = COMPLETE;
    one.mode = MODE_PIPELINED;
    for (size_t k = 0; k < out->n_orders && status == COMPLETE; k++) {
        double mean_s = 0;
        struct stats_interval ci95 = { 0, 0 };
        one.pipeline_order = orders + k * n;
        status = run_order(&one, o, file_s, k == 0 ? &file_s : NULL, &mean_s, &ci95, err);
        if (k == 0)
            out->file_s = mean_s;
        if (k == 0 || mean_s < out->best_s) {
            out->best_s = mean_s;
            out->best_ci95 = ci95;
            memcpy(out->best, orders + k * n, n * sizeof *orders);
        }
        if (k == 0 || mean_s > out->worst_s) {
            out->worst_s = mean_s;
            out->worst_ci95 = ci95;
        }
    }
    free(file_s);
    out->interrupted = status == INTERRUPTED;
    if (status == INCOMPLETE)
        out->n_orders = 0;
    return status == REFUSED ? -1 : 0;
}

int pipeline_orders(const struct scenario *s, const struct replicate_options *options, struct pipeline_orders *out, struct error *err)
{
    struct replicate_options o = *options;
    size_t n = count_pipelines(s->workflow);
    o.precision = 0;
    o.bounds = false;
    *out = (struct pipeline_orders){ .n_pipelines = n };
    if (n < 2 || n > PIPELINES_MOST)
        return 0;
    int *orders = list_orders(n, s->seed, &out->n_orders);
    out->all = n <= PIPELINES_ALL;
    out->best = xcalloc(n, sizeof *out->best);
    int status = try_orders(s, &o, orders, out, err);
    free(orders);
    return status;
}

void pipeline_orders_clear(struct pipeline_orders *p)
{
    free(p->best);
    *p = (struct pipeline_orders){ 0 };
}
