/* cli/execute_output.h - what `dagcast execute` shows while tasks run and when they have run. */
#ifndef DAGCAST_CLI_EXECUTE_OUTPUT_H
#define DAGCAST_CLI_EXECUTE_OUTPUT_H

#include <stdbool.h>

#include "cli/output.h"
#include "core/scenario.h"
#include "traces/run_journal.h"
#include "validation/eta.h"
#include "validation/executor/run.h"

/* A line on the terminal that is written over and over; sentences scroll above it. */
struct execute_progress {
    /* standard error is a terminal, without --quiet */
    bool shown;
    bool drawn;
    double drawn_s, lost_s;              /* lost: no executor ran, before a resumed run */
    /* when it was estimated; what was left then, NAN: not known */
    double estimated_s, left_s;
    double estimate_costs_s;
    struct eta *eta;                     /* NULL: no estimates */
};
/* hooks of a run; context: a struct execute_progress */
void execute_progress_say(void *context, const char *sentence);
void execute_progress_turn(void *context, const struct run_progress *p);
void execute_progress_end(struct execute_progress *e);   /* wipes the line */

/* Of a run that has ended. `timeline`: of its workflow and platform, sorted. `path`: its
 * folder. */
struct execute_result {
    const struct scenario *scenario;
    const char *path;
    const struct timeline *timeline;
    const struct run_outcome *outcome;
    struct run_interruptions interrupted;
};
int execute_show(const struct output_options *o, const struct execute_result *r, struct error *err);

/* What would start where: a table that grows by a row a task. */
struct table *dry_run_table(void);
struct dry_run {
    struct table *table;
    const struct workflow *workflow;
    const struct platform *platform;
};
/* a hook; context: a struct dry_run */
void dry_run_started(void *context, const struct run_started *s);

int execute_show_dry_run(const struct output_options *o, const struct table *starts,
                         struct error *err);

#endif
