#include "validation/scaled.h"

#include <stddef.h>

#include "num/dist.h"

static struct dist *scaled(const struct dist *d, double scale)
{
    return dist_scaled(d, scale, 0);
}

static void scale_dist(struct dist **d, double scale)
{
    struct dist *scaled = dist_scaled(*d, scale, 0);
    dist_free(*d);
    *d = scaled;
}

static void scale_values(double *values, size_t n, double scale)
{
    for (size_t i = 0; values && i < n; i++)
        values[i] *= scale;
}

struct workflow *workflow_scaled(const struct workflow *w, double scale)
{
    struct workflow *made = workflow_copy(w);
    for (size_t i = 0; i < made->n_sets && scale != 1; i++) {
        struct task_set *s = &made->sets[i];
        phases_each_compute(s, scaled, scale);
        scale_values(s->durations, s->n_tasks, scale);
        scale_values(s->release.list_s, s->release.kind == RELEASE_LIST ? s->n_tasks : 0, scale);
        s->release.time_s *= scale;
        s->timeout_s *= scale;
        if (s->release.kind == RELEASE_GAPS)
            scale_dist(&s->release.gap, scale);
    }
    return made;
}
