#include "sim/failures.h"

#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "sim/pilots.h"

struct node_life { bool down; uint32_t n_failures; };

struct failures {
    struct simulator *simulator;
    const struct failure_rule *rule;
    struct rng_stream fails, repairs;
    struct node_life *nodes;
    size_t n_nodes, n_pending;           /* events of nodes */
    size_t quiet;                        /* such events in a row while nothing else was pending */
    struct node_down *downs;
    size_t n_downs, downs_room;
};

struct failures *failures_new(struct simulator *s)
{
    const struct platform *p = s->drive.scenario.platform;
    if (p->failures.mtbf_s <= 0)
        return NULL;
    struct failures *f = xcalloc(1, sizeof *f);
    f->simulator = s;
    f->rule = &p->failures;
    f->n_nodes = p->n_nodes;
    f->nodes = xcalloc(f->n_nodes, sizeof *f->nodes);
    return f;
}

void failures_free(struct failures *f)
{
    if (!f)
        return;
    xfree(f->nodes, f->downs, f);
}

/* When it fails next, counted from now. */
static void expect_failure(struct failures *f, uint32_t node)
{
    struct driver *d = &f->simulator->drive;
    double u = rng_uniform(&f->fails, node, f->nodes[node].n_failures);
    f->n_pending++;
    driver_push(d, d->engine.now_s + failure_time_s(f->rule, u), EVENT_NODE, node);
}

void failures_begin(struct failures *f, uint32_t replica, bool first)
{
    f->n_downs = first ? 0 : f->n_downs;
    uint64_t seed = f->simulator->drive.scenario.seed, name = str_hash("nodes");
    f->n_pending = f->quiet = 0;
    f->fails = rng_stream(seed, replica, RNG_NODE_FAILURE, name);
    f->repairs = rng_stream(seed, replica, RNG_NODE_REPAIR, name);
    for (uint32_t node = 0; node < f->n_nodes; node++) {
        f->nodes[node] = (struct node_life){ .down = false };
        expect_failure(f, node);
    }
}

static bool runs_on(const struct pool *pool, uint32_t grant, uint32_t node)
{
    for (; grant != POOL_NONE; grant = pool_grant_next(pool, grant)) {
        struct grant_part part = pool_grant_part(pool, grant);
        if (node >= part.node && node < part.node + part.n_nodes)
            return true;
    }
    return false;
}

bool failures_down(const struct failures *f, uint32_t node)
{
    return f->nodes[node].down;
}

bool failures_strikes(const struct failures *f, const struct attempt *a)
{
    const struct pool *pool = dispatch_pool(f->simulator->drive.dispatch);
    struct grant_part part;
    for (struct grant_walk w = { a->grant, 0 }; pool_next_node(pool, &w, &part);)
        if (f->nodes[part.node].down)
            return true;
    return false;
}

/* What is over but for its slots' release is no loss; what waits to be launched is struck then. */
static void strike(struct failures *f, uint32_t node)
{
    struct driver *d = &f->simulator->drive;
    const struct pool *pool = dispatch_pool(d->dispatch);
    for (uint32_t i = 0; i < d->attempts.n; i++) {
        const struct attempt *a = &d->attempts.at[i];
        bool runs = a->live && !a->cancelled && a->grant != POOL_NONE && a->started_s < INFINITY &&
                    a->stopped_s > d->engine.now_s;
        if (runs && runs_on(pool, a->grant, node))
            execute_lost(f->simulator, i);
    }
}

/* What waits cannot be placed, and each node has been back: nodes would fail for ever. */
static bool is_stuck(struct failures *f)
{
    const struct engine *e = &f->simulator->drive.engine;
    bool alone = event_queue_size(e->queue) == f->n_pending && e->timer.time_s == INFINITY;
    f->quiet = alone ? f->quiet + 1 : 0;
    return f->quiet > 4 * f->n_nodes + 16;
}

/* Since the first job was requested. */
static double whole_time_s(const struct failures *f)
{
    size_t n;
    const struct job_span *jobs = chain_jobs(f->simulator->chain, &n);
    return f->simulator->drive.engine.now_s + (n > 0 ? jobs[n - 1].started_s : 0);
}

const struct node_down *failures_downs(const struct failures *f, size_t *n)
{
    *n = f->n_downs;
    return f->downs;
}

static void note_down(struct failures *f, uint32_t node)
{
    xgrow(&f->downs, &f->downs_room, f->n_downs + 1, sizeof *f->downs);
    f->downs[f->n_downs++] = (struct node_down){ node, whole_time_s(f), INFINITY };
}

static void note_back(struct failures *f, uint32_t node)
{
    for (size_t i = f->n_downs; i-- > 0;)
        if (f->downs[i].node == node) {
            f->downs[i].to_s = whole_time_s(f);
            return;
        }
}

void failures_on_node(struct failures *f, uint32_t node)
{
    struct driver *d = &f->simulator->drive;
    struct node_life *life = &f->nodes[node];
    f->n_pending--;
    if (readiness_complete(d->readiness) || d->stopping || is_stuck(f))
        return;
    life->down = !life->down;
    d->changed = true;
    if (!life->down) {
        note_back(f, node);
        if (!f->simulator->pilots || pilots_have(f->simulator->pilots, node))
            dispatch_return_node(d->dispatch, node);
        expect_failure(f, node);
        return;
    }
    note_down(f, node);
    dispatch_drain_node(d->dispatch, node);
    strike(f, node);
    if (f->rule->repair) {
        double u = rng_uniform(&f->repairs, node, life->n_failures);
        f->n_pending++;
        driver_push(d, d->engine.now_s + fmax(0, dist_at(f->rule->repair, u)), EVENT_NODE, node);
    }
    life->n_failures++;
}
