#include "study/counterfactual.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/variant.h"

static void compare(const struct replicas *real, const struct replicas *other,
                    struct counterfactual *c)
{
    double *real_s = REPLICA_TIMES(real->at, real->n, makespan_s),
           *other_s = REPLICA_TIMES(other->at, other->n, makespan_s);
    c->makespan_s = stats_mean(other_s, other->n);
    c->difference_s = stats_paired_difference(real_s, other_s, other->n, &c->ci95);
    xfree(real_s, other_s);
}

/* true: interrupted. */
static bool run_other(const struct scenario *s, const struct replicate_options *o,
                      enum setting_id id, const struct replicas *real, struct counterfactual *c)
{
    struct variant world;
    struct replicas runs = { 0 };
    struct error why = { "" };
    bool real_complete = replicas_are_complete(real);
    c->id = id;
    c->left_out = setting_at(id)->concerns && !setting_at(id)->concerns(s);
    if (c->left_out)
        return false;
    if (variant_vary(&world, s, &(struct setting_change){ .id = id, .value.said = true }, 1,
                     &why)) {
        c->why_not = xstrdup(why.text);
        return false;
    }
    if (replicate(&world.scenario, o, &runs, &why))
        c->why_not = xstrdup(why.text);
    else if (!runs.interrupted && !(real_complete && replicas_are_complete(&runs)))
        c->why_not = xstrdup(real_complete ? "not every replica ends there"
                                           : "not every replica ends as it is");
    else if (!runs.interrupted)
        compare(real, &runs, c);
    bool interrupted = runs.interrupted;
    replicas_clear(&runs);
    variant_clear(&world);
    return interrupted;
}

static void run_others(const struct scenario *s, const struct replicate_options *o,
                       const struct replicas *real, struct counterfactuals *out)
{
    double *real_s = REPLICA_TIMES(real->at, real->n, makespan_s);
    out->makespan_s = stats_mean(real_s, real->n);
    for (int k = 0; k < COUNTERFACTUALS && !out->interrupted; k++)
        out->interrupted =
            run_other(s, o, (enum setting_id)(SETTING_IDEAL_MIDDLEWARE + k), real, &out->of[k]);
    free(real_s);
}

int counterfactuals(const struct scenario *s, const struct replicate_options *options,
                    const struct replicas *real, struct counterfactuals *out, struct error *err)
{
    struct replicate_options o = *options;
    struct replicas own = { 0 };
    o.precision = 0;
    o.bounds = false;
    *out = (struct counterfactuals){ .replicas = o.replicas };
    if (!real && replicate(s, &o, &own, err))
        return -1;
    real = real ? real : &own;
    out->interrupted = real->interrupted;
    if (!out->interrupted)
        run_others(s, &o, real, out);
    replicas_clear(&own);
    return 0;
}

void counterfactuals_clear(struct counterfactuals *c)
{
    for (int k = 0; k < COUNTERFACTUALS; k++)
        free(c->of[k].why_not);
    *c = (struct counterfactuals){ 0 };
}
