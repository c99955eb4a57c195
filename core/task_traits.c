#include "core/task_traits.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/workflow_impl.h"

struct counted { struct task_traits traits; atomic_uint owners; };

const struct task_traits task_traits_none = { .demand.ranks = 1 };

/* Owners are none of its values. */
static struct counted *counted_of(const struct task_traits *t)
{
    return (struct counted *)(uintptr_t)t;
}

/* Numbers alone: nothing is to be copied or freed with it. */
static bool owns_nothing(const struct task_traits *t)
{
    return !t->demand.node && !t->demand.named && !t->phases && !t->service.ready &&
           !t->slowdown.flow && !t->command;
}

struct task_traits *task_traits_new(const struct task_traits *t)
{
    struct counted *c = xcalloc(1, sizeof *c);
    c->traits = *t;
    atomic_init(&c->owners, 1);
    return &c->traits;
}

struct task_traits *task_traits_copy(const struct task_traits *t)
{
    struct task_traits *copy = task_traits_new(t);
    if (!owns_nothing(t))
        workflow_copy_traits(copy);
    return copy;
}

const struct task_traits *task_traits_share(const struct task_traits *t)
{
    if (t != &task_traits_none)
        atomic_fetch_add_explicit(&counted_of(t)->owners, 1, memory_order_relaxed);
    return t;
}

void task_traits_free(const struct task_traits *t)
{
    if (!t || t == &task_traits_none ||
        atomic_fetch_sub_explicit(&counted_of(t)->owners, 1, memory_order_acq_rel) > 1)
        return;
    if (!owns_nothing(t))
        workflow_clear_traits(&counted_of(t)->traits);
    free(counted_of(t));
}

static bool is_alone(const struct task_traits *t)
{
    return t != &task_traits_none && atomic_load(&counted_of(t)->owners) == 1;
}

struct task_traits *task_traits_own(struct task_set *set)
{
    const struct task_traits *t = set->traits ? set->traits : &task_traits_none;
    if (is_alone(t))
        return &counted_of(t)->traits;
    struct task_traits *own = task_traits_copy(t);
    task_traits_free(set->traits);
    set->traits = own;
    return own;
}

/* ---- those that are equal ---- */

/* Of those with one hash the last is kept. */
enum { PLACES = 1 << 14 };
struct task_traits_pool { const struct task_traits *at[PLACES]; };

struct task_traits_pool *task_traits_pool_new(void)
{
    return xcalloc(1, sizeof(struct task_traits_pool));
}

void task_traits_pool_free(struct task_traits_pool *pool)
{
    for (size_t i = 0; pool && i < PLACES; i++)
        task_traits_free(pool->at[i]);
    free(pool);
}

static bool comparable(const struct task_traits *t)
{
    return !t->phases && !t->service.serves && t->n_command == 0;
}

static bool equal(const struct task_traits *a, const struct task_traits *b)
{
    return demand_equal(&a->demand, &b->demand) && a->set_sd == b->set_sd &&
           a->failure_probability == b->failure_probability && a->retries == b->retries &&
           a->on_failure == b->on_failure && a->timeout_s == b->timeout_s &&
           a->checkpoint.interval_s == b->checkpoint.interval_s &&
           a->checkpoint.cost_s == b->checkpoint.cost_s &&
           str_equal(a->slowdown.flow, b->slowdown.flow) && a->slowdown.rate == b->slowdown.rate;
}

static uint64_t mix(uint64_t hash, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
}

static size_t place_of(const struct task_traits *t)
{
    const struct demand *d = &t->demand;
    const double x[] = { d->ranks, d->cores, d->threads, d->gpus, d->gpu_share,
                         (double)d->memory_mib, d->one_node, (double)d->n_named, t->set_sd,
                         t->failure_probability, t->retries, t->on_failure, t->timeout_s,
                         t->checkpoint.interval_s, t->checkpoint.cost_s, t->slowdown.rate };
    uint64_t texts = (d->node ? str_hash(d->node) : 0) ^
                     (t->slowdown.flow ? str_hash(t->slowdown.flow) : 0);
    return (size_t)mix(texts, x, sizeof x / sizeof *x) % PLACES;
}

const struct task_traits *task_traits_pool_share(struct task_traits_pool *pool,
                                                 const struct task_traits *t)
{
    if (t == &task_traits_none || !comparable(t))
        return t;
    const struct task_traits **at = &pool->at[place_of(t)];
    if (*at && (*at == t || equal(*at, t))) {
        task_traits_share(*at);
        task_traits_free(t);
        return *at;
    }
    task_traits_free(*at);
    *at = task_traits_share(t);
    return t;
}

void task_traits_share_equal(struct workflow *w)
{
    struct task_traits_pool *pool = task_traits_pool_new();
    for (size_t s = 0; s < w->n_sets; s++)
        if (is_alone(w->sets[s].traits))
            w->sets[s].traits = task_traits_pool_share(pool, w->sets[s].traits);
    task_traits_pool_free(pool);
}
