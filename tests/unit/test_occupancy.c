/* Who stands in the way of a task. Oracle: the same from the definition, at each change of random
 * runs, for each set, from the records that hold slots then; sums of millionths of GPUs. */
#include "study/occupancy.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

enum { RUNS = 60, MOST_NODES = 64, MOST_SETS = 40 };

struct used { int64_t slots, memory_mib, device[NODE_MOST_GPUS]; };

struct plain {
    const struct timeline *timeline;
    struct slot_demand demand[MOST_SETS];
    struct used used[MOST_NODES];
    int64_t held[MOST_SETS][OCCUPANCY_RESOURCES];        /* GPUs in millionths */
};

/* Whole ranks of the demand; of a demand without slots by GPUs. */
static int64_t ranks_of(const struct timeline_slots *part, const struct slot_demand *d)
{
    return d->slots > 0 ? (int64_t)part->n_cores / d->slots : (int64_t)part->n_gpus / d->gpus;
}

static void add_part(struct plain *p, int set, const struct timeline_slots *part)
{
    struct used *u = &p->used[part->node];
    int64_t memory_mib = ranks_of(part, &p->demand[set]) * p->demand[set].memory_mib,
            each = part->gpu_share > 0 ? part->gpu_share : DEMAND_WHOLE_GPU;
    u->slots += (int64_t)part->n_cores;
    u->memory_mib += memory_mib;
    for (size_t g = 0; g < part->n_gpus; g++)
        u->device[part->gpus[g]] += each;
    p->held[set][OCCUPANCY_SLOTS] += (int64_t)part->n_cores;
    p->held[set][OCCUPANCY_GPUS] += (int64_t)part->n_gpus * each;
    p->held[set][OCCUPANCY_MEMORY] += memory_mib;
}

static void look(struct plain *p, const struct timeline *t, double at_s)
{
    *p = (struct plain){ .timeline = t };
    for (size_t s = 0; s < t->workflow->n_sets; s++)
        p->demand[s] = platform_slots(t->platform, &t->workflow->sets[s].traits->demand);
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots part;
        if (!(t->records[i].scheduled_s <= at_s && at_s < t->records[i].freed_s))
            continue;
        for (bool more = timeline_slots_first(t, i, &part); more; more = timeline_slots_next(&part))
            add_part(p, workflow_set_of_task(t->workflow, t->records[i].task), &part);
    }
}

/* Devices of a node of which a rank could use so many millionths, each time they are taken. */
static int64_t gpu_ranks(const struct used *u, int n_gpus, const struct slot_demand *d)
{
    int64_t unused = 0, shares = 0;
    for (int g = 0; g < n_gpus; g++) {
        unused += u->device[g] == 0;
        shares += d->gpu_share > 0 ? (DEMAND_WHOLE_GPU - u->device[g]) / d->gpu_share : 0;
    }
    return d->gpus > 0 ? unused / d->gpus : d->gpu_share > 0 ? shares : d->ranks;
}

/* How many ranks the resource alone allows on the node. */
static int64_t allowed(const struct plain *p, size_t n, const struct slot_demand *d,
                       enum occupancy_resource r)
{
    const struct node_shape *shape = platform_node(p->timeline->platform, n);
    const struct used *u = &p->used[n];
    if (!node_shape_is_of_kind(shape, d))
        return 0;
    if (r == OCCUPANCY_GPUS)
        return gpu_ranks(u, shape->n_gpus, d);
    if (r == OCCUPANCY_SLOTS)
        return d->slots > 0 ? (node_shape_usable(shape) - u->slots) / d->slots : d->ranks;
    return d->memory_mib > 0 && shape->memory_mib > 0
               ? (shape->memory_mib - u->memory_mib) / d->memory_mib
               : d->ranks;
}

static bool fits(const struct plain *p, const struct slot_demand *d)
{
    int64_t together = 0;
    for (size_t n = 0; n < p->timeline->platform->n_nodes; n++) {
        int64_t ranks = d->ranks;
        for (int r = 0; r < OCCUPANCY_RESOURCES; r++) {
            int64_t here = allowed(p, n, d, (enum occupancy_resource)r);
            ranks = here < ranks ? here : ranks;
        }
        together += d->one_node && ranks < d->ranks ? 0 : ranks;
    }
    return together >= d->ranks;
}

/* Nodes that have enough of it for one rank, or for all if they share a node. */
static size_t nodes_with(const struct plain *p, const struct slot_demand *d, int r)
{
    size_t nodes = 0;
    for (size_t n = 0; n < p->timeline->platform->n_nodes; n++)
        nodes += allowed(p, n, d, (enum occupancy_resource)r) >= (d->one_node ? d->ranks : 1);
    return nodes;
}

/* Free over all nodes, as a share of what one task needs; INFINITY: it needs none. */
static double free_share(const struct plain *p, const struct slot_demand *d, int r)
{
    const int64_t gpus = d->gpu_share + (int64_t)d->gpus * DEMAND_WHOLE_GPU,
                  need[] = { d->slots, gpus, d->memory_mib };
    double unused = 0;
    for (size_t n = 0; n < p->timeline->platform->n_nodes; n++) {
        const struct node_shape *shape = platform_node(p->timeline->platform, n);
        const struct used *u = &p->used[n];
        double devices = (double)shape->n_gpus * DEMAND_WHOLE_GPU;
        for (int g = 0; g < shape->n_gpus; g++)
            devices -= (double)u->device[g];
        double memory = shape->memory_mib > 0 ? (double)(shape->memory_mib - u->memory_mib)
                                              : INFINITY;
        const double of[] = { node_shape_usable(shape) - (double)u->slots, devices, memory };
        unused += of[r];
    }
    return need[r] > 0 ? unused / ((double)need[r] * d->ranks) : INFINITY;
}

static void check_holder(const struct plain *p, const struct occupancy_verdict *v)
{
    int64_t most = 0;
    int holder = -1;
    for (size_t s = 0; s < p->timeline->workflow->n_sets; s++)
        if (p->held[s][v->resource] > most) {
            most = p->held[s][v->resource];
            holder = (int)s;
        }
    if (v->resource == OCCUPANCY_GPUS && holder >= 0 && v->holder >= 0)
        /* sums of parts of GPUs are rounded: ties are near */
        unit_near((double)p->held[v->holder][v->resource], (double)most, 1);
    else
        unit_near(v->holder, holder, 0);
}

static void check(const struct plain *p, const struct occupancy_verdict *v, int set)
{
    const struct slot_demand *d = &p->demand[set];
    unit_near(v->fits, fits(p, d), 0);
    if (v->fits)
        return;
    double least = INFINITY;
    size_t fewest = SIZE_MAX;
    for (int r = 0; r < OCCUPANCY_RESOURCES; r++) {
        size_t nodes = nodes_with(p, d, r);
        least = fmin(least, free_share(p, d, r));
        fewest = nodes < fewest ? nodes : fewest;
    }
    CU_ASSERT_EQUAL(v->fragmented, least >= 1 - 1e-9);
    if (v->fragmented)
        unit_near((double)nodes_with(p, d, (int)v->resource), (double)fewest, 0);
    else
        unit_near(free_share(p, d, (int)v->resource), least, 1e-9);
    check_holder(p, v);
}

/* Each set at each change, so that the demand asked for changes; then one set alone. */
static size_t check_run(const struct ran *r, int only)
{
    struct placed_order order = placed_order_of(r->timeline);
    struct occupancy *o = occupancy_new(r->timeline, &order);
    struct plain *p = xcalloc(1, sizeof *p);
    size_t waits = 0;
    for (double at_s; (at_s = occupancy_next(o)) < INFINITY;) {
        occupancy_advance(o, at_s);
        look(p, r->timeline, at_s);
        for (int s = 0; s < (int)r->workflow->n_sets; s++) {
            if (only >= 0 && s != only)
                continue;
            struct occupancy_verdict v = occupancy_ask(o, s);
            check(p, &v, s);
            waits += !v.fits;
        }
    }
    free(p);
    occupancy_free(o);
    placed_order_clear(&order);
    return waits;
}

static void verdicts_are_those_of_the_definition(void)
{
    size_t waits = 0;
    for (uint64_t number = 0; number < RUNS; number++) {
        struct given_limits limits = { .max_sets = 12, .max_tasks = 12, .varying = true };
        struct platform *p = given_random_platform(number);
        struct workflow *w = given_random_workflow(number, &limits);
        unit_must_be(p->n_nodes, <=, MOST_NODES);
        unit_must_be(w->n_sets, <=, MOST_SETS);
        struct ran r = ran_parts(w, p, middleware_ideal(),
                                 &(struct ran_scenario){ .mode = MODE_ASYNCHRONOUS });
        waits += check_run(&r, -1);
        check_run(&r, given_choice(number, 77, 0, (int)w->n_sets - 1));
        ran_clear(&r);
    }
    unit_is(waits, >, 1000);
}

/* n sets with a task on each node, which end one by one; the last set waits for all nodes. */
static void ties_are_the_lowest_set(void)
{
    for (int n = 1; n <= 9; n++) {
        struct str work = { 0 };
        str_add(&work, "{'task_sets': [");
        for (int s = 0; s < n; s++)
            str_addf(&work, "{'name': 's%d', 'cores': 2, 'duration': %d},", s, 10 + s * 7 % 9);
        str_addf(&work, "{'name': 'all', 'ranks': %d, 'cores': 3, 'duration': 5}]}", n);
        char *nodes = str_format("{'nodes': [{'count': %d, 'cores': 3}]}", n);
        struct ran r = ran_texts(&(struct ran_scenario){ .workflow = work.text, .platform = nodes,
                                                         .mode = MODE_ASYNCHRONOUS });
        unit_near((double)check_run(&r, n), n + 1, 0);
        ran_clear(&r);
        free(nodes);
        str_clear(&work);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(verdicts_are_those_of_the_definition),
        UNIT_TEST(ties_are_the_lowest_set),
        { NULL, NULL },
    };
    return unit_run("occupancy", tests);
}
