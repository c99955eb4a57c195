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

size_t gantt_iterations(const struct timeline *t, struct gantt_stretch **out)
{
    int n;
    size_t shaded = 0;
    double *first_s = first_starts(t, &n);
    *out = xcalloc(MOST_ITERATIONS, sizeof **out);
    for (int k = 1; first_s && k < n; k += 2) {
        double to_s = k + 1 < n ? first_s[k + 1] : timeline_last_stop(t);
        if (first_s[k] < to_s && !isinf(to_s))
            (*out)[shaded++] = (struct gantt_stretch){ k + 1, first_s[k], to_s };
    }
    free(first_s);
    return shaded;
}

void gantt_add_iterations(const struct page *p, struct str *row, const struct timeline *t)
{
    struct gantt_stretch *shaded;
    size_t n = gantt_iterations(t, &shaded);
    for (size_t i = 0; i < n; i++)
        str_addf(row,
                 "set object %d rectangle from first %.7g, graph 0 to first %.7g, graph 1 behind "
                 "fillstyle transparent solid 0.55 noborder fillcolor rgb '#CBDCF0'\n",
                 FIRST_OBJECT + shaded[i].iteration - 1, page_time(p, t, shaded[i].from_s),
                 page_time(p, t, shaded[i].to_s));
    free(shaded);
}
