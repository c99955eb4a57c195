#include "scheduling/room_tree.h"

#include <string.h>

#include "base/xalloc.h"

void room_tree_init(struct room_tree *t, size_t n_nodes)
{
    *t = (struct room_tree){ .n_nodes = n_nodes, .n_leaves = 1 };
    while (t->n_leaves < n_nodes)
        t->n_leaves *= 2;
    t->most = xcalloc(2 * t->n_leaves, sizeof *t->most);
    for (size_t i = 0; i < 2 * t->n_leaves; i++)
        for (int d = 0; d < ROOM_DIMENSIONS; d++)
            t->most[i].of[d] = -1;
    t->changed = xcalloc(n_nodes, sizeof *t->changed);
    t->has_changed = xcalloc(n_nodes, sizeof *t->has_changed);
}

void room_tree_clear(struct room_tree *t)
{
    xfree(t->most, t->changed, t->has_changed);
    *t = (struct room_tree){ 0 };
}

void room_tree_set(struct room_tree *t, uint32_t node, const struct room *room)
{
    t->most[t->n_leaves + node] = *room;
    if (t->has_changed[node])
        return;
    t->has_changed[node] = true;
    t->changed[t->n_changed++] = node;
}

static void climb(struct room_tree *t, uint32_t node)
{
    for (size_t i = (t->n_leaves + node) / 2; i > 0; i /= 2) {
        const struct room *a = &t->most[2 * i], *b = &t->most[2 * i + 1];
        struct room most;
        for (int d = 0; d < ROOM_DIMENSIONS; d++)
            most.of[d] = a->of[d] > b->of[d] ? a->of[d] : b->of[d];
        if (memcmp(&most, &t->most[i], sizeof most) == 0)
            return;
        t->most[i] = most;
    }
}

static void climb_all(struct room_tree *t)
{
    for (size_t i = 0; i < t->n_changed; i++) {
        climb(t, t->changed[i]);
        t->has_changed[t->changed[i]] = false;
    }
    t->n_changed = 0;
}

struct room room_tree_most(struct room_tree *t)
{
    climb_all(t);
    return t->most[1];
}

/* Leaves are visited from left to right: after a subtree without room comes the one to its right.
 */
uint32_t room_tree_first(struct room_tree *t, const struct room *need, uint32_t from)
{
    if (from >= t->n_nodes)
        return ROOM_TREE_NONE;
    climb_all(t);
    size_t i = t->n_leaves + from;
    while (i % 2 == 0)                           /* the largest subtree that begins here */
        i /= 2;
    for (;;) {
        if (room_holds(&t->most[i], need)) {
            if (i >= t->n_leaves)
                return (uint32_t)(i - t->n_leaves);
            i *= 2;
            continue;
        }
        while (i % 2 == 1)                       /* climb while it is the right child */
            if (i == 1)
                return ROOM_TREE_NONE;
            else
                i /= 2;
        i++;
    }
}
