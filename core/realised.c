#include "core/realised.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/workflow.h"

bool realised_cancels(const struct workflow *w, int set)
{
    for (size_t i = 0; w->realised && i < w->realised->n_cancels; i++)
        if (w->realised->cancels[i].set == set)
            return true;
    return false;
}

struct workflow *realised_surely(const struct workflow *w)
{
    struct workflow *sure = xmemdup(w, sizeof *w);
    sure->sets = xmemdup(w->sets, w->n_sets * sizeof *w->sets);
    for (size_t s = 0; s < w->n_sets; s++)
        if (realised_cancels(w, (int)s)) {
            sure->sets[s].duration = dist_constant(0);
            sure->sets[s].durations = NULL;
            sure->sets[s].n_dependencies = 0;    /* what is cancelled is over, whatever it waited for */
        }
    return sure;
}

void realised_surely_free(struct workflow *w)
{
    for (size_t s = 0; w && s < w->n_sets; s++)
        if (realised_cancels(w, (int)s))
            dist_free(w->sets[s].duration);
    if (w)
        free(w->sets);
    free(w);
}

void realised_free(struct realised *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n_points; i++) {
        free(r->points[i].name);
        free(r->points[i].sets);
    }
    for (size_t i = 0; i < r->n_campaigns; i++) {
        free(r->campaigns[i].rounds);
        free(r->campaigns[i].learnings);
    }
    free(r->points);
    free(r->cancels);
    free(r->campaigns);
    free(r->base);
    free(r->lane);
    free(r->point);
    free(r);
}
