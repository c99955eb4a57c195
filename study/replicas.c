/* What replicate() gives. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "study/replicate.h"

void replicas_clear(struct replicas *r)
{
    xfree(r->at, r->bound_s);
    timeline_free(r->first);
    free(r->decided);
    explanation_clear(&r->explanation);
    for (size_t c = 0; c < r->n_campaigns; c++)
        campaign_runs_clear(&r->campaigns[c]);
    free(r->campaigns);
    *r = (struct replicas){ 0 };
}

double *replicas_makespans(const struct replicas *r)
{
    double *makespan_s = xcalloc(r->n, sizeof *makespan_s);
    for (size_t i = 0; i < r->n; i++)
        makespan_s[i] = r->at[i].makespan_s;
    return makespan_s;
}

bool replicas_are_complete(const struct replicas *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (!r->at[i].complete)
            return false;
    return true;
}
