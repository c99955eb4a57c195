#include "model/flow_load.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* Of one phase, all tasks. An attempt that fails moves less, and the next one another amount. */
static double amount_of(const struct workflow *w, size_t set, size_t k, const struct durations *d)
{
    const struct task_set *s = &w->sets[set];
    const struct phase *phase = phases_at(s, k);
    if (!d)
        return dist_mean(phase->amount) * phases_weight(w, s, k) * s->n_tasks;
    if (dist_is_constant(phase->amount))
        return durations_phase(d, (int)set, k, 0, 0) * s->n_tasks;
    if (s->traits->failure_probability > 0)
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
        if (!phase->flow || phase->staging == STAGING_OUTSIDE)
            continue;
        int service = phases_service(w, &w->sets[set], phase->flow);
        const struct flow_rule *flow = phases_flow(p, phase->flow);
        double rate = service >= 0
                          ? w->sets[service].traits->service.rate * w->sets[service].n_tasks
                          : flow->rate * (flow->per == FLOW_PER_NODE ? (double)p->n_nodes : 1);
        size_t at = service >= 0 ? p->n_flows + (size_t)service : (size_t)(flow - p->flows);
        load_s[at] += amount_of(w, set, k, d) / rate;
    }
}

double flow_load_s(const struct workflow *w, const struct platform *p, const struct durations *d,
                   int *flow)
{
    if (flow)
        *flow = -1;
    if (p->n_flows == 0 && w->n_services == 0)
        return 0;
    double most_s = 0, *load_s = xcalloc(p->n_flows + w->n_sets, sizeof *load_s);
    int most = -1;
    for (size_t i = 0; i < w->n_sets; i++)
        add_set(w, i, p, d, load_s);
    for (size_t i = 0; i < p->n_flows + w->n_sets; i++)
        if (load_s[i] > most_s) {
            most_s = load_s[i];
            most = (int)i;
        }
    free(load_s);
    if (flow)
        *flow = most;
    return most_s;
}
