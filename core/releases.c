#include "core/releases.h"

#include <string.h>

#include "num/rng.h"

static void fill_gaps(const struct task_set *set, uint64_t seed, uint32_t replica,
                      double *release_s)
{
    struct rng_stream stream = rng_stream(seed, replica, RNG_RELEASE, set->stream);
    rng_uniform_block(&stream, 0, set->n_tasks, 0, release_s);
    dist_at_block(set->release.gap, release_s, set->n_tasks, release_s);
    for (uint32_t t = 1; t < set->n_tasks; t++)
        release_s[t] += release_s[t - 1];
}

void releases_of(const struct task_set *set, uint64_t seed, uint32_t replica, double *release_s)
{
    switch (set->release.kind) {
    case RELEASE_GAPS:
        fill_gaps(set, seed, replica, release_s);
        return;
    case RELEASE_LIST:
        memcpy(release_s, set->release.list_s, set->n_tasks * sizeof *release_s);
        return;
    case RELEASE_TIME:
    case RELEASE_NONE:
        for (uint32_t t = 0; t < set->n_tasks; t++)
            release_s[t] = set->release.kind == RELEASE_TIME ? set->release.time_s : 0;
        return;
    }
}
