/* Times without a year: which of them lie beyond the end of the year. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_records.h"

static const double half_year_s = 183 * 86400.0, year_s = 366 * 86400.0;

enum { TIMES = 4 };

static double *time_of(struct task_row *row, size_t k)
{
    double *const times[] = { &row->submit_s, &row->eligible_s, &row->start_s, &row->end_s };
    return times[k];
}

/* The jobs of one table lie closer together than half a year: what comes before the largest gap, if
 * it is wider than that, is of the next year. */
void task_records_join_years(struct task_records *t)
{
    double *times = xcalloc(TIMES * t->n + 1, sizeof *times), widest = half_year_s, before = NAN;
    size_t n = 0;
    for (size_t i = 0; i < t->n && t->no_year; i++)
        for (size_t k = 0; k < TIMES; k++) {
            double at = *time_of(&t->rows[i], k);
            if (!isnan(at))
                times[n++] = at;
        }
    sort_doubles(times, n);
    for (size_t i = 1; i < n && times[n - 1] - times[0] < 2 * year_s; i++)
        if (times[i] - times[i - 1] > widest) {
            widest = times[i] - times[i - 1];
            before = times[i - 1];
        }
    for (size_t i = 0; i < t->n && !isnan(before); i++)
        for (size_t k = 0; k < TIMES; k++) {
            double *at = time_of(&t->rows[i], k);
            if (*at <= before)
                *at += year_s;
        }
    free(times);
}
