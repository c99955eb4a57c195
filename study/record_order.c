#include "study/record_order.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* ---- records of a timeline in order of an instant ---- */

SORT_BY_2(by_time, struct ranked, at_s, record)

void ranked_sort(struct ranked *list, size_t n)
{
    sort_items(list, n, sizeof *list, by_time);
}

struct ranked *ranked_by(const struct timeline *t, enum instant instant)
{
    struct ranked *list = xcalloc(t->n + 1, sizeof *list);
    for (size_t i = 0; i < t->n; i++) {
        double at_s = timeline_at(t, i, instant);
        list[i] = (struct ranked){ isnan(at_s) ? INFINITY : at_s, i };
    }
    ranked_sort(list, t->n);
    return list;
}

/* ---- the order in which slots were given ---- */

static bool comes_before(const struct timeline_record *a, const struct timeline_record *b)
{
    return a->scheduled_s < b->scheduled_s ||
           (a->scheduled_s == b->scheduled_s && a->task <= b->task);
}

static bool is_in_order(const struct timeline *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!isfinite(t->records[i].scheduled_s) ||
            (i > 0 && !comes_before(&t->records[i - 1], &t->records[i])))
            return false;
    return true;
}

struct placed_order placed_order_of(const struct timeline *t)
{
    struct placed_order o = { .n = t->n };
    assert(t->n < UINT32_MAX);
    if (is_in_order(t))
        return o;
    struct sort_key *keys = xcalloc(t->n, sizeof *keys);
    o.n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (isfinite(t->records[i].scheduled_s))
            keys[o.n++] = (struct sort_key){ t->records[i].task, i };
    sort_keys(keys, o.n);
    for (size_t i = 0; i < o.n; i++)
        keys[i].key = sort_key_of(t->records[keys[i].item].scheduled_s);
    sort_keys(keys, o.n);
    o.records = xcalloc(o.n + 1, sizeof *o.records);
    for (size_t i = 0; i < o.n; i++)
        o.records[i] = (uint32_t)keys[i].item;
    free(keys);
    return o;
}

void placed_order_clear(struct placed_order *o)
{
    free(o->records);
    *o = (struct placed_order){ 0 };
}

#define NONE UINT32_MAX                  /* its bytes are all ones */

static uint32_t *nones(size_t n)
{
    uint32_t *list = xmalloc((n + 1) * sizeof *list);
    memset(list, 0xff, (n + 1) * sizeof *list);
    return list;
}

/* Attempts of a task stand in their order. */
struct attempt_index attempt_index_of(const struct timeline *t)
{
    struct attempt_index x = { .latest = nones(t->workflow->n_tasks) };
    assert(t->n < NONE);
    for (size_t i = 0; i < t->n; i++) {
        uint32_t *latest = &x.latest[t->records[i].task];
        if (*latest != NONE && !x.previous)
            x.previous = nones(t->n);
        if (x.previous)
            x.previous[i] = *latest;
        if (isfinite(t->records[i].started_s))
            *latest = (uint32_t)i;
    }
    return x;
}

void attempt_index_clear(struct attempt_index *x)
{
    xfree(x->latest, x->previous);
    *x = (struct attempt_index){ 0 };
}

size_t attempt_index_latest(const struct attempt_index *x, size_t task)
{
    return x->latest[task] == NONE ? WALK_NONE : x->latest[task];
}

size_t attempt_index_previous(const struct attempt_index *x, size_t record)
{
    return !x->previous || x->previous[record] == NONE ? WALK_NONE : x->previous[record];
}
