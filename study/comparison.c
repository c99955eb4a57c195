#include "study/comparison.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

static double *makespans(const struct replicas *r, size_t n)
{
    double *x = xcalloc(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = r->at[i].makespan_s;
    return x;
}

static struct stats_improvement improve(const struct replicas *from, const struct replicas *to)
{
    size_t n = from->n < to->n ? from->n : to->n;
    double *a = makespans(from, n), *b = makespans(to, n);
    struct stats_improvement i = stats_improve(a, b, n);
    free(a);
    free(b);
    return i;
}

/* A replica that gave tasks up is short because of that. */
static struct stats_improvement improve_if_complete(const struct comparison *c, const struct replicas *r, int m)
{
    static const struct stats_interval unknown = { NAN, NAN };
    if (summary_is_complete(&c->mode[MODE_SEQUENTIAL]) && summary_is_complete(&c->mode[m]))
        return improve(&r[MODE_SEQUENTIAL], &r[m]);
    return (struct stats_improvement){ .mean = NAN, .ci95_paired = unknown, .ci95_independent = unknown };
}

static int run_modes(const struct scenario *s, const struct replicate_options *o, struct replicas *r, struct comparison *out,
                     struct error *err)
{
    for (int m = 0; m < MODES; m++) {
        struct scenario one = *s;
        one.mode = (enum mode)m;
        if (replicate(&one, o, &r[m], err))
            return error_prefix(err, "%s: ", mode_name(one.mode));
        out->interrupted = r[m].interrupted;
        if (out->interrupted)
            return 0;
        out->mode[m] = summary_of(&one, &r[m]);
        if (pipeline_orders_few(&one, o, &out->order[m], err))
            return -1;
        out->interrupted = out->order[m].interrupted;
        if (out->interrupted)
            return 0;
        if (m != MODE_SEQUENTIAL)
            out->improvement[m] = improve_if_complete(out, r, m);
    }
    return 0;
}

int comparison_run(const struct scenario *s, const struct replicate_options *o, struct comparison *out, struct error *err)
{
    *out = (struct comparison){ 0 };
    if (predict(s, &out->prediction, err))
        return -1;
    struct replicas r[MODES] = { { 0 } };
    int status = run_modes(s, o, r, out, err);
    for (int m = 0; m < MODES; m++)
        replicas_clear(&r[m]);
    return status;
}
