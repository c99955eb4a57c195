/* cli/execute.c - `dagcast execute`: the workflow carried out, by the decisions that the simulator
 * makes. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choices.h"
#include "cli/command.h"
#include "cli/execute_job.h"
#include "cli/execute_output.h"
#include "cli/interrupt.h"
#include "cli/show.h"
#include "validation/executor/run.h"

#define AT(member) OPTION_AT(struct execute_call, member)
#define SECONDS_AT(member) OPTION_SECONDS_AT(struct execute_call, member)

static const struct option_row run_rows[] = {
    { .name = "backend", .letter = 'b', AT(backend), .argument = "NAME",
      .help = "what runs the tasks: local (processes of this machine; the default) or another of "
              "'dagcast list executors'" },
    { .name = "run-dir", AT(run_dir), .argument = "DIR",
      .help = "the run's folder, which must not exist or be empty (default: the first of run1, "
              "run2, ... that does not exist)" },
    { .name = "resume", AT(resume), .argument = "DIR",
      .help = "go on with a run that was interrupted: end what it has left running, run what has "
              "no completion record" },
    { .name = "dry-run", AT(dry_run), .help = "only print what would start where and when" },
    { .name = NULL },
};

static const struct option_row task_rows[] = {
    { .name = "time-scale", AT(time_scale), .argument = "X", .min = 1e-9, .max = 1e9,
      .help = "multiply durations, releases and timeouts by X (default: 1)" },
    { .name = "busy", AT(busy),
      .help = "tasks without a command keep their cores busy; else they sleep, and the platform "
              "need not be real" },
    { .name = "max-live", AT(live_cap), .argument = "N", .min = 1, .max = 1000000,
      .help = "at most N tasks run at once (default: as many as fit)" },
    { .name = "stop-on-failure", AT(stop_on_failure),
      .help = "end the run at the first task that has failed for good; else only what depends on "
              "it is left out" },
    { .name = "grace", SECONDS_AT(grace_s), .argument = "TIME", .min = 0, .max = 1e6,
      .help = "between asking a task to end (SIGTERM) and ending it (SIGKILL) (default: 5)" },
    { .name = NULL },
};

static const struct option_row seed_rows[] = {
    { .name = "seed", .letter = 's', OPTION_SAYS(struct scenario_options, said, SETTING_SEED),
      .argument = "N",
      .help = "names the random numbers that durations are drawn with (default: 1)" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct execute_call, scenario)

static const struct option_group groups[] = {
    { .title = "Run", .rows = run_rows },
    { .title = "Tasks", .rows = task_rows },
    { .title = "Where", .settings = SETTING_WHERE, SCENARIO },
    { .title = "Mode", .settings = SETTING_HOW, SCENARIO },
    { .title = "Scheduler", .settings = SETTING_POLICY, SCENARIO },
    { .title = "Durations", .rows = seed_rows, SCENARIO },
    SHOW_PROGRESS_GROUP(struct execute_call),
    { .title = NULL },
};

static int save_timeline(struct execute_job *job, struct error *err)
{
    char *path = run_folder_file(job->path, "timeline.csv");
    timeline_sort(job->timeline);
    int status = timeline_save_csv(job->timeline, path, err);
    free(path);
    return status;
}

/* How to continue a run that did not end. */
static int not_complete(const struct execute_job *job, const struct run_outcome *out,
                        struct error *err)
{
    if (out->interrupted)
        interrupt_note();
    return error_set(
        err,
        "%s: %zu of %u tasks are done, %zu have failed; go on with: dagcast execute --resume %s",
        out->interrupted ? "interrupted" : "stopped because a task has failed", out->n_done,
        job->scenario.workflow->n_tasks, out->n_failed, job->path);
}

static int finish(struct execute_job *job, const struct run_outcome *out, struct error *err)
{
    if (!out->complete)
        return not_complete(job, out, err);
    struct execute_result result = { .scenario = &job->scenario, .path = job->path,
                                     .timeline = job->timeline, .outcome = out };
    if (save_timeline(job, err) || execute_job_interruptions(job, &result.interrupted, err) ||
        execute_show(&job->call->output, &result, err))
        return -1;
    if (out->n_failed == 0)
        return 0;
    return error_set(err, "%zu task%s failed, and %zu %s not run because of that", out->n_failed,
                     out->n_failed == 1 ? " has" : "s have", out->n_cancelled,
                     out->n_cancelled == 1 ? "was" : "were");
}

static struct run_plan plan_of(const struct execute_job *job, const struct executor_setup *setup)
{
    const struct run_description *d = &job->description;
    return (struct run_plan){ .scenario = &job->scenario,
                              .backend = executor_find(d->executor),
                              .setup = setup,
                              .journal = job->journal,
                              .busy = d->busy,
                              .stop_on_failure = d->stop_on_failure,
                              .live_cap = (size_t)d->live_cap,
                              .retry_s = d->retry_s,
                              .grace_s = job->call->grace_s,
                              .known = job->known,
                              .interrupted = interrupt_flag() };
}

/* A decision that is not as it was expected ends a segment; the next goes on with it. */
static int run_segments(struct execute_job *job, struct run_plan *plan, struct run_outcome *out,
                        struct error *err)
{
    struct run_carried carried = { 0 };
    int status;
    plan->carried = &carried;
    do {
        *out = (struct run_outcome){ .decided = false };
        status = run_workflow(plan, job->timeline, out, err);
        if (status == 0 && out->decided)
            status = execute_job_realise(job, err);
    } while (status == 0 && out->decided);
    run_carried_end(plan);
    return status;
}

static int run_dry(struct execute_job *job, const struct executor_setup *setup, struct error *err)
{
    struct dry_run dry = { dry_run_table(), job->scenario.workflow, job->scenario.platform };
    struct run_plan plan = plan_of(job, setup);
    plan.backend = &executor_scripted;
    plan.hooks = (struct run_hooks){ .context = &dry, .started = dry_run_started };
    struct run_outcome out;
    int status = run_segments(job, &plan, &out, err);
    if (status == 0)
        status = execute_show_dry_run(&job->call->output, dry.table, err);
    table_free(dry.table);
    return status;
}

static int run_really(struct execute_job *job, const struct executor_setup *setup,
                      struct error *err)
{
    struct execute_progress progress = { .shown = output_can_redraw(&job->call->output),
                                         .left_s = NAN, .estimated_s = -INFINITY,
                                         .drawn_s = -INFINITY };
    struct run_plan plan = plan_of(job, setup);
    if (!plan.backend)
        return error_set(err, "%s: this dagcast has no executor of that name",
                         job->description.executor);
    progress.lost_s = execute_job_lost_s(job);
    if (progress.shown && !job->described && !(progress.eta = eta_new(&job->scenario, err)))
        return -1;
    plan.hooks = (struct run_hooks){ .context = &progress,
                                     .say = execute_progress_say,
                                     .turned = execute_progress_turn,
                                     .turn_s = progress.shown ? 1 : 0 };
    struct run_outcome out;
    interrupt_be_patient();              /* tasks that run get their time to end */
    int status = run_segments(job, &plan, &out, err);
    execute_progress_end(&progress);
    eta_free(progress.eta);
    return status
               ? error_prefix(err, "stopped, nothing that was done is lost (--resume %s goes on): ",
                              job->path)
               : finish(job, &out, err);
}

enum { EXECUTORS_MOST = 15 };

static int check_backend(const char *name, struct error *err)
{
    const char *names[EXECUTORS_MOST + 1] = { NULL };
    size_t n = 0;
    if (executor_find(name) && strcmp(name, executor_scripted.name) != 0)
        return 0;
    for (size_t i = 0; executor_at(i) && n < EXECUTORS_MOST; i++)
        if (executor_at(i) != &executor_scripted)
            names[n++] = executor_at(i)->name;
    return choice_refuse("--backend", name, names, err);
}

static int run(const struct invocation *call, struct error *err)
{
    const struct execute_call *o = call->options;
    struct execute_job job;
    if (o->backend && check_backend(o->backend, err))
        return -1;
    int status = execute_job_prepare(&job, call, err);
    const struct executor_setup setup = execute_job_setup(&job);
    if (status == 0)
        status = o->dry_run ? run_dry(&job, &setup, err) : run_really(&job, &setup, err);
    execute_job_clear(&job);
    return status;
}

static const struct example examples[] = {
    { "execute examples/ddmd.json --platform summit --nodes 16 --mode pipelined --time-scale 0.01 "
      "--run-dir run1",
      "a hundred times as fast as on Summit, tasks asleep" },
    { "execute w.json", "on this machine's cores and GPUs, tasks bound to them" },
    { "execute --resume run1", "after a crash or an interruption" },
    { "execute w.json --dry-run", "what would start where" },
    { NULL, NULL },
};

const struct command command_execute = {
    .name = "execute",
    .section = "Measure",
    .summary = "run the workflow's tasks, by the same decisions that the simulator makes",
    .operands = "SCENARIO",
    .min_operands = 0,
    .max_operands = 1,
    .description = "Runs the workflow: each task as a process, its command or, where it has none, "
                   "one that sleeps for the duration drawn (or keeps its cores busy, --busy). The "
                   "code that decides which task starts where is the simulator's. Without "
                   "--platform tasks run on this machine's cores and GPUs and are bound to them; "
                   "on any other platform they can only sleep: its slots are counted, not used.\n\n"
                   "The run's folder holds all that was measured (docs/execute.md); import, "
                   "validate, calibrate and plot read it. What is done is recorded as it happens: "
                   "a run that was interrupted or killed goes on with --resume. Ctrl-C ends the "
                   "tasks that run, which a resumed run then starts again; a second one ends them "
                   "at once.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct execute_call),
    .defaults = &(const struct execute_call){ .grace_s = 5 },
    .run = run,
};
