/* core/decisions.h - what of a workflow is decided while it runs, as its file says it.
 *
 * A workflow with decisions is a description: its sets are those of the first iteration, with the
 * numbers of tasks that are expected. What happens in one session is a workflow of its own
 * (scheduling/realise.h), in which all iterations and numbers are written out. */
#ifndef DAGCAST_CORE_DECISIONS_H
#define DAGCAST_CORE_DECISIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"
#include "num/dist.h"

struct workflow;

/* After each iteration: what ends a loop. The first of those that are given. */
struct loop_stop {
    double probability;                  /* of each iteration to be the last; 0: not given */
    struct dist *after;                  /* the number of iterations, rounded; NULL: not given */
    /* of an iteration, summed until it reaches `reaches`; NULL */
    struct dist *gain;
    double reaches;
    double budget_s;                     /* since the loop began; 0: none */
};
struct loop {
    char *name;
    size_t n_sets;
    char **sets;
    char *decided_by;                    /* one of them; NULL: all of the iteration */
    struct loop_stop stop;
    int at_least, at_most;               /* iterations; at_most 0: no limit */
    double decision_time_s;
    /* a what-if: its iterations do not wait for the decision on them */
    bool known;
};

struct campaign {
    char *name;
    char *candidates;                    /* a set: one task a candidate */
    int in_flight;                       /* submitted and not done; 0: what the platform holds */
    int64_t budget;                      /* candidates; 0: none */
    double time_s;                       /* no candidate is submitted from then on; 0: none */
    int hits;                            /* asked for; 0: none */
    double hit_probability, hit_gain;    /* of a result; factor for each learning that was done */
    char *learn;                         /* a set, once after every `every` results; NULL: none */
    int every;                           /* 0: not said */
};
struct decisions {                       /* of a workflow */
    size_t n_loops, n_campaigns;
    struct loop *loops;
    struct campaign *campaigns;
};

enum count_kind {
    COUNT_WRITTEN,
    COUNT_DRAWN,                         /* `number` */
    COUNT_PER,                           /* the sum of a `number` for each task of the set `of` */
    COUNT_SHARE                          /* `share` of the number of `of`, rounded */
};
struct set_decision {                    /* of a task set; none: NULL */
    enum count_kind count;
    char *of;
    struct dist *number;
    double share;
    bool conditional;                    /* it exists with a probability */
    double probability;
    bool by_task;                        /* each of its tasks, not the set as a whole */
    /* the set that exists where this one does not; NULL: none */
    char *otherwise;
    size_t n_cancels;
    char **cancels;                      /* sets whose tasks are cancelled when this one is done */
};
void set_decision_free(struct set_decision *d);                          /* NULL allowed */
struct set_decision *set_decision_copy(const struct set_decision *d);    /* NULL: NULL */

/* Anything at all is decided at run time. O(sets). */
bool workflow_decides(const struct workflow *w);
/* The innermost loop that holds a set: its number; -1: none. And the loop around that one.
 */
int workflow_loop_of(const struct workflow *w, int set);
int workflow_loop_around(const struct workflow *w, int loop);
bool loop_holds(const struct loop *l, const char *set);
/* The set that a decision of `set` names: of this name, or with this label in the same iteration;
 * -1: none. */
int workflow_find_related(const struct workflow *w, int set, const char *name);
int workflow_campaign_of(const struct workflow *w, int set);             /* -1: none */

enum { DECISIONS_MOST_SETS = 2000000 };  /* of a session, with what was decided */

/* Iterations of a loop, by expectation: between its limits; a budget is not counted. */
double loop_expected(const struct loop *l);
/* Candidates of a campaign, by expectation: its budget, or those that give the hits if nothing is
 * learned late; time is not counted. */
double campaign_expected(const struct campaign *c);
/* Tasks of a set of `of` tasks, by expectation; `written`: if it is none of the drawn kinds. */
double count_expected(const struct set_decision *d, double of, double written);

extern const struct schema loop_schema, campaign_schema;
/* For set schemas: rows of "tasks", "when", "else" and "cancels". */
extern const struct schema_type task_count_field, when_field, else_field, cancels_field;

/* By its dependencies, or those of what it comes after. O(dependencies) */
bool workflow_comes_after(const struct workflow *w, int set, int other);
/* Sets n_tasks of sets whose number is drawn to what is expected, at least 1. */
void workflow_expect_counts(struct workflow *w);
/* What cannot be decided: one sentence. Once all dependencies are there. */
int workflow_check_decisions(const struct workflow *w, struct error *err);

#endif
