#include "core/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/timeline_impl.h"

/* What orders records of one start. */
struct tie {
    double submitted_s;
    uint32_t task;
    unsigned attempt;
    size_t record;
};

/* Ascending, NAN behind every number. */
static int compare_times(double a, double b)
{
    if (isnan(a) || isnan(b))
        return (isnan(a) != 0) - (isnan(b) != 0);
    return (a > b) - (a < b);
}

static int compare_ties(const void *left, const void *right)
{
    const struct tie *a = left, *b = right;
    int order = compare_times(a->submitted_s, b->submitted_s);
    if (!order)
        order = (a->task > b->task) - (a->task < b->task);
    if (!order)
        order = (a->attempt > b->attempt) - (a->attempt < b->attempt);
    return order ? order : (a->record > b->record) - (a->record < b->record);
}

static void sort_ties(const struct timeline *t, struct sort_key *keys, size_t n)
{
    struct tie *ties = xcalloc(n, sizeof *ties);
    for (size_t k = 0; k < n; k++) {
        size_t i = keys[k].item;
        ties[k] = (struct tie){ t->records[i].submitted_s, t->records[i].task,
                                timeline_attempt(t, i), i };
    }
    sort_items(ties, n, sizeof *ties, compare_ties);
    for (size_t k = 0; k < n; k++)
        keys[k].item = ties[k].record;
    free(ties);
}

/* The record that is to be each. */
static uint32_t *sorted_records(const struct timeline *t)
{
    struct sort_key *keys = xcalloc(t->n, sizeof *keys);
    for (size_t i = 0; i < t->n; i++)
        keys[i] = (struct sort_key){ sort_key_of(t->records[i].started_s), i };
    sort_keys(keys, t->n);
    for (size_t i = 0, first = 0; i < t->n; i++) {
        if (i + 1 < t->n && keys[i + 1].key == keys[i].key)
            continue;
        if (i > first)
            sort_ties(t, keys + first, i + 1 - first);
        first = i + 1;
    }
    uint32_t *order = xcalloc(t->n, sizeof *order);
    for (size_t i = 0; i < t->n; i++)
        order[i] = (uint32_t)keys[i].item;
    free(keys);
    return order;
}

/* One record with all its columns. */
struct row {
    struct timeline_record record;
    uint8_t status, attempt;
    double launched_s;
};

static struct row take_row(const struct timeline *t, size_t i)
{
    return (struct row){ .record = t->records[i],
                         .status = t->status[i],
                         .attempt = t->attempt ? t->attempt[i] : 0,
                         .launched_s = t->launched_s ? t->launched_s[i] : 0 };
}

static void put_row(struct timeline *t, size_t i, const struct row *row)
{
    t->records[i] = row->record;
    t->status[i] = row->status;
    if (t->attempt)
        t->attempt[i] = row->attempt;
    if (t->launched_s)
        t->launched_s[i] = row->launched_s;
}

/* In place, along the cycles of the permutation; order[i] becomes i. */
static void permute(struct timeline *t, uint32_t *order)
{
    for (size_t i = 0; i < t->n; i++) {
        struct row first = take_row(t, i);
        size_t to = i;
        while (order[to] != i) {
            size_t from = order[to];
            struct row row = take_row(t, from);
            put_row(t, to, &row);
            order[to] = (uint32_t)to;
            to = from;
        }
        if (to != i)
            put_row(t, to, &first);
        order[to] = (uint32_t)to;
    }
}

void timeline_sort(struct timeline *t)
{
    if (t->n < 2)
        return;
    uint32_t *order = sorted_records(t);
    timeline_phases_permute(t->phases, t->n, order);
    permute(t, order);
    free(order);
}
