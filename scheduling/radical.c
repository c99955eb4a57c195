#include "scheduling/radical.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "scheduling/dispatch_impl.h"
#include "scheduling/kind_index.h"
#include "scheduling/node_search.h"
#include "scheduling/wait_pool.h"
#include "scheduling/waiting.h"

enum generation { FIRST_COME, BY_ARRIVAL, BY_SUM, BY_PRODUCT };

struct incoming { uint32_t set, first, count, attempt; int ranks; size_t arrival; };

struct radical {
    struct dispatch_common *common;
    enum generation generation;
    struct node_search search;
    struct wait_pool *pool;              /* RP >= 0.90; holds tasks by their number in the workflow */
    struct waiting *queue;               /* RP < 0.90: of each class; NULL later */
    size_t n_queued;
    uint64_t arrivals;
    uint32_t *tried;                     /* classes of the queue, in the pass at hand: not refused yet */
    size_t n_tried;
    uint8_t *attempt;                    /* by task: of the one that waits; NULL while none has failed */
    struct incoming *incoming;
    uint32_t *freed;                     /* grants */
    size_t n_incoming, incoming_room, n_freed, freed_room;
    uint32_t *n_waiting;                 /* tasks of each class in the pool */
    struct kind_index *index;            /* of the classes of which some wait; NULL while classes are few */
    struct kind_rooms rooms;
    bool looks;                          /* holds that slots are left that something could use */
    int vain;                            /* passes in a row that placed nothing, on the same slots */
    bool some_fit;                       /* a class of which some wait fits, and nothing has changed since that was found */
    bool stuck;                          /* the pool was tried as it is, on the slots as they are, in vain, and would be again */
};

static const char *const generation_names[] = {
    [FIRST_COME] = "0.70", [BY_ARRIVAL] = "0.73", [BY_SUM] = "1.9", [BY_PRODUCT] = "1.33", NULL
};

static bool find_generation(const char *version, enum generation *out)
{
    int major, minor;
    if (sscanf(version, "%d.%d", &major, &minor) != 2 || major < 0 || minor < 0)
        return false;
    *out = major > 1 || (major == 1 && minor >= 20) ? BY_PRODUCT
           : major == 1 || minor >= 90              ? BY_SUM
           : minor >= 73                            ? BY_ARRIVAL
                                                    : FIRST_COME;
    return true;
}

const char *radical_generation(const char *version)
{
    enum generation g;
    return find_generation(version, &g) ? generation_names[g] : NULL;
}

bool radical_polls(const char *version)
{
    enum generation g;
    return find_generation(version, &g) && g >= BY_SUM;
}

const char *radical_generation_at(size_t i)
{
    return i < sizeof generation_names / sizeof *generation_names ? generation_names[i] : NULL;
}

static double size_of(enum generation g, const struct slot_demand *d)
{
    double gpus = d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU;
    return g == BY_PRODUCT ? d->ranks * gpus * d->slots : (d->ranks + gpus) * d->slots;
}

double radical_size(const char *version, const struct slot_demand *d)
{
    enum generation g = BY_SUM;
    find_generation(version, &g);
    return size_of(g, d);
}

static struct wait_pool *new_wait_pool(const struct pool *pool, enum generation g)
{
    size_t n = pool_classes(pool);
    double *size = xcalloc(n, sizeof *size);
    for (size_t c = 0; c < n; c++)
        size[c] = size_of(g, pool_class(pool, c));
    struct wait_pool *p = wait_pool_new(size, n);
    free(size);
    return p;
}

/* What waits or what is free has changed. */
static void begin_anew(struct radical *r)
{
    r->stuck = r->some_fit = false;
    r->vain = 0;
}

/* Above so many classes, an index says which could fit. */
enum { MOST_UNINDEXED = 24 };

static struct kind_index *new_index(struct pool *pool)
{
    size_t n = pool_classes(pool);
    struct kind_need *needs = xcalloc(n, sizeof *needs);
    for (size_t c = 0; c < n; c++)
        needs[c] = kind_need_of(pool_class(pool, c), 0);
    struct kind_index *ix = kind_index_new(needs, n);
    free(needs);
    pool_keep_totals(pool);
    return ix;
}

/* So many tasks of the class came into the pool. */
static void add_waiting(struct radical *r, size_t demand_class, uint32_t count)
{
    if (r->index && r->n_waiting[demand_class] == 0 && count > 0)
        kind_index_set(r->index, demand_class, &(struct waiting_run){ .arrival = demand_class });
    r->n_waiting[demand_class] += count;
}

static void remove_waiting(struct radical *r, size_t demand_class, uint32_t count)
{
    r->n_waiting[demand_class] -= count;
    if (r->index && r->n_waiting[demand_class] == 0 && count > 0)
        kind_index_set(r->index, demand_class, NULL);
}

/* Whether an empty platform has room wherever the search begins; where all nodes are alike, one beginning speaks for all, and so it does
 * for tasks that lie on one node. */
static bool always_fits(struct radical *r, size_t demand_class)
{
    const struct slot_demand *d = pool_class(r->common->pool, demand_class);
    bool everywhere = d->ranks > 1 && !d->one_node;
    uint32_t starts = everywhere && r->search.rotates && r->common->platform->n_shapes > 1 ? (uint32_t)pool_nodes(r->common->pool) : 1;
    bool fits = true;
    for (uint32_t i = 0; i < starts && fits; i++) {
        r->search.pointer = i;
        fits = node_search_can(&r->search, demand_class);
    }
    node_search_reset(&r->search);
    return fits;
}

/* RADICAL takes nodes in a row, those between whole: among unlike nodes it can fail for ever on a task that the platform would
 * hold. */
static int check_that_all_fit(struct radical *r, struct error *err)
{
    const struct workflow *w = r->common->workflow;
    bool *checked = xcalloc(pool_classes(r->common->pool), sizeof *checked);
    size_t s = 0;
    for (bool fits = true; s < w->n_sets && fits; s += fits) {
        uint32_t c = r->common->class_of_set[s];
        fits = checked[c] || always_fits(r, c);
        checked[c] = true;
    }
    free(checked);
    if (s < w->n_sets)
        return error_set(err, "task set '%s': radical may never find room for its %d ranks, as it takes nodes in a row and these are "
                             "not alike; use another scheduler", w->sets[s].name, w->sets[s].demand.ranks);
    return 0;
}

static void radical_destroy(void *state);

static void *radical_create(struct dispatch_common *c, const struct scheduler_options *o, struct error *err)
{
    enum generation g = BY_SUM;
    if (o->generation && !find_generation(o->generation, &g)) {
        error_set(err, "%s: no generation of RADICAL-Pilot; expected a version such as 0.70, 0.73, 1.9 or 1.33", o->generation);
        return NULL;
    }
    struct radical *r = xcalloc(1, sizeof *r);
    r->common = c;
    r->generation = g;
    node_search_init(&r->search, c->pool, g >= BY_SUM);
    if (g >= BY_SUM) {
        r->pool = new_wait_pool(c->pool, g);
    } else {
        r->queue = xcalloc(pool_classes(c->pool), sizeof *r->queue);
        r->tried = xcalloc(pool_classes(c->pool), sizeof *r->tried);
    }
    r->n_waiting = xcalloc(pool_classes(c->pool), sizeof *r->n_waiting);
    r->index = pool_classes(c->pool) > MOST_UNINDEXED ? new_index(c->pool) : NULL;
    if (check_that_all_fit(r, err)) {
        radical_destroy(r);
        return NULL;
    }
    return r;
}

static void radical_destroy(void *state)
{
    struct radical *r = state;
    if (!r)
        return;
    node_search_clear(&r->search);
    wait_pool_free(r->pool);
    for (size_t c = 0; r->queue && c < pool_classes(r->common->pool); c++)
        waiting_clear(&r->queue[c]);
    free(r->queue);
    free(r->tried);
    kind_index_free(r->index);
    free(r->rooms.at);
    free(r->n_waiting);
    free(r->attempt);
    free(r->incoming);
    free(r->freed);
    free(r);
}

static void radical_cancel(void *state)
{
    struct radical *r = state;
    r->n_incoming = 0;
    if (r->pool)
        wait_pool_reset(r->pool);
    for (size_t c = 0; r->queue && c < pool_classes(r->common->pool); c++)
        waiting_reset(&r->queue[c]);
    r->n_queued = 0;
    for (size_t c = 0; c < pool_classes(r->common->pool); c++)
        remove_waiting(r, c, r->n_waiting[c]);
    begin_anew(r);
}

static void radical_reset(void *state, uint64_t seed, uint32_t replica)
{
    (void)seed;
    (void)replica;
    struct radical *r = state;
    radical_cancel(r);
    node_search_reset(&r->search);
    if (r->attempt)
        memset(r->attempt, 0, r->common->workflow->n_tasks);
    r->n_freed = 0;
    r->looks = true;
}

static void radical_ready(void *state, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt)
{
    struct radical *r = state;
    if (count == 0)
        return;
    xgrow(&r->incoming, &r->incoming_room, r->n_incoming + 1, sizeof *r->incoming);
    r->incoming[r->n_incoming] = (struct incoming){ .set = set, .first = first, .count = count, .attempt = attempt,
                                                    .ranks = pool_class(r->common->pool, r->common->class_of_set[set])->ranks,
                                                    .arrival = r->n_incoming };
    r->n_incoming++;
}

static void radical_freed(void *state, uint32_t grant)
{
    struct radical *r = state;
    xgrow(&r->freed, &r->freed_room, r->n_freed + 1, sizeof *r->freed);
    r->freed[r->n_freed++] = grant;
    pool_expect_release(r->common->pool, grant);
}

static void radical_drain(void *state, uint32_t node)
{
    struct radical *r = state;
    pool_drain(r->common->pool, node);
}

static void radical_undrain(void *state, uint32_t node)
{
    struct radical *r = state;
    pool_undrain(r->common->pool, node);
    r->looks = true;                     /* as after a release */
    begin_anew(r);
}

static bool place(struct radical *r, uint32_t set, uint32_t task, uint32_t attempt)
{
    uint32_t grant = node_search_place(&r->search, r->common->class_of_set[set]);
    if (grant == POOL_NONE)
        return false;
    dispatch_decide(r->common, set, task, attempt, grant);
    begin_anew(r);
    return true;
}

static bool place_waiting(void *state, uint32_t task)
{
    struct radical *r = state;
    const struct workflow *w = r->common->workflow;
    uint32_t set = (uint32_t)workflow_set_of_task(w, task);
    if (!place(r, set, task - w->sets[set].first_task, r->attempt ? r->attempt[task] : 0))
        return false;
    remove_waiting(r, r->common->class_of_set[set], 1);
    return true;
}

static bool may_place(void *state, size_t demand_class)
{
    const struct radical *r = state;
    return pool_holds_task(r->common->pool, demand_class);
}

static const struct wait_pool_ops waiting_ops = { .may = may_place, .place = place_waiting };

static bool none_of_few_fits(struct radical *r)
{
    for (size_t c = 0; c < pool_classes(r->common->pool); c++)
        if (r->n_waiting[c] > 0 && node_search_can(&r->search, c))
            return false;
    return true;
}

/* Looks at a few of the classes that could fit; a "no" that is not certain only costs passes. */
static bool none_of_many_fits(struct radical *r)
{
    enum { FEW = 8 };
    const struct pool *pool = r->common->pool;
    r->rooms.n = 0;
    for (uint32_t n = 0; n < pool_nodes(pool); n++) {
        struct room free_room = pool_room(pool, n);
        struct kind_need room = kind_room_of(pool, &free_room);
        kind_rooms_add(&r->rooms, &room);
    }
    kind_index_begin(r->index, &r->rooms, NULL);
    for (int i = 0, c; i < FEW; i++) {
        if ((c = kind_index_next(r->index)) < 0)
            return true;
        if (node_search_can(&r->search, (size_t)c))
            return false;
    }
    return false;
}

/* Among many classes that is asked only once a few passes were in vain: a pass costs less than the answer. */
static bool nothing_fits(struct radical *r)
{
    enum { PATIENCE = 8 };
    if (r->index && r->vain < PATIENCE) {
        r->vain++;
        return false;
    }
    if (!r->some_fit)
        r->some_fit = !(r->index ? none_of_many_fits(r) : none_of_few_fits(r));
    return !r->some_fit;
}

/* A pass in vain is in vain again where each index holds a task of the same demand as before, or where nothing fits at all. */
static size_t try_pool(struct radical *r)
{
    if (r->stuck) {
        wait_pool_idle_passes(r->pool, 1);
        return 0;
    }
    size_t placed = wait_pool_pass(r->pool, &waiting_ops, r);
    r->stuck = placed == 0 && (wait_pool_sizes_are_classes(r->pool) || nothing_fits(r));
    return placed;
}

/* The classes that a pass has to try: all of which some wait if the first that fails blocks, else those that could fit. */
static void list_tried(struct radical *r)
{
    r->n_tried = 0;
    for (size_t c = 0; c < pool_classes(r->common->pool); c++)
        if (waiting_first(&r->queue[c]) && (r->generation == FIRST_COME || pool_holds_task(r->common->pool, c)))
            r->tried[r->n_tried++] = (uint32_t)c;
}

/* Where in that list the first task in order of arrival is. */
static size_t first_tried(const struct radical *r)
{
    size_t best = 0;
    for (size_t i = 1; i < r->n_tried; i++)
        if (waiting_before(waiting_first(&r->queue[r->tried[i]]), waiting_first(&r->queue[r->tried[best]])))
            best = i;
    return best;
}

/* Room only shrinks while they are tried, so one that is refused speaks for its class; or for all, if it blocks. */
static size_t try_queue(struct radical *r)
{
    size_t placed = 0;
    for (list_tried(r); r->n_tried > 0;) {
        size_t at = first_tried(r);
        struct waiting *queue = &r->queue[r->tried[at]];
        const struct waiting_run *run = waiting_first(queue);
        bool fits = place(r, run->set, run->first, run->attempt);
        if (fits) {
            waiting_take(queue, run);
            remove_waiting(r, r->tried[at], 1);
            r->n_queued--;
            placed++;
        } else if (r->generation == FIRST_COME) {
            break;
        }
        if (!fits || !waiting_first(queue))
            r->tried[at] = r->tried[--r->n_tried];
    }
    return placed;
}

static size_t waiting(const struct radical *r)
{
    return r->pool ? wait_pool_length(r->pool) : r->n_queued;
}

static int by_ranks_descending(const void *a, const void *b)
{
    const struct incoming *x = a, *y = b;
    if (x->ranks != y->ranks)
        return x->ranks < y->ranks ? 1 : -1;
    return x->arrival > y->arrival ? 1 : -1;
}

static void make_queue(struct radical *r, const struct incoming *in, uint32_t placed)
{
    struct waiting_run run = { .arrival = r->arrivals, .set = in->set, .first = in->first + placed, .count = in->count - placed,
                               .attempt = in->attempt };
    waiting_push(&r->queue[r->common->class_of_set[in->set]], &run);
    r->arrivals += run.count;
    r->n_queued += run.count;
    add_waiting(r, r->common->class_of_set[in->set], run.count);
    begin_anew(r);
}

static void make_wait(struct radical *r, const struct incoming *in, uint32_t placed)
{
    if (r->queue) {
        make_queue(r, in, placed);
        return;
    }
    uint32_t first = r->common->workflow->sets[in->set].first_task + in->first + placed, count = in->count - placed;
    if (in->attempt > 0 && !r->attempt)
        r->attempt = xcalloc(r->common->workflow->n_tasks, sizeof *r->attempt);
    assert(in->attempt <= UINT8_MAX);
    if (in->attempt > 0)
        memset(r->attempt + first, (int)in->attempt, count);
    wait_pool_add(r->pool, r->common->class_of_set[in->set], first, count);
    add_waiting(r, r->common->class_of_set[in->set], count);
    begin_anew(r);
}

/* Whether all that came in was placed. One of a run that does not fit speaks for those behind it. */
static bool try_incoming(struct radical *r)
{
    bool all = true;
    if (r->pool && r->n_incoming > 0)
        qsort(r->incoming, r->n_incoming, sizeof *r->incoming, by_ranks_descending);
    for (size_t i = 0; i < r->n_incoming; i++) {
        const struct incoming *in = &r->incoming[i];
        uint32_t n = 0;
        while (n < in->count && place(r, in->set, in->first + n, in->attempt))
            n++;
        if (n < in->count) {
            make_wait(r, in, n);
            all = false;
        }
    }
    r->n_incoming = 0;
    return all;
}

static void release_freed(struct radical *r)
{
    for (size_t i = 0; i < r->n_freed; i++)
        pool_release(r->common->pool, r->freed[i]);
    r->n_freed = 0;
    r->looks = true;
    begin_anew(r);
}

/* One turn of the loop; whether anything moved. */
static bool iterate(struct radical *r)
{
    bool moved = false, pool_left = false, some_wait = false;
    if (r->looks) {
        moved = (r->pool ? try_pool(r) : try_queue(r)) > 0;
        pool_left = waiting(r) > 0;
    }
    if (r->n_incoming > 0) {
        some_wait = !try_incoming(r);
        moved = true;
    }
    if (pool_left && some_wait)
        r->looks = false;
    if (r->n_freed > 0) {
        release_freed(r);
        moved = true;
    }
    return moved;
}

static bool radical_pass(void *state, double now_s)
{
    (void)now_s;
    struct radical *r = state;
    while (iterate(r))
        continue;
    return r->pool && r->looks && waiting(r) > 0;
}

static bool radical_is_idle(const void *state)
{
    const struct radical *r = state;
    return r->stuck && r->n_incoming == 0 && r->n_freed == 0;
}

static void radical_count_idle(void *state, size_t n)
{
    struct radical *r = state;
    wait_pool_idle_passes(r->pool, n);
}

const struct scheduler_ops scheduler_radical = {
    .create = radical_create, .destroy = radical_destroy, .reset = radical_reset, .ready = radical_ready, .freed = radical_freed,
    .pass = radical_pass, .is_idle = radical_is_idle, .count_idle = radical_count_idle,
    .cancel = radical_cancel, .drain = radical_drain, .undrain = radical_undrain,
};
