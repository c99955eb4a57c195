/* cli/timelines.h - the timelines that a file on the command line comes to, for whatever shows
 * timelines. */
#ifndef DAGCAST_CLI_TIMELINES_H
#define DAGCAST_CLI_TIMELINES_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "cli/scenario_options.h"
#include "core/timeline.h"
#include "plots/picture.h"
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
    struct json_document *document;      /* of a JSON file, else NULL */
};
int input_open(struct input *in, const char *path, struct error *err);
void input_close(struct input *in);
/* The scenario of a workflow, a scenario file or a result, `o` going before what it says. -1 also
 * for an INPUT_RECORD. */
int input_scenario(const struct input *in, struct scenario_set *set,
                   const struct scenario_options *o, const char *const *data_dirs,
                   struct error *err);

/* A recorded file gives its one timeline. A scenario gives replica 0 of each mode, simulated again;
 * of one mode where --mode or a result of `simulate` says so. */
struct timelines {
    size_t n;
    struct timeline *at[MODES];
    struct picture_panel panels[MODES];  /* the same, with names */
    struct scenario_set set;             /* empty for a record */
    struct session *session;             /* NULL for a scenario */
};
int timelines_open(struct timelines *t, const struct input *in, const struct scenario_options *o,
                   const char *const *data_dirs, struct error *err);
void timelines_close(struct timelines *t);

#endif
