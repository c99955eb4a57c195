#include "sim/draw_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"
#include "core/realised.h"

enum { BLOCK = 32, AT_ONCE = 4 * BLOCK, MOST_WHOLE = 1 << 17 };

struct draw_ahead *draw_ahead_new(const struct workflow *w, size_t n_columns,
                                  const struct draw_source *from)
{
    struct draw_ahead *d = xcalloc(1, sizeof *d);
    d->workflow = w;
    d->n_columns = n_columns;
    d->from = *from;
    d->sets_stay = !(w->realised && w->realised->growing);
    d->whole = xcalloc(w->n_sets, sizeof *d->whole);
    return d;
}

void draw_ahead_free(struct draw_ahead *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < DRAW_LINES; i++)
        xfree(d->lines[i].value, d->groups[i].value);
    xfree(d->whole, d);
}

void draw_ahead_begin(struct draw_ahead *d)
{
    for (size_t i = 0; i < DRAW_LINES; i++)
        d->lines[i].count = d->groups[i].count = 0;
    memset(d->whole, 0, d->workflow->n_sets * sizeof *d->whole);
}

void draw_ahead_forget(struct draw_ahead *d, uint32_t set)
{
    struct draw_line *line = &d->lines[set % DRAW_LINES];
    d->whole[set] = false;
    if (line->set == set)
        line->count = 0;
}

static void put_column(const struct draw_ahead *d, size_t c, const double *column, uint32_t n,
                       double *rows)
{
    for (uint32_t i = 0; i < n; i++)
        rows[i * d->n_columns + c] = column[i];
}

static void fill(const struct draw_ahead *d, struct draw_line *line, uint32_t set, uint32_t first,
                 uint32_t count)
{
    size_t width = d->n_columns;
    xgrow(&line->value, &line->room, count * width, sizeof *line->value);
    line->set = set;
    line->first = first;
    line->count = count;
    if (width == 1) {
        d->from.block(d->from.source, 0, set, first, count, line->value);
        return;
    }
    double column[BLOCK];
    for (uint32_t from = 0; from < count; from += BLOCK)
        for (size_t c = 0; c < width; c++) {
            uint32_t n = count - from < BLOCK ? count - from : BLOCK;
            d->from.block(d->from.source, c, set, first + from, n, column);
            put_column(d, c, column, n, line->value + from * width);
        }
}

static double alone(const struct draw_ahead *d, size_t column, uint32_t set, uint32_t task)
{
    double value;
    d->from.block(d->from.source, column, set, task, 1, &value);
    return value;
}

/* Sets of one task from this one on, to the end of its group. */
static uint32_t sets_of_one(const struct draw_ahead *d, uint32_t set)
{
    uint32_t n = 1, most = BLOCK - set % BLOCK;
    while (n < most && set + n < d->workflow->n_sets && d->workflow->sets[set + n].n_tasks == 1)
        n++;
    return n;
}

static struct draw_group *group_of(struct draw_ahead *d, uint32_t set)
{
    return &d->groups[set / BLOCK % DRAW_LINES];
}

static void fill_group(struct draw_ahead *d, struct draw_group *group, uint32_t set)
{
    double column[BLOCK];
    group->first = set;
    group->count = sets_of_one(d, set);
    group_of(d, set + group->count)->next = set + group->count;
    if (!group->value)
        group->value = xcalloc(BLOCK * d->n_columns, sizeof *group->value);
    for (size_t c = 0; c < d->n_columns; c++) {
        d->from.sets(d->from.source, c, set, group->count, column);
        put_column(d, c, column, group->count, group->value);
    }
}

static double of_one_task(struct draw_ahead *d, struct draw_group *group, size_t column,
                          uint32_t set)
{
    if (!d->sets_stay || group->next != set) {
        group->next = set + 1;
        return alone(d, column, set, 0);
    }
    fill_group(d, group, set);
    return group->value[column];
}

OUT_OF_LINE double draw_ahead_miss(struct draw_ahead *d, size_t column, uint32_t set, uint32_t task)
{
    struct draw_group *group = group_of(d, set);
    if (set - group->first < group->count)
        return group->value[(set - group->first) * d->n_columns + column];
    struct draw_line *line = &d->lines[set % DRAW_LINES];
    uint32_t n = d->workflow->sets[set].n_tasks;
    if (n == 1)
        return of_one_task(d, group, column, set);
    if (n > AT_ONCE && task % BLOCK == 0 && !d->whole[set]) {
        fill(d, line, set, task, n - task < BLOCK ? n - task : BLOCK);
    } else if (n > MOST_WHOLE || d->whole[set]) {
        return alone(d, column, set, task);
    } else {
        d->whole[set] = true;
        fill(d, line, set, 0, n);
    }
    return draw_ahead_row(d, set, task)[column];
}
