#include "plots/lanes.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* --- one by one ------------------------------------------------------------------------------- */

/* Set in the value of an empty interval, which keeps its lane from others that begin at the same
 * instant. */
#define EMPTY (UINT64_C(1) << 32)

static void free_until(struct lane_row *row, double time_s)
{
    while (row->busy.n > 0) {
        struct heap_item first = row->busy.items[0];
        if (first.key > time_s || (first.key == time_s && first.value & EMPTY))
            return;
        uint32_t lane = (uint32_t)min_heap_pop(&row->busy).value;

        min_heap_push(&row->free, (struct heap_item){ lane, lane });
    }
}

uint32_t lane_row_next(struct lane_row *row, double from_s, double to_s)
{
    free_until(row, from_s);
    uint32_t lane =
        row->free.n > 0 ? (uint32_t)min_heap_pop(&row->free).value : (uint32_t)row->n_lanes++;

    min_heap_push(&row->busy, (struct heap_item){ to_s, lane | (from_s < to_s ? 0 : EMPTY) });
    return lane;
}

void lane_row_clear(struct lane_row *row)
{
    min_heap_clear(&row->busy);
    min_heap_clear(&row->free);
    row->n_lanes = 0;
}

/* --- all at once ------------------------------------------------------------------------------ */

struct begin { double from_s; size_t interval; };

SORT_BY_2(compare_begins, struct begin, from_s, interval)

size_t lanes_assign(struct lane_interval *intervals, size_t n)
{
    struct begin *begins = xcalloc(n, sizeof *begins);
    struct lane_row row = { 0 };
    for (size_t i = 0; i < n; i++)
        begins[i] = (struct begin){ intervals[i].from_s, i };
    qsort(begins, n, sizeof *begins, compare_begins);
    for (size_t i = 0; i < n; i++) {
        struct lane_interval *interval = &intervals[begins[i].interval];
        interval->lane = lane_row_next(&row, interval->from_s, interval->to_s);
    }
    size_t n_lanes = row.n_lanes;

    lane_row_clear(&row);
    free(begins);
    return n_lanes;
}
