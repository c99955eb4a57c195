#include "core/platform_impl.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow.h"

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
    if (s->memory_mib > 0 && d->memory_mib > s->memory_mib &&
        (double)s->memory_mib / (double)d->memory_mib < least)
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
        u = (struct slot_unit){ u.slot, "core", 1.0 / platform_threads_per_core(p) };
    else if (!threads && d->threads > 0)
        u = (struct slot_unit){ u.slot, "thread", platform_threads_per_core(p) };
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
static void list_resources(struct str *out, const char *between, const struct slot_unit *u,
                           const struct amounts *a)
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
static void list_named_short(struct str *out, const struct platform *p,
                             const struct node_shape *best, const struct slot_demand *d)
{
    for (size_t i = 0; d->has_named && i < p->n_resources; i++) {
        int64_t asked = d->named[i] * (d->one_node ? d->ranks : 1);
        if (asked > best->named[i])
            str_addf(out, "%s%lld of '%s'", out->length > 0 ? ", " : "",
                     (long long)(asked - best->named[i]), p->resources[i].name);
    }
}

/* Which node comes closest, and what it lacks. */
static int refuse_demand(const struct platform *p, const struct task_set *set,
                         const struct slot_demand *d, struct error *err)
{
    const struct slot_unit unit = unit_of(p, &set->traits->demand);
    const struct node_shape *best = &p->shapes[0];
    for (size_t s = 1; s < p->n_shapes; s++)
        if (nearness(&p->shapes[s], d) > nearness(best, d))
            best = &p->shapes[s];
    int on_node = d->one_node ? d->ranks : 1;
    struct amounts needs = { on_node * d->slots,
                             on_node * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU),
                             (double)(on_node * d->memory_mib) };
    struct amounts there = { node_shape_usable(best), best->n_gpus, (double)best->memory_mib };
    struct amounts short_of = { needs.slots - there.slots, needs.gpus - there.gpus,
                                best->memory_mib > 0 ? needs.memory_mib - there.memory_mib : 0 };
    struct str asked = { 0 }, has = { 0 }, lacks = { 0 };
    list_resources(&asked, " + ", &unit, &needs);
    list_resources(&has, ", ", &unit, &there);
    list_resources(&lacks, ", ", &unit, &short_of);
    list_named_short(&lacks, p, best, d);
    error_set(err,
              "task set '%s': no node of platform %s can hold %s of %s; '%s' comes closest with %s "
              "usable, and lacks %s",
              set->name, platform_title(p), d->one_node && d->ranks > 1 ? "all ranks" : "one rank",
              asked.text ? asked.text : "nothing", best->name, has.text ? has.text : "nothing",
              lacks.length > 0 ? lacks.text : "room for whole ranks");
    str_clear(&asked);
    str_clear(&has);
    str_clear(&lacks);
    return -1;
}

/* "cpu, gpu": each name once. */
static void list_kinds(struct str *out, const struct platform *p)
{
    for (size_t s = 0; s < p->n_shapes; s++)
        if (platform_kind(p, p->shapes[s].name) == p->shapes[s].name)
            str_addf(out, "%s%s", out->length ? ", " : "", p->shapes[s].name);
}

/* A kind that the platform does not have, or of which no node is selected. */
static int check_kind(const struct platform *p, const struct task_set *set, struct error *err)
{
    const char *kind = set->traits->demand.node;
    struct str kinds = { 0 };
    if (!kind)
        return 0;
    for (size_t n = 0; n < p->n_nodes; n++)
        if (str_equal(platform_node(p, n)->name, kind))
            return 0;
    list_kinds(&kinds, p);
    if (platform_kind(p, kind) != kind)
        error_set(err,
                  "task set '%s': asks for nodes of kind '%s', and none of the %zu nodes used of "
                  "platform %s is one; use more nodes",
                  set->name, kind, p->n_nodes, platform_title(p));
    else
        error_set(err,
                  "task set '%s': asks for nodes of kind '%s', which platform %s does not have; "
                  "its kinds: %s",
                  set->name, kind, platform_title(p), kinds.text);
    str_clear(&kinds);
    return -1;
}

/* A resource that the platform does not have, or never so much of. */
static int check_named(const struct platform *p, const struct task_set *set, struct error *err)
{
    const struct demand *d = &set->traits->demand;
    struct str names = { 0 };
    for (size_t i = 0; i < p->n_resources; i++)
        str_addf(&names, "%s%s", i ? ", " : "", p->resources[i].name);
    int status = 0;
    for (size_t i = 0; i < d->n_named && status == 0; i++) {
        int resource = platform_resource(p, d->named[i].name);
        int64_t most = resource < 0 ? 0 : p->resources[resource].amount;
        bool of_machine = resource >= 0 && p->resources[resource].scope == RESOURCE_OF_MACHINE;
        int64_t asked = d->named[i].amount * (of_machine || d->one_node ? d->ranks : 1);
        if (resource < 0)
            status = error_set(
                err,
                "task set '%s': asks for '%s', which platform %s does not have; its resources: %s",
                set->name, d->named[i].name, platform_title(p),
                p->n_resources ? names.text : "none");
        else if (asked > most)
            status = error_set(
                err, "task set '%s': a task asks for %lld of '%s', and %s of platform %s has %lld",
                set->name, (long long)asked, d->named[i].name, of_machine ? "the whole" : "a node",
                platform_title(p), (long long)most);
    }
    str_clear(&names);
    return status;
}

/* How many nodes of each shape one of the platform's jobs has. */
static size_t *count_nodes(const struct platform *p)
{
    size_t *of_shape = xcalloc(p->n_shapes, sizeof *of_shape);
    for (size_t n = 0, end, nodes = platform_job_nodes(p); n < nodes; n = end) {
        end = platform_alike_until(p, n);
        end = end < nodes ? end : nodes;
        of_shape[p->shape_of[n]] += end - n;
    }
    return of_shape;
}

/* No node used holds a rank: be it that none of the platform does, or none of those selected. */
static int refuse_everywhere(const struct platform *p, const struct task_set *set,
                             const struct slot_demand *d, struct error *err)
{
    for (size_t k = 0; k < p->n_shapes; k++)
        if (node_shape_capacity(&p->shapes[k], d) > 0)
            return error_set(err,
                             "task set '%s': none of the %zu nodes used of platform %s can hold "
                             "%s; one of kind '%s' can: use more nodes",
                             set->name, platform_job_nodes(p), platform_title(p),
                             d->one_node && d->ranks > 1 ? "all ranks" : "one rank",
                             p->shapes[k].name);
    return refuse_demand(p, set, d, err);
}

static int check_demand(const struct platform *p, const struct task_set *set,
                        const size_t *nodes_of_shape, struct error *err)
{
    struct slot_demand d = platform_slots(p, &set->traits->demand);
    int64_t most = 0, ranks = 0;
    for (size_t k = 0; k < p->n_shapes; k++) {
        if (nodes_of_shape[k] == 0)
            continue;
        int64_t here = node_shape_capacity(&p->shapes[k], &d);
        most = here > most ? here : most;
        ranks += here * (int64_t)nodes_of_shape[k];
    }
    if (most == 0)
        return refuse_everywhere(p, set, &d, err);
    if (most >= d.ranks || (ranks >= d.ranks && (!d.has_named || platform_capacity(p, &d) > 0)))
        return 0;
    d.ranks = 1;
    return error_set(err,
                     "task set '%s': one task has %d ranks, and the %zu nodes of platform %s "
                     "hold only %lld of them at once; use more nodes",
                     set->name, set->traits->demand.ranks, platform_job_nodes(p), platform_title(p),
                     (long long)platform_capacity(p, &d) / (long long)platform_pilots(p));
}

int platform_check(const struct platform *p, const struct workflow *w, struct error *err)
{
    size_t *nodes_of_shape = count_nodes(p);
    int status = 0;
    for (size_t i = 0; i < w->n_sets && status == 0; i++) {
        const struct task_set *set = &w->sets[i];
        status = phases_check_flows(w, p, set, err) != 0 || check_kind(p, set, err) != 0 ||
                         check_named(p, set, err) != 0
                     ? -1
                     : 0;
        if (status == 0 &&
            (i == 0 || !demand_equal(&set->traits->demand, &w->sets[i - 1].traits->demand)))
            status = check_demand(p, set, nodes_of_shape, err);
    }
    free(nodes_of_shape);
    return status;
}
