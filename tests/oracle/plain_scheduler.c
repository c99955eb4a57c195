#include "tests/oracle/plain_scheduler_impl.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "num/rng.h"
#include "scheduling/order.h"

static bool takes_gpus(const struct slot_demand *d)
{
    return d->gpus > 0 || d->gpu_share > 0;
}

struct plain_scheduler *plain_new(const struct workflow *w, const struct platform *pf,
                                  const struct scheduler_options *o)
{
    struct plain_scheduler *p = xcalloc(1, sizeof *p);
    const struct order_ops *order = order_find(o->order);
    *p = (struct plain_scheduler){ .workflow = w, .platform = pf, .rule = o->overtake[0],
                                   .placement = o->placement[0], .random_order = order->random,
                                   .every_s = o->overtake_every.s, .n_nodes = pf->n_nodes };
    p->keys = xcalloc(w->n_sets, sizeof *p->keys);
    p->to_come = xcalloc(w->n_sets, sizeof *p->to_come);
    if (order->keys)
        order->keys(w, pf, p->keys);
    p->demands = xcalloc(w->n_sets, sizeof *p->demands);
    for (size_t s = 0; s < w->n_sets; s++) {
        p->to_come[s] = w->sets[s].n_tasks;
        p->demands[s] = platform_slots(pf, &w->sets[s].traits->demand);
    }
    p->now = xcalloc(p->n_nodes, sizeof *p->now);
    p->then = xcalloc(p->n_nodes, sizeof *p->then);
    p->reserved = xcalloc(p->n_nodes, sizeof *p->reserved);
    for (size_t n = 0; n < p->n_nodes; n++) {
        const struct node_shape *shape = platform_node(pf, n);
        p->now[n].slots = node_shape_usable(shape);
        p->memory_limited |= shape->memory_mib > 0;
        p->now[n].memory_mib = shape->memory_mib > 0 ? shape->memory_mib : INT64_MAX / 4;
        for (int g = 0; g < shape->n_gpus; g++)
            p->now[n].devices[g] = DEMAND_WHOLE_GPU;
    }
    return p;
}

static void free_start(struct plain_start *s)
{
    free(s->parts);
    free(s);
}

void plain_free(struct plain_scheduler *p)
{
    for (size_t i = 0; i < p->n_running; i++)
        free_start(p->running[i]);
    free(p->running);
    free(p->starts);
    free(p->waiting);
    free(p->keys);
    free(p->to_come);
    free(p->demands);
    free(p->now);
    free(p->then);
    free(p->reserved);
    free(p);
}

static bool goes_before(const struct task *a, const struct task *b)
{
    return a->key < b->key || (a->key == b->key && a->arrival < b->arrival);
}

void plain_ready(struct plain_scheduler *p, uint32_t set, uint32_t first, uint32_t count)
{
    struct rng_stream draws = rng_stream(0, 0, RNG_ORDER, p->workflow->sets[set].stream);
    for (uint32_t i = first; i < first + count; i++) {
        struct task t = { .set = set,
                          .task = i,
                          .key = p->random_order ? rng_uniform(&draws, i, 0) : p->keys[set],
                          .expected_s = durations_expected(p->workflow, (int)set, i),
                          .arrival = p->arrivals++,
                          .demand = p->demands[set] };
        xgrow(&p->waiting, &p->waiting_room, p->n_waiting + 1, sizeof *p->waiting);
        size_t at = p->n_waiting++;
        for (; at > 0 && goes_before(&t, &p->waiting[at - 1]); at--)
            p->waiting[at] = p->waiting[at - 1];
        p->waiting[at] = t;
    }
}

void plain_drain(struct plain_scheduler *p, uint32_t node)
{
    p->now[node].drained = true;
}

static int whole_devices(const struct room *r)
{
    int n = 0;
    for (int g = 0; g < PLAIN_DEVICES; g++)
        n += r->devices[g] == DEMAND_WHOLE_GPU;
    return n;
}

/* One rank, on the lowest devices; false, and nothing taken, if it does not fit. */
static bool take_rank(struct room *r, const struct slot_demand *d, uint64_t *gpus)
{
    uint64_t taken = 0;
    if (r->drained || r->slots < d->slots || r->memory_mib < d->memory_mib)
        return false;
    int left = d->gpu_share > 0 ? 1 : d->gpus,
        each = d->gpu_share > 0 ? d->gpu_share : DEMAND_WHOLE_GPU;
    for (int g = 0; g < PLAIN_DEVICES && left > 0; g++)
        if (r->devices[g] >= each) {
            taken |= UINT64_C(1) << g;
            left--;
        }
    if (left > 0)
        return false;
    r->slots -= d->slots;
    r->memory_mib -= d->memory_mib;
    for (int g = 0; g < PLAIN_DEVICES && taken >> g; g++)
        r->devices[g] -= taken >> g & 1 ? each : 0;
    *gpus = taken;
    return true;
}

static int ranks_in(const struct room *r, const struct slot_demand *d, int most)
{
    struct room copy = *r;
    uint64_t gpus;
    int ranks = 0;
    while (ranks < most && take_rank(&copy, d, &gpus))
        ranks++;
    return ranks;
}

/* Slots of so many ranks come free, or are taken, by sign. */
static void change(struct room *r, const struct plain_part *part, const struct slot_demand *d,
                   int sign)
{
    r->slots += sign * part->slots;
    r->memory_mib += sign * part->ranks * d->memory_mib;
    for (int g = 0; g < PLAIN_DEVICES; g++)
        r->devices[g] +=
            part->gpus >> g & 1 ? sign * (d->gpu_share > 0 ? d->gpu_share : DEMAND_WHOLE_GPU) : 0;
}

/* Would the reserved ranks have their room on the node if so many of this task ran there at the
 * instant of the reservation? */
static bool leaves_room(const struct plain_scheduler *p, uint32_t node, const struct slot_demand *d,
                        int ranks)
{
    struct room now = p->now[node], then = p->then[node];
    for (int i = 0; i < ranks; i++) {
        struct plain_part part = { .node = node, .ranks = 1, .slots = d->slots };
        bool fits = take_rank(&now, d, &part.gpus);
        assert(fits);
        change(&then, &part, d, -1);
    }
    return ranks_in(&then, &p->head.demand, p->reserved[node]) == p->reserved[node];
}

static int most_ranks(const struct plain_scheduler *p, uint32_t node, const struct slot_demand *d,
                      int left, bool within)
{
    int ranks = ranks_in(&p->now[node], d, left);
    while (within && ranks > 0 && !leaves_room(p, node, d, ranks))
        ranks--;
    if (p->limit && ranks > p->limit[node])
        ranks = p->limit[node];
    return d->one_node && ranks < d->ranks ? 0 : ranks;
}

static double left_over(const struct plain_scheduler *p, uint32_t node, const struct slot_demand *d)
{
    const struct node_shape *shape = platform_node(p->platform, node);
    const struct room *r = &p->now[node];
    double left = 0;
    if (d->slots > 0)
        left = fmax(left, (double)(r->slots - d->slots) / node_shape_usable(shape));
    if (d->gpus > 0)
        left = fmax(left, (double)(whole_devices(r) - d->gpus) / shape->n_gpus);
    if (d->memory_mib > 0 && shape->memory_mib > 0)
        left = fmax(left, (double)(r->memory_mib - d->memory_mib) / (double)shape->memory_mib);
    return left;
}

static double score(const struct plain_scheduler *p, uint32_t node, const struct slot_demand *d)
{
    const struct room *r = &p->now[node];
    switch (p->placement) {
    case 'n': return (double)((node + p->n_nodes - p->last) % p->n_nodes);
    case 'b': return left_over(p, node, d);
    case 'w': return -left_over(p, node, d);
    case 'p': return takes_gpus(d) ? 0 : whole_devices(r);
    case 'r':
        return takes_gpus(d) || r->slots - d->slots >= p->slots_per_gpu * whole_devices(r)
                   ? 0
                   : INFINITY;
    default:  return node;
    }
}

static void take(struct plain_scheduler *p, struct plain_start *s, uint32_t node,
                 const struct slot_demand *d, int ranks)
{
    struct plain_part part = { .node = node };
    for (int i = 0; i < ranks; i++) {
        uint64_t gpus = 0;
        bool fits = take_rank(&p->now[node], d, &gpus);
        assert(fits);
        if (d->gpu_share > 0) {
            s->parts[s->n_parts++] = (struct plain_part){ node, 1, d->slots, gpus };
            continue;
        }
        part.ranks++;
        part.slots += d->slots;
        part.gpus |= gpus;
    }
    if (d->gpu_share == 0)
        s->parts[s->n_parts++] = part;
}

struct plain_start *plain_place(struct plain_scheduler *p, const struct task *t, double now_s,
                                bool within)
{
    const struct slot_demand *d = &t->demand;
    struct plain_start *s = xcalloc(1, sizeof *s);
    bool *used = xcalloc(p->n_nodes, sizeof *used);
    struct room *before = xmemdup(p->now, p->n_nodes * sizeof *before);
    uint32_t last = p->last;
    int left = d->ranks;
    *s = (struct plain_start){ .set = t->set, .task = t->task, .end_s = now_s + t->expected_s,
                               .parts = xcalloc((size_t)d->ranks, sizeof *s->parts) };
    while (left > 0) {
        uint32_t best = UINT32_MAX;
        double best_score = INFINITY;
        for (uint32_t n = 0; n < p->n_nodes; n++)
            if (!used[n] && most_ranks(p, n, d, left, within) > 0 && score(p, n, d) < best_score) {
                best = n;
                best_score = score(p, n, d);
            }
        if (best == UINT32_MAX)
            break;
        int here = most_ranks(p, best, d, left, within);
        take(p, s, best, d, here);
        used[best] = true;
        left -= here;
        p->last = best;
    }
    if (left > 0) {
        memcpy(p->now, before, p->n_nodes * sizeof *before);
        p->last = last;
        free_start(s);
        s = NULL;
    }
    free(before);
    free(used);
    return s;
}

static void count_to_come(struct plain_scheduler *p)
{
    p->slots_per_gpu = 0;
    for (size_t s = 0; !p->lifts && s < p->workflow->n_sets; s++) {
        const struct slot_demand d = p->demands[s];
        if (p->to_come[s] == 0 || !takes_gpus(&d))
            continue;
        int64_t slots = d.gpus > 0 ? (d.slots + d.gpus - 1) / d.gpus
                                   : d.slots * (DEMAND_WHOLE_GPU / d.gpu_share);
        p->slots_per_gpu = slots > p->slots_per_gpu ? slots : p->slots_per_gpu;
    }
}

void plain_begin(struct plain_scheduler *p, size_t at, struct plain_start *s)
{
    xgrow(&p->running, &p->running_room, p->n_running + 1, sizeof *p->running);
    xgrow(&p->starts, &p->starts_room, p->n_starts + 1, sizeof *p->starts);
    p->running[p->n_running++] = p->starts[p->n_starts++] = s;
    p->n_waiting--;
    memmove(p->waiting + at, p->waiting + at + 1, (p->n_waiting - at) * sizeof *p->waiting);
    p->to_come[s->set]--;
    count_to_come(p);
}

/* How many of the head's ranks fit when all that is expected to end by the instant has ended; fills
 * `then`. */
static int ranks_at(struct plain_scheduler *p, double at_s)
{
    int ranks = 0;
    memcpy(p->then, p->now, p->n_nodes * sizeof *p->then);
    for (size_t i = 0; i < p->n_running; i++)
        for (size_t k = 0; p->running[i]->end_s <= at_s && k < p->running[i]->n_parts; k++) {
            struct slot_demand d = p->demands[p->running[i]->set];
            change(&p->then[p->running[i]->parts[k].node], &p->running[i]->parts[k], &d, 1);
        }
    for (size_t n = 0; n < p->n_nodes; n++) {
        p->reserved[n] = ranks_in(&p->then[n], &p->head.demand, p->head.demand.ranks - ranks);
        if (p->head.demand.one_node && p->reserved[n] < p->head.demand.ranks)
            p->reserved[n] = 0;
        ranks += p->reserved[n];
    }
    return ranks;
}

/* The first instant, now or an end, at which the head fits. */
static double reserve(struct plain_scheduler *p, double now_s)
{
    double at_s = now_s;
    while (ranks_at(p, at_s) < p->head.demand.ranks) {
        double next_s = INFINITY;
        for (size_t i = 0; i < p->n_running; i++)
            if (p->running[i]->end_s > at_s)
                next_s = fmin(next_s, p->running[i]->end_s);
        if (next_s == INFINITY)
            return INFINITY;
        at_s = next_s;
    }
    return at_s;
}

/* Under reserve_gpu a start can make room for tasks that were refused before; these wait for the
 * next pass, and so do their like. */
static bool is_refused(const struct plain_scheduler *p, const struct task *refused, size_t n,
                       const struct task *t)
{
    for (size_t i = 0; p->placement == 'r' && i < n; i++)
        if (plain_alike(p, &refused[i], t) &&
            (p->overtake != 'e' || refused[i].expected_s == t->expected_s || i == 0))
            return true;
    return false;
}

static void pass_once(struct plain_scheduler *p, double now_s)
{
    if (p->overtake == 'c') {
        plain_pass_conservative(p, now_s);
        return;
    }
    struct task *refused = xcalloc(p->n_waiting, sizeof *refused);
    size_t n_refused = 0;
    double reserved_s = INFINITY;
    for (size_t i = 0; i < p->n_waiting;) {
        struct task t = p->waiting[i];
        bool within = n_refused > 0 && p->overtake == 'e' && now_s + t.expected_s > reserved_s;
        struct plain_start *s =
            is_refused(p, refused, n_refused, &t) ? NULL : plain_place(p, &t, now_s, within);
        if (s && within)
            for (size_t k = 0; k < s->n_parts; k++)
                change(&p->then[s->parts[k].node], &s->parts[k], &t.demand, -1);
        if (s) {
            plain_begin(p, i, s);
            continue;
        }
        refused[n_refused++] = t;
        i++;
        if (n_refused > 1)
            continue;
        p->head = t;
        if (p->overtake == 'n')
            break;
        if (p->overtake == 'e')
            reserved_s = reserve(p, now_s);
    }
    free(refused);
}

struct plain_start **plain_pass(struct plain_scheduler *p, double now_s, size_t *n)
{
    p->n_starts = 0;
    p->overtake = p->every_s > 0 && fmod(now_s, p->every_s) != 0 ? 'n' : p->rule;
    count_to_come(p);
    pass_once(p, now_s);
    if (p->n_running == 0 && p->n_waiting > 0) {
        p->lifts = true;
        count_to_come(p);
        pass_once(p, now_s);
        p->lifts = false;
    }
    *n = p->n_starts;
    return p->starts;
}

void plain_freed(struct plain_scheduler *p, struct plain_start *s)
{
    struct slot_demand d = p->demands[s->set];
    for (size_t k = 0; k < s->n_parts; k++)
        change(&p->now[s->parts[k].node], &s->parts[k], &d, 1);
    for (size_t i = 0; i < p->n_running; i++)
        if (p->running[i] == s)
            p->running[i] = p->running[--p->n_running];
    free_start(s);
}
