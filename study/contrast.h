/* study/contrast.h - the rows of a sweep as groups of settings, set against the best of them.
 *
 * A group is all rows that agree in the axes asked for; what else varies is a condition. Groups are
 * compared over the conditions that all of them have (but those that can run nothing), replica by
 * replica: x[r] = mean over conditions of replica r's makespan. The random numbers of a replica are
 * the same in every group, so the difference x_group[r] - x_best[r] is paired, and replicas are
 * independent: its interval and test are Student's. Since the best is chosen by looking, a
 * difference counts as real when its p, corrected by Holm over all pairs of groups, is below 5 %.
 * Replicas in which a task was given up are left out of both sides. */
#ifndef DAGCAST_STUDY_CONTRAST_H
#define DAGCAST_STUDY_CONTRAST_H

#include <stddef.h>

#include "base/error.h"
#include "num/stats.h"
#include "study/sheet.h"

#define CONTRAST_LEVEL 0.05

enum contrast_verdict {
    /* nothing to compare: it cannot run, or shares no complete replica with the best */
    CONTRAST_NONE,
    CONTRAST_BEST,
    CONTRAST_SAME, /* as the best, in every replica */
    CONTRAST_OPEN, /* another mean, but not more than chance can make */
    CONTRAST_SLOWER, /* corrected p < CONTRAST_LEVEL */
    CONTRAST_FASTER /* likewise, but it gives tasks up in some replicas, so it is no candidate for
                       the best */
};
const char *contrast_verdict_name(enum contrast_verdict v);              /* for people */

struct contrast_group {
    size_t row;                          /* its first, for the values of the axes */
    size_t n_rows, n_errors;             /* rows that ran; that cannot run */
    size_t n_conditions;                 /* that all groups share */
    size_t n;                            /* replicas complete in all of these */
    double mean_s;                       /* of x; NAN: nothing to compare */
    double share_incomplete;             /* mean over its rows that ran */
    enum contrast_verdict verdict;
    /* to the best, with its interval; NAN: no replica in common */
    double difference_s;
    struct stats_interval ci95;
    double p;                            /* corrected */
};

struct contrast {
    size_t n_axes, *axes;                /* of the sheet, that make a group */
    size_t n_groups;
    struct contrast_group *groups;       /* in order of their first rows */
    size_t best;                         /* n_groups: none has a mean */
    double n_pairs;                      /* the family of the correction */
};

/* `by`: names of axes with commas between; NULL: all that vary. -1: no axis of that name. Free with
 * contrast_clear(). */
int contrast_of(const struct sheet *s, const char *by, struct contrast *out, struct error *err);
void contrast_clear(struct contrast *c);

#endif
