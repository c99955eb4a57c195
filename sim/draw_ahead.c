#include "sim/draw_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"

enum { BLOCK = 32, MOST_WHOLE = 1 << 17 };

struct draw_ahead *draw_ahead_new(const struct workflow *w, draw_block_fn *block, const void *source)
{
    struct draw_ahead *d = xcalloc(1, sizeof *d);
    d->workflow = w;
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
    free(d->whole);
    free(d);
}

void draw_ahead_begin(struct draw_ahead *d)
{
    for (size_t i = 0; i < DRAW_LINES; i++)
        d->lines[i].count = 0;
    memset(d->whole, 0, d->workflow->n_sets * sizeof *d->whole);
}

static void fill(const struct draw_ahead *d, struct draw_line *line, uint32_t set, uint32_t first, uint32_t count)
{
    xgrow(&line->value, &line->room, count, sizeof *line->value);
    line->set = set;
    line->first = first;
    line->count = count;
    d->block(d->source, set, first, count, line->value);
}

OUT_OF_LINE double draw_ahead_miss(struct draw_ahead *d, uint32_t set, uint32_t task)
{
    struct draw_line *line = &d->lines[set % DRAW_LINES];
    uint32_t n = d->workflow->sets[set].n_tasks;
    if (task % BLOCK == 0 && !d->whole[set]) {
        fill(d, line, set, task, n - task < BLOCK ? n - task : BLOCK);
        return line->value[0];
    }
    if (n > MOST_WHOLE || d->whole[set]) {
        double alone;
        d->block(d->source, set, task, 1, &alone);
        return alone;
    }
    d->whole[set] = true;
    fill(d, line, set, 0, n);
    return line->value[task];
}
