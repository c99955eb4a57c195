#include "scheduling/dispatch.h"

#include <assert.h>
#include <math.h>

#include "base/compiler.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/demand_classes.h"
#include "scheduling/dispatch_impl.h"
#include "scheduling/order.h"
#include "scheduling/overtake.h"
#include "scheduling/placement.h"
#include "scheduling/queue_scheduler_impl.h"

struct dispatch {
    struct dispatch_common common;
    struct demand_classes classes;
    const struct scheduler_ops *ops;
    void *state;
};

static const struct scheduler_ops *find_scheduler(const struct scheduler_options *o,
                                                  struct error *err)
{
    if (!o->scheduler)
        return &scheduler_queue;
    if (str_equal(o->scheduler, "radical"))
        return &scheduler_radical;
    if (str_equal(o->scheduler, "parsl_prefetch"))
        return &scheduler_prefetch;
    error_set(err, "%s: no such scheduler; `dagcast list` shows them", o->scheduler);
    return NULL;
}

struct dispatch *dispatch_new(const struct workflow *w, const struct platform *p,
                              const struct scheduler_options *options, struct error *err)
{
    const struct scheduler_ops *ops = find_scheduler(options, err);
    if (!ops || platform_check(p, w, err) != 0)
        return NULL;
    struct dispatch *d = xcalloc(1, sizeof *d);
    d->ops = ops;
    d->common.workflow = w;
    d->common.platform = p;
    demand_classes_init(&d->classes, w, p);
    d->common.class_of_set = d->classes.of_set;
    d->common.pool = pool_new(p, d->classes.demand, d->classes.n);
    d->state = ops->create(&d->common, options, err);
    if (!d->state) {
        dispatch_free(d);
        return NULL;
    }
    dispatch_reset(d, 0, 0);
    return d;
}

void dispatch_free(struct dispatch *d)
{
    if (!d)
        return;
    d->ops->destroy(d->state);
    pool_free(d->common.pool);
    demand_classes_clear(&d->classes);
    xfree(d->common.decisions, d);
}

void dispatch_reset(struct dispatch *d, uint64_t seed, uint32_t replica)
{
    pool_reset(d->common.pool);
    d->common.n_waiting = d->common.n_running = d->common.n_decisions = 0;
    d->ops->reset(d->state, seed, replica);
}

void dispatch_ready(struct dispatch *d, uint32_t set, uint32_t first, uint32_t count,
                    uint32_t attempt)
{
    d->common.n_waiting += count;
    d->ops->ready(d->state, set, first, count, attempt);
}

uint32_t dispatch_runs(struct dispatch *d, uint32_t set, const struct pool_part *parts, size_t n,
                       double since_s)
{
    uint32_t grant = pool_claim_these(d->common.pool, d->common.class_of_set[set], parts, n);
    d->common.n_running++;
    if (d->ops->runs)
        d->ops->runs(d->state, set, grant, since_s);
    return grant;
}

void dispatch_freed(struct dispatch *d, uint32_t grant)
{
    d->common.n_running--;
    d->ops->freed(d->state, grant);
}

size_t dispatch_cancel_waiting(struct dispatch *d)
{
    size_t n = d->common.n_waiting;
    d->common.n_waiting = 0;
    d->ops->cancel(d->state);
    return n;
}

static bool goes_on(const struct decision *a, const struct decision *b)
{
    return b->set == a->set && b->attempt == a->attempt && b->task == a->task + a->count &&
           b->grant == a->grant + a->count && a->count + b->count <= DECISION_MOST_TASKS;
}

/* Many decisions become runs of tasks before their list grows. */
OUT_OF_LINE static void make_room(struct dispatch_common *c)
{
    enum { MANY = 1024 };
    size_t n = 0;
    for (size_t i = 0; c->decision_room >= MANY && i < c->n_decisions; i++) {
        const struct decision *one = &c->decisions[i];
        if (n > 0 && goes_on(&c->decisions[n - 1], one))
            c->decisions[n - 1].count += one->count;
        else
            c->decisions[n++] = *one;
    }
    c->n_decisions = n > 0 ? n : c->n_decisions;
    if (c->n_decisions >= c->decision_room / 2)
        xgrow(&c->decisions, &c->decision_room, c->decision_room + 1, sizeof *c->decisions);
}

void dispatch_decide(struct dispatch_common *c, uint32_t set, uint32_t task, uint32_t attempt,
                     uint32_t grant)
{
    assert(attempt <= UINT8_MAX);
    if (c->n_decisions == c->decision_room)
        make_room(c);
    c->decisions[c->n_decisions++] = (struct decision){
        .set = set, .task = task, .attempt = attempt & UINT8_MAX, .count = 1, .grant = grant
    };
    c->n_waiting--;
    c->n_running++;
}

const struct decision *dispatch_pass(struct dispatch *d, double now_s, size_t *n, bool *wants_retry)
{
    d->common.n_decisions = 0;
    bool retry = d->ops->pass(d->state, now_s);
    if (wants_retry)
        *wants_retry = retry;
    *n = d->common.n_decisions;
    return d->common.decisions;
}

bool dispatch_is_idle(const struct dispatch *d)
{
    return d->ops->is_idle && d->ops->is_idle(d->state);
}

void dispatch_count_idle(struct dispatch *d, size_t n)
{
    d->ops->count_idle(d->state, n);
}

double dispatch_look_s(const struct dispatch *d)
{
    return d->ops->look_s ? d->ops->look_s(d->state) : INFINITY;
}

const uint32_t *dispatch_classes(const struct dispatch *d)
{
    return d->classes.of_set;
}

size_t dispatch_waiting(const struct dispatch *d)
{
    return d->common.n_waiting;
}

struct pool *dispatch_pool(const struct dispatch *d)
{
    return d->common.pool;
}

void dispatch_drain_node(struct dispatch *d, uint32_t node)
{
    d->ops->drain(d->state, node);
}

void dispatch_return_node(struct dispatch *d, uint32_t node)
{
    d->ops->undrain(d->state, node);
}

bool dispatch_order_at(size_t i, struct setting_name *out)
{
    const struct order_ops *ops = order_at(i);
    if (ops)
        *out = (struct setting_name){ ops->name, ops->summary };
    return ops != NULL;
}

bool dispatch_overtake_at(size_t i, struct setting_name *out)
{
    const struct overtake_ops *ops = overtake_at(i);
    if (ops)
        *out = (struct setting_name){ ops->name, ops->summary };
    return ops != NULL;
}

bool dispatch_placement_at(size_t i, struct setting_name *out)
{
    const struct placement_ops *ops = placement_at(i);
    if (ops)
        *out = (struct setting_name){ ops->name, ops->summary };
    return ops != NULL;
}
