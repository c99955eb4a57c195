/* drive/decide.h - what a session with decisions does while it runs, besides what its workflow
 * says.
 *
 * The session runs a workflow that was realised (scheduling/realise.h). Decisions take their time;
 * candidates of a campaign are let in one by one; a learning begins after so many results; a
 * budget, a time or a number of hits is found to be reached. What time decides so is an outcome:
 * the session stops there, and is run again with it known. */
#ifndef DAGCAST_DRIVE_DECIDE_H
#define DAGCAST_DRIVE_DECIDE_H

#include "core/outcomes.h"
#include "core/realised.h"
#include "core/workflow.h"

struct decide;
struct driver;
struct submission;

/* What a task that is done has decided, in a real run. */
struct decision_said {
    int goes_on;                         /* the loop or campaign; 0: it ends, -1: not said */
    size_t n_counts;
    /* numbers of tasks of what comes next */
    struct said_count { char *set; int64_t tasks; } *counts;
    bool cancels_said;                   /* instead of what its set `cancels`: */
    size_t n_cancels;
    char **cancels;                      /* described sets: what is left of them is cancelled */
};
void decision_said_clear(struct decision_said *said);

/* NULL: the workflow was not realised. */
struct decide *decide_new(const struct workflow *w);
void decide_free(struct decide *d);
void decide_begin(struct decide *d, uint64_t seed, uint32_t replica);
/* Outcomes by which the workflow was realised: they are no news. Kept, not owned; NULL: none. */
void decide_know(struct decide *d, const struct outcomes *known);
/* True: something was found out that is not as it was realised; it is set in `found`, and the
 * session has stopped, or does so as soon as nothing runs. */
bool decide_found(const struct decide *d, struct outcomes *found);
bool decide_has_found(const struct decide *d);
/* Adds what tasks have said to be cancelled, as far as it is not known: the session has done it
 * already. */
void decide_noted(const struct decide *d, struct outcomes *noted);
const struct campaign_result *decide_campaign(const struct decide *d, size_t campaign);
/* When each of its results was known, ascending, and whether it is a hit: result.n_results of both.
 */
const double *decide_results(const struct decide *d, size_t campaign, const bool **hit);

/* A session that grows: another set stands there from now on. */
void decide_renew(struct decide *d, uint32_t set);
/* For drive/submit.c: seconds that decisions keep tasks of the set from being due. */
double decide_lag(struct decide *d, uint32_t set, double now_s);
/* For drive/submit.c: these are due. True: they are kept, and decide_over() lets them go. */
bool decide_holds(struct driver *driver, const struct submission *part);
/* For drive/task_over.c: a task is over for good; true: the last of its set. */
bool decide_over(struct driver *driver, uint32_t set, uint32_t task, bool done);
/* For drive/cancel.c: the next set to be cancelled because the task that is over has said so; -1:
 * none is left. */
int decide_next_cancel(struct decide *d);
/* Tasks of the set have said what is cancelled: its `cancels` do not hold. */
bool decide_said_cancels(const struct decide *d, uint32_t set);

#endif
