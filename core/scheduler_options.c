#include "core/scheduler_options.h"

#include "base/str.h"
#include "core/middleware.h"

static const struct scheduler_preset presets[] = {
    { .name = "fifo",
      .summary = "arrival order, no task overtakes",
      .order = "arrival",
      .overtake = "none" },
    { .name = "backfill",
      .summary = "arrival order, any task that fits may pass",
      .order = "arrival",
      .overtake = "backfill" },
    { .name = "easy",
      .summary = "arrival order, any task that fits may pass unless it delays the first",
      .order = "arrival",
      .overtake = "easy" },
    { .name = "largest_first",
      .summary = "largest first, any task that fits may pass",
      .order = "largest",
      .overtake = "backfill" },
    { .name = "critical_path_first",
      .summary = "longest way to the end first, any task that fits may pass",
      .order = "critical_path",
      .overtake = "backfill" },
    { .name = "parsl_htex",
      .summary = "Parsl's high-throughput executor without prefetch: arrival order, nobody "
                 "overtakes",
      .order = "arrival",
      .overtake = "none",
      .placement = "first_fit",
      .source = "parsl/executors/high_throughput/interchange.py: a queue of tasks, given to "
                "managers with free workers" },
    { .name = "parsl_prefetch",
      .summary = "Parsl's high-throughput executor, prefetch_capacity as many as a node's "
                 "workers: tasks are bound to nodes early",
      .scheduler = "parsl_prefetch" },
    { .name = "dask",
      .summary = "Dask without work stealing: highest priority first, any task that fits may pass",
      .order = "priority",
      .overtake = "backfill",
      .placement = "first_fit",
      .source = "distributed.dask.org, Scheduling Policies and Prioritizing Work; "
                "distributed.scheduler.work-stealing: False" },
    { .name = "nextflow",
      .summary = "Nextflow's local executor: arrival order, any task that fits may pass",
      .order = "arrival",
      .overtake = "backfill",
      .placement = "first_fit",
      .source = "nextflow.processor.TaskPollingMonitor.submitPendingTasks(): a pending task "
                "that cannot be submitted is skipped" },
    { .name = "slurm",
      .summary = "Slurm's sched/backfill: highest priority first, no earlier task is delayed; "
                 "fullest nodes first",
      .order = "priority",
      .overtake = "conservative",
      .placement = "best_fit",
      .overtake_every_s = 30,
      .source = "slurm.schedmd.com/sched_config.html; slurm.conf(5), SchedulerParameters: "
                "bf_interval, 30 s by default; its select plugins fit nodes best" },
    { .name = "flux_fcfs",
      .summary = "Flux, queue-policy fcfs (its default): arrival order, no task overtakes",
      .order = "arrival",
      .overtake = "none",
      .placement = "first_fit",
      .source = "flux-config-sched-fluxion-qmanager(5); match-policy first" },
    { .name = "flux_easy",
      .summary = "Flux, queue-policy easy: arrival order, the first waiting task is not delayed",
      .order = "arrival",
      .overtake = "easy",
      .placement = "first_fit",
      .source = "flux-config-sched-fluxion-qmanager(5)" },
    { .name = "flux_conservative",
      .summary = "Flux, queue-policy conservative: arrival order, no waiting task is delayed",
      .order = "arrival",
      .overtake = "conservative",
      .placement = "first_fit",
      .source = "flux-config-sched-fluxion-qmanager(5)" },
    { .name = "radical",
      .summary = "RADICAL-Pilot's own loop, pool and node search",
      .scheduler = "radical" },
};

const struct scheduler_preset *scheduler_preset_at(size_t i)
{
    return i < sizeof presets / sizeof *presets ? &presets[i] : NULL;
}

static const char *either(const char *first, const char *second)
{
    return first ? first : second;
}

/* A rule said above leaves out the seconds said below. */
static struct overtake_every every_over(const struct scheduler_options *top,
                                        struct overtake_every under)
{
    return top->overtake_every.said || top->overtake ? top->overtake_every : under;
}

/* A name that no preset has is left to be refused by the dispatcher. */
static struct scheduler_options expand(const struct scheduler_options *layer)
{
    struct scheduler_options all = *layer;
    for (size_t i = 0; layer->scheduler && scheduler_preset_at(i); i++) {
        const struct scheduler_preset *p = scheduler_preset_at(i);
        if (!str_equal(p->name, layer->scheduler))
            continue;
        all.scheduler = p->scheduler;
        all.order = either(layer->order, p->order);
        all.overtake = either(layer->overtake, p->overtake);
        all.placement = either(layer->placement, p->placement);
        all.overtake_every = every_over(layer, (struct overtake_every){ p->overtake_every_s > 0,
                                                                        p->overtake_every_s });
    }
    return all;
}

struct scheduler_options scheduler_options_over(const struct scheduler_options *top,
                                                const struct scheduler_options *under)
{
    struct scheduler_options a = expand(top), b = expand(under);
    bool part = top->order || top->overtake || top->placement;
    struct overtake_every every = every_over(&a, b.overtake_every);
    if (!top->scheduler && !part)
        a = b;
    if (!top->scheduler) {
        a.order = either(a.order, b.order);
        a.overtake = either(a.overtake, b.overtake);
    }
    if (!a.scheduler)
        a.placement = either(a.placement, b.placement);
    a.generation = either(top->generation, b.generation);
    a.overtake_every = every;
    return a;
}

struct scheduler_options scheduler_options_resolve(const struct scheduler_options *o,
                                                   const struct middleware *m)
{
    /* an order asked for is meant for the queue, not for `radical` */
    bool own_policy = o->order || o->overtake;
    const struct scheduler_options said = { m->scheduler, m->generation, m->order, m->overtake,
                                            m->placement,
                                            { m->overtake_every_s > 0, m->overtake_every_s } },
                                   own = expand(&said);
    return (struct scheduler_options){
        .scheduler = o->scheduler ? o->scheduler : own_policy ? NULL : own.scheduler,
        .generation = either(o->generation, own.generation),
        .order = either(either(o->order, own.order), "arrival"),
        .overtake = either(either(o->overtake, own.overtake), "backfill"),
        .placement = either(either(o->placement, own.placement), "first_fit"),
        .overtake_every = { true, every_over(o, own.overtake_every).s },
    };
}

int scheduler_options_choose(const struct scheduler_options *said, const struct middleware *m,
                             struct scheduler_options *out, struct error *err)
{
    struct scheduler_options all = expand(said);
    *out = scheduler_options_resolve(&all, m);
    if (out->scheduler &&
        (all.order || all.overtake || all.placement || all.overtake_every.s > 0))
        return error_set(err,
                         "scheduler %s orders and places by itself: give no order, overtake or "
                         "placement with it, or another scheduler",
                         out->scheduler);
    return 0;
}
