#include "core/phases.h"

#include <math.h>

#include "base/str.h"
#include "core/platform.h"
#include "core/workflow.h"

bool phases_is_duration(const struct phase *phase)
{
    return !phase->flow && !phase->compute;
}

bool phases_without_duration(const struct task_set *set)
{
    const struct task_phases *p = task_phases_of(set);
    for (size_t k = 0; k < p->n; k++)
        if (phases_is_duration(&p->list[k]))
            return false;
    return p->n > 0;
}

struct dist *phases_duration(const struct task_set *set)
{
    const struct dist *only = NULL;
    double sum_s = 0;
    size_t n = 0;
    for (size_t k = 0; k < task_phases_of(set)->n; k++)
        if (task_phases_of(set)->list[k].compute) {
            only = task_phases_of(set)->list[k].compute;
            sum_s += dist_mean(only);
            n++;
        }
    return n == 1 ? dist_copy(only) : dist_constant(fmax(0, sum_s));
}

static const struct phase whole_duration = { .flow = NULL };

size_t phases_count(const struct task_set *set)
{
    const struct task_phases *p = task_phases_of(set);
    if (p->n > 0)
        return p->n;
    size_t transfers = (size_t)!!p->input.flow + (size_t)!!p->output.flow;
    return transfers > 0 ? transfers + 1 : 0;
}

const struct phase *phases_at(const struct task_set *set, size_t k)
{
    const struct task_phases *p = task_phases_of(set);
    if (p->n > 0)
        return &p->list[k];
    if (p->input.flow && k-- == 0)
        return &p->input;
    return k == 0 ? &whole_duration : &p->output;
}

bool phases_any(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (phases_count(&w->sets[i]) > 0 || w->sets[i].traits->slowdown.flow)
            return true;
    return w->n_services > 0;
}

bool phases_recorded(const struct workflow *w, const struct platform *p)
{
    bool saves = false;
    for (size_t i = 0; i < w->n_sets; i++)
        saves |= w->sets[i].traits->checkpoint.interval_s > 0;
    return saves || p->failures.mtbf_s > 0 || phases_any(w);
}

static void replace(struct dist **d, phases_make_fn *make, double x)
{
    struct dist *made = make(*d, x);
    dist_free(*d);
    *d = made;
}

void phases_each_compute(struct task_set *set, phases_make_fn *make, double x)
{
    replace(&set->duration, make, x);
    size_t n = task_phases_of(set)->n;
    struct task_phases *p = n > 0 ? task_phases_own(set) : NULL;
    for (size_t k = 0; k < n; k++)
        if (p->list[k].compute)
            replace(&p->list[k].compute, make, x);
}

const struct flow_rule *phases_flow(const struct platform *p, const char *name)
{
    for (size_t i = 0; i < p->n_flows; i++)
        if (str_equal(p->flows[i].name, name))
            return &p->flows[i];
    return NULL;
}

int phases_service(const struct workflow *w, const struct task_set *client, const char *name)
{
    int found = -1;
    for (size_t i = 0; w->n_services > 0 && i < w->n_sets; i++) {
        const struct task_set *set = &w->sets[i];
        if (!set->traits->service.serves)
            continue;
        if (str_equal(set->name, name))
            return (int)i;
        if (set->label && str_equal(set->label, name) && set->iteration == client->iteration)
            found = (int)i;
    }
    return found;
}

bool phases_is_client(const struct workflow *w, const struct task_set *client, int service)
{
    for (size_t k = 0, n = phases_count(client); k < n; k++) {
        const struct phase *phase = phases_at(client, k);
        if (phase->flow && phases_service(w, client, phase->flow) == service)
            return true;
    }
    return false;
}

bool phases_asks(const struct workflow *w, const struct task_set *set)
{
    for (size_t k = 0, n = phases_count(set); k < n; k++)
        if (phases_at(set, k)->flow && phases_service(w, set, phases_at(set, k)->flow) >= 0)
            return true;
    return false;
}

bool phases_resolve(const struct workflow *w, const struct platform *p, const struct task_set *set,
                    const struct phase *phase, struct flow_rule *out)
{
    int service = phases_service(w, set, phase->flow);
    if (service >= 0) {
        const struct task_set *of = &w->sets[service];
        *out = (struct flow_rule){ .name = of->name, .rate = of->traits->service.rate,
                                   .at_once = of->traits->service.at_once };
        return true;
    }
    const struct flow_rule *flow = phases_flow(p, phase->flow);
    if (flow)
        *out = *flow;
    return flow != NULL;
}

/* ---- what a phase takes alone ---- */

double phases_rate_alone(const struct phase *phase, const struct flow_rule *flow)
{
    double rate = flow ? flow->rate : INFINITY;
    return phase->rate > 0 ? fmin(phase->rate, rate) : rate;
}

double phases_weight(const struct workflow *w, const struct task_set *set, size_t k)
{
    const char *name = phases_at(set, k)->flow;
    int service = w->n_services > 0 && name ? phases_service(w, set, name) : -1;
    if (service < 0 || w->sets[service].traits->service.first == 1)
        return 1;
    for (size_t i = 0; i < k; i++)
        if (phases_at(set, i)->flow && str_equal(phases_at(set, i)->flow, name))
            return 1;
    return w->sets[service].traits->service.first;
}

double phases_alone_s(const struct workflow *w, const struct platform *p,
                      const struct task_set *set)
{
    struct flow_rule flow;
    double sum = 0;
    for (size_t k = 0, n = phases_count(set); k < n; k++) {
        const struct phase *phase = phases_at(set, k);
        if (phase->flow && phases_resolve(w, p, set, phase, &flow))
            sum += dist_mean(phase->amount) * phases_weight(w, set, k) /
                   phases_rate_alone(phase, &flow);
    }
    return sum;
}

static struct dist *shifted(const struct dist *d, double shift_s)
{
    return dist_scaled(d, 1, shift_s);
}

struct workflow *phases_folded(const struct workflow *w, const struct platform *p)
{
    struct workflow *folded = workflow_copy(w);
    for (size_t i = 0; i < folded->n_sets; i++) {
        struct task_set *set = &folded->sets[i];
        double alone_s = phases_alone_s(w, p, &w->sets[i]);
        task_phases_clear(set);
        if (alone_s == 0)
            continue;
        phases_each_compute(set, shifted, alone_s);
        for (size_t t = 0; set->durations && t < set->n_tasks; t++)
            set->durations[t] += alone_s;
    }
    return folded;
}
