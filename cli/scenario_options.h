/* cli/scenario_options.h - the options that say what to run, where and how, shared by every command
 * that runs something; and the scenario that they and the file on the command line describe. */
#ifndef DAGCAST_CLI_SCENARIO_OPTIONS_H
#define DAGCAST_CLI_SCENARIO_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/json.h"
#include "cli/options.h"
#include "core/scenario.h"
#include "core/variant.h"
#include "doc/doc.h"

/* Which middleware a scenario runs through if the user names none.
 *
 * A workflow or platform that says of what RADICAL it comes (`radical`, as imported sessions do;
 * core/run_record.h) runs through the closest shipped profile. Of others nothing is known but the
 * machine's name: they stay ideal, and the closest profile is suggested. "auto" takes it in either
 * case. */
struct middleware_choice {               /* zeroed: the user named a profile */
    size_t n_candidates;                 /* 0: nothing was chosen */
    /* of the sessions of the profile, chosen or suggested, from the run */
    unsigned differences;
    /* "RADICAL-Pilot 0.47.2, EnTK, aprun on ncsa.bw_aprun"; NULL: nothing was chosen */
    char *chosen_for;
    /* of the run, for EXTRAPOLATION and the scheduler; NULL: unknown */
    char *version, *launcher;
    int entk;
    char *suggested;                     /* the closest; NULL: none, or it was chosen */
};

/* Chooses the middleware of `v`, whose workflow and platform are known, and takes it. `asked`:
 * "auto" was said. */
int middleware_choice_make(struct middleware_choice *out, struct variant *v, bool asked,
                           const char *const *data_dirs, struct error *err);
/* The run that was predicted, once the scenario is built: what is beyond the profile is then said.
 */
struct likeness middleware_choice_run(const struct middleware_choice *c);
void middleware_choice_clear(struct middleware_choice *c);

/* Facts for below the middleware's name; the JSON members are those of `validate`. */
void middleware_choice_add(struct doc *d, const struct middleware_choice *c);

struct scenario_options {                /* zeroed: no option is given */
    struct setting_value said[SETTINGS]; /* first, as struct option_group expects it */
    int64_t threads;                     /* 0: one a processor */
    /* the platform where neither these nor the file name one; NULL: that is refused */
    const char *otherwise;
    bool silent;                         /* opening it says nothing on standard error */
};
/* --threads; beside the settings of SETTING_REPLICA */
extern const struct option_row scenario_thread_rows[];

struct scenario_set {                    /* owns all that `scenario` points to */
    struct scenario scenario;            /* the mode: --mode, the file's, else asynchronous */
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct middleware_choice choice;     /* how it was found, by default */
    struct scenario_file *file;          /* NULL: the operand was a workflow */
    int *pipeline_order;
    struct queue_wait *queue_wait;
    /* for standard error; NULL: the operand was no WfFormat instance */
    char *import_report;
    const char *path;                    /* the operand, and the options as given: not owned */
    struct scenario_options said;
    bool otherwise;                      /* no platform was named: uses said.otherwise */
    size_t replicas;                     /* --replicas, the file's, else 100 */
    int threads;
    double precision;
};

/* `path`: a workflow or a scenario file; options go before what a scenario file says. Everything
 * that can be refused without running is: a demand that no node can hold, an unknown name ... Says
 * on standard error where memory is asked of a platform that does not know its own. */
int scenario_set_open(struct scenario_set *set, const char *path, const struct scenario_options *o,
                      const char *const *data_dirs, struct error *err);
void scenario_set_clear(struct scenario_set *set);

/* Adds "file" and "options" to an object: how to reproduce the set. Threads are no part of
 * it: results do not depend on them. */
void scenario_set_add_source(cJSON *object, const struct scenario_set *set);

#endif
