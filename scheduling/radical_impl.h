/* scheduling/radical_impl.h - the parts of RADICAL's scheduler to each other: its releases
 * (radical_version.c), how it begins and ends (radical_make.c), how what waits is tried again
 * (radical_retry.c), and its loop (radical.c). */
#ifndef DAGCAST_SCHEDULING_RADICAL_IMPL_H
#define DAGCAST_SCHEDULING_RADICAL_IMPL_H

#include "scheduling/dispatch_impl.h"
#include "scheduling/kind_index.h"
#include "scheduling/node_search.h"
#include "scheduling/radical.h"
#include "scheduling/wait_pool.h"
#include "scheduling/waiting.h"

enum generation { FIRST_COME, BY_ARRIVAL, BY_SUM, BY_PRODUCT };

struct incoming { uint32_t set, first, count, attempt; int ranks; size_t arrival; };

/* Many members: the state of RADICAL-Pilot's loop, named as there. */
struct radical {
    struct dispatch_common *common;
    enum generation generation;
    struct node_search search;
    /* RP >= 0.90; holds tasks by their number in the workflow */
    struct wait_pool *pool;
    struct waiting *queue;               /* RP < 0.90: of each class; NULL later */
    size_t n_queued;
    uint64_t arrivals;
    /* classes; of the queue, in the pass at hand: not refused yet; of the pool: asked whether they
     * fit */
    uint32_t *tried;
    size_t n_tried;
    /* by task: of the one that waits; NULL while none has failed */
    uint8_t *attempt;
    /* by task, where sets are many: else a search finds it as fast; NULL */
    uint32_t *set_of_task;
    uint32_t near_set;                   /* the set last looked up */
    struct incoming *incoming;
    uint32_t *freed;                     /* grants */
    size_t n_incoming, incoming_room, n_freed, freed_room;
    uint32_t *n_waiting;                 /* tasks of each class in the pool */
    /* of the classes of which some wait, in a queue by its first task; NULL while classes are
     * few */
    struct kind_index *index;
    struct kind_rooms rooms;
    struct kind_search asked;            /* of the index */
    bool looks;                          /* holds that slots are left that something could use */
    /* passes in a row that placed nothing, on the same slots */
    int vain;
    /* a class of which some wait fits, and nothing has changed since that was found */
    bool some_fit;
    size_t known_vain;                   /* the next passes that are known to place nothing */
    bool *fits, *refused;                /* scratch, by class: one was found to fit now, or not */
    /* the pool was tried as it is, on the slots as they are, in vain, and would be again */
    bool stuck;
};

/* false: no version number */
bool radical_find_generation(const char *version, enum generation *out);
double radical_size_of(enum generation g, const struct slot_demand *d);

void *radical_create(struct dispatch_common *c, const struct scheduler_options *o,
                     struct error *err);
void radical_destroy(void *state);

/* One pass over what waits; returns how many were placed. The generation says which of the two. */
size_t radical_try_pool(struct radical *r);
size_t radical_try_queue(struct radical *r);

/* What waits or what is free has changed. */
static inline void radical_begin_anew(struct radical *r)
{
    r->stuck = r->some_fit = false;
    r->vain = 0;
    r->known_vain = 0;
}

/* So many tasks of the class came into the pool. */
static inline void radical_add_waiting(struct radical *r, size_t demand_class, uint32_t count)
{
    if (r->index && r->pool && r->n_waiting[demand_class] == 0 && count > 0)
        kind_index_set(r->index, demand_class, &(struct waiting_run){ .arrival = demand_class });
    r->n_waiting[demand_class] += count;
}

/* The first task of the class in the queue is another one. */
static inline void radical_queue_changed(struct radical *r, size_t demand_class)
{
    if (r->index)
        kind_index_set(r->index, demand_class, waiting_first(&r->queue[demand_class]));
}

static inline void radical_remove_waiting(struct radical *r, size_t demand_class, uint32_t count)
{
    r->n_waiting[demand_class] -= count;
    if (r->index && r->n_waiting[demand_class] == 0 && count > 0)
        kind_index_set(r->index, demand_class, NULL);
}

/* False: it finds no room. */
static inline bool radical_place(struct radical *r, uint32_t set, uint32_t task, uint32_t attempt)
{
    uint32_t grant = node_search_place(&r->search, r->common->class_of_set[set]);
    if (grant == POOL_NONE)
        return false;
    dispatch_decide(r->common, set, task, attempt, grant);
    radical_begin_anew(r);
    return true;
}

#endif
