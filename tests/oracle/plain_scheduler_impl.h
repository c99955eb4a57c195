/* tests/oracle/plain_scheduler_impl.h - what the plain scheduler's rules share: its state, and
 * how a task is placed (plain_scheduler.c); `conservative` is plain_conservative.c. */
#ifndef DAGCAST_TESTS_ORACLE_PLAIN_SCHEDULER_IMPL_H
#define DAGCAST_TESTS_ORACLE_PLAIN_SCHEDULER_IMPL_H

#include "tests/oracle/plain_scheduler.h"

struct room { int slots; int64_t memory_mib; int devices[PLAIN_DEVICES]; bool drained; };

struct task {
    uint32_t set, task;
    double key, expected_s;
    uint64_t arrival;
    struct slot_demand demand;
};

struct plain_scheduler {
    const struct workflow *workflow;
    const struct platform *platform;
    char overtake, rule, placement; /* first letters; pack_gpu's is p; rule: overtake at looks */
    double every_s, *keys;               /* between looks; by set */
    struct slot_demand *demands;         /* by set */
    uint64_t arrivals;
    size_t n_nodes, n_waiting, waiting_room, n_running, running_room, n_starts, starts_room;
    struct room *now, *then;             /* by node; then: at the reservation's instant */
    int *reserved;                       /* ranks by node, while one is reserved for */
    const int *limit;                    /* most ranks of the task at hand by node, or NULL */
    struct task *waiting, head;
    struct plain_start **running, **starts;
    uint32_t *to_come, last;             /* by set: tasks that have not started */
    int64_t slots_per_gpu;
    bool random_order, lifts, memory_limited;    /* lifts: nothing runs: no slots for GPU tasks */
};

/* Rank by rank over the nodes that the placement likes best; `within`: beside the reservation.
 * NULL, and nothing taken, if it does not fit. */
struct plain_start *plain_place(struct plain_scheduler *p, const struct task *t, double now_s,
                                bool within);
/* The task at this place of the queue starts so. */
void plain_begin(struct plain_scheduler *p, size_t at, struct plain_start *s);
/* Their demands are the same; memory that no node limits makes no difference. */
bool plain_alike(const struct plain_scheduler *p, const struct task *a, const struct task *b);

void plain_pass_conservative(struct plain_scheduler *p, double now_s);

#endif
