/* Waves of one name: tasks submitted when all earlier ones had ended are a set of their own. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/task_steps_impl.h"

enum { MOST_WAVES = 64 };
static const double reaction_s = TASK_REACTION_S;

static double submission(const struct task_row *row)
{
    return later_known(row->submit_s, row->eligible_s);
}

struct span *task_spans(const struct grouper *b)
{
    struct span *spans = xcalloc(b->d->n + 1, sizeof *spans);
    for (size_t i = 0; i < b->d->n; i++)
        spans[i] = (struct span){ NAN, NAN, NAN };
    for (size_t i = 0; i < b->r->n; i++) {
        const struct task_row *row = &b->r->rows[i];
        struct span *span = &spans[b->d->task_of[i]];
        span->submitted_s = earlier_known(span->submitted_s, submission(row));
        span->started_s = earlier_known(span->started_s, row->start_s);
        span->ended_s = later_known(span->ended_s, row->status == TASK_CUT ? INFINITY : row->end_s);
    }
    return spans;
}

/* Tasks by category (the number of the first task of that name), then by submission. Free it. */
static uint32_t *order_by_category(const struct grouper *b, const struct span *spans,
                                   const uint32_t *category)
{
    size_t n = b->d->n;
    uint32_t *order = xcalloc(n + 1, sizeof *order), *behind = xcalloc(n + 1, sizeof *behind);
    struct sort_key *keys = xcalloc(n + 1, sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        keys[i] = (struct sort_key){ sort_key_of(known_or(spans[i].submitted_s, -INFINITY)), i };
        behind[category[i] + 1]++;
    }
    sort_keys(keys, n);
    for (size_t i = 0; i < n; i++)
        behind[i + 1] += behind[i];
    for (size_t i = 0; i < n; i++)
        order[behind[category[keys[i].item]]++] = (uint32_t)keys[i].item;
    xfree(behind, keys);
    return order;
}

/* The number of the first task of its name, for each. Free it. */
static uint32_t *categories_of(const struct grouper *b)
{
    struct name_index *names = name_index_new();
    uint32_t *category = xcalloc(b->d->n + 1, sizeof *category);
    for (size_t i = 0; i < b->d->n; i++) {
        int known = name_index_add(names, b->d->tasks[i].category, (int)i);
        category[i] = known >= 0 ? (uint32_t)known : (uint32_t)i;
    }
    name_index_free(names);
    return category;
}

struct ends {
    size_t n;
    double *at_s;
}; /* of tasks, ascending */

static struct ends find_ends(const struct span *spans, size_t n)
{
    struct ends ends = { 0, xcalloc(n + 1, sizeof *ends.at_s) };
    for (size_t i = 0; i < n; i++)
        if (isfinite(spans[i].ended_s))
            ends.at_s[ends.n++] = spans[i].ended_s;
    sort_doubles(ends.at_s, ends.n);
    return ends;
}

static size_t ends_until(const struct ends *ends, double time_s)
{
    return sort_count(ends->at_s, ends->n, time_s);
}

/* Tasks of one name by submission. A wave begins when all before it had ended, and some
 * task just had. */
static size_t number_waves(struct grouper *b, const struct span *spans, const uint32_t *tasks,
                           size_t n, const struct ends *ends)
{
    int wave = 0;
    double last = NAN, first = spans[tasks[0]].submitted_s;
    for (size_t i = 0; i < n; i++) {
        double submitted = spans[tasks[i]].submitted_s;
        bool after = i && submitted >= last && submitted > first;
        if (after && ends_until(ends, submitted) >
                         ends_until(ends, nextafter(submitted - reaction_s, -INFINITY))) {
            wave++;
            first = submitted;
        }
        last = later_known(last, spans[tasks[i]].ended_s);
        b->level[tasks[i]] = wave < MOST_WAVES ? wave : MOST_WAVES;
    }
    for (size_t i = 0; wave >= MOST_WAVES && i < n; i++)
        b->level[tasks[i]] = 0;
    return wave < MOST_WAVES ? (size_t)wave : 0;
}

size_t task_find_waves(struct grouper *b)
{
    if (!b->r->has_submit)
        return 0;
    struct span *spans = task_spans(b);
    struct ends ends = find_ends(spans, b->d->n);
    uint32_t *category = categories_of(b), *order = order_by_category(b, spans, category);
    size_t waves = 0;
    for (size_t i = 0, first = 0; i < b->d->n; i++) {
        if (i + 1 < b->d->n && category[order[i + 1]] == category[order[i]])
            continue;
        waves += number_waves(b, spans, order + first, i + 1 - first, &ends);
        first = i + 1;
    }
    xfree(spans, category, order, ends.at_s);
    return waves;
}
