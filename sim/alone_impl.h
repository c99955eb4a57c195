/* sim/alone_impl.h - the state of a launcher that keeps tasks apart, shared by its parts: who waits
 * and whose turn it is (alone.c), and what is in a task's way (alone_rules.c). */
#ifndef DAGCAST_SIM_ALONE_IMPL_H
#define DAGCAST_SIM_ALONE_IMPL_H

#include "sim/simulate_impl.h"

struct kept { uint32_t attempt; bool launched; struct launch launch; };

/* Many members: who runs, who is kept, and scratch space, of all rules. */
struct alone {
    struct alone_shown shown;
    enum alone_rule rule;                /* this replica's */
    bool random, retries;
    uint32_t n_nodes, nodes_taken;       /* ALONE_NODES */
    uint32_t *running;                   /* tasks on each node, */
    bool *loner;                         /* ... and whether the one there wants it alone */
    uint64_t *cores;                     /* ALONE_CORE: physical cores taken, n_words a node */
    size_t n_words;
    int threads_per_core;
    struct kept *kept;
    size_t n_kept, room;
    bool *runs;                          /* each attempt: it has been let run, and has not ended */
    size_t runs_room;
    uint64_t turns, ends, seed;
    uint32_t replica;
    const uint32_t *after;               /* scenario->begins_after */
    bool *begun;                         /* each task of the workflow; unless `after` is NULL */
    size_t n_tasks;
};

/* alone_rules.c */
/* None that runs is in its way by this replica's rule, and what begins before it has begun. */
bool alone_admits(const struct simulator *s, const struct attempt *attempt);
/* It begins to run, and is in the way of others from now on; or no longer (false). */
void alone_take(const struct simulator *s, const struct attempt *attempt, bool takes);

#endif
