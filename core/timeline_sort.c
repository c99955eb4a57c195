#include "core/timeline.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/timeline_impl.h"

struct sort_key {
    double started_s, submitted_s;
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

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = compare_times(a->started_s, b->started_s);
    if (!order)
        order = compare_times(a->submitted_s, b->submitted_s);
    if (!order)
        order = (a->task > b->task) - (a->task < b->task);
    if (!order)
        order = (a->attempt > b->attempt) - (a->attempt < b->attempt);
    return order ? order : (a->record > b->record) - (a->record < b->record);
}

static struct sort_key *sorted_keys(const struct timeline *t)
{
    struct sort_key *keys = xcalloc(t->n, sizeof *keys);
    for (size_t i = 0; i < t->n; i++)
        keys[i] = (struct sort_key){
            .started_s = t->records[i].started_s, .submitted_s = t->records[i].submitted_s,
            .task = t->records[i].task, .attempt = timeline_attempt(t, i), .record = i,
        };
    qsort(keys, t->n, sizeof *keys, compare_keys);
    return keys;
}

void timeline_sort(struct timeline *t)
{
    if (t->n < 2)
        return;
    struct sort_key *keys = sorted_keys(t);
    struct timeline_record *records = xcalloc(t->room, sizeof *records);
    uint8_t *status = xcalloc(t->room, sizeof *status);
    uint8_t *attempt = t->attempt ? xcalloc(t->room, sizeof *attempt) : NULL;
    double *launched_s = t->launched_s ? xcalloc(t->room, sizeof *launched_s) : NULL;
    size_t *order = t->phases ? xcalloc(t->n, sizeof *order) : NULL;

    for (size_t i = 0; i < t->n; i++) {
        size_t from = keys[i].record;
        records[i] = t->records[from];
        status[i] = t->status[from];
        if (attempt)
            attempt[i] = t->attempt[from];
        if (launched_s)
            launched_s[i] = t->launched_s[from];
        if (order)
            order[i] = from;
    }
    timeline_phases_permute(t->phases, t->n, order);
    xfree(order, keys, t->records, t->status, t->attempt, t->launched_s);
    t->records = records;
    t->status = status;
    t->attempt = attempt;
    t->launched_s = launched_s;
}
