/* scheduling/set_children.h - the dependencies of a workflow from the parents' side, by set. */
#ifndef DAGCAST_SCHEDULING_SET_CHILDREN_H
#define DAGCAST_SCHEDULING_SET_CHILDREN_H

#include <stddef.h>
#include <stdint.h>

#include "core/task_deps.h"

/* A dependency: of a set, its number there. */
struct child { int set; uint32_t dependency; };

struct set_children {
    const struct workflow *workflow;
    uint32_t *begin;                     /* set s: at[begin[s]] .. at[begin[s + 1] - 1] */
    struct child *at;                    /* by child */
    struct task_deps_index *by_parent;   /* private: of each child; NULL: none lists edges */
};
void set_children_init(struct set_children *c, const struct workflow *w); /* O(sets + edges) */
void set_children_clear(struct set_children *c);         /* a zeroed one too */

static inline const struct dependency *set_children_dependency(const struct set_children *c,
                                                               size_t i)
{
    return &c->workflow->sets[c->at[i].set].dependencies[c->at[i].dependency];
}
/* The tasks of child i that wait for `task` of its parent. */
struct task_deps set_children_of_task(const struct set_children *c, size_t i, uint32_t task);

#endif
