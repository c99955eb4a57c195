#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/room_ahead_impl.h"

SORT_BY(compare_steps, struct booked_step, from_s)

/* The steps of new bookings behind those of the line, sorted among themselves; how many. */
static size_t list_new(struct room_ahead *r)
{
    size_t n = r->n_line;
    for (; r->n_lined < r->n_bookings; r->n_lined++) {
        const struct booking *b = &r->bookings[r->n_lined];
        for (size_t k = 1; b->n > 0 && k < b->steps.n; k++) {
            xgrow(&r->line, &r->line_room, n + 1, sizeof *r->line);
            r->line[n++] =
                (struct booked_step){ b->steps.at[k].from_s, (uint32_t)r->n_lined, (uint32_t)k };
        }
    }
    n -= r->n_line;
    if (n > 0)
        qsort(r->line + r->n_line, n, sizeof *r->line, compare_steps);
    return n;
}

void room_ahead_update_line(struct room_ahead *r)
{
    size_t old = r->n_line, new = list_new(r), i = 0, k = 0, n = 0;
    if (new == 0)
        return;
    xgrow(&r->spare_line, &r->spare_room, old + new, sizeof *r->line);
    while (i < old || k < new) {
        const struct booked_step *a = &r->line[i], *b = &r->line[old + k];
        bool from_new = i == old || (k < new && b->from_s < a->from_s);
        const struct booked_step *next = from_new ? b : a;
        *(from_new ? &k : &i) += 1;
        if (r->bookings[next->booking].n > 0)
            r->spare_line[n++] = *next;
    }
    struct booked_step *line = r->line;
    size_t room = r->line_room;
    r->line = r->spare_line;
    r->line_room = r->spare_room;
    r->spare_line = line;
    r->spare_room = room;
    r->n_line = n;
}

size_t room_ahead_line_behind(const struct room_ahead *r, double at_s)
{
    size_t begun;
    SORT_COUNT_IF(begun, r->n_line, i, r->line[i].from_s <= at_s);
    return begun;
}
