#include "core/timeline_check_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* --- the shape of each record's slots --------------------------------------------------------- */

static bool is_blocked(const struct node_shape *shape, int slot)
{
    size_t n;
    SORT_COUNT_IF(n, shape->n_blocked, i, shape->blocked[i] < slot);
    return n < shape->n_blocked && shape->blocked[n] == slot;
}

/* How many ranks of the demand a node's part holds; 0: not a whole number. */
static int64_t ranks_of_part(const struct slot_demand *d, const struct timeline_slots *s)
{
    int64_t shares = s->gpu_share ? (int64_t)s->n_gpus * s->gpu_share : 0,
            whole = s->gpu_share ? 0 : (int64_t)s->n_gpus;
    int64_t ranks = d->slots       ? (int64_t)s->n_cores / d->slots
                    : d->gpus      ? whole / d->gpus
                    : d->gpu_share ? shares / d->gpu_share
                                   : 0;
    bool exact = (int64_t)s->n_cores == ranks * d->slots && whole == ranks * d->gpus &&
                 shares == ranks * d->gpu_share;
    return exact ? ranks : 0;
}

static int check_ids(const struct timeline *t, size_t record, const struct timeline_slots *s,
                     struct error *err)
{
    struct task_label task = task_label_of(t->workflow, t->records[record].task);
    if (s->node >= t->platform->n_nodes)
        return error_set(err, "%s: ran on node %u, the platform has %zu", task.text,
                         (unsigned)s->node, t->platform->n_nodes);
    const struct node_shape *shape = platform_node(t->platform, s->node);

    for (size_t i = 0; i < s->n_cores; i++) {
        if (s->cores[i] >= shape->n_slots)
            return error_set(err, "%s: holds slot %u of node %u, which has %d", task.text,
                             s->cores[i], (unsigned)s->node, shape->n_slots);
        if (is_blocked(shape, s->cores[i]))
            return error_set(err, "%s: holds slot %u of node %u, which is blocked", task.text,
                             s->cores[i], (unsigned)s->node);
    }
    for (size_t i = 0; i < s->n_gpus; i++)
        if (s->gpus[i] >= shape->n_gpus)
            return error_set(err, "%s: holds GPU %u of node %u, which has %d", task.text,
                             s->gpus[i], (unsigned)s->node, shape->n_gpus);
    return 0;
}

static int check_demand(const struct timeline *t, size_t record, const struct slot_demand *d,
                        struct error *err)
{
    struct task_label task = task_label_of(t->workflow, t->records[record].task);
    struct timeline_slots s;
    int64_t ranks = 0;
    if (!timeline_slots_first(t, record, &s))
        return isnan(t->records[record].started_s)
                   ? 0
                   : error_set(err, "%s: ran, but has no slots", task.text);
    uint32_t first_node = s.node;

    do {
        int64_t here = ranks_of_part(d, &s);
        if (check_ids(t, record, &s, err))
            return -1;
        if (!node_shape_is_of_kind(platform_node(t->platform, s.node), d))
            return error_set(err, "%s: lies on node %u, which is of kind '%s', not '%s'", task.text,
                             (unsigned)s.node, platform_node(t->platform, s.node)->name, d->node);
        if (d->one_node && s.node != first_node)
            return error_set(err, "%s: lies on nodes %u and %u, must lie on one", task.text,
                             (unsigned)first_node, (unsigned)s.node);
        if (s.node / platform_job_nodes(t->platform) !=
            first_node / platform_job_nodes(t->platform))
            return error_set(err, "%s: lies on nodes %u and %u, which are of two pilots", task.text,
                             (unsigned)first_node, (unsigned)s.node);
        if (!here)
            return error_set(err,
                             "%s: holds %zu slots and %zu GPUs of node %u, which is not ranks of "
                             "%d slots and %g GPUs each",
                             task.text, s.n_cores, s.n_gpus, (unsigned)s.node, d->slots,
                             d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU);
        ranks += here;
    } while (timeline_slots_next(&s));
    if (ranks != d->ranks)
        return error_set(err, "%s: has slots for %lld ranks, needs %d", task.text, (long long)ranks,
                         d->ranks);
    return 0;
}

/* --- what each node, and the machine, gives over time ---------------------------------------- */

/* one node's part of one record */
struct hold { size_t record; struct timeline_slots part; };

struct claim { /* an amount of a resource is taken, or (negative) given back */
    double time_s;
    int64_t amount;
    size_t record;
    int resource;                        /* slots, GPUs, memory, named; of the machine: named */
};

struct ledger {                          /* one node's claims, or the machine's */
    const struct timeline *timeline;
    const struct slot_demand *demands;   /* by set */
    uint32_t node;                       /* n_nodes: the machine */
    size_t n, room;
    struct claim *claims;
};

/* By resource, then time, at equal times what is given back first. */
SORT_ORDER(compare_claims, struct claim,
           SORT_FIRST(resource) SORT_FIRST(time_s) SORT_DOWN(amount < 0) SORT_LAST(record))

static void add_claim(struct ledger *l, int resource, int64_t amount, size_t record)
{
    const struct timeline_record *r = &l->timeline->records[record];
    double from_s = isnan(r->scheduled_s) ? r->started_s : r->scheduled_s;
    double to_s = isnan(r->freed_s) ? r->stopped_s : r->freed_s;
    if (isnan(from_s) || from_s >= to_s || amount == 0)
        return;
    xgrow(&l->claims, &l->room, l->n + 2, sizeof *l->claims);
    l->claims[l->n++] = (struct claim){
        .time_s = from_s, .amount = amount, .record = record, .resource = resource
    };
    l->claims[l->n++] = (struct claim){ .time_s = isnan(to_s) ? INFINITY : to_s,
                                        .amount = -amount,
                                        .record = record,
                                        .resource = resource };
}

static const struct slot_demand *demand_of(const struct ledger *l, size_t record)
{
    uint32_t task = l->timeline->records[record].task;
    return &l->demands[workflow_set_of_task(l->timeline->workflow, task)];
}

static int memory_of(const struct node_shape *shape)     /* its number among the resources */
{
    return shape->n_slots + shape->n_gpus;
}

static void add_named(struct ledger *l, int first, int64_t ranks, size_t record)
{
    const struct slot_demand *d = demand_of(l, record);
    for (size_t i = 0; d->has_named && i < l->timeline->platform->n_resources; i++)
        add_claim(l, first + (int)i, ranks * d->named[i], record);
}

static void add_hold(struct ledger *l, const struct hold *h, const struct node_shape *shape)
{
    const struct slot_demand *d = demand_of(l, h->record);
    int64_t share = h->part.gpu_share ? h->part.gpu_share : DEMAND_WHOLE_GPU,
            ranks = ranks_of_part(d, &h->part);
    for (size_t i = 0; i < h->part.n_cores; i++)
        add_claim(l, h->part.cores[i], 1, h->record);
    for (size_t i = 0; i < h->part.n_gpus; i++)
        add_claim(l, shape->n_slots + h->part.gpus[i], share, h->record);
    if (shape->memory_mib > 0)
        add_claim(l, memory_of(shape), ranks * d->memory_mib, h->record);
    add_named(l, memory_of(shape) + 1, ranks, h->record);
}

/* How much there is; *name of a named one, else NULL. */
static int64_t room_of(const struct ledger *l, int resource, const char **name)
{
    const struct platform *p = l->timeline->platform;
    bool machine = l->node == p->n_nodes;
    const struct node_shape *shape = machine ? NULL : platform_node(p, l->node);
    int named = machine ? resource : resource - memory_of(shape) - 1;
    *name = named >= 0 ? p->resources[named].name : NULL;
    if (named >= 0)
        return machine ? platform_machine_amount(p, (size_t)named) : shape->named[named];
    return resource < shape->n_slots     ? 1
           : resource < memory_of(shape) ? DEMAND_WHOLE_GPU
                                         : shape->memory_mib;
}

static int report_overuse(const struct ledger *l, const struct claim *c, int64_t used,
                          struct error *err)
{
    const struct platform *p = l->timeline->platform;
    struct task_label task =
        task_label_of(l->timeline->workflow, l->timeline->records[c->record].task);
    bool machine = l->node == p->n_nodes;
    const char *name;
    long long room = room_of(l, c->resource, &name);
    char *node = machine ? xstrdup("the machine") : platform_node_name(p, l->node);
    int gpu = machine ? 0 : c->resource - platform_node(p, l->node)->n_slots;
    if (name)
        error_set(err, "%s%s: %lld of its %lld %s are held from %.9g s on, when %s takes some",
                  machine ? "" : "node ", node, (long long)used, room, name, c->time_s, task.text);
    else if (gpu < 0)
        error_set(err, "node %s: slot %d is held %lld times from %.9g s on, when %s takes it", node,
                  c->resource, (long long)used, c->time_s, task.text);
    else if (gpu < platform_node(p, l->node)->n_gpus)
        error_set(err, "node %s: %g of GPU %d is held from %.9g s on, when %s takes it", node,
                  (double)used / DEMAND_WHOLE_GPU, gpu, c->time_s, task.text);
    else
        error_set(err, "node %s: %lld MiB of its %lld are held from %.9g s on, when %s starts",
                  node, (long long)used, room, c->time_s, task.text);
    free(node);
    return -1;
}

/* Walks each resource through time. */
static int check_ledger(struct ledger *l, struct error *err)
{
    const char *name;
    int64_t used = 0;
    sort_items(l->claims, l->n, sizeof *l->claims, compare_claims);
    for (size_t i = 0; i < l->n; i++) {
        int resource = l->claims[i].resource;
        used = (i > 0 && l->claims[i - 1].resource == resource ? used : 0) + l->claims[i].amount;
        if (used > room_of(l, resource, &name))
            return report_overuse(l, &l->claims[i], used, err);
    }
    return 0;
}

/* --- all of them ------------------------------------------------------------------------------ */

/* The records' parts, node by node: those of node k are holds[first[k]] .. holds[first[k + 1] - 1].
 */
static struct hold *holds_by_node(const struct timeline *t, size_t *first)
{
    struct timeline_slots s;
    size_t n_nodes = t->platform->n_nodes;
    for (size_t i = 0; i < t->n; i++)
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s))
            first[s.node + 1]++;
    for (size_t k = 0; k < n_nodes; k++)
        first[k + 1] += first[k];

    struct hold *holds = xcalloc(first[n_nodes], sizeof *holds);
    size_t *next = xmemdup(first, n_nodes * sizeof *next);
    for (size_t i = 0; i < t->n; i++)
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s))
            holds[next[s.node]++] = (struct hold){ .record = i, .part = s };
    free(next);
    return holds;
}

static int check_use(const struct timeline *t, const struct slot_demand *demands,
                       struct error *err)
{
    size_t n_nodes = t->platform->n_nodes, *first = xcalloc(n_nodes + 1, sizeof *first);
    struct hold *holds = holds_by_node(t, first);
    struct ledger ledger = { .timeline = t, .demands = demands };
    int status = 0;
    for (size_t k = 0; k < n_nodes && !status; k++) {
        const struct node_shape *shape = platform_node(t->platform, k);
        ledger.node = (uint32_t)k;
        ledger.n = 0;
        for (size_t h = first[k]; h < first[k + 1]; h++)
            add_hold(&ledger, &holds[h], shape);
        status = check_ledger(&ledger, err);
    }
    ledger.node = (uint32_t)n_nodes;
    ledger.n = 0;
    for (size_t i = 0; i < t->n && !status; i++)
        add_named(&ledger, 0, demand_of(&ledger, i)->ranks, i);
    if (!status)
        status = check_ledger(&ledger, err);
    xfree(ledger.claims, holds, first);
    return status;
}

int timeline_check_resources(const struct timeline *t, struct error *err)
{
    const struct workflow *w = t->workflow;
    int status = 0;
    if (t->arena_length == 0)
        return 0;
    struct slot_demand *demands = xcalloc(w->n_sets, sizeof *demands);

    for (size_t s = 0; s < w->n_sets; s++)
        demands[s] = platform_slots(t->platform, &w->sets[s].traits->demand);
    for (size_t i = 0; i < t->n && !status; i++)
        status = check_demand(t, i, &demands[workflow_set_of_task(w, t->records[i].task)], err);
    if (!status)
        status = check_use(t, demands, err);
    free(demands);
    return status;
}
