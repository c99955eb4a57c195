#include "core/platform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/platform_impl.h"

void platform_free(struct platform *p)
{
    if (p)
        schema_clear(&platform_schema, p);
    free(p);
}

struct platform *platform_copy(const struct platform *p)
{
    struct platform *copy = xmemdup(p, sizeof *p);
    schema_copy(&platform_schema, copy);
    return copy;
}

const char *platform_title(const struct platform *p)
{
    return str_equal(p->name, "platform") ? "without a name" : p->name;
}

size_t platform_pilots(const struct platform *p)
{
    return p->pilots > 1 ? p->pilots : 1;
}

size_t platform_job_nodes(const struct platform *p)
{
    return p->n_nodes / platform_pilots(p);
}

const struct node_shape *platform_node(const struct platform *p, size_t node)
{
    return &p->shapes[p->shape_of[node]];
}

size_t platform_alike_until(const struct platform *p, size_t node)
{
    const uint16_t *first = p->shape_of + node, *end = p->shape_of + p->n_nodes, *at = first + 1;
    for (size_t n = 1; n <= (size_t)(end - at) && memcmp(first, at, n * sizeof *at) == 0; n *= 2)
        at += n;                         /* as many again as are known to be alike */
    while (at < end && *at == *first)
        at++;
    return (size_t)(at - p->shape_of);
}

int node_shape_usable(const struct node_shape *s)
{
    return s->n_slots - (int)s->n_blocked;
}

int64_t platform_usable_slots(const struct platform *p)
{
    int64_t total = 0;
    for (size_t n = 0, end; n < p->n_nodes; n = end) {
        end = platform_alike_until(p, n);
        total += (int64_t)(end - n) * node_shape_usable(platform_node(p, n));
    }
    return total;
}

int64_t platform_gpus(const struct platform *p)
{
    int64_t total = 0;
    for (size_t n = 0, end; n < p->n_nodes; n = end) {
        end = platform_alike_until(p, n);
        total += (int64_t)(end - n) * platform_node(p, n)->n_gpus;
    }
    return total;
}

size_t platform_nodes_of_shape(const struct platform *p, size_t shape)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_nodes; i++)
        n += p->shape_of[i] == shape;
    return n;
}

double platform_idle_w(const struct platform *p)
{
    double total = 0;
    for (size_t n = 0; n < p->n_nodes; n++) {
        if (!platform_node(p, n)->power.known)
            return (double)NAN;
        total += platform_node(p, n)->power.idle_w;
    }
    return total;
}

bool platform_has_joins(const struct platform *p)
{
    for (size_t s = 0; s < p->n_shapes; s++)
        if (p->shapes[s].joins_s > 0)
            return true;
    return false;
}

char *platform_node_name(const struct platform *p, size_t node)
{
    if (p->node_names)
        return xstrdup(p->node_names[node]);
    return str_format("%s%zu", platform_node(p, node)->name, node);
}

int platform_threads_per_core(const struct platform *p)
{
    int most = 1;
    for (size_t s = 0; s < p->n_shapes; s++)
        most = p->shapes[s].threads_per_core > most ? p->shapes[s].threads_per_core : most;
    return most;
}

void platform_share_resources(struct platform *p)
{
    for (size_t s = 0; s < p->n_shapes; s++)
        for (size_t i = 0; i < RESOURCES_MOST; i++) {
            const struct resource_rule *r = i < p->n_resources ? &p->resources[i] : NULL;
            bool limits = r && r->scope == RESOURCE_OF_NODE;
            bool has = limits && (!r->node || str_equal(r->node, p->shapes[s].name));
            p->shapes[s].named[i] = !limits ? INT64_MAX : has ? r->amount : 0;
        }
}

int64_t platform_machine_amount(const struct platform *p, size_t resource)
{
    bool limits = resource < p->n_resources && p->resources[resource].scope == RESOURCE_OF_MACHINE;
    return limits ? p->resources[resource].amount : INT64_MAX;
}

int platform_resource(const struct platform *p, const char *name)
{
    for (size_t i = 0; i < p->n_resources; i++)
        if (str_equal(p->resources[i].name, name))
            return (int)i;
    return -1;
}

static void add_named(const struct platform *p, const struct demand *d, struct slot_demand *out)
{
    for (size_t i = 0; i < d->n_named; i++) {
        int resource = platform_resource(p, d->named[i].name);
        if (resource < 0)
            continue;                    /* platform_check() refuses it */
        out->named[resource] += d->named[i].amount;
        out->has_named = true;
    }
}

const char *platform_kind(const struct platform *p, const char *name)
{
    for (size_t s = 0; name && s < p->n_shapes; s++)
        if (str_equal(p->shapes[s].name, name))
            return p->shapes[s].name;
    return name;
}

bool node_shape_is_of_kind(const struct node_shape *s, const struct slot_demand *d)
{
    return !d->node || str_equal(s->name, d->node);
}

bool queue_takes(const struct queue_rule *q, const struct platform *p, size_t n_nodes)
{
    if ((int)n_nodes < q->min_nodes || (int)n_nodes > q->max_nodes)
        return false;
    for (size_t n = 0; q->node && n < n_nodes; n++)
        if (!str_equal(p->shapes[n < p->n_nodes ? p->shape_of[n] : 0].name, q->node))
            return false;
    return true;
}

const struct queue_rule *platform_queue(const struct platform *p, size_t n_nodes, double walltime_s)
{
    const struct queue_rule *best = NULL;
    for (size_t i = 0; i < p->n_queues; i++) {
        const struct queue_rule *q = &p->queues[i];
        if (walltime_s > q->max_walltime_s || !queue_takes(q, p, n_nodes))
            continue;
        if (!best || q->charge_factor < best->charge_factor ||
            (q->charge_factor == best->charge_factor && q->max_walltime_s > best->max_walltime_s))
            best = q;
    }
    return best;
}

struct slot_demand platform_slots(const struct platform *p, const struct demand *d)
{
    int per_core = platform_threads_per_core(p), slots = d->cores > 0 ? d->cores : d->threads;
    if (p->slot_kind == SLOT_THREAD && d->cores > 0)
        slots = d->cores * per_core;
    else if (p->slot_kind == SLOT_CORE && d->threads > 0)
        slots = (d->threads + per_core - 1) / per_core;
    struct slot_demand out = { .ranks = d->ranks, .slots = slots, .gpus = d->gpus,
                               .gpu_share = d->gpu_share,
                                 .memory_mib = d->memory_mib, .one_node = d->one_node,
                               .node = platform_kind(p, d->node) };
    add_named(p, d, &out);
    return out;
}

int64_t node_shape_capacity(const struct node_shape *s, const struct slot_demand *d)
{
    int64_t ranks = node_shape_is_of_kind(s, d) ? INT64_MAX : 0;
    if (d->slots > 0)
        ranks = at_most(ranks, node_shape_usable(s) / d->slots);
    if (d->gpus > 0)
        ranks = at_most(ranks, s->n_gpus / d->gpus);
    if (d->gpu_share > 0)
        ranks = at_most(ranks, (int64_t)s->n_gpus * (DEMAND_WHOLE_GPU / d->gpu_share));
    if (d->memory_mib > 0 && s->memory_mib > 0)
        ranks = at_most(ranks, s->memory_mib / d->memory_mib);
    for (size_t i = 0; d->has_named && i < RESOURCES_MOST; i++)
        if (d->named[i] > 0)
            ranks = at_most(ranks, s->named[i] / d->named[i]);
    return d->one_node ? ranks - ranks % d->ranks : ranks;
}

int64_t platform_capacity(const struct platform *p, const struct slot_demand *d)
{
    int64_t *of_shape = xcalloc(p->n_shapes, sizeof *of_shape), ranks = 0;
    for (size_t s = 0; s < p->n_shapes; s++)
        of_shape[s] = node_shape_capacity(&p->shapes[s], d);
    for (size_t n = 0, end, nodes = platform_job_nodes(p); n < nodes; n = end) {
        end = platform_alike_until(p, n);
        end = end < nodes ? end : nodes;
        ranks += (int64_t)(end - n) * of_shape[p->shape_of[n]];
    }
    free(of_shape);
    int64_t tasks = ranks / d->ranks * (int64_t)platform_pilots(p);
    for (size_t i = 0; d->has_named && i < RESOURCES_MOST; i++)
        if (d->named[i] > 0)
            tasks = at_most(tasks, platform_machine_amount(p, i) / d->named[i] / d->ranks);
    return tasks;
}
