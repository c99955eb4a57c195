/* Switches of what-ifs that change the nodes: as if there were as many cores or GPUs as tasks ask
 * for, or as if all nodes were few large ones. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/platform_impl.h"
#include "core/resource.h"
#include "core/setting_impl.h"

static bool wants_gpus(const struct task_set *s)
{
    return s->traits->demand.gpus > 0 || s->traits->demand.gpu_share > 0;
}

int setting_unbound_gpus(struct variant *v, const struct setting_change *c, struct error *err)
{
    struct workflow *w = variant_own_workflow(v);
    struct platform *p = variant_own_platform(v);
    bool any = false;
    (void)c;
    for (size_t i = 0; i < w->n_sets; i++)
        if (wants_gpus(&w->sets[i])) {
            any = true;
            struct demand *d = &task_traits_own(&w->sets[i])->demand;
            d->gpus = 0;
            d->gpu_share = 1;
        }
    for (size_t i = 0; i < p->n_shapes; i++)
        if (p->shapes[i].n_gpus == 0)
            p->shapes[i].n_gpus = 1;
    return any ? 0 : error_set(err, "no task wants a GPU");
}

static struct node_shape shape_of(int slots, int gpus, int64_t memory_mib)
{
    return (struct node_shape){ .name = xstrdup("big"),
                                .cores = slots,
                                .threads_per_core = 1,
                                .n_slots = slots,
                                .n_gpus = gpus,
                                .memory_mib = memory_mib };
}

/* Nodes of one more shape behind those of each pilot, for `ranks` ranks of one slot each. */
static void add_nodes_for(struct platform *p, uint64_t ranks)
{
    size_t more = (size_t)((ranks + NODE_MOST_SLOTS - 1) / NODE_MOST_SLOTS),
           own = platform_job_nodes(p), each = own + more, n = platform_pilots(p) * each;
    uint16_t *shape_of_node = xcalloc(n, sizeof *shape_of_node);
    p->shapes = xrealloc(p->shapes, p->n_shapes + 1, sizeof *p->shapes);
    p->shapes[p->n_shapes++] = shape_of(NODE_MOST_SLOTS, 0, 0);
    for (size_t i = 0; i < n; i++)
        shape_of_node[i] = i % each < own ? p->shape_of[i / each * own + i % each]
                                          : (uint16_t)(p->n_shapes - 1);
    platform_drop_names(p);
    free(p->shape_of);
    p->shape_of = shape_of_node;
    p->n_nodes = n;
}

static bool asks_for_kinds(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->demand.node || w->sets[i].traits->demand.n_named > 0)
            return true;
    return false;
}

static int refuse_kinds(struct error *err)
{
    return error_set(err, "task sets ask for kinds of node, or for named resources");
}

/* Candidates of a campaign, as far as they may be in flight; of numbers that are drawn several
 * times what is expected. */
static uint64_t tasks_at_once(const struct workflow *w, int set)
{
    enum { MOST_CANDIDATES = 10000, TIMES = 8, MORE = 100 };
    int campaign = workflow_campaign_of(w, set);
    const struct campaign *c = campaign >= 0 ? &w->decisions.campaigns[campaign] : NULL;
    uint64_t n = w->sets[set].n_tasks;
    if (c && str_equal(c->candidates, w->sets[set].name))
        return c->in_flight > 0                               ? (uint64_t)c->in_flight
               : c->budget > 0 && c->budget < MOST_CANDIDATES ? (uint64_t)c->budget
                                                              : MOST_CANDIDATES;
    return w->sets[set].decided ? TIMES * n + MORE : n;
}

int setting_unbound_cores(struct variant *v, const struct setting_change *c, struct error *err)
{
    if (asks_for_kinds(v->scenario.workflow))
        return refuse_kinds(err);
    struct workflow *w = variant_own_workflow(v);
    uint64_t ranks = 0;
    (void)c;
    (void)err;
    for (size_t i = 0; i < w->n_sets; i++) {
        struct task_set *set = &w->sets[i];
        bool gpus = wants_gpus(set);
        struct demand *d = &task_traits_own(set)->demand;
        d->cores = 0;
        d->threads = gpus ? 0 : 1;
        ranks += gpus ? 0 : (uint64_t)d->ranks * tasks_at_once(w, (int)i);
    }
    add_nodes_for(variant_own_platform(v), ranks);
    return 0;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* The largest unit of slots that all demands are multiples of. */
static int64_t slot_unit(const struct scenario *s)
{
    int64_t unit = 0;
    for (size_t i = 0; i < s->workflow->n_sets; i++) {
        const struct demand *d = &s->workflow->sets[i].traits->demand;
        unit = common_divisor(platform_slots(s->platform, d).slots, unit);
    }
    return unit > 0 ? unit : 1;
}

/* of one job */
static int64_t total_memory(const struct platform *p)
{
    int64_t sum = 0;
    for (size_t n = 0; n < p->n_nodes; n++) {
        if (platform_node(p, n)->memory_mib == 0)
            return 0;
        sum += platform_node(p, n)->memory_mib;
    }
    return sum / (int64_t)platform_pilots(p);
}

static int part_of(int64_t whole, int64_t parts, int64_t i)
{
    return (int)(whole / parts + (i < whole % parts));
}

/* Gives `to`, which has none, the flows of `from`; its nodes share those of all nodes of `from`,
 * and fail as often. */
static void copy_flows(struct platform *to, const struct platform *from)
{
    to->flows = xcalloc(from->n_flows + 1, sizeof *to->flows);
    for (size_t i = 0; i < from->n_flows; i++) {
        struct flow_rule *flow = &to->flows[to->n_flows++];
        *flow = from->flows[i];
        schema_copy(&flow_schema, flow);
        if (flow->per == FLOW_PER_NODE)
            flow->rate *= (double)platform_job_nodes(from) / (double)to->n_nodes;
    }
    to->failures = from->failures;
    schema_copy(&failure_schema, &to->failures);
}

/* The nodes of one job as `n` nodes. */
static struct platform *big_nodes(const struct platform *real, int64_t units, int64_t n)
{
    struct platform *p = xcalloc(1, sizeof *p);
    int64_t gpus = platform_gpus(real) / (int64_t)platform_pilots(real),
            memory = total_memory(real);
    p->name = xstrdup(real->name);
    p->slot_kind = SLOT_THREAD;
    p->n_shapes = p->n_nodes = (size_t)n;
    p->shapes = xcalloc((size_t)n, sizeof *p->shapes);
    p->shape_of = xcalloc((size_t)n, sizeof *p->shape_of);
    for (int64_t i = 0; i < n; i++) {
        p->shapes[i] = shape_of(part_of(units, n, i), part_of(gpus, n, i), memory / n);
        p->shape_of[i] = (uint16_t)i;
    }
    copy_flows(p, real);
    return p;
}

static bool nodes_come_later(const struct platform *p)
{
    bool later = p->blocks.nodes > 0;
    for (size_t i = 0; i < p->n_shapes; i++)
        later |= p->shapes[i].joins_s > 0;
    return later;
}

int setting_pack_perfectly(struct variant *v, const struct setting_change *c, struct error *err)
{
    const struct platform *real = v->scenario.platform;
    int64_t pilots = (int64_t)platform_pilots(real), unit = slot_unit(&v->scenario),
            units = platform_usable_slots(real) / pilots / unit,
            gpus = platform_gpus(real) / pilots;
    int64_t n = (units + NODE_MOST_SLOTS - 1) / NODE_MOST_SLOTS,
            for_gpus = (gpus + NODE_MOST_GPUS - 1) / NODE_MOST_GPUS;
    (void)c;
    n = for_gpus > n ? for_gpus : n;
    if (asks_for_kinds(v->scenario.workflow))
        return refuse_kinds(err);
    if (nodes_come_later(real))
        return error_set(err, "its nodes come at times of their own");
    if (platform_job_nodes(real) == 1)
        return error_set(err, pilots > 1 ? "each pilot has one node only"
                                         : "there is one node only");
    if (n < 1 || n >= (int64_t)platform_job_nodes(real))
        return error_set(err, "its nodes are as large as nodes can be here");
    struct workflow *w = variant_own_workflow(v);
    for (size_t i = 0; i < w->n_sets; i++) {
        struct demand *d = &task_traits_own(&w->sets[i])->demand;
        d->threads = (int)(platform_slots(real, d).slots / unit);
        d->cores = 0;
    }
    struct platform *job = big_nodes(real, units, n),
                    *all = platform_with_pilots(job, (size_t)pilots, err);
    platform_free(job);
    if (all)
        variant_take_platform(v, all);
    return all ? 0 : -1;
}
