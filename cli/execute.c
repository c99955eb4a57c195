/* cli/execute.c - `dagcast execute`: the workflow carried out, by the decisions that the simulator makes. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/command.h"
#include "cli/data_dirs.h"
#include "cli/execute_output.h"
#include "cli/interrupt.h"
#include "cli/scenario_options.h"
#include "core/timeline.h"
#include "traces/run_folder.h"
#include "validation/run.h"
#include "validation/scaled.h"
#include "validation/slurm_allocation.h"
#include "validation/task_command.h"

enum { PATH_ROOM = 4096 };

extern char **environ;

struct execute_call {
    struct scenario_options scenario;
    struct output_options output;
    const char *backend, *run_dir, *resume;
    double time_scale, grace_s;
    int64_t live_cap;
    bool dry_run, busy, stop_on_failure;
};

#define AT(member) .offset = offsetof(struct execute_call, member)

static const struct option_row run_rows[] = {
    { .name = "backend", .letter = 'b', .kind = OPTION_TEXT, .argument = "NAME", AT(backend),
      .help = "what runs the tasks: local (processes of this machine; the default) or another of 'dagcast list executors'" },
    { .name = "run-dir", .kind = OPTION_TEXT, .argument = "DIR", AT(run_dir),
      .help = "the run's folder, which must not exist or be empty (default: the first of run1, run2, ... that does not exist)" },
    { .name = "resume", .kind = OPTION_TEXT, .argument = "DIR", AT(resume),
      .help = "go on with a run that was interrupted: end what it has left running, run what has no completion record" },
    { .name = "dry-run", .kind = OPTION_FLAG, AT(dry_run), .help = "only print what would start where and when" },
    { .name = NULL },
};

static const struct option_row task_rows[] = {
    { .name = "time-scale", .kind = OPTION_NUMBER, .argument = "X", AT(time_scale), .min = 1e-9, .max = 1e9,
      .help = "multiply durations, releases and timeouts by X (default: 1)" },
    { .name = "busy", .kind = OPTION_FLAG, AT(busy),
      .help = "tasks without a command keep their cores busy; else they sleep, and the platform need not be real" },
    { .name = "max-live", .kind = OPTION_INTEGER, .argument = "N", AT(live_cap), .min = 1, .max = 1000000,
      .help = "at most N tasks run at once (default: as many as fit)" },
    { .name = "stop-on-failure", .kind = OPTION_FLAG, AT(stop_on_failure),
      .help = "end the run at the first task that has failed for good; else only what depends on it is left out" },
    { .name = "grace", .kind = OPTION_SECONDS, .argument = "TIME", AT(grace_s), .min = 0, .max = 1e6,
      .help = "between asking a task to end (SIGTERM) and ending it (SIGKILL) (default: 5)" },
    { .name = NULL },
};

static const struct option_row seed_rows[] = {
    { .name = "seed", .letter = 's', .kind = OPTION_INTEGER, .argument = "N", .offset = offsetof(struct scenario_options, seed), .min = 0,
      .max = 9007199254740992.0, .help = "names the random numbers that durations are drawn with (default: 1)" },
    { .name = NULL },
};

#define SCENARIO AT(scenario)

static const struct option_group groups[] = {
    { .title = "Run", .rows = run_rows },
    { .title = "Tasks", .rows = task_rows },
    { .title = "Where", .rows = scenario_place_rows, SCENARIO },
    { .title = "Mode", .rows = scenario_mode_rows, SCENARIO },
    { .title = "Scheduler", .rows = scenario_policy_rows, SCENARIO },
    { .title = "Durations", .rows = seed_rows, SCENARIO },
    { .title = "Output", .rows = output_progress_rows, AT(output) },
    { .title = NULL },
};

/* Everything that a run needs, new or resumed. */
struct job {
    const struct execute_call *call;
    struct scenario_set set;             /* of a new run */
    struct workflow *scaled;
    struct run_folder folder;            /* of a resumed run */
    char *path, *task_program;           /* path: of the folder, absolute */
    char run_id[33];
    struct run_description description;
    struct scenario scenario;
    struct middleware *ideal;
    struct journal *journal;
    struct timeline *timeline;
};

static bool is_this_machine(const struct platform *p)
{
    return strcmp(p->name, "this-machine") == 0;
}

/* Slots of a machine that is not here can be slept on; more cannot be done with them. */
static int check_virtual(const struct execute_call *call, const struct workflow *w, const struct platform *p, struct error *err)
{
    if (is_this_machine(p) || call->dry_run || strcmp(call->backend, executor_local.name) != 0)
        return 0;
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].n_command > 0)
            return error_set(err, "task set '%s' runs a command, but platform %s is not this machine: there, tasks can only sleep; leave "
                             "--platform out to run on this machine's cores", w->sets[i].name, p->name);
    return call->busy ? error_set(err, "--busy needs this machine's cores, but platform %s is not this machine", p->name) : 0;
}

static int new_run_id(char id[33], struct error *err)
{
    unsigned char bytes[16];
    FILE *f = fopen("/dev/urandom", "rb");
    size_t n = f ? fread(bytes, 1, sizeof bytes, f) : 0;
    if (f)
        fclose(f);
    for (size_t i = 0; i < n; i++)
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    return n == sizeof bytes ? 0 : error_set(err, "/dev/urandom: cannot be read");
}

static double now_epoch_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return floor(((double)t.tv_sec + 1e-9 * (double)t.tv_nsec) / EXECUTOR_TICK_S) * EXECUTOR_TICK_S;
}

/* dagcast-task lies beside the running program. */
static char *find_task_program(struct error *err)
{
    char *folder = data_dirs_program_folder(), *path = str_format("%s/dagcast-task", folder ? folder : ".");
    free(folder);
    if (file_exists(path))
        return path;
    error_set(err, "%s: is not there; it is installed with dagcast, and tasks without a command need it", path);
    free(path);
    return NULL;
}

static int open_scenario(struct job *job, const struct invocation *call, struct error *err)
{
    struct scenario_options said = job->call->scenario;
    struct json_document *doc = json_load(call->operands.at[0], err);
    if (!doc)
        return -1;
    struct json root = json_root(doc);
    if (!said.platform && !json_has(&root, "platform"))
        said.platform = strcmp(job->call->backend, executor_slurm.name) == 0 ? SLURM_PLATFORM : "this-machine";
    json_free(doc);
    if (scenario_set_open(&job->set, call->operands.at[0], &said, call->data_dirs, err))
        return -1;
    job->scaled = workflow_scaled(job->set.workflow, job->call->time_scale);
    job->scenario = job->set.scenario;
    job->scenario.workflow = job->scaled;
    job->scenario.middleware = job->ideal;
    return check_virtual(job->call, job->scaled, job->set.platform, err);
}

static void describe(struct job *job)
{
    const struct scenario *s = &job->scenario;
    job->description = (struct run_description){
        .version = DAGCAST_VERSION, .run_id = job->run_id, .executor = job->call->backend, .mode = s->mode, .scheduler = s->scheduler,
        .seed = s->seed, .time_scale = job->call->time_scale, .zero_epoch_s = now_epoch_s(), .busy = job->call->busy,
        .bound = is_this_machine(s->platform) && strcmp(job->call->backend, executor_local.name) == 0,
        .stop_on_failure = job->call->stop_on_failure, .live_cap = job->call->live_cap,
        .retry_s = job->set.middleware->period_s[POLL_SCHEDULE],
    };
}

/* As given, or the first of run1, run2, ... that does not exist. */
static char *choose_folder(const char *said)
{
    for (unsigned i = 1; !said; i++) {
        char *path = str_format("run%u", i);
        if (!file_exists(path))
            return path;
        free(path);
    }
    return str_format("%s", said);
}

static char *absolute(const char *path, struct error *err)
{
    char here[PATH_ROOM];
    if (path[0] == '/')
        return str_format("%s", path);
    if (getcwd(here, sizeof here))
        return str_format("%s/%s", here, path);
    error_set(err, "the current folder cannot be found any more");
    return NULL;
}

static int create_folder(struct job *job, struct error *err)
{
    char *path = choose_folder(job->call->run_dir);
    int status = run_folder_create(path, &job->description, job->scaled, job->set.platform, err);
    if (status == 0 && !(job->path = absolute(path, err)))
        status = -1;
    free(path);
    if (status)
        return -1;
    char *journal = run_folder_file(job->path, "journal");
    job->journal = journal_create(journal, err);
    free(journal);
    return job->journal ? 0 : -1;
}

static int prepare_new(struct job *job, const struct invocation *call, struct error *err)
{
    if (call->operands.n == 0)
        return error_set(err, "needs SCENARIO, or --resume DIR");
    if (open_scenario(job, call, err) || new_run_id(job->run_id, err))
        return -1;
    describe(job);
    job->timeline = timeline_new(job->scaled, job->set.platform);
    if (job->call->dry_run)
        return 0;
    if (executor_check(executor_find(job->call->backend), job->set.platform, job->scaled, err) ||
        task_command_check(job->scaled, environ, err))
        return -1;
    return create_folder(job, err);
}

static int prepare_resumed(struct job *job, const struct invocation *call, struct error *err)
{
    if (call->operands.n > 0 || job->call->run_dir || job->call->dry_run)
        return error_set(err, "--resume goes on with a run as it was begun: no scenario, no --run-dir and no --dry-run with it");
    if (run_folder_load(&job->folder, job->call->resume, err) || !(job->path = absolute(job->call->resume, err)))
        return -1;
    job->description = job->folder.description;
    job->scenario = (struct scenario){ .workflow = job->folder.workflow, .platform = job->folder.platform, .middleware = job->ideal,
                                       .mode = job->description.mode, .scheduler = job->description.scheduler,
                                       .seed = job->description.seed };
    job->timeline = timeline_new(job->folder.workflow, job->folder.platform);
    char *path = run_folder_file(job->path, "journal");
    struct run_journal found = { 0 };
    job->journal = journal_resume(path, job->timeline, &found, err);
    run_journal_clear(&found);
    free(path);
    return job->journal ? 0 : -1;
}

static double last_known_s(const struct timeline *t)
{
    double last_s = 0;
    for (size_t i = 0; i < t->n; i++)
        last_s = fmax(last_s, t->records[i].freed_s);
    return last_s;
}

static int save_timeline(struct job *job, struct error *err)
{
    char *path = run_folder_file(job->path, "timeline.csv");
    timeline_sort(job->timeline);
    int status = timeline_save_csv(job->timeline, path, err);
    free(path);
    return status;
}

/* How to go on where the run did not come to its end. */
static int not_complete(const struct job *job, const struct run_outcome *out, struct error *err)
{
    if (out->interrupted)
        interrupt_note();
    return error_set(err, "%s: %zu of %u tasks are done, %zu have failed; go on with: dagcast execute --resume %s",
                     out->interrupted ? "interrupted" : "stopped because a task has failed", out->n_done,
                     job->scenario.workflow->n_tasks, out->n_failed, job->path);
}

static int finish(struct job *job, const struct run_outcome *out, struct error *err)
{
    if (!out->complete)
        return not_complete(job, out, err);
    if (save_timeline(job, err) || execute_print(&job->call->output, &job->scenario, job->path, job->timeline, out, err))
        return -1;
    if (out->n_failed == 0)
        return 0;
    return error_set(err, "%zu task%s failed, and %zu %s not run because of that", out->n_failed, out->n_failed == 1 ? " has" : "s have",
                     out->n_cancelled, out->n_cancelled == 1 ? "was" : "were");
}

static struct run_plan plan_of(const struct job *job, const struct executor_setup *setup)
{
    const struct run_description *d = &job->description;
    return (struct run_plan){ .scenario = &job->scenario, .backend = executor_find(d->executor), .setup = setup,
                              .journal = job->journal, .busy = d->busy, .stop_on_failure = d->stop_on_failure,
                              .live_cap = (size_t)d->live_cap, .retry_s = d->retry_s, .grace_s = job->call->grace_s };
}

static int run_dry(struct job *job, const struct executor_setup *setup, struct error *err)
{
    struct dry_run dry = { dry_run_table(), job->scenario.workflow, job->scenario.platform };
    struct run_plan plan = plan_of(job, setup);
    plan.backend = &executor_scripted;
    plan.hooks = (struct run_hooks){ .context = &dry, .started = dry_run_started };
    struct run_outcome out;
    int status = run_workflow(&plan, job->timeline, &out, err);
    if (status == 0 && job->call->output.json) {
        cJSON *root = output_json_new("execute");
        cJSON_AddItemToObject(root, "starts", table_to_json(dry.table));
        status = output_json(root, err);
    } else if (status == 0) {
        struct str text = { 0 };
        table_print(dry.table, &text, 0);
        status = output_text(&text, err);
        str_clear(&text);
    }
    table_free(dry.table);
    return status;
}

static int run_really(struct job *job, const struct executor_setup *setup, struct error *err)
{
    struct execute_progress progress = { .shown = output_can_redraw(&job->call->output), .left_s = NAN, .estimated_s = -INFINITY,
                                         .drawn_s = -INFINITY };
    struct run_plan plan = plan_of(job, setup);
    if (!plan.backend)
        return error_set(err, "%s: this dagcast has no executor of that name", job->description.executor);
    if (setup->resuming)
        progress.lost_s = fmax(0, now_epoch_s() - setup->zero_epoch_s - last_known_s(job->timeline));
    if (progress.shown && !(progress.eta = eta_new(&job->scenario, err)))
        return -1;
    plan.hooks = (struct run_hooks){ .context = &progress, .say = execute_progress_say, .turned = execute_progress_turn,
                                     .turn_s = progress.shown ? 1 : 0 };
    struct run_outcome out;
    int status = run_workflow(&plan, job->timeline, &out, err);
    execute_progress_end(&progress);
    eta_free(progress.eta);
    return status ? error_prefix(err, "stopped, nothing that was done is lost (--resume %s goes on): ", job->path) : finish(job, &out, err);
}

static int carry_out(struct job *job, const struct invocation *call, struct error *err)
{
    const struct execute_call *o = job->call;
    if ((o->resume ? prepare_resumed(job, call, err) : prepare_new(job, call, err)) ||
        !(job->task_program = find_task_program(err)))
        return -1;
    const struct executor_setup setup = {
        .platform = job->scenario.platform, .folder = job->path, .run_id = job->description.run_id, .environment = environ,
        .zero_epoch_s = job->description.zero_epoch_s, .resuming = o->resume, .bind = job->description.bound,
        .task_program = job->task_program,
    };
    return o->dry_run ? run_dry(job, &setup, err) : run_really(job, &setup, err);
}

static int check_backend(const char *name, struct error *err)
{
    struct str known = { 0 };
    if (executor_find(name) && strcmp(name, executor_scripted.name) != 0)
        return 0;
    for (size_t i = 0; executor_at(i); i++)
        if (executor_at(i) != &executor_scripted)
            str_addf(&known, "%s%s", known.length ? ", " : "", executor_at(i)->name);
    error_set(err, "--backend: none is named '%s'; there are: %s", name, known.text);
    str_clear(&known);
    return -1;
}

static int run(const struct invocation *call, struct error *err)
{
    struct job job = { .call = call->options, .ideal = middleware_ideal() };
    int status = check_backend(job.call->backend, err) ? -1 : carry_out(&job, call, err);
    journal_close(job.journal);
    timeline_free(job.timeline);
    run_folder_clear(&job.folder);
    workflow_free(job.scaled);
    scenario_set_clear(&job.set);
    middleware_free(job.ideal);
    free(job.task_program);
    free(job.path);
    return status;
}

static const struct example examples[] = {
    { "execute examples/ddmd.json --platform summit --nodes 16 --mode pipelined --time-scale 0.01 --run-dir run1",
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
    .description =
        "Runs the workflow: each task as a process, its command or, where it has none, one that sleeps for the duration drawn (or keeps its "
        "cores busy, --busy). The code that decides which task starts where is the simulator's. Without --platform tasks run on this "
        "machine's cores and GPUs and are bound to them; on any other platform they can only sleep: its slots are counted, not used.\n\n"
        "The run's folder holds all that was measured (docs/execute.md); import, validate, calibrate and plot read it. What is done is "
        "recorded as it happens: a run that was interrupted or killed goes on with --resume. Ctrl-C ends the tasks that run, which a "
        "resumed run then starts again; a second one ends them at once.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct execute_call),
    .defaults = &(const struct execute_call){ .scenario = SCENARIO_OPTIONS_DEFAULTS, .backend = "local", .time_scale = 1, .grace_s = 5 },
    .run = run,
};
