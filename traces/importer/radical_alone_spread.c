/* How well a rule of the launcher explains when tasks ended: it must make like tasks last alike,
 * and let none wait while nodes enough are idle. */
#include <math.h>

#include "base/xalloc.h"
#include "traces/importer/radical_alone_ends_impl.h"

#define SPREAD 0.05                      /* variance of log durations that is worth explaining */
#define SHARE 0.1                        /* the same of deviations, as a share of all time */
#define EXPLAINED 3.0                    /* and by how much the rule must reduce one of them */

/* How unequal the tasks of a group last: the variance of log durations, and the mean deviation as a
 * share of all time, which what lasts long decides. */
struct spread { double log_variance, share; };

static double lasted_s(const struct radical_end *e, bool by_rule)
{
    return by_rule ? e->lasted_s : radical_raw_s(e);
}

static struct spread spread_of(const struct radical_ends *e, bool by_rule)
{
    double *sum = xcalloc(e->n_groups + 1, sizeof *sum),
           *logs = xcalloc(e->n_groups + 1, sizeof *logs), total_s = 0;
    size_t *count = xcalloc(e->n_groups + 1, sizeof *count);
    struct spread out = { 0, 0 };
    for (size_t i = 0; i < e->n; i++) {
        sum[e->at[i].group] += lasted_s(&e->at[i], by_rule);
        logs[e->at[i].group] += log(lasted_s(&e->at[i], by_rule));
        count[e->at[i].group]++;
    }
    for (size_t i = 0; i < e->n; i++) {
        double n = (double)count[e->at[i].group], x = lasted_s(&e->at[i], by_rule);
        out.log_variance += pow(log(x) - logs[e->at[i].group] / n, 2) / (double)e->n;
        out.share += fabs(x - sum[e->at[i].group] / n);
        total_s += x;
    }
    out.share /= total_s;
    xfree(sum, logs, count);
    return out;
}

bool radical_ends_vary(const struct radical_ends *e)
{
    return spread_of(e, true).log_variance > SPREAD;
}

double radical_left_by_rule(const struct radical_ends *e)
{
    struct spread raw = spread_of(e, false), left = spread_of(e, true);
    bool explains =
        (raw.log_variance > SPREAD && left.log_variance * EXPLAINED < raw.log_variance) ||
        (raw.share > SHARE && left.share * EXPLAINED < raw.share);
    return explains ? left.log_variance / raw.log_variance + left.share / raw.share : (double)NAN;
}

/* Half-way through its wait, by the rule ALONE_NODES. */
static size_t nodes_taken(const struct radical_ends *e, const struct radical_end *waits)
{
    double began_s = waits->task->stopped_s - waits->lasted_s,
           at_s = (waits->task->started_s + began_s) / 2;
    size_t taken = 0;
    for (size_t i = 0; i < e->n; i++) {
        double stopped_s = e->at[i].task->stopped_s;
        if (stopped_s - e->at[i].lasted_s <= at_s && at_s < stopped_s)
            taken += e->at[i].nodes;
    }
    return taken;
}

double radical_waited_in_vain(const struct radical_ends *e)
{
    double waited_s = 0, vain_s = 0;
    for (size_t i = 0; i < e->n; i++) {
        const struct radical_end *end = &e->at[i];
        double s = radical_raw_s(end) - end->lasted_s;
        waited_s += s;
        if (s > 0 && nodes_taken(e, end) + end->nodes <= e->n_nodes)
            vain_s += s;
    }
    return waited_s > 0 ? vain_s / waited_s : 0;
}
