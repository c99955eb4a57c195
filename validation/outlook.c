#include "validation/outlook.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "core/phases.h"
#include "num/rng.h"
#include "sim/simulate.h"
#include "validation/learned_durations.h"
#include "validation/outlook_impl.h"

enum {
    TIMELINES = 24,                      /* replicas whose sets are looked at */
    TEMPO_LEAST = 3, TEMPO_REPLICAS = 8
};
#define TEMPO_KEPT 0.8                   /* power of it that the rest of the run goes by */
#define TEMPO_DOUBT 0.4                  /* of the tempo's logarithm: it may not stay so */

/* ---- what has happened: how the run went against the model ---- */

/* The makespan that the model gives to what has started, with its measured durations, against the
 * measured one: above 1, the run takes longer between its tasks than the model knows. 1 where there
 * is too little to tell. */
static double tempo_of(const struct outlook_question *q, struct error *err)
{
    struct run_part p;
    double tempo = 1, sum = 0, last_s = NAN;
    if (q->st->count[RUN_DONE] < TEMPO_LEAST || !run_part_past(&p, q))
        return 1;
    for (size_t i = 0; i < p.of.workflow->n_sets; i++) {
        struct task_set *s = &p.of.workflow->sets[i];
        for (uint32_t k = 0; k < s->n_tasks; k++) {
            const struct run_task *t = &q->st->tasks[p.of.task_of[s->first_task + k]];
            double stopped_s = isnan(t->stopped_s) ? q->st->now_s : t->stopped_s;
            s->durations[k] = fmax(stopped_s - t->started_s, 0);
            last_s = later_known(last_s, stopped_s);
        }
    }
    struct simulator *sim = simulator_new(&p.scenario, err);
    for (uint32_t r = 0; sim && r < TEMPO_REPLICAS; r++) {
        struct replica replica;
        simulator_run(sim, r, NULL, &replica);
        sum += replica.makespan_s / TEMPO_REPLICAS;
    }
    if (sim && sum > 0)
        tempo = (last_s - q->st->first_start_s) / sum;
    simulator_free(sim);
    run_part_clear(&p);
    return pow(fmin(fmax(tempo, 0.2), 5), TEMPO_KEPT);
}

/* ---- replicas ---- */

struct sums {
    double start_s, stop_s;
    size_t n;
}; /* of a set, over the replicas that are looked at */

struct answer {
    double *end_s;                       /* of each replica */
    struct sums *sums;                   /* of each set of the plan */
    struct learned_durations *learned;
    double tempo;
};

/* Returns the longest time that a running task still takes. */
static double give_durations(struct run_part *p, const struct run_state *st,
                             const double *duration_s)
{
    double longest_s = 0;
    for (size_t i = 0; i < p->of.workflow->n_sets; i++) {
        struct task_set *s = &p->of.workflow->sets[i];
        for (uint32_t k = 0; k < s->n_tasks; k++) {
            uint32_t task = p->of.task_of[s->first_task + k];
            const struct run_task *t = &st->tasks[task];
            double left_s = t->phase == RUN_RUNNING
                                ? fmax(duration_s[task] - (st->now_s - t->started_s), 0)
                                : 0;
            s->durations[k] = t->phase == RUN_RUNNING ? left_s : duration_s[task];
            longest_s = fmax(longest_s, left_s);
        }
    }
    return longest_s;
}

static void look_at_sets(const struct run_part *p, const struct timeline *t, double now_s,
                         double tempo, struct sums *sums)
{
    const struct workflow *w = p->of.workflow;
    double *first = xcalloc(w->n_sets, sizeof *first), *last = xcalloc(w->n_sets, sizeof *last);
    metrics_set_spans(t, first, last);
    for (size_t i = 0; i < w->n_sets; i++)
        if (!isnan(last[i])) {
            struct sums *of = &sums[p->of.set_of[i]];
            of->start_s += now_s + first[i] * tempo;
            of->stop_s += now_s + last[i] * tempo;
            of->n++;
        }
    xfree(first, last);
}

static void run_replicas(const struct outlook_question *q, struct run_part *p,
                         struct simulator *sim, double tempo, struct answer *a)
{
    const struct rng_stream stream = rng_stream(q->seed, 1, RNG_LEARNED, 0);
    gsl_rng *rng = rng_gsl_new(&stream, 0);
    double *duration_s = xcalloc(q->st->n + 1, sizeof *duration_s), sd = TEMPO_DOUBT * log(tempo);
    double gone_s = isnan(q->st->first_start_s) ? 0 : q->st->now_s - q->st->first_start_s;
    struct timeline *t = timeline_new(p->of.workflow, q->plan->platform);
    for (size_t r = 0; r < q->replicas; r++) {
        struct replica replica;
        learned_durations_draw(a->learned, duration_s);
        double running_s = give_durations(p, q->st, duration_s);
        simulator_run(sim, (uint32_t)r, r < TIMELINES ? t : NULL, &replica);
        double left_s = running_s + fmax(replica.last_stop_s - running_s, 0) * tempo;
        double spread = hypot(sd, OUTLOOK_MODEL_SD * sqrt((gone_s + left_s) / fmax(left_s, 1e-9)));
        a->end_s[r] = q->st->now_s + left_s * exp(gsl_ran_gaussian(rng, fmin(spread, 1)));
        if (r < TIMELINES)
            look_at_sets(p, t, q->st->now_s, tempo, a->sums);
    }
    timeline_free(t);
    free(duration_s);
    gsl_rng_free(rng);
}

static double last_stop(const struct run_state *st)
{
    double last_s = NAN;
    for (uint32_t t = 0; t < st->n; t++)
        last_s = later_known(last_s, st->tasks[t].stopped_s);
    return isnan(last_s) ? st->now_s : last_s;
}

static int run_future(const struct outlook_question *q, struct answer *a, struct error *err)
{
    struct run_part p;
    if (!run_part_to_come(&p, q)) {
        for (size_t r = 0; r < q->replicas; r++)
            a->end_s[r] = last_stop(q->st);
        return 0;
    }
    a->tempo = tempo_of(q, err);
    struct simulator *sim = simulator_new(&p.scenario, err);
    if (sim)
        run_replicas(q, &p, sim, a->tempo, a);
    simulator_free(sim);
    run_part_clear(&p);
    return sim ? 0 : -1;
}

/* ---- the answer ---- */

static void count_phases(struct outlook *o, const struct workflow *w, const struct run_state *st)
{
    for (size_t i = 0; i < o->n_sets; i++)
        for (uint32_t t = 0; t < w->sets[i].n_tasks; t++)
            o->sets[i].count[st->tasks[w->sets[i].first_task + t].phase]++;
}

static bool has_begun(const struct outlook_set *s)
{
    return s->count[RUN_RUNNING] + s->count[RUN_DONE] + s->count[RUN_FAILED] > 0;
}

static void find_next(struct outlook *o)
{
    o->next_start = o->next_end = -1;
    for (size_t i = 0; i < o->n_sets; i++) {
        const struct outlook_set *s = &o->sets[i];
        bool open = s->count[RUN_UNSEEN] + s->count[RUN_WAITING] + s->count[RUN_RUNNING] > 0;
        if (!has_begun(s) && !isnan(s->first_start_s) &&
            (o->next_start < 0 || s->first_start_s < o->sets[o->next_start].first_start_s))
            o->next_start = (int)i;
        if (open && !isnan(s->last_stop_s) &&
            (o->next_end < 0 || s->last_stop_s < o->sets[o->next_end].last_stop_s))
            o->next_end = (int)i;
    }
}

static void summarise(struct outlook *o, const struct outlook_question *q, const struct answer *a)
{
    double sum = 0, in_time = 0;
    for (size_t r = 0; r < q->replicas; r++) {
        sum += a->end_s[r];
        in_time += a->end_s[r] <= q->deadline_s;
    }
    o->end_s = sum / (double)q->replicas;
    o->pi95 = (struct stats_interval){ stats_quantile(a->end_s, q->replicas, 0.025),
                                       stats_quantile(a->end_s, q->replicas, 0.975) };
    o->in_time = q->deadline_s > 0 ? in_time / (double)q->replicas : (double)NAN;
    o->tempo = a->tempo;
    for (size_t i = 0; i < o->n_sets; i++) {
        const struct sums *s = &a->sums[i];
        o->sets[i].first_start_s = s->n ? s->start_s / (double)s->n : (double)NAN;
        o->sets[i].last_stop_s = s->n ? s->stop_s / (double)s->n : (double)NAN;
    }
    count_phases(o, q->plan->workflow, q->st);
    find_next(o);
    for (uint32_t t = 0; t < q->st->n; t++)
        o->n_late += learned_durations_is_late(a->learned, t);
}

/* The plan with its transfers as parts of durations, and without services: they end when their
 * clients do. How long a client takes depends on the others: of it nothing is planned. */
static struct workflow *plain_workflow(const struct scenario *plan)
{
    struct workflow *w = phases_folded(plan->workflow, plan->platform);
    for (size_t i = 0; i < w->n_sets; i++) {
        if (phases_asks(plan->workflow, &plan->workflow->sets[i])) {
            dist_free(w->sets[i].duration);
            w->sets[i].duration = dist_constant(0);
            free(w->sets[i].durations);
            w->sets[i].durations = NULL;
        }
        if (!w->sets[i].traits->service.serves)
            continue;
        struct task_traits *t = task_traits_own(&w->sets[i]);
        dist_free(t->service.ready);
        t->service = (struct service_rule){ .serves = false };
    }
    w->n_services = 0;
    return w;
}

/* Services count as over. */
static struct run_state plain_state(const struct outlook_question *q)
{
    struct run_state st = run_state_new(q->st->n, q->st->now_s);
    memcpy(st.tasks, q->st->tasks, st.n * sizeof *st.tasks);
    for (size_t i = 0; i < q->plan->workflow->n_sets; i++) {
        const struct task_set *s = &q->plan->workflow->sets[i];
        for (uint32_t t = s->first_task;
             s->traits->service.serves && t < s->first_task + s->n_tasks; t++)
            st.tasks[t] = (struct run_task){ RUN_FAILED, NAN, NAN, NAN, NAN };
    }
    run_state_count(&st);
    return st;
}

static int run_plain(struct outlook *out, const struct outlook_question *q, struct error *err)
{
    size_t n_sets = q->plan->workflow->n_sets;
    struct answer a = { .end_s = xcalloc(q->replicas, sizeof *a.end_s),
                        .sums = xcalloc(n_sets + 1, sizeof *a.sums),
                        .learned = learned_durations_new(q->plan->workflow, q->st, q->seed),
                        .tempo = 1 };
    int status = run_future(q, &a, err);
    if (status == 0) {
        *out = (struct outlook){ .n = q->replicas, .n_sets = n_sets,
                                 .sets = xcalloc(n_sets + 1, sizeof *out->sets) };
        summarise(out, q, &a);
    }
    learned_durations_free(a.learned);
    xfree(a.end_s, a.sums);
    return status;
}

int outlook_run(struct outlook *out, const struct outlook_question *q, struct error *err)
{
    if (workflow_decides(q->plan->workflow))
        return error_set(
            err,
            "the workflow decides at run time what it runs; its end cannot be forecast from here");
    struct workflow *w = plain_workflow(q->plan);
    struct run_state st = plain_state(q);
    struct scenario plan = *q->plan;
    struct outlook_question plain = *q;
    plan.workflow = w;
    plain.plan = &plan;
    plain.st = &st;
    int status = run_plain(out, &plain, err);
    run_state_clear(&st);
    workflow_free(w);
    return status;
}

void outlook_clear(struct outlook *o)
{
    free(o->sets);
    *o = (struct outlook){ 0 };
}
