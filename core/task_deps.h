/* core/task_deps.h - which tasks of the parent a task waits for: the only decoder of dependency
 * kinds.
 *
 * A dependency is a list of links. In a link each of `n_children` tasks waits for each of
 * `n_parents` tasks: `all` is one link, `each` one a task, `block` one a task of the smaller set,
 * listed edges one an edge. Tasks are counted within their sets.
 *
 *     struct task_link link;
 *     struct task_deps deps = task_deps_of(w, child, dependency);
 *     while (task_deps_next(&deps, &link)) ... */
#ifndef DAGCAST_CORE_TASK_DEPS_H
#define DAGCAST_CORE_TASK_DEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "core/workflow.h"

/* The kinds by enum dependency_kind: as files name them, ended by NULL, and in words for people. */
extern const char *const dependency_kind_names[];         /* "all" "each" "block" "edges" */
const char *dependency_kind_words(enum dependency_kind kind);              /* all: "" */
/* False: every task waits for the whole parent. */
static inline bool dependency_is_by_task(const struct dependency *d)
{
    return d->kind != DEPENDENCY_ALL;
}
/* Of `set`, in a workflow whose sizes are known. -1: the sizes do not fit the kind, or an edge has
 * an end outside of them; as `set` and its parent call it. */
int task_deps_check(const struct workflow *w, const struct task_set *set,
                    const struct dependency *d, struct error *err);

struct task_link { uint32_t parent, n_parents, child, n_children; };

/* Listed edges by parent or by child, so that a task's own are found in O(1). Empty for other
 * kinds. */
struct task_deps_index {
    /* a task's edges: other[begin[task]] .. begin[task + 1] - 1 */
    uint32_t *begin;
    uint32_t *other;                     /* the task at the other end */
};
struct task_deps_index task_deps_index_by_parent(const struct dependency *d, uint32_t n_parents);
struct task_deps_index task_deps_index_by_child(const struct dependency *d, uint32_t n_children);
void task_deps_index_clear(struct task_deps_index *index);

struct task_deps {                       /* private: how far an iteration is */
    const struct dependency *dependency;
    const struct task_deps_index *index;
    uint32_t n_parents, n_children, task;
    enum { TASK_DEPS_ALL_TASKS, TASK_DEPS_OF_PARENT, TASK_DEPS_OF_CHILD } which;
    size_t at, end;
};

/* `d` is one of the dependencies of set `child`. */
struct task_deps task_deps_of(const struct workflow *w, int child, const struct dependency *d);
/* The links of one task: to the children of `parent`, or to the parents of `child_task`. `index` is
 * of this dependency and in this direction. */
struct task_deps task_deps_of_parent(const struct workflow *w, int child,
                                     const struct dependency *d,
                                     const struct task_deps_index *index, uint32_t parent);
struct task_deps task_deps_of_child(const struct workflow *w, int child, const struct dependency *d,
                                    const struct task_deps_index *index, uint32_t child_task);
bool task_deps_next(struct task_deps *deps, struct task_link *link);     /* O(1); false: no more */

/* No task of set `child` begins before those that it waits for have ended: raises start_s[] of its
 * tasks to that, from end_s[] of the parent's tasks. O(links' tasks) */
void task_deps_delay(const struct workflow *w, int child, const struct dependency *d,
                     const double *end_s, double *start_s);

/* How many parents a task has; O(1). */
uint32_t task_deps_parents(const struct workflow *w, int child, const struct dependency *d,
                           const struct task_deps_index *by_child, uint32_t child_task);
/* of all tasks */
double task_deps_edges(const struct workflow *w, int child, const struct dependency *d);

#endif
