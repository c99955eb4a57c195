/* scheduling/pool.h - what is free on each node; indexed, never scanned.
 *
 * Free slots are bit sets of 64-bit words, GPUs one word a node. For each of a few demand classes
 * the pool keeps, node by node, whether one rank fits, in a tree of bit sets, so that "the first
 * node from i that fits" costs O(log64 nodes); classes that differ in the number of ranks alone
 * share it. If there are many classes it keeps nothing for each,
 * but a tree of the nodes' free room (scheduling/room_tree.h), and searches. A grant is the slots
 * that one running task holds; a task over several nodes is a chain of grants. Lowest free ids are
 * given first.
 *
 * Nodes one behind the other on which the same is free are alike. What a task takes of alike nodes
 * is one part of its grant: it is worked out on the first of them, and copied. */
#ifndef DAGCAST_SCHEDULING_POOL_H
#define DAGCAST_SCHEDULING_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "core/demand.h"
#include "core/platform.h"
#include "scheduling/room.h"

#define POOL_NONE UINT32_MAX

struct pool;
/* classes copied */
struct pool *pool_new(const struct platform *p, const struct slot_demand *classes,
                      size_t n_classes);
void pool_free(struct pool *pool);
/* all free; O(nodes used since) */
void pool_reset(struct pool *pool);

size_t pool_nodes(const struct pool *pool);
size_t pool_classes(const struct pool *pool);
const struct slot_demand *pool_class(const struct pool *pool, size_t demand_class);
/* Prefetches what will be asked of the class. */
void pool_expect_class(const struct pool *pool, size_t demand_class);
/* one rank; or all, if they share a node */
bool pool_fits(const struct pool *pool, uint32_t node, size_t demand_class);
/* first node >= from; POOL_NONE */
uint32_t pool_first_fit(const struct pool *pool, size_t demand_class, uint32_t from);
/* All ranks of one task, over the nodes of one pilot; O(pilots) */
bool pool_holds_task(const struct pool *pool, size_t demand_class);
/* The same of many classes at once: pool_holds_task() is whether the class's bit is among those of
 * pool_held_shapes(). 0: the class has none, and must be asked for. A class keeps its bit. */
uint32_t pool_held_shapes(const struct pool *pool);
uint32_t pool_shape_bit(const struct pool *pool, size_t demand_class);
size_t pool_pilots(const struct pool *pool); /* core/platform.h */
/* The first node of the first pilot whose nodes hold all ranks of one task; POOL_NONE. */
uint32_t pool_first_job(const struct pool *pool, size_t demand_class);
size_t pool_job_nodes(const struct pool *pool); /* of a pilot */
uint32_t pool_ranks_that_fit(const struct pool *pool, uint32_t node, size_t demand_class);

/* The same of all nodes; it may stop counting at one task's. O(pilots), or if there are many
 * classes O(nodes with room for a rank). */
int64_t pool_ranks_of_task(const struct pool *pool, size_t demand_class);

/* few classes, but for their numbers of ranks: asking about one is O(1) */
bool pool_tracks_classes(const struct pool *pool);
/* Where classes are tracked, the lowest class that differs in the number of ranks alone: one rank
 * of either fits the same nodes, always. */
size_t pool_like(const struct pool *pool, size_t demand_class);
/* free there; less than 0 if drained */
struct room pool_room(const struct pool *pool, uint32_t node);
/* the most of each that any node has free */
struct room pool_most_room(const struct pool *pool);

/* what all nodes have while nothing runs; INFINITY: of some memory is not known */
struct room pool_whole_room(const struct pool *pool);

/* Sums over all nodes, drained ones too, O(1); kept once asked for, while all is free. GPUs in
 * millionths. */
void pool_keep_totals(struct pool *pool);
int64_t pool_all_free_slots(const struct pool *pool);
int64_t pool_all_free_gpus(const struct pool *pool);
int pool_free_slots(const struct pool *pool, uint32_t node);
/* devices wholly free */
int pool_free_gpus(const struct pool *pool, uint32_t node);
int64_t pool_free_memory(const struct pool *pool, uint32_t node);
/* a class asks for a part of a GPU */
bool pool_shares_devices(const struct pool *pool);
/* millionths of the device that are free */
int32_t pool_device_room(const struct pool *pool, uint32_t node, int gpu);
bool pool_is_drained(const struct pool *pool, uint32_t node);
/* How many ranks of any number of tasks the named resources of node and machine allow; INT64_MAX:
 * the class asks for none. */
int64_t pool_ranks_by_named(const struct pool *pool, uint32_t node, const struct slot_demand *d);
/* such tasks may run there */
bool pool_is_of_kind(const struct pool *pool, uint32_t node, const struct slot_demand *d);
const struct node_shape *pool_shape(const struct pool *pool, uint32_t node);

/* Before the first claim: claims may take ranks of several tasks at once. */
void pool_claims_tasks(struct pool *pool);
/* Gives `ranks` ranks' slots of a task on the node (they must fit). *last is POOL_NONE, or the last
 * part of a chain to go on; it becomes the last part made. Returns the first part made: for a new
 * chain, the grant. */
uint32_t pool_claim(struct pool *pool, uint32_t node, size_t demand_class, uint32_t ranks,
                    uint32_t *last);
/* How many nodes from `node` on are alike, of one pilot; `most` at most, which is not 0. O(that) */
uint32_t pool_alike(const struct pool *pool, uint32_t node, uint32_t most);
/* Whether one has free what the other has: false where that is not easily told. O(1) */
bool pool_are_alike(const struct pool *pool, uint32_t a, uint32_t b);
/* pool_claim() on each of n alike nodes */
uint32_t pool_claim_alike(struct pool *pool, uint32_t node, uint32_t n, size_t demand_class,
                          uint32_t ranks, uint32_t *last);
/* All ranks of one task that pool_holds_task(), where there is one pilot: on the lowest nodes with
 * room from `from` on, then on those below it. *end is behind the last of them; returns the grant.
 * O(rows of alike nodes x log64 nodes + nodes) */
uint32_t pool_claim_gang(struct pool *pool, size_t demand_class, uint32_t from, uint32_t *end);
/* pool_claim() for one task on each of these nodes; returns the grant. */
struct pool_ranks { uint32_t node, ranks; };
uint32_t pool_claim_ranks(struct pool *pool, size_t demand_class, const struct pool_ranks *at,
                          size_t n);
/* The same of given slots and GPUs, which are free: what runs already, when the scheduler is made
 * anew. */
struct pool_part {
    uint32_t node;
    int ranks;
    size_t n_slots, n_gpus;
    const uint16_t *slots, *gpus;
};
uint32_t pool_claim_these(struct pool *pool, size_t demand_class, const struct pool_part *parts,
                          size_t n);
/* the whole chain */
void pool_release(struct pool *pool, uint32_t grant);
/* its first part only; returns the next */
uint32_t pool_release_part(struct pool *pool, uint32_t grant);
/* Whether releasing the grant and claiming for a task of its class can but give this very grant
 * again: no node has room for another, and its own has nothing beside it that the class would take.
 * Then one may leave both undone. O(1) */
bool pool_can_pass_on(const struct pool *pool, uint32_t grant);
/* Prefetches a grant that will be released soon; if `fetched`, its node and demand. */
void pool_expect_release(const struct pool *pool, uint32_t grant, bool fetched);
/* fits nothing from now on */
void pool_drain(struct pool *pool, uint32_t node);
/* what is free there fits again */
void pool_undrain(struct pool *pool, uint32_t node);

struct grant_part {                      /* what it holds of each of n_nodes nodes from `node` on */
    uint32_t node, n_nodes;
    /* grant_part_slots() tells the ids of slots, as n_words sets of 64 */
    size_t n_words;
    uint64_t held;                       /* private: words with ids, a bit each */
    const uint64_t *slots;               /* private: those words */
    uint64_t gpus;                       /* ids */
    int32_t gpu_share, n_slots;
    int64_t memory_mib;
    size_t demand_class;
};
struct grant_part pool_grant_part(const struct pool *pool, uint32_t grant);
static inline uint64_t grant_part_slots(const struct grant_part *p, size_t word)
{
    uint64_t bit = UINT64_C(1) << word;
    return p->held & bit ? p->slots[bits_count(p->held & (bit - 1))] : 0;
}
/* Its parts node by node, n_nodes 1 each; false behind the last. Begin with { grant, 0 };
 * *part is kept from call to call. */
struct grant_walk { uint32_t grant, left; };
bool pool_next_node(const struct pool *pool, struct grant_walk *walk, struct grant_part *part);
/* its first node, and how many there are from that on */
uint32_t pool_grant_nodes(const struct pool *pool, uint32_t grant);
uint32_t pool_grant_node(const struct pool *pool, uint32_t grant);
size_t pool_grant_class(const struct pool *pool, uint32_t grant);
/* the next part; POOL_NONE at the end */
uint32_t pool_grant_next(const struct pool *pool, uint32_t grant);

#endif
