/* cli/execute_job.h - all that `dagcast execute` needs before the first task starts: of a new run,
 * or of one that goes on. */
#ifndef DAGCAST_CLI_EXECUTE_JOB_H
#define DAGCAST_CLI_EXECUTE_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "core/timeline.h"
#include "traces/run_folder.h"
#include "validation/executor/executor.h"
#include "validation/executor/journal.h"

struct execute_call {                    /* the options */
    struct scenario_options scenario;
    struct output_options output;
    const char *backend, *run_dir, *resume;              /* NULL: not said */
    double time_scale, grace_s;          /* time_scale 0: not said */
    int64_t live_cap;
    bool dry_run, busy, stop_on_failure;
};

/* Many members: what one real run was asked for, what it opened, and its result. */
struct execute_job {
    const struct execute_call *call;
    const char *backend;                 /* of a new run, as is ... */
    double time_scale;
    struct scenario_set set;             /* of a new run */
    struct workflow *scaled;
    struct run_folder folder;            /* of a resumed run */
    char *path, *task_program;           /* path: of the folder, absolute; NULL for a dry run */
    char run_id[33];
    struct run_description description;
    struct scenario scenario;
    struct middleware *ideal;
    struct journal *journal;             /* NULL for a dry run */
    struct timeline *timeline;           /* what is done already */
    /* a workflow that decides at run time; NULL: it does not */
    const struct workflow *described;
    struct outcomes *known;              /* its decisions so far */
};
/* Makes the folder of a new run and its journal (neither for a dry run), or opens those of
 * --resume. The job is to be cleared even after -1. */
int execute_job_prepare(struct execute_job *job, const struct invocation *call, struct error *err);
void execute_job_clear(struct execute_job *job);

/* Of a workflow that decides: what is to run by the decisions so far; what is done stays done. */
int execute_job_realise(struct execute_job *job, struct error *err);

struct executor_setup execute_job_setup(const struct execute_job *job);  /* points into the job */
/* How often and how long, within the makespan, no executor ran; none of a run that was not resumed.
 */
int execute_job_interruptions(const struct execute_job *job, struct run_interruptions *out,
                              struct error *err);
/* how long no executor ran, before a resumed one */
double execute_job_lost_s(const struct execute_job *job);

#endif
