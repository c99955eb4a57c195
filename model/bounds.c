#include "model/bounds.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "model/critical_path.h"
#include "scheduling/demand_classes.h"

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

struct bounds_work {
    const struct workflow *workflow;
    const struct platform *platform;
    struct critical_path *path;
    struct demand_classes classes;
    double *capacity;                    /* tasks of a class at once, one a class */
    double *class_work_s;                /* one a class */
    double slots, gpus, memory_mib;      /* of the platform; memory 0: a node has no limit */
};

static double total_memory(const struct platform *p)
{
    double total = 0;
    for (size_t n = 0, end; n < p->n_nodes; n = end) {
        end = platform_alike_until(p, n);
        if (platform_node(p, n)->memory_mib == 0)
            return 0;
        total += (double)(end - n) * (double)platform_node(p, n)->memory_mib;
    }
    return total;
}

struct bounds_work *bounds_of_classes(const struct workflow *w, const struct platform *p)
{
    struct bounds_work *b = xcalloc(1, sizeof *b);
    b->workflow = w;
    b->platform = p;
    demand_classes_init(&b->classes, w, p);
    b->capacity = xcalloc(b->classes.n, sizeof *b->capacity);
    b->class_work_s = xcalloc(b->classes.n, sizeof *b->class_work_s);
    for (size_t c = 0; c < b->classes.n; c++)
        b->capacity[c] = (double)platform_capacity(p, &b->classes.demand[c]);
    b->slots = (double)platform_usable_slots(p);
    b->gpus = (double)platform_gpus(p);
    b->memory_mib = total_memory(p);
    return b;
}

struct bounds_work *bounds_new(const struct workflow *w, const struct platform *p, enum mode mode,
                               struct error *err)
{
    if (platform_check(p, w, err))
        return NULL;
    struct bounds_work *b = bounds_of_classes(w, p);
    b->path = critical_path_new(w, mode);
    return b;
}

const uint32_t *bounds_classes(const struct bounds_work *b, double **work_s, size_t *n)
{
    *work_s = b->class_work_s;
    *n = b->classes.n;
    return b->classes.of_set;
}

void bounds_free(struct bounds_work *b)
{
    if (!b)
        return;
    critical_path_free(b->path);
    demand_classes_clear(&b->classes);
    xfree(b->capacity, b->class_work_s, b);
}

/* Work / capacity of each resource, and of the class that takes longest on its own. */
static void areas(struct bounds_work *b, double of_s[BOUND_KINDS])
{
    double slot_s = 0, gpu_s = 0, mib_s = 0;
    for (size_t c = 0; c < b->classes.n; c++) {
        const struct slot_demand *d = &b->classes.demand[c];
        double rank_s = b->class_work_s[c] * d->ranks;
        slot_s += rank_s * d->slots;
        gpu_s += rank_s * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU);
        mib_s += rank_s * (double)d->memory_mib;
    }
    of_s[BOUND_SLOTS] = slot_s > 0 ? slot_s / b->slots : 0;
    of_s[BOUND_GPUS] = gpu_s > 0 ? gpu_s / b->gpus : 0;
    of_s[BOUND_MEMORY] = b->memory_mib > 0 ? mib_s / b->memory_mib : 0;
}

static double longest_class(const struct bounds_work *b)
{
    double longest_s = 0;
    for (size_t c = 0; c < b->classes.n; c++)
        longest_s = fmax(longest_s, b->class_work_s[c] / b->capacity[c]);
    return longest_s;
}

void bounds_of_path(struct bounds_work *b, double path_s, double flow_s, struct bounds *out)
{
    *out = (struct bounds){ .best_s = 0 };
    out->of_s[BOUND_PATH] = path_s;
    areas(b, out->of_s);
    out->of_s[BOUND_CLASS] = longest_class(b);
    out->of_s[BOUND_FLOW] = flow_s;
    for (int k = 0; k < BOUND_KINDS; k++) {
        if (out->of_s[k] > out->best_s) {
            out->best_s = out->of_s[k];
            out->best = (enum bound_kind)k;
        }
    }
}

void bounds_run(struct bounds_work *b, const struct durations *d, double slope, struct bounds *out)
{
    double path_s = critical_path_length(b->path, d, slope);
    const double *work_s = critical_path_work(b->path);
    for (size_t c = 0; c < b->classes.n; c++)
        b->class_work_s[c] = 0;
    for (size_t s = 0; s < b->workflow->n_sets; s++)
        b->class_work_s[b->classes.of_set[s]] += work_s[s];
    bounds_of_path(b, path_s, flow_load_s(b->workflow, b->platform, d, NULL), out);
}
