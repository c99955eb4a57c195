/* model/list_groups.h - what waits for what in the list schedule of makespan.h, set by set: from
 * the plan of a workflow that is written out (model/plan.h), or from one of which only what is in
 * flight is (scheduling/growing.h). */
#ifndef DAGCAST_MODEL_LIST_GROUPS_H
#define DAGCAST_MODEL_LIST_GROUPS_H

#include "core/scenario.h"
#include "scheduling/readiness.h"

struct list_groups;
struct list_groups *list_groups_new(const struct workflow *w, enum mode mode);
void list_groups_free(struct list_groups *l);             /* NULL allowed */
/* Of one that grows: what was begun cannot be told to its end with its places. */
bool list_groups_is_full(const struct list_groups *l);

/* From the start. */
void list_groups_begin(struct list_groups *l);
/* The set has ended now, and so did the path that leads here, with so much overhead. */
void list_groups_over(struct list_groups *l, int set, double now_s, double overhead_s);

struct list_group {
    size_t n_sets; const int *sets;      /* in the order of submission */
    enum submit_cause cause;
    uint32_t n_tasks;
    double overhead_s;                   /* of the longest path that ended last, of its waits */
    uint32_t closed_tasks;               /* of the group that ended last */
};
/* Those that wait for nothing any more since the last call, in order of submission; each is valid
 * until the next call of list_groups_over(). */
const int *list_groups_ready(struct list_groups *l, size_t *n);
struct list_group list_groups_at(const struct list_groups *l, int group);
enum submit_cause list_groups_cause(const struct list_groups *l, int set);
/* Sets that are there since the last call; of what is written out none, since all are. */
const int *list_groups_fresh(struct list_groups *l, size_t *n);

#endif
