#include "sim/blocks.h"

#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"

/* subject of the strategy's look; others: a node that joins, or a block that comes */
enum { LOOK = (1 << 24) - 1 };
/* looks in a row while nothing else is pending: what waits never fits */
enum { QUIET_LOOKS = 4 };

struct blocks {
    struct simulator *simulator;
    const struct block_rule *rule;       /* NULL: nodes join at times of their own */
    struct rng_stream starts;
    int n_blocks;                        /* at most at once */
    enum { BLOCK_GONE, BLOCK_ASKED, BLOCK_THERE } *state;
    uint32_t n_asked;                    /* so far, which numbers the draws */
    size_t n_pending, quiet;
    double idle_since_s;                 /* INFINITY: there are tasks */
};

static double join_of(const struct platform *p, size_t node)
{
    return platform_node(p, node)->joins_s;
}

int blocks_check(const struct scenario *s, struct error *err)
{
    const struct platform *p = s->platform;
    bool blocks = p->blocks.nodes > 0, joins = platform_has_joins(p);
    if ((blocks || joins) && p->failures.mtbf_s > 0)
        return error_set(err,
                         "platform %s: nodes that fail cannot be simulated with %s; leave out "
                         "`failures` or `%s`",
                         platform_title(p), blocks ? "blocks" : "nodes that join later",
                         blocks ? "blocks" : "joins");
    if ((blocks || joins) && platform_pilots(p) > 1)
        return error_set(
            err,
            "platform %s: several pilots cannot be simulated with %s; leave out --pilots or `%s`",
            platform_title(p), blocks ? "blocks" : "nodes that join later",
            blocks ? "blocks" : "joins");
    if (blocks && joins)
        return error_set(
            err,
            "platform %s: nodes come in `blocks`, or at times of their own (`joins`), not both",
            platform_title(p));
    if (blocks && (size_t)p->blocks.nodes > p->n_nodes)
        return error_set(err,
                         "platform %s: a block has %d nodes and the platform %zu; give more nodes, "
                         "or smaller blocks",
                         platform_title(p), p->blocks.nodes, p->n_nodes);
    return 0;
}

struct blocks *blocks_new(struct simulator *s)
{
    const struct platform *p = s->drive.scenario.platform;
    if (p->blocks.nodes <= 0 && !platform_has_joins(p))
        return NULL;
    struct blocks *b = xcalloc(1, sizeof *b);
    b->simulator = s;
    b->rule = p->blocks.nodes > 0 ? &p->blocks : NULL;
    int fit = b->rule ? (int)(p->n_nodes / (size_t)b->rule->nodes) : 0;
    b->n_blocks = b->rule && b->rule->max > 0 && b->rule->max < fit ? b->rule->max : fit;
    b->state = xcalloc((size_t)b->n_blocks + 1, sizeof *b->state);
    return b;
}

void blocks_free(struct blocks *b)
{
    if (!b)
        return;
    xfree(b->state, b);
}

static void expect(struct blocks *b, double in_s, uint32_t subject)
{
    struct driver *d = &b->simulator->drive;
    b->n_pending++;
    driver_push(d, d->engine.now_s + in_s, EVENT_NODE, subject);
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void each_node(struct blocks *b, int block, void (*set)(struct dispatch *d, uint32_t node))
{
    struct driver *d = &b->simulator->drive;
    for (int k = 0; k < b->rule->nodes; k++)
        set(d->dispatch, (uint32_t)(block * b->rule->nodes + k));
    d->changed = true;
}

static void come(struct blocks *b, int block)
{
    b->state[block] = BLOCK_THERE;
    each_node(b, block, dispatch_return_node);
}

static void ask(struct blocks *b, int n)
{
    for (int k = 0; k < b->n_blocks && n > 0; k++) {
        if (b->state[k] != BLOCK_GONE)
            continue;
        double in_s = b->rule->start
                          ? fmax(0, dist_at(b->rule->start, rng_uniform(&b->starts, b->n_asked, 0)))
                          : 0;
        b->n_asked++;
        b->state[k] = BLOCK_ASKED;
        if (in_s > 0)
            expect(b, in_s, (uint32_t)k);
        else
            come(b, k);
        n--;
    }
}

static int count_active(const struct blocks *b)
{
    int n = 0;
    for (int k = 0; k < b->n_blocks; k++)
        n += b->state[k] != BLOCK_GONE;
    return n;
}

/* Those that are asked for are kept: a queue's job is not taken back. */
static void leave(struct blocks *b, int active)
{
    for (int k = b->n_blocks - 1; k >= 0 && active > b->rule->min; k--) {
        if (b->state[k] != BLOCK_THERE)
            continue;
        b->state[k] = BLOCK_GONE;
        each_node(b, k, dispatch_drain_node);
        active--;
    }
}

static double workers_of_block(const struct blocks *b)
{
    const struct platform *p = b->simulator->drive.scenario.platform;
    return b->rule->nodes *
           (double)(b->rule->workers ? b->rule->workers : node_shape_usable(platform_node(p, 0)));
}

/* Nothing else is to come, and all blocks are there: what waits never fits. */
static bool is_stuck(struct blocks *b)
{
    const struct engine *e = &b->simulator->drive.engine;
    bool alone = event_queue_size(e->queue) == b->n_pending && b->n_pending == 0 &&
                 e->timer.time_s == INFINITY;
    b->quiet = alone ? b->quiet + 1 : 0;
    return b->quiet > QUIET_LOOKS;
}

/* Nothing changes before the next event, nor does what a look finds: looks until then are left out.
 */
static double until_next_look(const struct blocks *b)
{
    const struct driver *d = &b->simulator->drive;
    double now_s = d->engine.now_s,
           event_s = fmin(event_queue_next_s(d->engine.queue), d->engine.timer.time_s);
    event_s = fmin(event_s, b->idle_since_s + b->rule->idle_s);
    double looks = d->changed || event_s == INFINITY
                       ? 1
                       : fmax(1, ceil((event_s - now_s) / b->rule->period_s));
    return looks * b->rule->period_s;
}

static void look(struct blocks *b)
{
    const struct driver *d = &b->simulator->drive;
    double tasks = (double)(dispatch_waiting(d->dispatch) + d->attempts.n_live);
    int active = count_active(b);
    if (tasks > 0)
        b->idle_since_s = INFINITY;
    else if (b->idle_since_s == INFINITY)
        b->idle_since_s = d->engine.now_s;
    if (d->engine.now_s - b->idle_since_s > b->rule->idle_s)
        leave(b, active);
    ask(b, blocks_wanted(b->rule, b->n_blocks, active, workers_of_block(b), tasks));
    if (!is_stuck(b))
        expect(b, until_next_look(b), LOOK);
}

/* --- a replica -------------------------------------------------------------------------------- */

static void begin_joins(struct blocks *b)
{
    struct driver *d = &b->simulator->drive;
    const struct platform *p = d->scenario.platform;
    for (uint32_t node = 0; node < p->n_nodes; node++) {
        if (!(join_of(p, node) > 0))
            continue;
        dispatch_drain_node(d->dispatch, node);
        expect(b, join_of(p, node), node);
    }
}

void blocks_begin(struct blocks *b, uint32_t replica)
{
    struct driver *d = &b->simulator->drive;
    b->n_pending = b->quiet = 0;
    b->n_asked = 0;
    b->idle_since_s = INFINITY;
    if (!b->rule) {
        begin_joins(b);
        return;
    }
    b->starts = rng_stream(d->scenario.seed, replica, RNG_BLOCK_START, str_hash("blocks"));
    for (int k = 0; k < b->n_blocks; k++)
        b->state[k] = BLOCK_GONE;
    for (uint32_t node = 0; node < d->scenario.platform->n_nodes; node++)
        dispatch_drain_node(d->dispatch, node);
    ask(b, b->rule->init < b->n_blocks ? b->rule->init : b->n_blocks);
    expect(b, b->rule->period_s, LOOK);
}

void blocks_on_event(struct blocks *b, uint32_t subject)
{
    struct driver *d = &b->simulator->drive;
    b->n_pending--;
    if (readiness_complete(d->readiness) || d->stopping)
        return;
    if (subject == LOOK)
        look(b);
    else if (b->rule)
        come(b, (int)subject);
    else {
        dispatch_return_node(d->dispatch, subject);
        d->changed = true;
    }
}
