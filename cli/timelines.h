/* cli/timelines.h - the timelines that a file on the command line describes, for commands that show
 * timelines. */
#ifndef DAGCAST_CLI_TIMELINES_H
#define DAGCAST_CLI_TIMELINES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "cli/picture_data.h"
#include "cli/scenario_options.h"
#include "core/scenario.h"
#include "core/timeline.h"
#include "plots/picture.h"
#include "study/replicate.h"
#include "traces/session.h"

enum input_kind {
    INPUT_SCENARIO, /* a workflow or a scenario file */
    INPUT_RESULT, /* what --json printed */
    INPUT_RECORD /* anything else: a session or a task table, for the importers */
};

/* A file that was looked into. */
struct input {
    const char *path;
    enum input_kind kind;
    /* of a JSON file, else NULL; lists of workflows and jobs may be set apart, of a result not */
    struct json_document *document;
};
int input_open(struct input *in, const char *path, struct error *err);
void input_close(struct input *in);
/* The scenario of a workflow or a scenario file, overridden by `o`. -1 also for other inputs. */
int input_scenario(const struct input *in, struct scenario_set *set,
                   const struct scenario_options *o, const char *const *data_dirs,
                   struct error *err);

/* What a result stored to draw (--picture-data). -1: nothing. */
int input_pictures(const struct input *in, struct picture_data *p, struct error *err);

/* A record gives its one timeline, a result those it stored, a scenario replica 0 of each mode,
 * which is simulated; only the one of --mode if that is given. */
struct timelines {
    size_t n;
    struct timeline *at[MODES];          /* owned; of a session or result not */
    struct picture_panel panels[MODES];  /* the same, with names */
    struct scenario_set set;             /* empty unless of a scenario */
    struct session *session;             /* NULL unless of a record */
    struct picture_data stored;          /* empty unless of a result */
};
int timelines_open(struct timelines *t, const struct input *in, const struct scenario_options *o,
                   const char *const *data_dirs, struct error *err);
void timelines_close(struct timelines *t);

/* Replica 0 as files: --timeline and --chrome-trace. */

/* Whether to keep replica 0's timeline for these files; a larger one is streamed in a run of its
 * own, so that memory does not grow with tasks. */
bool timeline_files_keep(const struct scenario *s, bool files);
/* Writes replica 0 of the runs as CSV and as Chrome trace (either may be NULL). -1: a file cannot
 * be written. */
int timeline_files_write(const struct scenario *s, const struct replicas *runs, const char *csv,
                         const char *chrome_trace, struct error *err);

#endif
