#include "study/failure_cost.h"

#include <math.h>

#include "base/xalloc.h"
#include "core/variant.h"

static void compare(const struct replicas *with, const struct replicas *without,
                    struct failure_cost *out)
{
    size_t n = with->n < without->n ? with->n : without->n;
    double *a = REPLICA_TIMES(with->at, n, session_s),
           *b = REPLICA_TIMES(without->at, n, session_s);
    out->incomplete = !replicas_are_complete(with);
    out->difference_s = -stats_paired_difference(a, b, n, &out->ci95);
    out->ci95 = (struct stats_interval){ -out->ci95.high, -out->ci95.low };
    for (size_t i = 0; i < n; i++) {
        out->session_s += a[i] / (double)n;
        out->without_s += b[i] / (double)n;
    }
    xfree(a, b);
}

int failure_cost_of(const struct scenario *s, const struct replicate_options *o,
                    struct failure_cost *out, struct error *err)
{
    const struct setting_change change = { .id = SETTING_NO_FAILURES, .value.said = true };
    struct variant world;
    struct replicas with = { 0 }, without = { 0 };
    *out = (struct failure_cost){ 0 };
    if (variant_vary(&world, s, &change, 1, err))
        return -1;
    int status = replicate(s, o, &with, err);
    if (status == 0)
        status = replicate(&world.scenario, o, &without, err);
    if (status == 0 && !with.interrupted && !without.interrupted)
        compare(&with, &without, out);
    replicas_clear(&with);
    replicas_clear(&without);
    variant_clear(&world);
    return status;
}

double failure_nodes_of_task(const struct scenario *s, const struct task_set *set)
{
    struct slot_demand d = platform_slots(s->platform, &set->traits->demand);
    int64_t most = 1;
    if (d.one_node)
        return 1;
    for (size_t k = 0; k < s->platform->n_shapes; k++) {
        int64_t ranks = node_shape_capacity(&s->platform->shapes[k], &d);
        most = ranks > most ? ranks : most;
    }
    return ceil((double)d.ranks / (double)most);
}
