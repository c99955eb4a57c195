#include "study/ranked.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

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
