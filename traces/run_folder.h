/* traces/run_folder.h - what `dagcast execute` leaves in a run's folder, and how to read it:
 *
 *     run.json        how it was run (struct run_description)
 *     workflow.json   the workflow as it ran: durations, releases and timeouts times the time
 *                     scale; one that decides as it is described
 *     platform.json   the nodes
 *     journal         what happened, attempt by attempt, appended while it happens
 *                     (traces/run_journal.h)
 *     timeline.csv    the same as a timeline, once the run has ended
 *     tasks/SET/TASK.ATTEMPT.{out,err,times}
 *                     what each attempt wrote, and its own record of its times
 *
 * The first four are also read where each is packed (traces/packed_file.h); such a run cannot go
 * on. */
#ifndef DAGCAST_TRACES_RUN_FOLDER_H
#define DAGCAST_TRACES_RUN_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"
#include "core/platform.h"
#include "core/scenario.h"
#include "core/workflow.h"

struct run_description {
    const char *version;                 /* of dagcast */
    const char *run_id;                  /* random text: marks every process of the run */
    const char *executor;                /* name of the backend */
    enum mode mode;
    struct scheduler_options scheduler;  /* resolved */
    uint64_t seed;
    double time_scale;                   /* what the workflow's times were multiplied by */
    double zero_epoch_s;                 /* Unix time of second 0 */
    /* tasks without a command keep their slots busy; else they sleep */
    bool busy;
    bool bound;                          /* tasks are bound to this machine's cores */
    bool stop_on_failure;
    int64_t live_cap;                    /* most processes at once; 0: no cap */
    double retry_s;                      /* the scheduler's idle interval; 0: it has none */
};

struct run_folder {
    char *path;
    struct run_description description;  /* owns its texts */
    struct workflow *workflow;           /* that ran */
    /* what it was realised from, if it decides at run time; else NULL */
    struct workflow *described;
    struct platform *platform;
};

extern const struct schema run_schema;   /* of run.json, into a struct run_description */

bool run_folder_is(const char *path);    /* it holds run.json and journal */
int run_folder_load(struct run_folder *f, const char *path, struct error *err);
void run_folder_clear(struct run_folder *f);

/* Makes the folder, which must not exist or be empty, and writes run.json, workflow.json and
 * platform.json. */
int run_folder_create(const char *path, const struct run_description *d, const struct workflow *w,
                      const struct platform *p, struct error *err);
/* "PATH/NAME", free() it */
char *run_folder_file(const char *path, const char *name);

#endif
