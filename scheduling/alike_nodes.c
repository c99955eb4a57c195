#include "scheduling/alike_nodes.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void alike_nodes_init(struct alike_nodes *a, const struct pool *pool)
{
    size_t n = pool_nodes(pool);
    *a = (struct alike_nodes){ .pool = pool, .n_buckets = 1 };
    while (a->n_buckets < 2 * n)
        a->n_buckets *= 2;
    a->of_node = xcalloc(n, sizeof *a->of_node);
    a->place = xcalloc(n, sizeof *a->place);
    a->by_hash = xcalloc(a->n_buckets, sizeof *a->by_hash);
}

void alike_nodes_clear(struct alike_nodes *a)
{
    for (size_t g = 0; g < a->n_groups; g++) {
        xfree(a->groups[g].nodes, a->groups[g].steps.at);
    }
    xfree(a->groups, a->of_node, a->place, a->by_hash, a->unused, a->scratch.at);
    *a = (struct alike_nodes){ 0 };
}

static uint64_t mix(uint64_t x) /* Steele, Lea and Flood 2014: SplitMix64 */
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Those of several ends add up. */
static uint64_t hash_end(double end_s, const struct room_amount *by)
{
    uint64_t bits;
    memcpy(&bits, &end_s, sizeof bits);
    bits = mix(bits ^ UINT64_C(0x9e3779b97f4a7c15));
    return mix(bits + (uint64_t)by->slots + mix((uint64_t)by->gpus) * 3 +
               mix((uint64_t)by->memory_mib) * 5);
}

static uint32_t *bucket(const struct alike_nodes *a, uint64_t hash)
{
    return &a->by_hash[mix(hash) & (a->n_buckets - 1)];
}

static bool are_equal(const struct room_steps *a, const struct room_steps *b)
{
    if (a->n != b->n)
        return false;
    for (size_t k = 0; k < a->n; k++) {
        const struct room_step *x = &a->at[k], *y = &b->at[k];
        if (x->from_s != y->from_s || x->ends != y->ends || x->free.slots != y->free.slots ||
            x->free.gpus != y->free.gpus || x->free.memory_mib != y->free.memory_mib)
            return false;
    }
    return true;
}

static uint32_t find_group(const struct alike_nodes *a, uint64_t hash,
                           const struct node_shape *shape, const struct room_steps *steps)
{
    for (uint32_t g = *bucket(a, hash); g != ALIKE_NONE; g = a->groups[g].next) {
        const struct alike_group *group = &a->groups[g];
        if (group->hash == hash && group->shape == shape && are_equal(&group->steps, steps))
            return g;
    }
    return ALIKE_NONE;
}

static void link_group(struct alike_nodes *a, uint32_t g, uint64_t hash)
{
    uint32_t *first = bucket(a, hash);
    a->groups[g].hash = hash;
    a->groups[g].next = *first;
    *first = g;
}

static void unlink_group(struct alike_nodes *a, uint32_t g)
{
    uint32_t *at = bucket(a, a->groups[g].hash);
    while (*at != g)
        at = &a->groups[*at].next;
    *at = a->groups[g].next;
}

static uint32_t new_group(struct alike_nodes *a, const struct node_shape *shape)
{
    if (a->n_unused == 0) {
        size_t before = a->group_room;
        xgrow(&a->groups, &a->group_room, a->n_groups + 1, sizeof *a->groups);
        memset(a->groups + before, 0, (a->group_room - before) * sizeof *a->groups);
    }
    uint32_t g = a->n_unused > 0 ? a->unused[--a->n_unused] : (uint32_t)a->n_groups++;
    a->groups[g].shape = shape;
    a->groups[g].n = 0;
    return g;
}

static void add_unused(struct alike_nodes *a, uint32_t g)
{
    a->groups[g].n = 0;
    xgrow(&a->unused, &a->unused_room, a->n_unused + 1, sizeof *a->unused);
    a->unused[a->n_unused++] = g;
}

static void join(struct alike_nodes *a, uint32_t g, uint32_t node)
{
    struct alike_group *group = &a->groups[g];
    xgrow(&group->nodes, &group->room, group->n + 1, sizeof *group->nodes);
    a->of_node[node] = g;
    a->place[node] = (uint32_t)group->n;
    group->nodes[group->n++] = node;
}

static void leave(struct alike_nodes *a, uint32_t node)
{
    struct alike_group *group = &a->groups[a->of_node[node]];
    uint32_t last = group->nodes[--group->n];
    group->nodes[a->place[node]] = last;
    a->place[last] = a->place[node];
}

static void copy_steps(struct room_steps *to, const struct room_steps *from)
{
    xgrow(&to->at, &to->room, from->n, sizeof *to->at);
    memcpy(to->at, from->at, from->n * sizeof *from->at);
    to->n = from->n;
}

/* A task that holds the amount will end then: it is free from then on, and not before. */
static void add_end(struct room_steps *s, double end_s, const struct room_amount *by)
{
    size_t k = room_steps_cut(s, end_s);
    s->at[k].ends++;
    for (size_t i = 0; i < k; i++)
        room_amount_add(&s->at[i].free, by, -1);
}

static void remove_end(struct room_steps *s, double end_s, const struct room_amount *by)
{
    size_t k = room_steps_at(s, end_s);
    assert(s->at[k].from_s == end_s && s->at[k].ends > 0);
    for (size_t i = 0; i < k; i++)
        room_amount_add(&s->at[i].free, by, 1);
    if (--s->at[k].ends == 0) {
        s->n--;
        memmove(s->at + k, s->at + k + 1, (s->n - k) * sizeof *s->at);
    }
}

/* Moves the node to the group that has these steps, which a->scratch holds. */
static void move(struct alike_nodes *a, uint32_t node, uint64_t hash)
{
    uint32_t from = a->of_node[node];
    const struct node_shape *shape = a->groups[from].shape;
    uint32_t to = find_group(a, hash, shape, &a->scratch);
    bool last = a->groups[from].n == 1;
    if (last)
        unlink_group(a, from);
    if (to == ALIKE_NONE && last) {
        copy_steps(&a->groups[from].steps, &a->scratch);
        link_group(a, from, hash);
        return;
    }
    leave(a, node);
    if (last)
        add_unused(a, from);
    if (to == ALIKE_NONE) {
        to = new_group(a, shape);
        copy_steps(&a->groups[to].steps, &a->scratch);
        link_group(a, to, hash);
    }
    join(a, to, node);
}

static void change(struct alike_nodes *a, uint32_t node, const struct room_amount *by, double end_s,
                   bool starts)
{
    if (a->of_node[node] == ALIKE_NONE)
        return;
    uint64_t hash = a->groups[a->of_node[node]].hash, of_end = hash_end(end_s, by);
    copy_steps(&a->scratch, &a->groups[a->of_node[node]].steps);
    (starts ? add_end : remove_end)(&a->scratch, end_s, by);
    move(a, node, starts ? hash + of_end : hash - of_end);
}

void alike_nodes_start(struct alike_nodes *a, uint32_t node, const struct room_amount *by,
                       double end_s)
{
    change(a, node, by, end_s, true);
}

void alike_nodes_end(struct alike_nodes *a, uint32_t node, const struct room_amount *by,
                     double end_s)
{
    change(a, node, by, end_s, false);
}

static void put_free(struct alike_nodes *a, uint32_t node)
{
    struct room_steps *s = &a->scratch;
    const struct node_shape *shape = pool_shape(a->pool, node);
    xgrow(&s->at, &s->room, 1, sizeof *s->at);
    s->at[0] = (struct room_step){ -INFINITY, room_amount_free(a->pool, node), 0 };
    s->n = 1;
    uint32_t g = find_group(a, 0, shape, s);
    if (g == ALIKE_NONE) {
        g = new_group(a, shape);
        copy_steps(&a->groups[g].steps, s);
        link_group(a, g, 0);
    }
    join(a, g, node);
}

/* What runs is free now for a moment, so that it can start. */
static void give_back(struct alike_nodes *a, uint32_t node, const struct room_amount *by)
{
    if (a->of_node[node] == ALIKE_NONE)
        return;
    copy_steps(&a->scratch, &a->groups[a->of_node[node]].steps);
    for (size_t k = 0; k < a->scratch.n; k++)
        room_amount_add(&a->scratch.at[k].free, by, 1);
    move(a, node, a->groups[a->of_node[node]].hash);
}

void alike_nodes_read(struct alike_nodes *a, const struct expected_ends *ends)
{
    struct ends_cursor c = { 0 };
    const struct expected_end *e;
    struct grant_part part;
    a->n_unused = 0;
    for (size_t g = a->n_groups; g-- > 0;)
        add_unused(a, (uint32_t)g);
    for (size_t i = 0; i < a->n_buckets; i++)
        a->by_hash[i] = ALIKE_NONE;
    for (uint32_t n = 0; n < pool_nodes(a->pool); n++)
        if (pool_is_drained(a->pool, n))
            a->of_node[n] = ALIKE_NONE;
        else
            put_free(a, n);
    for (; (e = expected_ends_at(ends, &c)); expected_ends_step(ends, &c))
        for (struct grant_walk w = { e->grant, 0 }; pool_next_node(a->pool, &w, &part);) {
            struct room_amount by = room_amount_of_part(&part);
            give_back(a, part.node, &by);
            alike_nodes_start(a, part.node, &by, e->end_s);
        }
}
