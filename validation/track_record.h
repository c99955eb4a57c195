/* validation/track_record.h - predictions registered in a ledger (study/ledger.h) before their
 * runs, and how they turned out.
 *
 * Entries of kind "prediction" hold what was known beforehand: name, time, version, the whole
 * scenario (core/scenario.h), the predicted makespan and its 95 % interval. Entries of kind
 * "outcome" hold the hash of a prediction and what a run of it measured. A run belongs to a
 * prediction if its task sets match (validation/set_match.h) and it began after the prediction was
 * registered. */
#ifndef DAGCAST_VALIDATION_TRACK_RECORD_H
#define DAGCAST_VALIDATION_TRACK_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "study/ledger.h"
#include "traces/session.h"
#include "validation/forecast.h"

struct prediction {                      /* one entry of the ledger; texts are its own */
    size_t entry;                        /* of the ledger, from 0 */
    char *hash, *name, *workflow, *platform, *middleware, *mode, *version;
    double nodes;
    double registered_epoch_s;           /* Unix time */
    double predicted_s;                  /* mean makespan */
    struct stats_interval pi95;
    bool scored;                         /* the rest is known */
    char *run;                           /* the measured session */
    /* predicted - measured; as a share of measured */
    double measured_s, error_s, error_share;
    bool inside;
};

struct track {                           /* of all scored predictions, or those of a platform */
    const char *platform;                /* NULL: all */
    size_t n, inside;
    double coverage;
    struct stats_interval coverage_ci95;
    double bias, mean_error;             /* mean of error_share; of its size */
};

struct track_record {
    size_t n;
    struct prediction *predictions;      /* in order of the ledger */
    struct track all;
    size_t n_platforms;
    struct track *platforms;             /* in order of first appearance */
};
/* -1: an entry that cannot be read. */
int track_record_load(struct track_record *out, const struct ledger *l, struct error *err);
void track_record_clear(struct track_record *t);

/* -1: a forecast that leaves tasks undone or has no interval cannot be scored. */
int track_check(const struct forecast *f, struct error *err);
/* Adds a prediction that track_check() accepts. `name`: for people. */
struct registration { const char *name, *version; double now_epoch_s; };
int track_register(struct ledger *l, const struct registration *how, const struct scenario *s,
                   const struct forecast *f, struct error *err);

/* Adds the outcome of the prediction `which`, or (SIZE_MAX) of the only one without an outcome that
 * the session matches. -1: none or several match; it ran before it was registered; not every task
 * is done; the session was scored before. */
int track_score(struct ledger *l, const struct session *s, size_t which, struct error *err);

#endif
