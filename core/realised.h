/* core/realised.h - what a workflow that was decided on (scheduling/realise.h) keeps besides its
 * sets. */
#ifndef DAGCAST_CORE_REALISED_H
#define DAGCAST_CORE_REALISED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workflow;
struct growing;

/* After iteration `iteration` of a loop: it goes on or ends. */
struct decision_point {
    int loop;                            /* of the description */
    char *name;                          /* "cycle"; in another loop's second iteration "cycle.2" */
    int iteration;                       /* from 1 */
    int of;                              /* point of the loop's first iteration: where it began */
    /* point of the iteration of the loop around that it lies in; -1: none */
    int around;
    bool last;                           /* of those that are written out */
    double lag_s;                        /* the decision's time */
    size_t n_sets;
    /* which must be over; those that do not exist are left out */
    int *sets;
};

/* A campaign: its candidates are sets of one round each, in order. */
struct realised_campaign {
    int campaign;                        /* of the description */
    size_t n_rounds, n_learnings;
    int *rounds, *learnings;             /* sets */
    uint32_t in_flight;                  /* 0: no window, a round is submitted at once */
    uint32_t every;                      /* results between two learnings; 0: none */
    /* learning j begins after j x every results, whichever; else after its round */
    bool by_count;
};

/* when set `by` is done, what is left of `set` is cancelled */
struct set_cancel { int by, set; };

struct realised {
    const struct workflow *from;         /* the description; outlives this */
    /* the workflow's sets share the fields of the description's */
    bool shares;
    bool settled;                        /* it has happened: time decides nothing any more */
    int *base;                           /* of each set: the described one */
    int *lane;                           /* of each set: its loop or campaign + 1; 0: outside */
    /* of each set: that of its iteration; -1: it is in no loop */
    int *point;
    size_t n_points, n_campaigns;
    struct decision_point *points;
    struct realised_campaign *campaigns;
    size_t n_cancels;
    struct set_cancel *cancels;          /* by `by`, ascending */
    /* of each set: some decision may cancel tasks of it; NULL: of none */
    bool *cancelled;
    /* a loop or campaign may go on beyond what is written out: time decides */
    bool open;
    /* only what is in flight is written out (scheduling/growing.h, which owns the workflow), and
     * its sets change; NULL: all is */
    struct growing *growing;
};
struct campaign_result { /* what became of one campaign in one session; instants since the session's
                            start */
    size_t n_submitted, n_results, n_learnings, n_hits;
    double first_s, last_s;              /* first candidate submitted, last result known; NAN */
    /* as many hits as asked for are known; NAN: not reached, or none asked for */
    double hits_s;
    /* Results not yet learned from when a candidate was submitted */
    double stale_sum, stale_most;
};

/* What is cancelled when set `by` is done: *first .. *first + n - 1 of `cancels`; returns n. O(log
 * cancels) */
size_t realised_cancels_of(const struct realised *r, int by, size_t *first);
/* some decision may cancel tasks of it */
bool realised_cancels(const struct workflow *w, int set);
/* The same session with tasks that may be cancelled taking no time and waiting for nothing: for
 * bounds. They may be over before their stage begins, so that only the bounds of the asynchronous
 * mode hold. Shares all else; free with realised_surely_free(). */
struct workflow *realised_surely(const struct workflow *w);
void realised_surely_free(struct workflow *w);           /* NULL allowed */
/* shares nothing but `from`; NULL: NULL */
struct realised *realised_copy(const struct realised *r, size_t n_sets);
void realised_free(struct realised *r);                  /* NULL allowed */

#endif
