#include "validation/drawn.h"

#include "base/xalloc.h"
#include "study/replicate.h"
#include "traces/session_workflow.h"

enum { REPLICAS = 400, FEWEST_REPLICAS = 100, MANY_TASKS = 2000 };

static void summarise(struct drawn_prediction *out, const struct replicas *all, double measured_s)
{
    double *makespan_s = REPLICA_TIMES(all->at, all->n, makespan_s),
           *iterations = xcalloc(all->n, sizeof *iterations);
    for (size_t r = 0; r < all->n; r++)
        iterations[r] = all->decided[r].iterations;
    out->makespan = stats_summarise(makespan_s, all->n);
    out->drawn = stats_summarise(iterations, all->n);
    out->pi95 = (struct stats_interval){ stats_quantile(makespan_s, all->n, 0.025),
                                         stats_quantile(makespan_s, all->n, 0.975) };
    out->error_s = out->makespan.mean - measured_s;
    out->in_interval = stats_interval_holds(out->pi95, measured_s);
    xfree(makespan_s, iterations);
}

static size_t replicas_for(const struct session *s)
{
    size_t n = s->workflow->n_tasks,
           some = n > MANY_TASKS ? (size_t)REPLICAS * MANY_TASKS / n : REPLICAS;
    return some > FEWEST_REPLICAS ? some : FEWEST_REPLICAS;
}

static int run(struct drawn_prediction *out, const struct validation *v, const struct workflow *w,
               struct error *err)
{
    struct scenario s = v->asked.scenario;
    struct replicas all;
    s.workflow = w;
    s.task_order = NULL;
    s.pipeline_order = NULL;
    s.begins_after = NULL;
    if (s.mode == MODE_PIPELINED && w->decisions.n_campaigns > 0)
        s.mode = MODE_ASYNCHRONOUS;
    if (replicate(&s,
                  &(struct replicate_options){ .replicas = replicas_for(v->session),
                                               .threads = replicate_default_threads() },
                  &all, err))
        return -1;
    summarise(out, &all, v->measured_s);
    replicas_clear(&all);
    return 0;
}

void drawn_predict(struct drawn_prediction *out, const struct validation *v,
                   const struct loop_counts *others)
{
    const struct session *s = v->session;
    struct loop_counts own = { 0 };
    *out = (struct drawn_prediction){ .of = v, .n_others = others->n };
    if (v->level == INFORMATION_ARRIVALS || !session_decides(s))
        return;
    if (v->asked.workflow->n_sets != s->workflow->n_sets) {
        error_set(&out->why, "it has services");
        return;
    }
    loop_counts_add(&own, s);
    out->n_loops = own.n;
    for (size_t i = 0; i < own.n; i++)
        out->iterations += own.at[i];
    struct workflow *w = session_with_loops(s, v->asked.workflow, others, &out->why);
    out->done = w && run(out, v, w, &out->why) == 0;
    workflow_free(w);
    loop_counts_clear(&own);
}
