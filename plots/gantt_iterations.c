/* Iterations behind a Gantt chart: every second one is shaded, from its first start to the next
 * one's. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "plots/gantt_impl.h"

enum { MOST_ITERATIONS = 100, FIRST_OBJECT = 20000 };    /* more are too narrow to be told apart */

/* When each iteration started first, *n of them, number k at k - 1; NULL: there are fewer than two,
 * or too many. */
static double *first_starts(const struct timeline *t, int *n)
{
    const struct workflow *w = t->workflow;
    *n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        *n = w->sets[s].iteration > *n ? w->sets[s].iteration : *n;
    if (*n < 2 || *n > MOST_ITERATIONS)
        return NULL;
    double *first_s = xcalloc((size_t)*n, sizeof *first_s);
    for (int k = 0; k < *n; k++)
        first_s[k] = INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        int k = w->sets[workflow_set_of_task(w, t->records[i].task)].iteration;
        if (k > 0 && !isnan(t->records[i].started_s))
            first_s[k - 1] = fmin(first_s[k - 1], t->records[i].started_s);
    }
    return first_s;
}

bool gantt_has_iterations(const struct timeline *t)
{
    int n;
    double *first_s = first_starts(t, &n);
    free(first_s);
    return first_s != NULL;
}

void gantt_add_iterations(const struct page *p, struct str *row, const struct timeline *t)
{
    int n;
    double *first_s = first_starts(t, &n);
    for (int k = 1; first_s && k < n; k += 2) {
        double to_s = k + 1 < n ? first_s[k + 1] : timeline_last_stop(t);
        if (!(first_s[k] < to_s) || isinf(to_s))
            continue;
        str_addf(row,
                 "set object %d rectangle from first %.7g, graph 0 to first %.7g, graph 1 behind "
                 "fillstyle transparent solid 0.55 noborder fillcolor rgb '#CBDCF0'\n",
                 FIRST_OBJECT + k, page_time(p, t, first_s[k]), page_time(p, t, to_s));
    }
    free(first_s);
}
