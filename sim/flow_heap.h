/* sim/flow_heap.h - the users of a shared rate (sim/flow.h) that have one cap, in a heap: the one
 * that ends next is on top, and each knows its place in it, so that it may leave from anywhere.
 * All here is inlined: it is done for every user. */
#ifndef DAGCAST_SIM_FLOW_HEAP_H
#define DAGCAST_SIM_FLOW_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/xalloc.h"

#define FLOW_NONE UINT32_MAX             /* no user */

struct flow_user {
    /* served: of the class's virtual time; waiting: its amount */
    double end;
    uint64_t number;                     /* in the order of joining */
    uint32_t subject, cap_class;
    uint32_t place;                      /* in its class's heap; FLOW_NONE: waiting */
    uint32_t before, after;              /* waiting: neighbours; unused: the next one in `after` */
};

struct flow_class {                      /* users with one cap */
    double cap, served;                  /* S */
    double rate;                         /* of each user, now */
    uint32_t *heap;                      /* users by (end, number) */
    size_t n, room;
};

static inline bool flow_heap_ends_before(const struct flow_user *users, uint32_t a, uint32_t b)
{
    const struct flow_user *x = &users[a], *y = &users[b];
    return x->end != y->end ? x->end < y->end : x->number < y->number;
}

static inline void flow_heap_put(struct flow_user *users, struct flow_class *c, size_t place,
                                 uint32_t user)
{
    c->heap[place] = user;
    users[user].place = (uint32_t)place;
}

static inline void flow_heap_sift_up(struct flow_user *users, struct flow_class *c, size_t place,
                                     uint32_t user)
{
    while (place > 0 && flow_heap_ends_before(users, user, c->heap[(place - 1) / 2])) {
        flow_heap_put(users, c, place, c->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    flow_heap_put(users, c, place, user);
}

static inline void flow_heap_sift_down(struct flow_user *users, struct flow_class *c, size_t place,
                                       uint32_t user)
{
    for (size_t child; (child = 2 * place + 1) < c->n; place = child) {
        if (child + 1 < c->n && flow_heap_ends_before(users, c->heap[child + 1], c->heap[child]))
            child++;
        if (!flow_heap_ends_before(users, c->heap[child], user))
            break;
        flow_heap_put(users, c, place, c->heap[child]);
    }
    flow_heap_put(users, c, place, user);
}

static inline void flow_heap_add(struct flow_user *users, struct flow_class *c, uint32_t user)
{
    xgrow(&c->heap, &c->room, c->n + 1, sizeof *c->heap);
    flow_heap_sift_up(users, c, c->n++, user);
}

static inline void flow_heap_remove(struct flow_user *users, struct flow_class *c, uint32_t user)
{
    size_t place = users[user].place;
    uint32_t last = c->heap[--c->n];
    if (last == user)
        return;
    if (place > 0 && flow_heap_ends_before(users, last, c->heap[(place - 1) / 2]))
        flow_heap_sift_up(users, c, place, last);
    else
        flow_heap_sift_down(users, c, place, last);
}

#endif
