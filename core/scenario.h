/* core/scenario.h - one question: what to run, where, through what, how; immutable. */
#ifndef DAGCAST_CORE_SCENARIO_H
#define DAGCAST_CORE_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/likeness.h"
#include "core/middleware.h"
#include "core/platform.h"
#include "core/queue_wait.h"
#include "core/scheduler_options.h"
#include "core/setting.h"
#include "core/workflow.h"

enum mode { MODE_SEQUENTIAL, MODE_PIPELINED, MODE_ASYNCHRONOUS, MODES };
extern const char *const mode_names[MODES + 1];           /* NULL-terminated */
const char *mode_name(enum mode m);
const char *mode_summary(enum mode m);
int mode_find(const char *name);                          /* -1: none */

/* The jobs that the batch system is asked for, one after the other: each waits in the queue, has
 * the platform's nodes for the walltime, and goes on with what the one before could not end. The
 * next is requested when one ends. Where the platform has several pilots (core/platform.h), all are
 * requested at once, each is such a row of jobs on its share of the nodes, and tasks go to
 * whichever is up. */
enum { JOBS_MOST = 100, PILOTS_MOST = 100 };
struct allocation {
    int jobs; /* at most, of each pilot; 0: one */
    const struct queue_wait *wait;       /* of each; NULL: none */
};

struct scenario {                        /* owns nothing: a bundle of pointers that outlive it */
    const struct workflow *workflow;
    /* with the middleware's blocked slots already applied (platform_with_blocked()) */
    const struct platform *platform;
    const struct middleware *middleware;
    enum mode mode;
    struct scheduler_options scheduler;  /* resolved: no NULLs but scheduler/generation */
    uint64_t seed;
    double walltime_s;                   /* of a job, bootstrap included; 0 = none */
    struct allocation allocation;
    /* of the measured run that it predicts (core/extrapolation.h); NULLs: of none */
    struct likeness run;
    const struct station_values *values; /* NULL: every station draws */
    /* order in which pipelines (asynchronous: sets) submit at equal instants, or NULL: file order
     */
    const int *pipeline_order;
    const uint32_t *task_order; /* rank of each task of the workflow among those it is submitted
                                   with (replays of measured sessions), or NULL: order of pipelines,
                                   sets and tasks; before pipeline_order */
    /* Of each task, the one before it in a measured order of those that the launcher keeps apart
     * (middleware->alone): until that has begun it does not. UINT32_MAX: of none; NULL: chance
     * and arrival decide. No circles. */
    const uint32_t *begins_after;
};

/* A scenario file: {"workflow": PATH or object, "platform": NAME, PATH or object, "middleware":
 * ..., and other settings that are a SETTING_KEY}; paths are relative to the file. Owns what it
 * loads. */
struct scenario_file {
    struct workflow *workflow;
    struct platform *platform;           /* NULL: not said */
    struct middleware *middleware;       /* NULL: not said, or "auto", which is in `said` */
    struct queue_wait *queue_wait;       /* a distribution; NULL: not said, or seconds */
    char *queue_history;                 /* path; NULL: not said */
    struct setting_value said[SETTINGS]; /* the other keys; texts lie in the document */
    struct json_document *document;
};
struct scenario_file *scenario_file_load(const char *path, const char *const *data_dirs,
                                         document_fn *document_of, setting_names_fn *names,
                                         struct error *err);
void scenario_file_free(struct scenario_file *f);
/* The file that is this scenario: its parts written out, its seed, mode and scheduler. Orders of
 * tasks or pipelines, and measured values of stations, have no key and are left out. */
cJSON *scenario_to_json(const struct scenario *s);
/* The fields of the file: the settings that are keys (core/setting.h), for docs and editors. */
/* A file format whose fields are the settings with these views, besides fields of its own. */
struct settings_format {
    const char *name, *title;
    unsigned views;
    bool needs_workflow;
    const struct schema_field *own;      /* they come first */
    size_t n_own;
};
void settings_add_markdown(const struct settings_format *f, struct str *out);
cJSON *settings_json_schema(const struct settings_format *f);

void scenario_add_markdown(struct str *out);
cJSON *scenario_json_schema(void);

/* -1: jobs without a walltime that ends them, or waits that depend on one that is not said. */
int allocation_check(const struct scenario *s, struct error *err);
/* Jobs that wait, or several: what counts is the time to the solution, not one session. */
bool allocation_is_chain(const struct scenario *s);

/* NAME ("summit", "this-machine"; "ideal", "radical-entk") looked for in the data folders, or a
 * PATH to a JSON file. */
struct platform *platform_open(const char *name_or_path, const char *const *data_dirs,
                               document_fn *document_of, struct error *err);
struct middleware *middleware_open(const char *name_or_path, const char *const *data_dirs,
                                   document_fn *document_of, struct error *err);

#endif
