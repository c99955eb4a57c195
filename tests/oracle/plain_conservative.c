/* Every task that may not start has its room reserved, as far as a pass reaches: all that is free
 * on each node from each instant at which that changes, written out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/overtake.h"
#include "tests/oracle/plain_scheduler_impl.h"

bool plain_alike(const struct plain_scheduler *p, const struct task *a, const struct task *b)
{
    struct slot_demand x = a->demand, y = b->demand;
    if (!p->memory_limited)
        x.memory_mib = y.memory_mib = 0;
    return slot_demand_equal(&x, &y);
}

struct amount { int64_t slots, gpus, memory_mib; };

struct ahead { /* what is free on each node from each instant at which that changes, ascending */
    size_t n;
    double now_s, *instants;
    struct amount **room;                /* by node, then instant */
};

/* A column for the instant, like the one before; returns its number. */
static size_t column(const struct plain_scheduler *p, struct ahead *a, double at_s)
{
    size_t i = 0;
    while (i < a->n && a->instants[i] < at_s)
        i++;
    if (i < a->n && a->instants[i] == at_s)
        return i;
    for (size_t k = a->n; k > i; k--)
        a->instants[k] = a->instants[k - 1];
    a->instants[i] = at_s;
    a->n++;
    for (uint32_t node = 0; node < p->n_nodes; node++) {
        for (size_t k = a->n - 1; k > i; k--)
            a->room[node][k] = a->room[node][k - 1];
        if (i > 0)
            a->room[node][i] = a->room[node][i - 1];
    }
    return i;
}

static void book(const struct plain_scheduler *p, struct ahead *a, double from_s, double to_s,
                 uint32_t node, struct amount by)
{
    size_t first = column(p, a, from_s), end = isinf(to_s) ? a->n : column(p, a, to_s);
    for (size_t i = first; i < end; i++) {
        a->room[node][i].slots -= by.slots;
        a->room[node][i].gpus -= by.gpus;
        a->room[node][i].memory_mib -= by.memory_mib;
    }
}

static struct amount amount_of(const struct slot_demand *d, int64_t ranks)
{
    int64_t gpus = d->gpu_share > 0 ? d->gpu_share : (int64_t)d->gpus * DEMAND_WHOLE_GPU;
    return (struct amount){ ranks * d->slots, ranks * gpus, ranks * d->memory_mib };
}

/* Who has outlived its expected end ends just after now. */
static void look_ahead(const struct plain_scheduler *p, struct ahead *a, double now_s)
{
    size_t most = 1 + p->n_running + 2 * p->n_waiting;
    *a = (struct ahead){ .n = 1, .now_s = now_s, .instants = xcalloc(most, sizeof *a->instants),
                         .room = xcalloc(p->n_nodes, sizeof *a->room) };
    a->instants[0] = now_s;
    for (uint32_t node = 0; node < p->n_nodes; node++) {
        const struct room *r = &p->now[node];
        a->room[node] = xcalloc(most, sizeof **a->room);
        a->room[node][0] = (struct amount){ r->slots, 0, r->memory_mib };
        for (int g = 0; g < PLAIN_DEVICES; g++)
            a->room[node][0].gpus += r->devices[g];
    }
    for (size_t i = 0; i < p->n_running; i++)
        for (size_t k = 0; k < p->running[i]->n_parts; k++) {
            struct slot_demand d = p->demands[p->running[i]->set];
            double end_s = p->running[i]->end_s;
            book(p, a, end_s > now_s ? end_s : nextafter(now_s, INFINITY), INFINITY,
                 p->running[i]->parts[k].node, amount_of(&d, -p->running[i]->parts[k].ranks));
        }
}

static void forget(const struct plain_scheduler *p, struct ahead *a)
{
    for (uint32_t node = 0; node < p->n_nodes; node++)
        free(a->room[node]);
    free(a->room);
    free(a->instants);
}

static int ranks_of(struct amount room, const struct slot_demand *d)
{
    struct amount one = amount_of(d, 1);
    int ranks = 0;
    while (ranks < d->ranks && room.slots >= one.slots && room.gpus >= one.gpus &&
           room.memory_mib >= one.memory_mib) {
        room.slots -= one.slots;
        room.gpus -= one.gpus;
        room.memory_mib -= one.memory_mib;
        ranks++;
    }
    return d->one_node && ranks < d->ranks ? 0 : ranks;
}

/* From an instant on, for as long as the task runs. */
static int ranks_during(const struct plain_scheduler *p, const struct ahead *a, uint32_t node,
                        const struct task *t, size_t from)
{
    int ranks = p->now[node].drained ? 0 : t->demand.ranks;
    for (size_t i = from;
         i < a->n && ranks > 0 && (i == from || a->instants[i] < a->instants[from] + t->expected_s);
         i++) {
        int then = ranks_of(a->room[node][i], &t->demand);
        ranks = then < ranks ? then : ranks;
    }
    return ranks;
}

/* The earliest instant from which it fits; fills p->reserved with the ranks on the lowest nodes
 * then. */
static double earliest(struct plain_scheduler *p, const struct ahead *a, const struct task *t)
{
    for (size_t i = 0; i < a->n; i++) {
        int left = t->demand.ranks;
        for (uint32_t n = 0; n < p->n_nodes; n++) {
            int ranks = left > 0 ? ranks_during(p, a, n, t, i) : 0;
            p->reserved[n] = ranks < left ? ranks : left;
            left -= p->reserved[n];
        }
        if (left == 0)
            return a->instants[i];
    }
    return INFINITY;
}

/* plain_place() with at most so many ranks on each node as fit there for as long as it runs. */
static struct plain_start *place_ahead(struct plain_scheduler *p, const struct ahead *a,
                                       const struct task *t)
{
    int *limit = xcalloc(p->n_nodes, sizeof *limit);
    for (uint32_t n = 0; n < p->n_nodes; n++)
        limit[n] = ranks_during(p, a, n, t, 0);
    p->limit = limit;
    struct plain_start *s = plain_place(p, t, a->now_s, false);
    p->limit = NULL;
    free(limit);
    return s;
}

/* It is like one that may not start. */
static bool is_like_refused(const struct plain_scheduler *p, const struct task *refused, size_t n,
                            const struct task *t)
{
    for (size_t k = 0; k < n; k++)
        if (plain_alike(p, &refused[k], t) && refused[k].expected_s == t->expected_s)
            return true;
    return false;
}

static bool any_may(const struct plain_scheduler *p, const struct task *refused, size_t n,
                    size_t from)
{
    for (size_t i = from; i < p->n_waiting; i++)
        if (!is_like_refused(p, refused, n, &p->waiting[i]))
            return true;
    return false;
}

void plain_pass_conservative(struct plain_scheduler *p, double now_s)
{
    struct task *refused = xcalloc(p->n_waiting, sizeof *refused);
    struct ahead a;
    size_t n_refused = 0, i = 0;
    look_ahead(p, &a, now_s);
    while (i < CONSERVATIVE_DEPTH && any_may(p, refused, n_refused, i)) {
        struct task t = p->waiting[i];
        bool may = !is_like_refused(p, refused, n_refused, &t);
        double at_s = earliest(p, &a, &t);
        struct plain_start *s = may && at_s == now_s ? place_ahead(p, &a, &t) : NULL;
        for (size_t k = 0; s && k < s->n_parts; k++)
            book(p, &a, now_s, now_s + t.expected_s, s->parts[k].node,
                 amount_of(&t.demand, s->parts[k].ranks));
        for (uint32_t n = 0; !s && at_s < INFINITY && n < p->n_nodes; n++)
            if (p->reserved[n] > 0)
                book(p, &a, at_s, at_s + t.expected_s, n, amount_of(&t.demand, p->reserved[n]));
        if (s) {
            plain_begin(p, i, s);
            continue;
        }
        if (may)
            refused[n_refused++] = t;
        i++;
    }
    forget(p, &a);
    memset(p->reserved, 0, p->n_nodes * sizeof *p->reserved);
    free(refused);
}
