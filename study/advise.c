#include "study/advise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "study/advise_impl.h"
#include "study/replicate.h"

static const double minute_s = 60, hour_s = 3600, joules_a_kwh = 3.6e6, tail = 0.025;

size_t advise_least_replicas(double confidence)
{
    double n = ceil(log(tail) / log(confidence));
    return n > 2 ? (size_t)n : 2;                        /* one value has no interval */
}

/* --- one row ---------------------------------------------------------------------------------- */

static const struct queue_rule *nearest_queue(const struct platform *p, size_t nodes)
{
    const struct queue_rule *longest = NULL;
    for (size_t i = 0; i < p->n_queues; i++) {
        const struct queue_rule *q = &p->queues[i];
        if (queue_takes(q, p, nodes) && (!longest || q->max_walltime_s > longest->max_walltime_s))
            longest = q;
    }
    return longest;
}

static void choose_queue(const struct platform *p, struct advice_row *r)
{
    r->queue = platform_queue(p, r->nodes, r->walltime_s);
    r->accepted =
        (r->queue || p->n_queues == 0) && (p->machine_nodes == 0 || r->nodes <= p->machine_nodes);
    r->nearest = r->queue ? NULL : nearest_queue(p, r->nodes);
    r->charge = r->node_hours * (r->queue     ? r->queue->charge_factor
                                 : r->nearest ? r->nearest->charge_factor
                                              : 1);
}

static void fill(const struct platform *p, double confidence, struct advice_row *r)
{
    size_t n = r->replicas;
    double *session_s = REPLICA_TIMES(r->runs, n, session_s);
    double slots = 0, gpus = 0, complete = 0, busy_j = 0;
    double all_slots = (double)platform_usable_slots(p), all_gpus = (double)platform_gpus(p);
    for (size_t i = 0; i < n; i++) {
        const struct replica *one = &r->runs[i];
        slots += one->session_s > 0 ? one->busy_slot_s / (all_slots * one->session_s) : 0;
        gpus += one->session_s > 0 ? one->busy_gpu_s / (all_gpus * one->session_s) : 0;
        complete += one->complete;
        busy_j += one->busy_j;
    }
    r->session = stats_summarise(session_s, n);
    r->quantile_s = stats_quantile(session_s, n, confidence);
    r->quantile_ci95 = stats_quantile_ci95(session_s, n, confidence);
    r->walltime_s = fmax(1, ceil(r->quantile_ci95.high / minute_s)) * minute_s;
    r->node_hours = (double)r->nodes * r->session.mean / hour_s;
    r->energy_kwh = (platform_idle_w(p) * r->session.mean + busy_j / (double)n) / joules_a_kwh;
    r->utilisation_slots = slots / (double)n;
    r->utilisation_gpus = all_gpus > 0 ? gpus / (double)n : NAN;
    r->share_complete = complete / (double)n;
    r->enough = r->share_complete >= confidence;
    free(session_s);
}

/* Once all replicas of the row have run. */
static void find_modes(struct advice_row *r)
{
    double *makespan_s = REPLICA_TIMES(r->runs, r->replicas, makespan_s);
    r->modes = summary_modes(makespan_s, r->replicas);
    free(makespan_s);
}

/* Appends `more` replicas to those of the row. A row that cannot run says why. 1: interrupted. */
static int run_row(const struct scenario *s, const struct advise_options *o, size_t more,
                   struct advice_row *r)
{
    struct error err = { "" };
    struct scenario one = *s;
    struct platform *p = platform_with_nodes(s->platform, r->nodes, &err);
    struct replicate_options how = { .from = r->replicas, .replicas = more, .threads = o->threads,
                                     .stop = o->stop,
                                     .progress = o->progress };
    struct replicas runs = { 0 };
    one.platform = p;
    one.allocation = (struct allocation){ 0 };
    one.mode = r->mode;
    if (!p || platform_check(p, s->workflow, &err) || replicate(&one, &how, &runs, &err)) {
        progress_step(o->progress, more);
        r->why_not = xstrdup(err.text);
    } else if (!runs.interrupted) {
        r->runs = xrealloc(r->runs, r->replicas + runs.n, sizeof *r->runs);
        memcpy(r->runs + r->replicas, runs.at, runs.n * sizeof *r->runs);
        r->replicas += runs.n;
        fill(p, o->confidence, r);
        choose_queue(s->platform, r);
    }
    int interrupted = runs.interrupted;
    replicas_clear(&runs);
    platform_free(p);
    return interrupted;
}

/* --- choices ---------------------------------------------------------------------------------- */

/* Compared at what one asks for: whole minutes, and charges to one per mille. */
static const double tie = 1e-3;

static bool beats(const struct advice_row *a, const struct advice_row *b)
{
    double margin = tie * b->charge;
    return a->walltime_s <= b->walltime_s && a->charge <= b->charge + margin &&
           (a->walltime_s < b->walltime_s || a->charge < b->charge - margin);
}

/* The same to who asks for it, and as good an answer. */
static bool is_twin(const struct advice_row *a, const struct advice_row *b, double deadline_s)
{
    return a->walltime_s == b->walltime_s && fabs(a->charge - b->charge) <= tie * b->charge &&
           a->accepted == b->accepted && a->enough == b->enough &&
           (a->quantile_ci95.high <= deadline_s) == (b->quantile_ci95.high <= deadline_s);
}

/* An earlier row of other mode, the same nodes, walltime and charge, which is no twin itself; -1:
 * none. */
static int twin_of(const struct advice *a, size_t i, double deadline_s)
{
    for (size_t k = i - i % MODES; k < i; k++) {
        const struct advice_row *x = &a->rows[k];
        if (!x->why_not && x->same_as < 0 && is_twin(x, &a->rows[i], deadline_s))
            return (int)k;
    }
    return -1;
}

/* The row with the least key, ties to the lesser second key, then to the first row. */
struct keys { double first, second; };

static void take_less(int *best, size_t i, struct keys of, struct keys of_best)
{
    if (*best < 0 || of.first < of_best.first ||
        (of.first == of_best.first && of.second < of_best.second))
        *best = (int)i;
}

static struct keys by_charge(const struct advice_row *r)
{
    return (struct keys){ r->charge, r->walltime_s };
}

static struct keys by_walltime(const struct advice_row *r)
{
    return (struct keys){ r->walltime_s, r->charge };
}

static struct keys by_nodes(const struct advice_row *r)
{
    return (struct keys){ (double)r->nodes, r->charge };
}

/* What would be the cheapest if it could be asked for. */
static void find_refused(struct advice *a)
{
    a->refused = -1;
    for (size_t i = 0; i < a->n; i++) {
        const struct advice_row *r = &a->rows[i], *best = &a->rows[a->refused < 0 ? 0 : a->refused];
        if (!r->why_not && !r->accepted && r->enough && r->same_as < 0 &&
            (a->cheapest < 0 || r->charge < a->rows[a->cheapest].charge))
            take_less(&a->refused, i, by_charge(r), by_charge(best));
    }
}

static void choose(struct advice *a, double deadline_s)
{
    a->cheapest = a->fastest = a->smallest = -1;
    for (size_t i = 0; i < a->n; i++) {
        const struct advice_row *r = &a->rows[i];
        a->rows[i].on_front = false;
        a->rows[i].same_as = r->why_not ? -1 : twin_of(a, i, deadline_s);
        if (r->why_not || !r->accepted || !r->enough || r->same_as >= 0)
            continue;
        a->rows[i].on_front = true;
        for (size_t k = 0; k < a->n && a->rows[i].on_front; k++)
            a->rows[i].on_front = a->rows[k].why_not || !a->rows[k].accepted ||
                                  !a->rows[k].enough || !beats(&a->rows[k], r);
        const struct advice_row *c = &a->rows[a->cheapest < 0 ? 0 : a->cheapest],
                                *f = &a->rows[a->fastest < 0 ? 0 : a->fastest];
        take_less(&a->cheapest, i, by_charge(r), by_charge(c));
        take_less(&a->fastest, i, by_walltime(r), by_walltime(f));
        const struct advice_row *m = &a->rows[a->smallest < 0 ? 0 : a->smallest];
        if (deadline_s > 0 && r->quantile_ci95.high <= deadline_s)
            take_less(&a->smallest, i, by_nodes(r), by_nodes(m));
    }
    find_refused(a);
}

/* Doubles the replicas of the rows that need more; true: some did. Each round has a bar of its own:
 * which rows need another is known only after it. */
static bool refine(const struct scenario *s, const struct advise_options *o, struct advice *a)
{
    size_t *more = xcalloc(a->n, sizeof *more), n_rows = 0, all = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t n = a->rows[i].replicas, left = o->replicas - n;
        if (advise_needs_more(a, o, i))
            more[i] = o->all || n > left ? left : n;
        n_rows += more[i] > 0;
        all += more[i];
    }
    char *stage = str_format("more replicas of %zu row%s", n_rows, n_rows == 1 ? "" : "s");
    progress_begin(all > 0 ? o->progress : NULL, stage, all);
    for (size_t i = 0; i < a->n && !a->interrupted; i++)
        if (more[i] > 0)
            a->interrupted = run_row(s, o, more[i], &a->rows[i]);
    choose(a, o->deadline_s);
    xfree(stage, more);
    return all > 0;
}

/* Of a row that is a choice: whether the order of submission matters there. */
static int ask_order(const struct scenario *s, const struct advise_options *o, struct advice *a,
                     int row, struct error *err)
{
    if (row < 0 || a->interrupted || a->rows[row].order.n_orders > 0)
        return 0;
    struct scenario one = *s;
    struct platform *p = platform_with_nodes(s->platform, a->rows[row].nodes, err);
    if (!p)
        return -1;
    one.platform = p;
    one.allocation = (struct allocation){ 0 };
    one.mode = a->rows[row].mode;
    int status = pipeline_orders_few(&one,
                                     &(struct replicate_options){ .replicas = o->replicas,
                                                                  .threads = o->threads,
                                                                  .stop = o->stop,
                                                                  .progress = o->progress },
                                     NULL, &a->rows[row].order, err);
    a->interrupted = a->rows[row].order.interrupted;
    platform_free(p);
    return status;
}

int advise(const struct scenario *s, const struct advise_options *o, struct advice *out,
           struct error *err)
{
    size_t least = advise_least_replicas(o->confidence);
    if (o->replicas < least)
        return error_set(err, "a confidence of %g takes at least %zu replicas, not %zu",
                         o->confidence, least, o->replicas);
    *out = (struct advice){ .n = o->n_nodes * MODES };
    out->rows = xcalloc(out->n, sizeof *out->rows);
    for (size_t i = 0; i < out->n && !out->interrupted; i++) {
        out->rows[i] = (struct advice_row){ .nodes = o->nodes[i / MODES],
                                            .mode = (enum mode)(i % MODES) };
        out->interrupted = run_row(s, o, least, &out->rows[i]);
    }
    choose(out, o->deadline_s);
    while (!out->interrupted && refine(s, o, out))
        continue;
    for (size_t i = 0; i < out->n && !out->interrupted; i++)
        if (!out->rows[i].why_not)
            find_modes(&out->rows[i]);
    const int choices[] = { out->cheapest, out->fastest, out->smallest };
    int status = 0;
    for (size_t i = 0; i < sizeof choices / sizeof *choices && status == 0; i++)
        status = ask_order(s, o, out, choices[i], err);
    if (status)
        advice_clear(out);
    return status;
}

void advice_clear(struct advice *a)
{
    for (size_t i = 0; i < a->n; i++) {
        xfree(a->rows[i].why_not, a->rows[i].runs);
    }
    free(a->rows);
    *a = (struct advice){ 0 };
}
