/* sim/draw_ahead.h - random numbers of tasks, made in blocks before the tasks ask: a row a task, a
 * column for what it is drawn for.
 *
 * A number of a block costs a third of one made alone. Tasks of a set mostly start in their order:
 * then one block follows the other. Where they do not, those of a set of moderate size are all made
 * at its first such task, once a replica; those of a small set always are; else row by row. Sets
 * of one task that start one after the other are a block too. Memory: at most 16 sets of 131,072
 * rows (16 MiB a column); 128 rows a set while tasks start in their order; 512 rows for sets of
 * one task. */
#ifndef DAGCAST_SIM_DRAW_AHEAD_H
#define DAGCAST_SIM_DRAW_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "core/workflow.h"

/* The column's numbers for tasks first .. first + count - 1 of the set at their first attempt: the
 * same whatever the block. */
typedef void draw_block_fn(const void *source, size_t column, uint32_t set, uint32_t first,
                           uint32_t count, double *out);
/* The same of sets first .. first + count - 1, which have one task each. */
typedef void draw_sets_fn(const void *source, size_t column, uint32_t first, uint32_t count,
                          double *out);
struct draw_source {
    draw_block_fn *block;
    draw_sets_fn *sets;
    const void *source;                  /* not owned */
};

enum { DRAW_LINES = 16 };
struct draw_line {                       /* what was made ahead for a recently used set */
    uint32_t set, first, count;
    double *value;                       /* row by row */
    size_t room;
};
struct draw_group {                      /* what was made ahead for sets of one task */
    uint32_t first, count;               /* sets */
    uint32_t next;                       /* if this one asks, they start in their order */
    double *value;                       /* row by row */
};

struct draw_ahead {                      /* private */
    const struct workflow *workflow;
    size_t n_columns;
    struct draw_source from;
    bool sets_stay;                      /* none is put in the place of another */
    struct draw_line lines[DRAW_LINES];
    struct draw_group groups[DRAW_LINES];
    bool *whole;                         /* by set: all its numbers were made in this replica */
};
struct draw_ahead *draw_ahead_new(const struct workflow *w, size_t n_columns,
                                  const struct draw_source *from);
void draw_ahead_free(struct draw_ahead *d);              /* NULL allowed */
void draw_ahead_begin(struct draw_ahead *d);             /* a new replica: nothing is made */

/* Another set stands there since: nothing is made of it. */
void draw_ahead_forget(struct draw_ahead *d, uint32_t set);

/* The task's row, of n_columns; private. NULL: it is not made. */
static inline const double *draw_ahead_row(const struct draw_ahead *d, uint32_t set, uint32_t task)
{
    const struct draw_line *line = &d->lines[set % DRAW_LINES];
    uint32_t offset = task - line->first;        /* wraps when it is before */
    return line->set == set && offset < line->count ? line->value + offset * d->n_columns : NULL;
}

/* private */
double draw_ahead_miss(struct draw_ahead *d, size_t column, uint32_t set, uint32_t task);
static inline double draw_ahead_at(struct draw_ahead *d, size_t column, uint32_t set, uint32_t task)
{
    const double *row = draw_ahead_row(d, set, task);
    return row ? row[column] : draw_ahead_miss(d, column, set, task);
}

/* The task's numbers will be asked for soon: what is made is fetched into the cache. */
static inline void draw_ahead_expect(const struct draw_ahead *d, uint32_t set, uint32_t task)
{
    PREFETCH(draw_ahead_row(d, set, task));
}

#endif
