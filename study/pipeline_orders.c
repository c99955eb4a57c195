#include "study/pipeline_orders.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/readiness.h"

enum { PIPELINES_MOST = 1000 };          /* beyond, ordering alone takes too long */
enum { LEAST_REPLICAS = 4, ENOUGH_REPLICAS = 8, REPLICAS_SHARE = 16 };
static const double matters_share = 0.01, cheap_tasks = 2e5;

/* What submits in this mode: sets, pipelines, or a single thread of stages. */
static size_t count_submitters(const struct workflow *w, enum mode mode)
{
    if (workflow_decides(w) && mode == MODE_PIPELINED)
        return 1;                        /* its pipelines are not known beforehand */
    if (mode != MODE_PIPELINED)
        return mode == MODE_ASYNCHRONOUS ? w->n_sets : 1;
    struct readiness *r = readiness_new(w, MODE_PIPELINED);
    int last = -1;
    for (size_t g = 0; g < readiness_group_count(r); g++) {
        int pipeline = readiness_group(r, g).pipeline;
        last = pipeline > last ? pipeline : last;
    }
    readiness_free(r);
    return (size_t)(last + 1);
}

/* The next permutation in lexicographic order; there is one. */
static void next_permutation(int *order, size_t n)
{
    size_t i = n - 1;
    while (i > 0 && order[i - 1] >= order[i])
        i--;
    assert(i > 0);
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
}

/* n! where it is at most `most`, else 0. */
static size_t all_orders(size_t n, size_t most)
{
    size_t product = 1;
    for (size_t i = 2; i <= n && product <= most; i++)
        product *= i;
    return product <= most ? product : 0;
}

/* Orders one after the other, n pipelines each, the file's first; *n_orders of them, `most` at
 * most. */
static int *list_orders(size_t n, uint64_t seed, size_t most, size_t *n_orders)
{
    size_t all = all_orders(n, most);
    int *orders = xcalloc(most * n, sizeof *orders);
    for (size_t i = 0; i < n; i++) {
        orders[i] = (int)i;
        orders[n + i] = (int)(n - 1 - i);
    }
    *n_orders = all ? all : most;
    struct rng_stream stream = rng_stream(seed, 0, RNG_ORDER, str_hash("orders of pipelines"));
    gsl_rng *rng = rng_gsl_new(&stream, 0);
    for (size_t k = 2; !all && k < most; k++) {
        memcpy(orders + k * n, orders, n * sizeof *orders);
        gsl_ran_shuffle(rng, orders + k * n, n, sizeof *orders);
    }
    gsl_rng_free(rng);
    for (size_t k = 1; k < all; k++) {
        memcpy(orders + k * n, orders + (k - 1) * n, n * sizeof *orders);
        next_permutation(orders + k * n, n);
    }
    return orders;
}

enum { REFUSED = -1, COMPLETE, INTERRUPTED, INCOMPLETE };

/* Of the replicas under one order: their mean makespan, their makespans, to be freed, and the
 * difference to those of the file's order. */
struct order_run { double mean_s, *made; struct stats_interval ci95; };

static int order_of_runs(const struct replica *at, size_t n, struct order_run *out)
{
    bool complete = true;
    *out = (struct order_run){ .made = REPLICA_TIMES(at, n, makespan_s) };
    out->mean_s = stats_mean(out->made, n);
    for (size_t i = 0; i < n; i++)
        complete &= at[i].complete;
    return complete ? COMPLETE : INCOMPLETE;
}

static int run_order(const struct scenario *s, const struct replicate_options *o,
                     struct order_run *out, struct error *err)
{
    struct replicas runs;
    if (replicate(s, o, &runs, err))
        return REFUSED;
    int status = runs.interrupted ? INTERRUPTED : order_of_runs(runs.at, runs.n, out);
    replicas_clear(&runs);
    return status;
}

/* The replicas that have run already are of the file's order, and enough. */
static bool are_of_file_order(const struct scenario *s, const struct replicas *known, size_t n)
{
    return known && !s->pipeline_order && !workflow_decides(s->workflow) && known->n >= n;
}

static int try_orders(const struct scenario *s, const struct replicate_options *o,
                      const struct replicas *known, const int *orders,
                      struct pipeline_orders *out, struct error *err)
{
    struct scenario one = *s;
    double *file_s = NULL;
    size_t n = out->n_pipelines;
    int status = COMPLETE;
    for (size_t k = 0; k < out->n_orders && status == COMPLETE; k++) {
        struct order_run run = { .made = NULL };
        one.pipeline_order = orders + k * n;
        status = k == 0 && are_of_file_order(s, known, o->replicas)
                     ? order_of_runs(known->at, o->replicas, &run)
                     : run_order(&one, o, &run, err);
        if (file_s && run.made)
            stats_paired_difference(file_s, run.made, o->replicas, &run.ci95);
        if (k == 0) {
            out->file_s = run.mean_s;
            file_s = run.made;
        } else {
            free(run.made);
        }
        if (k == 0 || run.mean_s < out->best_s) {
            out->best_s = run.mean_s;
            out->best_ci95 = run.ci95;
            memcpy(out->best, orders + k * n, n * sizeof *orders);
        }
        if (k == 0 || run.mean_s > out->worst_s) {
            out->worst_s = run.mean_s;
            out->worst_ci95 = run.ci95;
        }
    }
    free(file_s);
    out->interrupted = status == INTERRUPTED;
    if (status == INCOMPLETE)
        out->n_orders = 0;
    return status == REFUSED ? -1 : 0;
}

int pipeline_orders(const struct scenario *s, const struct replicate_options *options, size_t most,
                    const struct replicas *known, struct pipeline_orders *out, struct error *err)
{
    struct replicate_options o = *options;
    size_t n = count_submitters(s->workflow, s->mode);
    o.precision = 0;
    o.bounds = false;
    *out = (struct pipeline_orders){ .n_pipelines = n };
    if (n < 2 || n > PIPELINES_MOST)
        return 0;
    int *orders = list_orders(n, s->seed, most, &out->n_orders);
    out->all = all_orders(n, most) > 0;
    out->best = xcalloc(n, sizeof *out->best);
    int status = try_orders(s, &o, known, orders, out, err);
    free(orders);
    return status;
}

int pipeline_orders_few(const struct scenario *s, const struct replicate_options *options,
                        const struct replicas *known, struct pipeline_orders *out,
                        struct error *err)
{
    struct replicate_options o = *options;
    bool cheap = (double)s->workflow->n_tasks * PIPELINE_ORDERS_FEW * LEAST_REPLICAS <= cheap_tasks;
    *out = (struct pipeline_orders){ 0 };
    o.replicas = options->replicas / REPLICAS_SHARE < ENOUGH_REPLICAS
                     ? options->replicas / REPLICAS_SHARE
                     : ENOUGH_REPLICAS;
    if (o.replicas < LEAST_REPLICAS && !cheap)
        return 0;
    o.replicas = o.replicas < LEAST_REPLICAS ? LEAST_REPLICAS : o.replicas;
    progress_begin(o.progress, "orders of submission, replicas", 0);
    int status = pipeline_orders(s, &o, PIPELINE_ORDERS_FEW, known, out, err);
    free(out->best);
    out->best = NULL;
    return status;
}

bool pipeline_orders_matter(const struct pipeline_orders *p)
{
    bool real = p->best_ci95.high < 0 || p->worst_ci95.low > 0;
    return !p->interrupted && p->n_orders > 1 && real &&
           p->worst_s - p->best_s > matters_share * p->file_s;
}

void pipeline_orders_clear(struct pipeline_orders *p)
{
    free(p->best);
    *p = (struct pipeline_orders){ 0 };
}
