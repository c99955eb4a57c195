/* cli/execute_resume.c - a run that goes on: what cannot be asked of it any more, its folder and
 * journal, what its decisions have made of it, and how long it was interrupted. */
#include "cli/execute_job_impl.h"

#include <math.h>
#include <stdlib.h>

#include "cli/options.h"

/* Options that were given and that only a run which begins can obey. */
static cJSON *options_of_a_beginning(const struct invocation *call)
{
    static const char *const of_any_run[] = { "resume", "grace", "json", "quiet" };
    const struct command *c = call->command;
    cJSON *given = cJSON_CreateObject();
    options_add_json(given, c->groups, call->options, c->defaults);
    for (size_t i = 0; i < sizeof of_any_run / sizeof *of_any_run; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(given, of_any_run[i]);
    return given;
}

static int check_resumed(const struct invocation *call, struct error *err)
{
    cJSON *given = options_of_a_beginning(call), *item;
    struct str names = { 0 };
    cJSON_ArrayForEach(item, given)
        str_addf(&names, "%s--%s", !names.length ? "" : item->next ? ", " : " and ", item->string);
    int status = names.length ? error_set(err,
                                          "--resume goes on with a run as it was begun, so %s "
                                          "cannot be given with it; leave that out, or begin a new "
                                          "run",
                                          names.text)
                              : 0;
    str_clear(&names);
    cJSON_Delete(given);
    return status;
}

/* What the decisions in the journal have made of it. */
static int open_timeline(struct execute_job *job, const char *journal, struct error *err)
{
    if (!job->folder.described) {
        job->timeline = timeline_new(job->folder.workflow, job->folder.platform);
        return 0;
    }
    execute_job_take_described(job, job->folder.described);
    if (run_journal_decisions(journal, job->known, err))
        return -1;
    return execute_job_realise(job, err);
}

int execute_job_resume(struct execute_job *job, const struct invocation *call, struct error *err)
{
    if (call->operands.n > 0 || job->call->run_dir || job->call->dry_run)
        return error_set(err, "--resume goes on with a run as it was begun: no scenario, no "
                              "--run-dir and no --dry-run with it");
    if (check_resumed(call, err))
        return -1;
    if (run_folder_load(&job->folder, job->call->resume, err) ||
        !(job->path = execute_job_absolute(job->call->resume, err)))
        return -1;
    job->description = job->folder.description;
    job->scenario = (struct scenario){ .workflow = job->folder.workflow,
                                       .platform = job->folder.platform,
                                       .middleware = job->ideal,
                                       .mode = job->description.mode,
                                       .scheduler = job->description.scheduler,
                                       .seed = job->description.seed };
    char *path = run_folder_file(job->path, "journal");
    if (open_timeline(job, path, err)) {
        free(path);
        return -1;
    }
    struct run_journal found = { 0 };
    job->journal = journal_resume(path, job->timeline, &found, err);
    run_journal_clear(&found);
    free(path);
    return job->journal ? 0 : -1;
}

int execute_job_interruptions(const struct execute_job *job, struct run_interruptions *out,
                              struct error *err)
{
    *out = (struct run_interruptions){ 0 };
    if (!job->call->resume)
        return 0;
    struct run_journal j;
    struct timeline *again = timeline_new(job->scenario.workflow, job->folder.platform);
    char *path = run_folder_file(job->path, "journal");
    int status = run_journal_load(path, again, &j, err);
    if (status == 0)
        *out = run_journal_interruptions(&j, again);
    run_journal_clear(&j);
    timeline_free(again);
    free(path);
    return status;
}

static double last_known_s(const struct timeline *t)
{
    double last_s = 0;
    for (size_t i = 0; i < t->n; i++)
        last_s = fmax(last_s, t->records[i].freed_s);
    return last_s;
}

double execute_job_lost_s(const struct execute_job *job)
{
    double now_s = execute_job_now_s() - job->description.zero_epoch_s;
    return job->call->resume ? fmax(0, now_s - last_known_s(job->timeline)) : 0;
}
