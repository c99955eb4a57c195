/* scheduling/node_set.h - a set of nodes as a tree of bit sets: level 0 has a bit a node, each
 * level above a bit a word of the one below. So the first member from any node on costs O(log64
 * nodes), and so does a change; one word holds 64 nodes. */
#ifndef DAGCAST_SCHEDULING_NODE_SET_H
#define DAGCAST_SCHEDULING_NODE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"

enum { NODE_SET_LEVELS = 4 };            /* 64^4 nodes are more than any machine has */
#define NODE_SET_NONE UINT32_MAX

struct node_set {
    uint64_t *top;                       /* the only word of the top level */
    uint64_t *level[NODE_SET_LEVELS];    /* those above the top level are NULL */
    size_t n_words[NODE_SET_LEVELS], n_levels;
};
/* empty; n_nodes is at least 1 */
void node_set_init(struct node_set *s, size_t n_nodes);
void node_set_clear(struct node_set *s);                                 /* frees */
/* the first member >= from; NODE_SET_NONE */
uint32_t node_set_first(const struct node_set *s, uint32_t from);

static inline bool node_set_has(const struct node_set *s, uint32_t node)
{
    return s->level[0][node / 64] >> (node % 64) & 1;
}

static inline bool node_set_is_empty(const struct node_set *s)
{
    return *s->top == 0;
}

/* private: level 1 and those above follow a word that is empty now, or no longer */
void node_set_follow(struct node_set *s, uint32_t node);
/* How many nodes from `node` on, which is in, are in too, `most` at most. O(n / 64) */
static inline uint32_t node_set_row(const struct node_set *s, uint32_t node, uint32_t most)
{
    const uint64_t *word = &s->level[0][node / 64];
    uint32_t to_end = (uint32_t)s->n_words[0] * 64 - node;
    most = most < to_end ? most : to_end;
    uint64_t out = ~*word >> node % 64;          /* zeros come in above: 64 - node % 64 are known */
    uint32_t n = out ? (uint32_t)bits_lowest(out) : 64 - node % 64;
    for (; out == 0 && n < most; n += out ? (uint32_t)bits_lowest(out) : 64)
        out = ~*++word;
    return n < most ? n : most;
}
/* In if it is out, out if it is in. */
static inline void node_set_flip(struct node_set *s, uint32_t node)
{
    uint64_t *word = &s->level[0][node / 64], before = *word;
    *word = before ^ UINT64_C(1) << (node % 64);
    if ((s->n_levels > 1) & ((before == 0) | (*word == 0)))
        node_set_follow(s, node);
}
/* All from `from` to `end` - 1 are in, or out, and the levels above follow. O(n / 64) */
void node_set_add(struct node_set *s, size_t from, size_t end);
void node_set_remove(struct node_set *s, size_t from, size_t end);
/* Of n >= 1 nodes from `node` on all are in, or all out: now they are out, or in. */
static inline void node_set_flip_row(struct node_set *s, uint32_t node, uint32_t n)
{
    if (node % 64 + n > 64) {
        (node_set_has(s, node) ? node_set_remove : node_set_add)(s, node, (size_t)node + n);
        return;
    }
    uint64_t *word = &s->level[0][node / 64], before = *word;
    *word = before ^ (~UINT64_C(0) >> (64 - n)) << node % 64;
    if ((s->n_levels > 1) & ((before == 0) | (*word == 0)))
        node_set_follow(s, node);
}

#endif
