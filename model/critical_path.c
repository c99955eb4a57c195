#include "model/critical_path.h"

#include <math.h>

#include "base/xalloc.h"
#include "model/plan.h"

struct critical_path {
    const struct workflow *workflow;
    struct plan plan;                    /* its waits, in the modes with barriers */
    struct longest_path path;
    const struct durations *durations;   /* of the run */
    double slope;
    double *set_work_s;
    double *scratch_s;                   /* as many as one call of fill_durations() may ask for */
    size_t scratch_room;
};

struct critical_path *critical_path_new(const struct workflow *w, enum mode mode)
{
    struct critical_path *c = xcalloc(1, sizeof *c);
    c->workflow = w;
    if (mode == MODE_ASYNCHRONOUS) {
        longest_path_init(&c->path, w, path_graph_of(w, PATH_BY_TASK));
    } else {
        plan_init(&c->plan, w, mode);
        longest_path_init(&c->path, w, plan_graph(&c->plan, true));
        plan_keep_waits(&c->plan);
    }
    c->set_work_s = xcalloc(w->n_sets, sizeof *c->set_work_s);
    return c;
}

void critical_path_free(struct critical_path *c)
{
    if (!c)
        return;
    longest_path_clear(&c->path);
    plan_clear(&c->plan);
    xfree(c->set_work_s, c->scratch_s, c);
}

/* Durations of n tasks of the set into `out`. An attempt that fails is cut short, so with retries
 * only the shortest attempt is sure. */
static void fill_durations(struct critical_path *c, int set, uint32_t first, uint32_t n,
                           double *out)
{
    const struct durations *d = c->durations;
    const struct task_set *s = &c->workflow->sets[set];
    if (!d) {
        for (uint32_t t = 0; t < n; t++)
            out[t] = t == 0 || s->durations ? durations_expected(c->workflow, set, first + t)
                                            : out[0];
        return;
    }
    durations_block(d, set, first, n, 0, out);
    if (s->traits->failure_probability > 0)
        xgrow(&c->scratch_s, &c->scratch_room, n, sizeof *c->scratch_s);
    for (int attempt = 1; s->traits->failure_probability > 0 && attempt <= s->traits->retries;
         attempt++) {
        durations_block(d, set, first, n, (uint32_t)attempt, c->scratch_s);
        for (uint32_t t = 0; t < n; t++)
            out[t] = fmin(out[t], c->scratch_s[t]);
    }
}

/* A callback of the longest path. */
static void durations_of(void *context, int set, uint32_t first, uint32_t n, double *start_s,
                         double *duration_s)
{
    struct critical_path *c = context;
    (void)start_s;
    fill_durations(c, set, first, n, duration_s);
    if (first == 0)
        c->set_work_s[set] = 0;
    for (uint32_t t = 0; t < n; t++) {
        duration_s[t] *= c->slope;
        c->set_work_s[set] += duration_s[t];
    }
}

double critical_path_length(struct critical_path *c, const struct durations *d, double slope)
{
    c->durations = d;
    c->slope = slope;
    return longest_path_run(&c->path, durations_of, c);
}

const double *critical_path_work(const struct critical_path *c)
{
    return c->set_work_s;
}
