#include "model/flow_load.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* Of one phase, all tasks. An attempt that fails moves less, and the next one another amount. */
static double amount_of(const struct workflow *w, size_t set, size_t k, const struct durations *d)
{
    const struct task_set *s = &w->sets[set];
    const struct phase *phase = phases_at(s, k);
    if (!d || dist_is_constant(phase->amount))
        return dist_mean(phase->amount) * s->n_tasks;
    if (s->failure_probability > 0)
        return 0;
    double sum = 0;
    for (uint32_t t = 0; t < s->n_tasks; t++)
        sum += durations_phase(d, (int)set, k, t, 0);
    return sum;
}

static void add_set(const struct workflow *w, size_t set, const struct platform *p,
                    const struct durations *d, double *load_s)
{
    for (size_t k = 0, n = phases_count(&w->sets[set]); k < n; k++) {
        const struct phase *phase = phases_at(&w->sets[set], k);
        const struct flow_rule *flow =
            phase->flow && phase->staging == STAGING_INSIDE ? phases_flow(p, phase->flow) : NULL;
        if (!flow)
            continue;
        double rate = flow->rate * (flow->per == FLOW_PER_NODE ? (double)p->n_nodes : 1);
        load_s[flow - p->flows] += amount_of(w, set, k, d) / rate;
    }
}

double flow_load_s(const struct workflow *w, const struct platform *p, const struct durations *d,
                   int *flow)
{
    double most_s = 0, *load_s = xcalloc(p->n_flows + 1, sizeof *load_s);
    int most = -1;
    for (size_t i = 0; i < w->n_sets; i++)
        add_set(w, i, p, d, load_s);
    for (size_t i = 0; i < p->n_flows; i++)
        if (load_s[i] > most_s) {
            most_s = load_s[i];
            most = (int)i;
        }
    free(load_s);
    if (flow)
        *flow = most;
    return most_s;
}
