/* scheduling/task_kinds.h - waiting tasks that a queue scheduler cannot tell apart but by their
 * order: one demand, and for rules that look at durations one expected duration too. If the first
 * of a kind may not start, no other of it may. */
#ifndef DAGCAST_SCHEDULING_TASK_KINDS_H
#define DAGCAST_SCHEDULING_TASK_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/workflow.h"

/* expected_s: 0 unless kinds differ by duration */
struct task_kind { uint32_t demand_class; double expected_s; };

struct task_kinds {
    size_t n;
    struct task_kind *kind;              /* n entries, no two equal */
    /* one a set; where of_task has an entry, its first task's */
    const uint32_t *of_set;
    uint32_t *own;                       /* of_set, unless kinds are classes: then NULL */
    /* one a set: NULL, or the kind of each task; NULL: no set has tasks of several kinds */
    uint32_t **of_task;
    size_t n_sets;
};
/* Classes 0 .. n_classes - 1 by set, which outlive the kinds. O(sets), and O(tasks) of sets whose
 * durations are given by task, if by_duration. */
void task_kinds_init(struct task_kinds *k, const struct workflow *w, const uint32_t *class_of_set,
                     size_t n_classes, bool by_duration);
void task_kinds_clear(struct task_kinds *k);

static inline uint32_t task_kinds_class(const struct task_kinds *k, size_t kind)
{
    return k->own ? k->kind[kind].demand_class : (uint32_t)kind;
}

/* The kind of this task of the set; *same is how many of the next `count` tasks, this one included,
 * are of that kind in a row. */
uint32_t task_kinds_run(const struct task_kinds *k, uint32_t set, uint32_t task, uint32_t count,
                        uint32_t *same);

#endif
