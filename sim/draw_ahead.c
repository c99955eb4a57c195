#include "sim/draw_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"

enum { BLOCK = 32, AT_ONCE = 4 * BLOCK, MOST_WHOLE = 1 << 17 };

struct draw_ahead *draw_ahead_new(const struct workflow *w, size_t n_columns, draw_block_fn *block,
                                  const void *source)
{
    struct draw_ahead *d = xcalloc(1, sizeof *d);
    d->workflow = w;
    d->n_columns = n_columns;
    d->block = block;
    d->source = source;
    d->whole = xcalloc(w->n_sets, sizeof *d->whole);
    return d;
}

void draw_ahead_free(struct draw_ahead *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < DRAW_LINES; i++)
        free(d->lines[i].value);
    xfree(d->whole, d);
}

void draw_ahead_begin(struct draw_ahead *d)
{
    for (size_t i = 0; i < DRAW_LINES; i++)
        d->lines[i].count = 0;
    memset(d->whole, 0, d->workflow->n_sets * sizeof *d->whole);
}

void draw_ahead_forget(struct draw_ahead *d, uint32_t set)
{
    struct draw_line *line = &d->lines[set % DRAW_LINES];
    d->whole[set] = false;
    if (line->set == set)
        line->count = 0;
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
        d->block(d->source, 0, set, first, count, line->value);
        return;
    }
    double column[BLOCK];
    for (uint32_t from = 0; from < count; from += BLOCK)
        for (size_t c = 0; c < width; c++) {
            uint32_t n = count - from < BLOCK ? count - from : BLOCK;
            d->block(d->source, c, set, first + from, n, column);
            for (uint32_t i = 0; i < n; i++)
                line->value[(from + i) * width + c] = column[i];
        }
}

OUT_OF_LINE double draw_ahead_miss(struct draw_ahead *d, size_t column, uint32_t set, uint32_t task)
{
    struct draw_line *line = &d->lines[set % DRAW_LINES];
    uint32_t n = d->workflow->sets[set].n_tasks;
    if (n == 1) {
        double alone;
        d->block(d->source, column, set, task, 1, &alone);
        return alone;
    }
    if (n > AT_ONCE && task % BLOCK == 0 && !d->whole[set]) {
        fill(d, line, set, task, n - task < BLOCK ? n - task : BLOCK);
    } else if (n > MOST_WHOLE || d->whole[set]) {
        double alone;
        d->block(d->source, column, set, task, 1, &alone);
        return alone;
    } else {
        d->whole[set] = true;
        fill(d, line, set, 0, n);
    }
    return draw_ahead_row(d, set, task)[column];
}
