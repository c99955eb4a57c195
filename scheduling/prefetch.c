/* Parsl's high-throughput executor with prefetch (parsl/executors/high_throughput/interchange.py:
 * process_task_incoming(), process_tasks_to_send()).
 *
 * Tasks wait in order of arrival. A manager, one a node, is sent tasks until it has as many as its
 * workers and as it may prefetch, here as many again; those beyond its workers wait at the node,
 * for which they are bound. The interchange takes one task that arrives at a time, and sends it to
 * a random manager with room. What waits because none had room is sent once some have: managers are
 * filled in random order, each wholly, so that one may have tasks waiting while others are free. A
 * task lies on one node. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/dispatch_impl.h"

struct bound { uint32_t set, task, attempt; };

struct manager {
    struct bound *at;                    /* tasks that wait there: at[first .. end) */
    size_t first, end, room;
    uint32_t running;
};

struct waiting_tasks { uint32_t set, first, count, attempt; };

struct prefetch {
    struct dispatch_common *common;
    struct manager *managers;
    uint32_t n_managers;
    struct waiting_tasks *queue;         /* queue[first .. end), in order of arrival */
    size_t first, end, room;
    /* tasks in the queue, and those of them that arrived since the last pass */
    size_t n_queued, n_new;
    uint32_t *order;                     /* scratch: the managers of a pass */
    uint64_t seed, n_passes;
    uint32_t replica;
};

/* Tasks of the set that the empty node holds at once: its workers. */
static uint32_t workers_of(const struct prefetch *p, uint32_t node, uint32_t set)
{
    const struct slot_demand *d = pool_class(p->common->pool, p->common->class_of_set[set]);
    int64_t ranks = node_shape_capacity(platform_node(p->common->platform, node), d) /
                    (d->ranks > 0 ? d->ranks : 1);
    return ranks < UINT32_MAX / 4 ? (uint32_t)ranks : UINT32_MAX / 4;
}

static int check(const struct dispatch_common *c, struct error *err)
{
    for (size_t k = 0; k < c->workflow->n_sets; k++) {
        const struct slot_demand *d = pool_class(c->pool, c->class_of_set[k]);
        bool fits = false;
        for (size_t s = 0; s < c->platform->n_shapes && !fits; s++)
            fits = node_shape_capacity(&c->platform->shapes[s], d) >= d->ranks;
        if (!fits)
            return error_set(err,
                             "scheduler parsl_prefetch gives each task to one node; task set '%s' "
                             "needs several; give it fewer ranks, or another scheduler",
                             c->workflow->sets[k].name);
    }
    return 0;
}

static void *prefetch_create(struct dispatch_common *common,
                             const struct scheduler_options *options, struct error *err)
{
    (void)options;
    if (check(common, err))
        return NULL;
    struct prefetch *p = xcalloc(1, sizeof *p);
    p->common = common;
    p->n_managers = (uint32_t)pool_nodes(common->pool);
    p->managers = xcalloc(p->n_managers + 1, sizeof *p->managers);
    p->order = xcalloc(p->n_managers + 1, sizeof *p->order);
    return p;
}

static void prefetch_destroy(void *state)
{
    struct prefetch *p = state;
    if (!p)
        return;
    for (uint32_t i = 0; i < p->n_managers; i++)
        free(p->managers[i].at);
    xfree(p->managers, p->queue, p->order, p);
}

static void prefetch_cancel(void *state)
{
    struct prefetch *p = state;
    p->first = p->end = p->n_queued = p->n_new = 0;
    for (uint32_t i = 0; i < p->n_managers; i++)
        p->managers[i].first = p->managers[i].end = 0;
}

static void prefetch_reset(void *state, uint64_t seed, uint32_t replica)
{
    struct prefetch *p = state;
    prefetch_cancel(p);
    p->seed = seed;
    p->replica = replica;
    p->n_passes = 0;
    for (uint32_t i = 0; i < p->n_managers; i++)
        p->managers[i].running = 0;
}

static void prefetch_ready(void *state, uint32_t set, uint32_t first, uint32_t count,
                           uint32_t attempt)
{
    struct prefetch *p = state;
    if (count == 0)
        return;
    if (p->first == p->end)
        p->first = p->end = 0;
    xgrow(&p->queue, &p->room, p->end + 1, sizeof *p->queue);
    p->queue[p->end++] = (struct waiting_tasks){ set, first, count, attempt };
    p->n_queued += count;
    p->n_new += count;
}

static void prefetch_freed(void *state, uint32_t grant)
{
    struct prefetch *p = state;
    p->managers[pool_grant_part(p->common->pool, grant).node].running--;
    pool_release(p->common->pool, grant);
}

static void prefetch_runs(void *state, uint32_t set, uint32_t grant, double since_s)
{
    struct prefetch *p = state;
    (void)set, (void)since_s;
    p->managers[pool_grant_part(p->common->pool, grant).node].running++;
}

static void bind(struct manager *m, struct waiting_tasks *run)
{
    if (m->first == m->end)
        m->first = m->end = 0;
    xgrow(&m->at, &m->room, m->end + 1, sizeof *m->at);
    m->at[m->end++] = (struct bound){ run->set, run->first++, run->attempt };
    run->count--;
}

/* Those at the node start in order while they fit. */
static void start_bound(struct prefetch *p, uint32_t node)
{
    struct manager *m = &p->managers[node];
    for (; m->first < m->end; m->first++) {
        const struct bound *b = &m->at[m->first];
        uint32_t demand_class = p->common->class_of_set[b->set], last = POOL_NONE;
        uint32_t ranks = (uint32_t)pool_class(p->common->pool, demand_class)->ranks;
        if (pool_ranks_that_fit(p->common->pool, node, demand_class) < ranks)
            return;
        uint32_t grant = pool_claim(p->common->pool, node, demand_class, ranks, &last);
        m->running++;
        dispatch_decide(p->common, b->set, b->task, b->attempt, grant);
    }
}

/* Sends the node the first of the queue; false: it has as many as its workers and as many again. */
static bool send(struct prefetch *p, uint32_t node)
{
    struct manager *m = &p->managers[node];
    struct waiting_tasks *run = &p->queue[p->first];
    if (m->running + (m->end - m->first) >= 2 * (size_t)workers_of(p, node, run->set))
        return false;
    bind(m, run);
    p->first += run->count == 0;
    p->n_queued--;
    return true;
}

static uint32_t list_managers(struct prefetch *p)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_managers; i++)
        if (!pool_is_drained(p->common->pool, i))
            p->order[n++] = i;
    return n;
}

static uint32_t below(const struct rng_stream *stream, uint64_t draw, uint32_t n)
{
    return (uint32_t)(rng_uniform(stream, draw, 0) * n);
}

/* Takes a random one of order[0 .. n) out of it. */
static uint32_t draw_manager(struct prefetch *p, const struct rng_stream *stream, uint64_t draw,
                             uint32_t n)
{
    uint32_t k = below(stream, draw, n), node = p->order[k];
    p->order[k] = p->order[n - 1];
    p->order[n - 1] = node;
    return node;
}

/* What has waited fills managers wholly; what has just arrived goes one by one to random ones. Full
 * managers leave the list. */
static void send_all(struct prefetch *p, uint32_t n)
{
    struct rng_stream stream = rng_stream(p->seed, p->replica, RNG_MANAGER, p->n_passes++);
    uint64_t draws = 0;
    while (p->n_queued > p->n_new && n > 0) {
        uint32_t node = draw_manager(p, &stream, draws++, n);
        bool room = true;
        while (p->n_queued > p->n_new && room)
            room = send(p, node);
        n -= !room;
    }
    while (p->n_queued > 0 && n > 0) {
        n -= !send(p, draw_manager(p, &stream, draws++, n));
    }
    p->n_new = 0;
}

static bool prefetch_pass(void *state, double now_s)
{
    struct prefetch *p = state;
    uint32_t n = list_managers(p);
    (void)now_s;
    for (uint32_t i = 0; i < n; i++)
        start_bound(p, p->order[i]);
    send_all(p, n);
    for (uint32_t i = 0; i < n; i++)
        start_bound(p, p->order[i]);
    return false;
}

/* A manager that is lost has its tasks sent elsewhere. */
static void prefetch_drain(void *state, uint32_t node)
{
    struct prefetch *p = state;
    struct manager *m = &p->managers[node];
    pool_drain(p->common->pool, node);
    for (; m->first < m->end; m->first++)
        prefetch_ready(p, m->at[m->first].set, m->at[m->first].task, 1, m->at[m->first].attempt);
}

static void prefetch_undrain(void *state, uint32_t node)
{
    struct prefetch *p = state;
    pool_undrain(p->common->pool, node);
}

const struct scheduler_ops scheduler_prefetch = {
    .create = prefetch_create, .destroy = prefetch_destroy, .reset = prefetch_reset,
    .ready = prefetch_ready, .freed = prefetch_freed, .runs = prefetch_runs,
    .pass = prefetch_pass, .cancel = prefetch_cancel, .drain = prefetch_drain,
    .undrain = prefetch_undrain,
};
