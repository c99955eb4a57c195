/* Worlds with one thing otherwise: what the counterfactuals run in. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "study/counterfactual_impl.h"

enum { SLOTS_MOST = 1024, GPUS_MOST = 64 };              /* a node: core/platform.h */

void other_world_init(struct other_world *o, const struct scenario *s)
{
    *o = (struct other_world){ .workflow = *s->workflow, .scenario = *s };
    o->workflow.sets = xmemdup(s->workflow->sets, s->workflow->n_sets * sizeof *s->workflow->sets);
    o->scenario.workflow = &o->workflow;
}

void other_world_clear(struct other_world *o)
{
    for (size_t i = 0; o->durations && i < o->workflow.n_sets; i++)
        dist_free(o->durations[i]);
    free(o->durations);
    free(o->workflow.sets);
    platform_free(o->platform);
    middleware_free(o->middleware);
}

static const char *without_middleware(struct other_world *o)
{
    if (middleware_is_ideal(o->scenario.middleware))
        return "the middleware is ideal already";
    o->middleware = middleware_ideal();
    o->scenario.middleware = o->middleware;
    return NULL;
}

static const char *with_means(struct other_world *o)
{
    o->durations = xcalloc(o->workflow.n_sets, sizeof *o->durations);
    o->workflow.session_sd = 0;
    for (size_t i = 0; i < o->workflow.n_sets; i++) {
        struct task_set *set = &o->workflow.sets[i];
        o->durations[i] = dist_constant(dist_mean(set->duration));
        set->duration = o->durations[i];                 /* durations given task by task do not vary */
        set->set_sd = 0;
    }
    return NULL;
}

static bool wants_gpus(const struct task_set *s)
{
    return s->demand.gpus > 0 || s->demand.gpu_share > 0;
}

static const char *with_gpus_for_all(struct other_world *o)
{
    bool any = false;
    for (size_t i = 0; i < o->workflow.n_sets; i++)
        if (wants_gpus(&o->workflow.sets[i])) {
            any = true;
            o->workflow.sets[i].demand.gpus = 0;
            o->workflow.sets[i].demand.gpu_share = 1;
        }
    if (!any)
        return "no task wants a GPU";
    o->platform = platform_copy(o->scenario.platform);
    for (size_t i = 0; i < o->platform->n_shapes; i++)
        if (o->platform->shapes[i].n_gpus == 0)
            o->platform->shapes[i].n_gpus = 1;
    o->scenario.platform = o->platform;
    return NULL;
}

static struct node_shape shape_of(int slots, int gpus, int64_t memory_mib)
{
    return (struct node_shape){ .name = xstrdup("big"), .cores = slots, .threads_per_core = 1, .n_slots = slots, .n_gpus = gpus,
                                .memory_mib = memory_mib };
}

/* Nodes of one more shape, for `ranks` ranks of one slot each. */
static void add_nodes_for(struct platform *p, uint64_t ranks)
{
    size_t more = (size_t)((ranks + SLOTS_MOST - 1) / SLOTS_MOST);
    p->shapes = xrealloc(p->shapes, p->n_shapes + 1, sizeof *p->shapes);
    p->shapes[p->n_shapes++] = shape_of(SLOTS_MOST, 0, 0);
    p->shape_of = xrealloc(p->shape_of, p->n_nodes + more, sizeof *p->shape_of);
    for (size_t n = 0; p->node_names && n < p->n_nodes; n++)
        free(p->node_names[n]);
    free(p->node_names);
    p->node_names = NULL;
    for (size_t n = 0; n < more; n++)
        p->shape_of[p->n_nodes++] = (uint16_t)(p->n_shapes - 1);
}

static const char *with_cores_for_all(struct other_world *o)
{
    uint64_t ranks = 0;
    for (size_t i = 0; i < o->workflow.n_sets; i++) {
        struct task_set *set = &o->workflow.sets[i];
        bool gpus = wants_gpus(set);
        set->demand.cores = 0;
        set->demand.threads = gpus ? 0 : 1;
        ranks += gpus ? 0 : (uint64_t)set->demand.ranks * set->n_tasks;
    }
    o->platform = platform_copy(o->scenario.platform);
    add_nodes_for(o->platform, ranks);
    o->scenario.platform = o->platform;
    return NULL;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* The largest unit of slots that all demands are multiples of. */
static int64_t slot_unit(const struct other_world *o)
{
    int64_t unit = 0;
    for (size_t i = 0; i < o->workflow.n_sets; i++)
        unit = common_divisor(platform_slots(o->scenario.platform, &o->workflow.sets[i].demand).slots, unit);
    return unit > 0 ? unit : 1;
}

static int64_t total_memory(const struct platform *p)
{
    int64_t sum = 0;
    for (size_t n = 0; n < p->n_nodes; n++) {
        if (platform_node(p, n)->memory_mib == 0)
            return 0;
        sum += platform_node(p, n)->memory_mib;
    }
    return sum;
}

static int part_of(int64_t whole, int64_t parts, int64_t i)
{
    return (int)(whole / parts + (i < whole % parts));
}

static struct platform *big_nodes(const struct platform *real, int64_t units, int64_t n)
{
    struct platform *p = xcalloc(1, sizeof *p);
    int64_t gpus = platform_gpus(real), memory = total_memory(real);
    p->name = xstrdup(real->name);
    p->slot_kind = SLOT_THREAD;
    p->n_shapes = p->n_nodes = (size_t)n;
    p->shapes = xcalloc((size_t)n, sizeof *p->shapes);
    p->shape_of = xcalloc((size_t)n, sizeof *p->shape_of);
    for (int64_t i = 0; i < n; i++) {
        p->shapes[i] = shape_of(part_of(units, n, i), part_of(gpus, n, i), memory / n);
        p->shape_of[i] = (uint16_t)i;
    }
    return p;
}

static const char *with_big_nodes(struct other_world *o)
{
    const struct platform *real = o->scenario.platform;
    int64_t unit = slot_unit(o), units = platform_usable_slots(real) / unit, gpus = platform_gpus(real);
    int64_t n = (units + SLOTS_MOST - 1) / SLOTS_MOST, for_gpus = (gpus + GPUS_MOST - 1) / GPUS_MOST;
    n = for_gpus > n ? for_gpus : n;
    if (real->n_nodes == 1)
        return "there is one node only";
    if (n < 1 || n >= (int64_t)real->n_nodes)
        return "its nodes are as large as nodes can be here";
    for (size_t i = 0; i < o->workflow.n_sets; i++) {
        struct demand *d = &o->workflow.sets[i].demand;
        d->threads = (int)(platform_slots(real, d).slots / unit);
        d->cores = 0;
    }
    o->platform = big_nodes(real, units, n);
    o->scenario.platform = o->platform;
    return NULL;
}

const char *other_world_change(struct other_world *o, enum counterfactual_kind kind)
{
    switch (kind) {
    case COUNTERFACTUAL_MIDDLEWARE: return without_middleware(o);
    case COUNTERFACTUAL_GPUS: return with_gpus_for_all(o);
    case COUNTERFACTUAL_CORES: return with_cores_for_all(o);
    case COUNTERFACTUAL_PACKING: return with_big_nodes(o);
    case COUNTERFACTUAL_MEANS: return with_means(o);
    case COUNTERFACTUALS: break;
    }
    return "there is no such world";
}
