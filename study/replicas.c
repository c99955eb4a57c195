/* What replicate() gives. */
#include <stdlib.h>
#include <string.h>

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

bool replicas_are_complete(const struct replicas *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (!r->at[i].complete)
            return false;
    return true;
}

double *replica_times(const struct replica *at, size_t n, size_t member)
{
    double *x = xcalloc(n + 1, sizeof *x);
    for (size_t i = 0; i < n; i++)
        memcpy(&x[i], (const char *)&at[i] + member, sizeof x[i]);
    return x;
}
