#include "cli/execute_job_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "base/xalloc.h"
#include "cli/data_dirs.h"
#include "cli/options.h"
#include "scheduling/realise.h"
#include "validation/eta.h"
#include "validation/executor/slurm_allocation.h"
#include "validation/executor/task_command.h"

enum { PATH_ROOM = 4096 };

extern char **environ;

static bool is_this_machine(const struct platform *p)
{
    return strcmp(p->name, "this-machine") == 0;
}

/* Slots of a machine that is not here can be slept on; more cannot be done with them. */
static int check_virtual(const struct execute_job *job, const struct workflow *w,
                         const struct platform *p, struct error *err)
{
    const struct execute_call *call = job->call;
    if (is_this_machine(p) || call->dry_run || strcmp(job->backend, executor_local.name) != 0)
        return 0;
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->n_command > 0)
            return error_set(err,
                             "task set '%s' runs a command, but platform %s is not this machine: "
                             "there, tasks can only sleep; leave --platform out to run on this "
                             "machine's cores",
                             w->sets[i].name, platform_title(p));
    return call->busy
               ? error_set(err,
                           "--busy needs this machine's cores, but platform %s is not this machine",
                           platform_title(p))
               : 0;
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

double execute_job_now_s(void)
{
    return floor(now_epoch_s() / EXECUTOR_TICK_S) * EXECUTOR_TICK_S;
}

void execute_job_take_described(struct execute_job *job, const struct workflow *w)
{
    job->described = w;
    job->known = outcomes_new();
}

/* Records of the same tasks, whose numbers are others now. */
static void take_over(struct timeline *to, const struct timeline *from)
{
    for (size_t i = 0; from && i < from->n; i++) {
        const struct task_set *set =
            &from->workflow->sets[workflow_set_of_task(from->workflow, from->records[i].task)];
        int now = workflow_find_set(to->workflow, set->name);
        if (now < 0)
            continue;
        uint32_t task = from->records[i].task - set->first_task;
        timeline_add_copy(to, from, i);
        to->records[to->n - 1].task = to->workflow->sets[now].first_task + task;
    }
}

int execute_job_realise(struct execute_job *job, struct error *err)
{
    const struct scenario *s = &job->scenario;
    const struct realise_options o = { .seed = s->seed, .mode = s->mode, .platform = s->platform,
                                       .known = job->known,
                                       .horizon = REALISE_RUN_HORIZON, .said = true };
    if (!job->described)
        return 0;
    struct workflow *w = workflow_realise(job->described, &o, err);
    if (w && w->n_sets == 0)
        error_set(err, "workflow %s: nothing is left to run: no set has a task", workflow_title(w));
    if (!w || w->n_sets == 0) {
        workflow_free(w);
        return -1;
    }
    struct timeline *t = timeline_new(w, s->platform);
    take_over(t, job->timeline);
    timeline_free(job->timeline);
    t->session = w;
    job->timeline = t;
    job->scenario.workflow = w;
    return 0;
}

static int open_scenario(struct execute_job *job, const struct invocation *call, struct error *err)
{
    struct scenario_options said = job->call->scenario;
    said.otherwise =
        strcmp(job->backend, executor_slurm.name) == 0 ? SLURM_PLATFORM : "this-machine";
    if (scenario_set_open(&job->set, call->operands.at[0], &said, call->data_dirs, err))
        return -1;
    job->scaled = workflow_scaled(job->set.workflow, job->time_scale);
    job->scenario = job->set.scenario;
    job->scenario.workflow = job->scaled;
    job->scenario.middleware = job->ideal;
    if (workflow_decides(job->scaled))
        execute_job_take_described(job, job->scaled);
    return check_virtual(job, job->scaled, job->set.platform, err);
}

static void describe(struct execute_job *job)
{
    const struct scenario *s = &job->scenario;
    job->description = (struct run_description){
        .version = DAGCAST_VERSION, .run_id = job->run_id, .executor = job->backend,
        .mode = s->mode, .scheduler = s->scheduler,
        .seed = s->seed, .time_scale = job->time_scale, .zero_epoch_s = execute_job_now_s(),
        .busy = job->call->busy,
        .bound = is_this_machine(s->platform) && strcmp(job->backend, executor_local.name) == 0,
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

char *execute_job_absolute(const char *path, struct error *err)
{
    char here[PATH_ROOM];
    if (path[0] == '/')
        return str_format("%s", path);
    if (getcwd(here, sizeof here))
        return str_format("%s/%s", here, path);
    error_set(err, "the current folder cannot be found any more");
    return NULL;
}

static int create_folder(struct execute_job *job, struct error *err)
{
    char *path = choose_folder(job->call->run_dir);
    int status = run_folder_create(path, &job->description, job->scaled, job->set.platform, err);
    if (status == 0 && !(job->path = execute_job_absolute(path, err)))
        status = -1;
    free(path);
    if (status)
        return -1;
    char *journal = run_folder_file(job->path, "journal");
    job->journal = journal_create(journal, err);
    free(journal);
    return job->journal ? 0 : -1;
}

static int prepare_new(struct execute_job *job, const struct invocation *call, struct error *err)
{
    if (call->operands.n == 0)
        return error_set(err, "needs SCENARIO, or --resume DIR");
    if (open_scenario(job, call, err) || new_run_id(job->run_id, err))
        return -1;
    describe(job);
    job->timeline = job->described ? NULL : timeline_new(job->scaled, job->set.platform);
    if (execute_job_realise(job, err))
        return -1;
    if (job->call->dry_run)
        return 0;
    if (executor_check(executor_find(job->backend), job->set.platform, job->scaled, err) ||
        task_command_check(job->scaled, environ, err))
        return -1;
    return create_folder(job, err);
}

/* dagcast-task lies beside the running program. */
static char *find_task_program(struct error *err)
{
    char *folder = data_dirs_program_folder(),
         *path = str_format("%s/dagcast-task", folder ? folder : ".");
    free(folder);
    if (file_exists(path))
        return path;
    error_set(err,
              "%s: is not there; it is installed with dagcast, and tasks without a command need it",
              path);
    free(path);
    return NULL;
}

int execute_job_prepare(struct execute_job *job, const struct invocation *call, struct error *err)
{
    *job = (struct execute_job){ .call = call->options, .ideal = middleware_ideal() };
    job->backend = job->call->backend ? job->call->backend : executor_local.name;
    job->time_scale = job->call->time_scale > 0 ? job->call->time_scale : 1;
    if (!(job->task_program = find_task_program(err)))
        return -1;
    return job->call->resume ? execute_job_resume(job, call, err) : prepare_new(job, call, err);
}

void execute_job_clear(struct execute_job *job)
{
    journal_close(job->journal);
    timeline_free(job->timeline);
    outcomes_free(job->known);
    run_folder_clear(&job->folder);
    workflow_free(job->scaled);
    scenario_set_clear(&job->set);
    middleware_free(job->ideal);
    xfree(job->task_program, job->path);
}

struct executor_setup execute_job_setup(const struct execute_job *job)
{
    return (struct executor_setup){
        .platform = job->scenario.platform, .folder = job->path, .run_id = job->description.run_id,
        .environment = environ,
        .zero_epoch_s = job->description.zero_epoch_s, .resuming = job->call->resume,
        .bind = job->description.bound,
        .task_program = job->task_program,
    };
}
