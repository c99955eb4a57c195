/* scheduling/growing_impl.h - what the parts of growing.h share: places (growing.c), groups
 * (growing_groups.c), readiness (growing_ready.c), walks (growing_walk.c). */
#ifndef DAGCAST_SCHEDULING_GROWING_IMPL_H
#define DAGCAST_SCHEDULING_GROWING_IMPL_H

#include "core/realised.h"
#include "core/task_deps.h"
#include "scheduling/growing.h"
#include "scheduling/mode.h"

struct ints { int *at; size_t n, room; };

struct growing_child {                   /* a dependency task by task, seen from its parent */
    int set;
    const struct dependency *dependency;
    struct task_deps_index index;
};

/* Sets that are submitted together: kept with the first of them, which leads it. */
struct growing_group {
    struct ints sets, waits;             /* waits: ascending */
    uint32_t waits_left;                 /* that are not over */
    int order;                           /* of submission */
    int run;                             /* leader of the first group of its run(); -1 */
    bool after_stage, after_run, released;
};

struct growing_place {                   /* of a set of the workflow */
    bool taken;
    int iteration;                       /* 0: of no loop */
    uint32_t left;                       /* tasks that are not over */
    uint32_t holds;                      /* groups that come after it and are not released */
    int level, level_within;             /* sets before it on its longest path; in its iteration */
    int leader;
    uint32_t *pending;                   /* parents of each task; NULL: none task by task */
    struct ints waiters;                 /* leaders of groups */
    struct growing_child *children;
    size_t n_children, child_room;
    struct growing_group group;
};

struct growing_lane {
    int total;                           /* iterations */
    /* Iterations that later ones may come after begin with `low`; up to `armed` have places. */
    int low, armed;
    int exists;                          /* the last armed one that has a set */
    int begun;                           /* the last one of which a set was released */
    int level;                           /* the highest of a set */
    /* a campaign whose rounds are ready from the start: one begins with its first candidate */
    bool by_count;
    int *iteration_at;                   /* of each place; 0: free */
    int *free_places, n_free;
    int *place_of;                       /* of iteration k: place_of[k % n_places] */
    /* of a loop: sets that its next iteration comes after; the iterations of these begin with `low`
     */
    struct ints before_next;
};

/* Many members: the state of one growing session, in one block. */
struct growing {
    const struct workflow *from;
    struct realise_options options;
    struct workflow *workflow;
    int n_places;                        /* iterations of each loop */
    size_t n_lanes;                      /* loops, then campaigns */
    struct growing_lane *lanes;
    int *lane_of;                        /* of each described set; -1 */
    size_t *begin;                       /* places of set s: begin[s] .. begin[s + 1] - 1 */
    bool *late;                          /* [described set x loops]: it comes after the loop */
    bool *armed;                         /* of each described set outside of loops */
    int *rank;                           /* of each described set; NULL: as in the file */
    int *level_of;                       /* of each described set: the highest level of any */
    struct growing_place *places;
    uint32_t most_tasks;                 /* of one set */
    bool by_level;                       /* some set is in no loop: levels are of the whole */
    int last_group;                      /* in sequential mode; -1 */
    int n_groups;                        /* so far, in sequential mode */
    struct ints fresh, fresh_given;      /* since growing_fresh() */
    bool full, started;
    int ending;                          /* the driver still deals with the end of its task; -1 */
    size_t tasks_left, live_sets;
    struct growing_counts counts;
    struct ready_run *runs, *more;       /* more: of growing_took() */
    size_t n_runs, run_room, more_room;
    bool walks;                          /* nothing takes time */
    /* of all that had a place while it walked, the first set as it is written out */
    int first_base, first_iteration;
    uint64_t first_stream;
};

/* Some iterations of each loop, written out, with all sets outside of loops. */
struct growing_chunk {
    struct workflow *workflow;
    struct mode_plan plan;               /* pipelined, where groups outside of loops come of it */
    int *place;                          /* of each of its sets */
};

void ints_add(struct ints *list, int x);
void ints_settle(struct ints *list);     /* ascending, none twice */

/* growing_can.c: of every described set x loops: it is in no loop and comes after the loop; free()
 * it */
bool *growing_late_sets(const struct workflow *w);
size_t growing_lanes(const struct workflow *w);

/* growing_chunks.c: the next iterations of the loop (-1: of all) take places, at most so many at
 * once; false: it is full. */
bool growing_grow(struct growing *g, int loop);
int growing_ahead(const struct workflow *from);

/* growing.c */
void growing_clear_place(struct growing_place *p);
void growing_reset(struct growing *g);
/* All places are free, but for those of the first iterations; `walks`: nothing takes time. */
void growing_begin(struct growing *g, bool walks);
bool growing_has_all(const struct growing *g);           /* each iteration has had a place */
static inline int growing_base(const struct growing *g, int set)
{
    return g->workflow->realised->base[set];
}
static inline bool growing_is_late(const struct growing *g, int base)
{
    for (size_t l = 0; l < g->n_lanes; l++)
        if (g->late[(size_t)base * g->n_lanes + l])
            return true;
    return false;
}

/* growing_groups.c: of a set in asynchronous mode; its rank is its own or an asked one. */
int growing_single_order(const struct growing *g, int rank, int iteration);
/* Makes the groups of the sets in `fresh` from `first` on, and puts these into an order in
 * which each is behind all that it waits for. */
void growing_make_groups(struct growing *g, size_t first, const struct growing_chunk *chunk);

/* growing_ready.c: what it waits for, once groups are there */
void growing_link(struct growing *g, int set);
const struct ready_run *growing_start(struct growing *g, size_t *n);
const struct ready_run *growing_done(struct growing *g, uint32_t set, uint32_t task, size_t *n);
bool growing_complete(const struct growing *g);
struct readiness_group growing_group(const struct growing *g, size_t leader);

#endif
