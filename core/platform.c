#include "core/platform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow.h"

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

size_t platform_most_nodes(const struct platform *p)
{
    size_t most = p->n_shapes == 1 ? p->machine_nodes : p->n_nodes;
    return most > 0 && most < PLATFORM_MOST_NODES ? most : PLATFORM_MOST_NODES;
}

struct platform *platform_with_nodes(const struct platform *p, size_t n, struct error *err)
{
    size_t most = platform_most_nodes(p);
    if (n == 0 || n > most) {
        error_set(err, "platform %s: %zu nodes asked for; it has 1 to %zu", p->name, n, most);
        return NULL;
    }
    struct platform *copy = platform_copy(p);
    copy->shape_of = xrealloc(copy->shape_of, n, sizeof *copy->shape_of);
    for (size_t i = p->n_nodes; i < n; i++)
        copy->shape_of[i] = 0;
    if (copy->node_names && n > p->n_nodes) {            /* no names for what the file does not name: number them all */
        for (size_t i = 0; i < p->n_nodes; i++)
            free(copy->node_names[i]);
        free(copy->node_names);
        copy->node_names = NULL;
    }
    for (size_t i = n; copy->node_names && i < p->n_nodes; i++)
        free(copy->node_names[i]);
    copy->n_nodes = n;
    return copy;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static void block_slots(struct node_shape *shape, const int *slots, size_t n)
{
    shape->blocked = xrealloc(shape->blocked, shape->n_blocked + n + 1, sizeof *shape->blocked);
    for (size_t i = 0; i < n; i++)
        if (slots[i] < shape->n_slots)
            shape->blocked[shape->n_blocked++] = slots[i];
    qsort(shape->blocked, shape->n_blocked, sizeof *shape->blocked, compare_ints);
    size_t kept = 0;
    for (size_t i = 0; i < shape->n_blocked; i++)
        if (i == 0 || shape->blocked[i] != shape->blocked[i - 1])
            shape->blocked[kept++] = shape->blocked[i];
    shape->n_blocked = kept;
}

struct platform *platform_with_blocked(const struct platform *p, const int *slots, size_t n, struct error *err)
{
    struct platform *copy = platform_copy(p);
    for (size_t s = 0; s < copy->n_shapes; s++) {
        block_slots(&copy->shapes[s], slots, n);
        if (node_shape_usable(&copy->shapes[s]) > 0)
            continue;
        error_set(err, "platform %s: with the blocked slots, a node '%s' has none left", p->name, p->shapes[s].name);
        platform_free(copy);
        return NULL;
    }
    return copy;
}

const struct node_shape *platform_node(const struct platform *p, size_t node)
{
    return &p->shapes[p->shape_of[node]];
}

int node_shape_usable(const struct node_shape *s)
{
    return s->n_slots - (int)s->n_blocked;
}

int64_t platform_usable_slots(const struct platform *p)
{
    int64_t total = 0;
    for (size_t n = 0; n < p->n_nodes; n++)
        total += node_shape_usable(platform_node(p, n));
    return total;
}

int64_t platform_gpus(const struct platform *p)
{
    int64_t total = 0;
    for (size_t n = 0; n < p->n_nodes; n++)
        total += platform_node(p, n)->n_gpus;
    return total;
}

double platform_idle_w(const struct platform *p)
{
    double total = 0;
    for (size_t n = 0; n < p->n_nodes; n++)
        total += platform_node(p, n)->power.known ? platform_node(p, n)->power.idle_w : (double)NAN;
    return total;
}

char *platform_node_name(const struct platform *p, size_t node)
{
    if (p->node_names)
        return xstrdup(p->node_names[node]);
    return str_format("%s%zu", platform_node(p, node)->name, node);
}

static int threads_per_core(const struct platform *p)
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

static int resource_called(const struct platform *p, const char *name)
{
    for (size_t i = 0; i < p->n_resources; i++)
        if (str_equal(p->resources[i].name, name))
            return (int)i;
    return -1;
}

static void add_named(const struct platform *p, const struct demand *d, struct slot_demand *out)
{
    for (size_t i = 0; i < d->n_named; i++) {
        int resource = resource_called(p, d->named[i].name);
        if (resource < 0)
            continue;                    /* platform_check() refuses it */
        out->named[resource] += d->named[i].amount;
        out->has_named = true;
    }
}

/* The text by which the platform calls the kind; `name` if it has none of that name. */
static const char *kind_called(const struct platform *p, const char *name)
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
    int per_core = threads_per_core(p), slots = d->cores > 0 ? d->cores : d->threads;
    if (p->slot_kind == SLOT_THREAD && d->cores > 0)
        slots = d->cores * per_core;
    else if (p->slot_kind == SLOT_CORE && d->threads > 0)
        slots = (d->threads + per_core - 1) / per_core;
    struct slot_demand out = { .ranks = d->ranks, .slots = slots, .gpus = d->gpus, .gpu_share = d->gpu_share,
                                 .memory_mib = d->memory_mib, .one_node = d->one_node,
                               .node = kind_called(p, d->node) };
    add_named(p, d, &out);
    return out;
}

static int64_t at_most(int64_t a, int64_t b)
{
    return a < b ? a : b;
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
    for (size_t n = 0; n < p->n_nodes; n++)
        ranks += of_shape[p->shape_of[n]];
    free(of_shape);
    for (size_t i = 0; d->has_named && i < RESOURCES_MOST; i++)
        if (d->named[i] > 0)
            ranks = at_most(ranks, platform_machine_amount(p, i) / d->named[i]);
    return ranks / d->ranks;
}

/* How much of what one rank asks a node has, 0 to 1 in its scarcest resource. */
static double nearness(const struct node_shape *s, const struct slot_demand *d)
{
    double least = 1;
    if (!node_shape_is_of_kind(s, d))
        return -1;
    if (d->slots > node_shape_usable(s))
        least = (double)node_shape_usable(s) / d->slots;
    if (d->gpus > s->n_gpus && (double)s->n_gpus / d->gpus < least)
        least = (double)s->n_gpus / d->gpus;
    if (d->gpu_share > 0 && s->n_gpus == 0)
        least = 0;
    if (s->memory_mib > 0 && d->memory_mib > s->memory_mib && (double)s->memory_mib / (double)d->memory_mib < least)
        least = (double)s->memory_mib / (double)d->memory_mib;
    return least;
}

/* What the workflow's file counts, where that is not the slot: each slot is so many of it. */
struct slot_unit { const char *slot, *said; double said_per_slot; };

static struct slot_unit unit_of(const struct platform *p, const struct demand *d)
{
    bool threads = p->slot_kind == SLOT_THREAD;
    struct slot_unit u = { .slot = threads ? "thread" : "core" };
    if (threads && d->cores > 0)
        u = (struct slot_unit){ u.slot, "core", 1.0 / threads_per_core(p) };
    else if (!threads && d->threads > 0)
        u = (struct slot_unit){ u.slot, "thread", threads_per_core(p) };
    return u;
}

static void add_count(struct str *out, double n, const char *what)
{
    str_addf(out, "%g %s%s", n, what, n == 1 ? "" : "s");
}

static void add_slots(struct str *out, const struct slot_unit *u, double slots)
{
    if (!u->said) {
        add_count(out, slots, u->slot);
        return;
    }
    add_count(out, slots * u->said_per_slot, u->said);
    str_add(out, " (");
    add_count(out, slots, u->slot);
    str_add(out, ")");
}

struct amounts { double slots, gpus, memory_mib; };

/* "12 cores + 2 GPUs + 512 MiB of memory": what is more than nothing. */
static void list_resources(struct str *out, const char *between, const struct slot_unit *u, const struct amounts *a)
{
    if (a->slots > 0)
        add_slots(out, u, a->slots);
    str_add(out, out->length > 0 && a->gpus > 0 ? between : "");
    if (a->gpus > 0)
        add_count(out, a->gpus, "GPU");
    if (a->memory_mib > 0)
        str_addf(out, "%s%.0f MiB of memory", out->length > 0 ? between : "", a->memory_mib);
}

/* "4 of 'licence'" of each named resource that a node has less of than asked. */
static void list_named_short(struct str *out, const struct platform *p, const struct node_shape *best, const struct slot_demand *d)
{
    for (size_t i = 0; d->has_named && i < p->n_resources; i++) {
        int64_t asked = d->named[i] * (d->one_node ? d->ranks : 1);
        if (asked > best->named[i])
            str_addf(out, "%s%lld of '%s'", out->length > 0 ? ", " : "", (long long)(asked - best->named[i]), p->resources[i].name);
    }
}

/* Which node comes closest, and what it lacks. */
static int refuse_demand(const struct platform *p, const struct task_set *set, const struct slot_demand *d, struct error *err)
{
    const struct slot_unit unit = unit_of(p, &set->demand);
    const struct node_shape *best = &p->shapes[0];
    for (size_t s = 1; s < p->n_shapes; s++)
        if (nearness(&p->shapes[s], d) > nearness(best, d))
            best = &p->shapes[s];
    int on_node = d->one_node ? d->ranks : 1;
    struct amounts needs = { on_node * d->slots, on_node * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU),
                             (double)(on_node * d->memory_mib) };
    struct amounts there = { node_shape_usable(best), best->n_gpus, (double)best->memory_mib };
    struct amounts short_of = { needs.slots - there.slots, needs.gpus - there.gpus,
                                best->memory_mib > 0 ? needs.memory_mib - there.memory_mib : 0 };
    struct str asked = { 0 }, has = { 0 }, lacks = { 0 };
    list_resources(&asked, " + ", &unit, &needs);
    list_resources(&has, ", ", &unit, &there);
    list_resources(&lacks, ", ", &unit, &short_of);
    list_named_short(&lacks, p, best, d);
    error_set(err, "task set '%s': no node of platform %s can hold %s of %s; '%s' comes closest with %s usable, and lacks %s", set->name,
              p->name, d->one_node && d->ranks > 1 ? "all ranks" : "one rank", asked.text ? asked.text : "nothing", best->name,
              has.text ? has.text : "nothing", lacks.length > 0 ? lacks.text : "room for whole ranks");
    str_clear(&asked);
    str_clear(&has);
    str_clear(&lacks);
    return -1;
}

/* "cpu, gpu": each name once. */
static void list_kinds(struct str *out, const struct platform *p)
{
    for (size_t s = 0; s < p->n_shapes; s++)
        if (kind_called(p, p->shapes[s].name) == p->shapes[s].name)
            str_addf(out, "%s%s", out->length ? ", " : "", p->shapes[s].name);
}

/* A kind that the platform does not have, or of which no node is selected. */
static int check_kind(const struct platform *p, const struct task_set *set, struct error *err)
{
    const char *kind = set->demand.node;
    struct str kinds = { 0 };
    if (!kind)
        return 0;
    for (size_t n = 0; n < p->n_nodes; n++)
        if (str_equal(platform_node(p, n)->name, kind))
            return 0;
    list_kinds(&kinds, p);
    if (kind_called(p, kind) != kind)
        error_set(err, "task set '%s': asks for nodes of kind '%s', and none of the %zu nodes used of platform %s is one; use more nodes",
                  set->name, kind, p->n_nodes, p->name);
    else
        error_set(err, "task set '%s': asks for nodes of kind '%s', which platform %s does not have; its kinds: %s", set->name, kind,
                  p->name, kinds.text);
    str_clear(&kinds);
    return -1;
}

/* A resource that the platform does not have, or never so much of. */
static int check_named(const struct platform *p, const struct task_set *set, struct error *err)
{
    const struct demand *d = &set->demand;
    struct str names = { 0 };
    for (size_t i = 0; i < p->n_resources; i++)
        str_addf(&names, "%s%s", i ? ", " : "", p->resources[i].name);
    int status = 0;
    for (size_t i = 0; i < d->n_named && status == 0; i++) {
        int resource = resource_called(p, d->named[i].name);
        int64_t most = resource < 0 ? 0 : p->resources[resource].amount;
        bool of_machine = resource >= 0 && p->resources[resource].scope == RESOURCE_OF_MACHINE;
        int64_t asked = d->named[i].amount * (of_machine || d->one_node ? d->ranks : 1);
        if (resource < 0)
            status = error_set(err, "task set '%s': asks for '%s', which platform %s does not have; its resources: %s", set->name,
                               d->named[i].name, p->name, p->n_resources ? names.text : "none");
        else if (asked > most)
            status = error_set(err, "task set '%s': a task asks for %lld of '%s', and %s of platform %s has %lld", set->name,
                               (long long)asked, d->named[i].name, of_machine ? "the whole" : "a node", p->name, (long long)most);
    }
    str_clear(&names);
    return status;
}

int platform_check(const struct platform *p, const struct workflow *w, struct error *err)
{
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct task_set *set = &w->sets[i];
        if (phases_check_flows(w, p, set, err) != 0)
            return -1;
        if (check_kind(p, set, err) != 0 || check_named(p, set, err) != 0)
            return -1;
        if (i > 0 && demand_equal(&set->demand, &w->sets[i - 1].demand))
            continue;
        struct slot_demand d = platform_slots(p, &set->demand);
        int64_t most = 0;
        for (size_t k = 0; k < p->n_shapes; k++)
            if (node_shape_capacity(&p->shapes[k], &d) > most)
                most = node_shape_capacity(&p->shapes[k], &d);
        if (most == 0)
            return refuse_demand(p, set, &d, err);
        if (most >= d.ranks || platform_capacity(p, &d) > 0)
            continue;
        d.ranks = 1;
        return error_set(
            err, "task set '%s': one task has %d ranks, and the %zu nodes of platform %s hold only %lld of them at once; use more nodes",
            set->name, set->demand.ranks, p->n_nodes, p->name, (long long)platform_capacity(p, &d));
    }
    return 0;
}
