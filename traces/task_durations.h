/* traces/task_durations.h - how long tasks execute: a distribution for each label and demand of
 * task sets, and the effects that tasks share.
 *
 * All sessions are taken for runs of one workflow. Durations are what tasks asked for, where all of
 * a set's are known, else measured; a task cut off, killed or failed is known to exceed what it
 * ran. A set that ran (in a session, in an iteration) is an instance of its label: its tasks vary
 * about its mean as the fitted distribution does. Relative to the label's mean, an instance is off
 * by r = session effect + set effect + noise of its mean: set_sd comes from differences of labels
 * within sessions, session_sd from those of the sessions' averages, each less what noise explains.
 * Both are one number for all labels, for few instances tell no more. */
#ifndef DAGCAST_TRACES_TASK_DURATIONS_H
#define DAGCAST_TRACES_TASK_DURATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "num/dist.h"
#include "traces/session.h"

struct label_durations {
    char *label;                         /* unique: "T3", "T3/2" */
    char *set_label;                     /* as the workflow has it */
    struct demand demand;
    size_t n_instances, n_samples, n_censored;
    bool requested;                      /* every duration is what was asked for */
    double mean_s, between_s;            /* over instances; sd between them */
    struct dist *dist;                   /* within an instance, of this mean */
    const char *family;
    double log_score, kolmogorov;        /* NAN: no choice; not seen */
};
struct task_durations {
    size_t n;
    struct label_durations *labels;      /* in order of their first appearance */
    /* relative; NAN where no label ran twice, where there is one session */
    double set_sd, session_sd;
};

/* -1 and a sentence: no task with a duration. */
int task_durations_fit(const struct session *const *sessions, size_t n, struct task_durations *out,
                       struct error *err);
void task_durations_clear(struct task_durations *d);

/* {"session_sd": ..., "task_sets": [{"name", "duration", "set_sd"}, ...]}: to be put into a
 * workflow. */
cJSON *task_durations_json(const struct task_durations *d);

#endif
