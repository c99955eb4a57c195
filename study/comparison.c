#include "study/comparison.h"

#include <math.h>

#include "base/xalloc.h"
#include "study/expected.h"

static struct stats_improvement improve(const struct replicas *from, const struct replicas *to,
                                        size_t member)
{
    size_t n = from->n < to->n ? from->n : to->n;
    double *a = replica_times(from->at, n, member), *b = replica_times(to->at, n, member);
    struct stats_improvement i = stats_improve(a, b, n);
    xfree(a, b);
    return i;
}

/* Of a time of the replicas. One that gave tasks up is short because of that. */
static struct stats_improvement improve_if_complete(const struct comparison *c, int m,
                                                    size_t member)
{
    static const struct stats_interval unknown = { NAN, NAN };
    if (summary_is_complete(&c->mode[MODE_SEQUENTIAL]) && summary_is_complete(&c->mode[m]))
        return improve(&c->runs[MODE_SEQUENTIAL], &c->runs[m], member);
    return (struct stats_improvement){ .mean = NAN, .ci95_paired = unknown,
                                       .ci95_independent = unknown };
}

static int run_mode(const struct scenario *s, const struct replicate_options *o,
                    struct comparison *out, struct error *err)
{
    const int m = s->mode;
    struct replicate_options few = *o;
    few.keep_first = false;
    few.explain = 0;
    if (replicate(s, o, &out->runs[m], err))
        return error_prefix(err, "%s: ", mode_name(s->mode));
    out->interrupted = out->runs[m].interrupted;
    if (out->interrupted)
        return 0;
    out->mode[m] = summary_of(s, &out->runs[m]);
    if (pipeline_orders_few(s, &few, &out->runs[m], &out->order[m], err))
        return -1;
    out->interrupted = out->order[m].interrupted;
    if (m != MODE_SEQUENTIAL && !out->interrupted) {
        out->improvement[m] = improve_if_complete(out, m, offsetof(struct replica, makespan_s));
        out->span_improvement[m] = improve_if_complete(out, m, offsetof(struct replica, span_s));
    }
    return 0;
}

int comparison_run(const struct scenario *s, const struct replicate_options *o,
                   struct comparison *out, struct error *err)
{
    *out = (struct comparison){ 0 };
    int status = expected_predict(s, &out->prediction, err);
    for (int m = 0; m < MODES && status == 0 && !out->interrupted; m++) {
        struct scenario one = *s;
        one.mode = (enum mode)m;
        status = run_mode(&one, o, out, err);
    }
    if (status)
        comparison_clear(out);
    return status;
}

void comparison_clear(struct comparison *c)
{
    for (int m = 0; m < MODES; m++)
        replicas_clear(&c->runs[m]);
}
