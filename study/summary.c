#include "study/summary.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* replicas that are looked at for two modes: more take long and show no more */
enum { MODES_OF = 1000 };
static const double modes_apart = 0.01, joules_a_kwh = 3.6e6;

/* A share of what was there to use; nothing was there: NAN. A makespan of 0 uses nothing. */
static double share(double used_s, double units, double makespan_s)
{
    if (units <= 0)
        return NAN;
    return makespan_s > 0 ? used_s / (units * makespan_s) : 0;
}

/* For how long there were nodes to use. */
static double held_s(const struct summary *m, const struct replica *r)
{
    return m->jobs.chain ? r->jobs.held_s : r->makespan_s;
}

/* Of the scenario, the same for each replica: O(nodes) or O(sets) to find out. */
struct whole {
    double slots, gpus, nodes, idle_w, tasks;            /* tasks: NAN if the replica decides */
};

static struct whole whole_of(const struct scenario *s)
{
    return (struct whole){
        .slots = (double)platform_usable_slots(s->platform),
        .gpus = (double)platform_gpus(s->platform),
        .nodes = (double)s->platform->n_nodes,
        .idle_w = platform_idle_w(s->platform),
        .tasks = workflow_decides(s->workflow) ? NAN : s->workflow->n_tasks,
    };
}

static void add_replica(struct summary *m, const struct whole *w, const struct replica *r)
{
    double there_s = held_s(m, r);
    double ends = (double)(r->n_done + r->n_failed + r->n_killed + r->n_cancelled);
    double tasks = isnan(w->tasks) ? ends : w->tasks;
    m->utilisation_slots += share(r->busy_slot_s, w->slots, there_s);
    m->utilisation_gpus += share(r->busy_gpu_s, w->gpus, there_s);
    m->held_slots += share(r->held_slot_s, w->slots, there_s);
    m->held_gpus += share(r->held_gpu_s, w->gpus, there_s);
    m->node_hours += w->nodes * there_s / 3600;
    for (int i = 0; i < WAITS && tasks > 0; i++)
        m->wait_s[i] += r->wait_s[i] / tasks;
    for (int i = 0; i < SPENTS && tasks > 0; i++)
        m->spent_s[i] += r->spent_s[i] / tasks;
    m->share_complete += r->complete;
    m->share_in_time += r->in_time;
    m->failed += (double)r->n_failed;
    m->killed += (double)r->n_killed;
    m->cancelled += (double)r->n_cancelled;
    m->retries += (double)r->n_retries;
    m->lost += (double)r->n_lost;
    m->lost_slot_s += r->lost_slot_s;
    m->energy_kwh += (w->idle_w * there_s + r->busy_j) / joules_a_kwh;
    m->jobs.n += (double)r->jobs.n;
    m->jobs.queue_s += r->jobs.queue_s;
    m->jobs.n_cut += (double)r->jobs.n_cut;
}

static void divide(struct summary *m, double n)
{
    double *sums[] = { &m->utilisation_slots, &m->utilisation_gpus, &m->held_slots,
                       &m->held_gpus,         &m->node_hours,       &m->share_complete,
                       &m->share_in_time,     &m->failed,           &m->killed,
                       &m->cancelled,         &m->retries,          &m->lost,
                       &m->lost_slot_s,       &m->energy_kwh,       &m->jobs.n,
                       &m->jobs.queue_s,      &m->jobs.n_cut };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        *sums[i] /= n;
    for (int i = 0; i < WAITS; i++)
        m->wait_s[i] /= n;
    for (int i = 0; i < SPENTS; i++)
        m->spent_s[i] /= n;
}

bool summary_is_complete(const struct summary *m)
{
    return m->share_complete >= 1;
}

struct two_modes summary_modes(const double *makespan_s, size_t n)
{
    return two_modes_of(makespan_s, n < MODES_OF ? n : MODES_OF,
                        modes_apart * stats_mean(makespan_s, n));
}

static struct stats_summary summarise(double *x, size_t n)
{
    struct stats_summary s = stats_summarise(x, n);
    free(x);
    return s;
}

struct summary summary_of(const struct scenario *s, const struct replicas *r)
{
    assert(r->n >= 1);
    struct summary m = { .n = r->n,
                         .lower_bound_s = r->bound_s ? stats_mean(r->bound_s, r->n) : NAN,
                         .jobs.chain = allocation_is_chain(s) };
    struct whole whole = whole_of(s);
    for (size_t i = 0; i < r->n; i++)
        add_replica(&m, &whole, &r->at[i]);
    divide(&m, (double)r->n);
    double *makespan_s = REPLICA_TIMES(r->at, r->n, makespan_s);
    m.modes = summary_modes(makespan_s, r->n);
    m.makespan = summarise(makespan_s, r->n);
    m.session = summarise(REPLICA_TIMES(r->at, r->n, session_s), r->n);
    m.span = summarise(REPLICA_TIMES(r->at, r->n, span_s), r->n);
    m.jobs.solution = summarise(REPLICA_TIMES(r->at, r->n, jobs.solution_s), r->n);
    return m;
}
