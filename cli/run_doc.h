/* cli/run_doc.h - replicas of a mode as blocks of a doc: what compare and simulate have in common.
 */
#ifndef DAGCAST_CLI_RUN_DOC_H
#define DAGCAST_CLI_RUN_DOC_H

#include "cli/scenario_options.h"
#include "core/scenario.h"
#include "doc/doc.h"
#include "model/predict.h"
#include "study/pipeline_orders.h"
#include "study/replicate.h"
#include "study/summary.h"

struct run { /* one mode; prediction and improvement: of compare alone */
    enum mode mode;
    struct summary summary;
    struct pipeline_orders order;
    struct mode_prediction prediction;
    struct stats_improvement improvement, span_improvement;
};

/* Fields of a struct run, to build tables from. */
#define RUN_SECONDS(member) .format = { .unit = DOC_SECONDS }, DOC_MEMBER(struct run, member)
#define RUN_SHARE(member) .format = { .unit = DOC_SHARE }, DOC_MEMBER(struct run, member)
#define RUN_INTERVAL(member) .optional = true, DOC_MEMBER_INTERVAL(struct run, member)
#define RUN_MAKESPAN_FIELDS                                                                        \
    { .key = "makespan/mean", .label = "makespan: mean", .main = true,                             \
      RUN_SECONDS(summary.makespan.mean) },                                                        \
    { .key = "makespan/sd", .label = "  sd", .format = { .unit = DOC_SECONDS, .decimals = 2 },     \
      .optional = true, DOC_MEMBER(struct run, summary.makespan.sd) },                             \
    { .key = "makespan/ci95", .label = "  95 % interval of the mean",                              \
      .format = { .unit = DOC_SECONDS }, RUN_INTERVAL(summary.makespan.ci95) },                    \
    { .key = "makespan/quantiles/0.05|0.5|0.95", .label = "  5 / 50 / 95 % quantiles",             \
      .format = { .unit = DOC_SECONDS }, .optional = true,                               \
      DOC_MEMBER_TRIPLE(struct run, summary.makespan.q05) }
#define RUN_RESOURCE_FIELDS                                                                        \
    { .key = "lower_bound", .label = "lower bound", RUN_SECONDS(summary.lower_bound_s) },          \
    { .key = "utilisation/cores", .label = "utilisation of cores",                                 \
      RUN_SHARE(summary.utilisation_slots) },                                                      \
    { .key = "utilisation/gpus", .label = "utilisation of GPUs",                                   \
      RUN_SHARE(summary.utilisation_gpus) },                                                       \
    { .key = "node_hours", .label = "node-hours", .format = { .unit = DOC_NUMBER, .decimals = 2 }, \
      DOC_MEMBER(struct run, summary.node_hours) },                                                \
    { .key = "energy_kwh", .label = "energy [kWh]", .format = { .unit = DOC_NUMBER },              \
      .optional = true, DOC_MEMBER(struct run, summary.energy_kwh) }
/* Of runs with jobs that wait or follow each other. */
#define RUN_OF_JOBS(unit_) .format = { .unit = (unit_) }, .optional = true, .when = run_has_jobs
#define RUN_JOB_FIELDS                                                                             \
    { .label = "time to solution: mean", .main = true, RUN_OF_JOBS(DOC_SECONDS),                   \
      DOC_MEMBER(struct run, summary.jobs.solution.mean) },                                        \
    { .label = "  5 / 50 / 95 % quantiles", RUN_OF_JOBS(DOC_SECONDS),                              \
      DOC_MEMBER_TRIPLE(struct run, summary.jobs.solution.q05) },                                  \
    { .label = "  of it waiting in the queue", RUN_OF_JOBS(DOC_SECONDS),                           \
      DOC_MEMBER(struct run, summary.jobs.queue_s) },                                              \
    { .label = "  jobs", .format = { .unit = DOC_NUMBER, .decimals = 2 }, .optional = true,        \
      .when = run_has_jobs, DOC_MEMBER(struct run, summary.jobs.n) },                              \
    { .label = "  tasks cut and run again", .format = { .unit = DOC_NUMBER, .decimals = 2 },       \
      .optional = true, .when = run_has_jobs, DOC_MEMBER(struct run, summary.jobs.n_cut) }
bool run_has_jobs(const struct doc_record *r);

/* The question: what a page begins with. `end`: ", in the sequential mode?" */
void run_doc_add_question(struct doc *d, const struct scenario_set *set, const char *end);
/* The mode's makespan, large, with its node-hours and what was left undone; `gain` NAN: not
 * compared. */
void run_doc_add_figure(struct doc *d, const struct run *r, double gain);
/* Members of the open object that only programs see: the rest of the summary. */
void run_doc_add_members(struct doc *d, const struct run *r);
/* "Bimodal ...", "The order of submission matters ...": if one mean is not the whole answer. */
void run_doc_add_two_values(struct str *words, const struct run *r);

/* What was decided in the replicas of a workflow that decides at run time. */

/* `runs` of n modes, named; nothing where nothing is decided. */
void decided_doc_add(struct doc *d, const struct workflow *w, const char *const *names,
                     const struct replicas *const *runs, size_t n);

#endif
