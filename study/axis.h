/* study/axis.h - what a study may vary: the names that its file uses, what values they take, and those that do not exist. */
#ifndef DAGCAST_STUDY_AXIS_H
#define DAGCAST_STUDY_AXIS_H

#include <math.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"

enum axis_id {
    AXIS_WORKFLOW, AXIS_PLATFORM, AXIS_NODES, AXIS_MIDDLEWARE, AXIS_MODE, AXIS_SCHEDULER, AXIS_ORDER, AXIS_OVERTAKE, AXIS_PLACEMENT,
    AXIS_WALLTIME, AXIS_SEED,
    AXIS_TASKS, AXIS_TASK_SCALE, AXIS_DURATION_SCALE, AXIS_DURATION_CV, AXIS_RANKS, AXIS_CORES, AXIS_THREADS, AXIS_GPUS, AXIS_MEMORY,
    AXIS_FAILURE_PROBABILITY, AXIS_RETRIES,
    AXIS_KINDS
};

enum axis_value_kind { AXIS_TEXT, AXIS_INTEGER, AXIS_NUMBER, AXIS_SECONDS };

struct axis_kind {
    const char *name, *summary;
    enum axis_value_kind value;
    bool of_set;                         /* "cores": of every task set; "cores.training": of one */
    double min, max;                     /* of numbers */
};
const struct axis_kind *axis_kind_at(enum axis_id id);

struct axis {
    enum axis_id id;
    const char *name;                    /* as written, "tasks.simulation" */
    const char *set;                     /* "simulation", into `name`; NULL: every set */
};

/* A value of an axis. Neither: the study does not say it. */
struct axis_value {
    const char *text;                    /* of texts; into the study's document */
    double number;                       /* of numbers; NAN: none */
};
#define AXIS_VALUE_NONE ((struct axis_value){ NULL, NAN })
bool axis_value_said(const struct axis_value *v);
void axis_value_add(struct str *text, const struct axis_value *v);       /* as in the file; nothing when not said */
bool axis_value_equal(const struct axis_value *a, const struct axis_value *b);

/* The axis that `at`'s key names; `name` and `set` point into the document. -1, and the nearest known name. */
int axis_find(const struct json *at, struct axis *out, struct error *err);

/* The value at a place. -1: it is of another type, out of range, or the name of nothing (no such order ...). Platforms, middleware and
 * workflows are opened elsewhere. */
int axis_read(const struct axis *axis, const struct json *at, struct axis_value *out, struct error *err);

#endif
