/* validation/replay.h - which scheduler explains what a session did: every known one is fed with
 * its arrivals and releases (validation/replay_run.h), and the nodes, slots and GPUs that it gives
 * to each task are compared with those that the task had.
 *
 * Most placements say nothing, since all candidates agree on them: those on which they differ
 * decide. Where nothing waited, no order and no rule of overtaking can be told from another. The
 * turns of a polling scheduler's loop between measured instants are not recorded, and each turn
 * changes RADICAL's pool; so its candidates are replayed over a range of periods, and the best
 * stands; and each is told step by step besides (validation/replay_steps.h), which needs no turns.
 *
 * Of a plain session (traces/session.h) a placement is explained if its nodes and its instant are.
 * RADICAL's schedulers are not tried. */
#ifndef DAGCAST_VALIDATION_REPLAY_H
#define DAGCAST_VALIDATION_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/table.h"
#include "core/scenario.h"
#include "traces/session.h"
#include "validation/replay_steps.h"

/* the periods of a polling scheduler's loop that are tried */
#define REPLAY_FIRST_PERIOD_S 0.1
#define REPLAY_LAST_PERIOD_S 0.115
#define REPLAY_TOLD_MOST 4

struct replay_candidate {
    char *name;                          /* "radical 1.9", "largest + backfill, next_fit" */
    struct scheduler_options options;    /* names that live as long as the program */
    size_t n_equal;                      /* placements explained, of all */
    size_t n_equal_where_differ;         /* of those on which candidates differ */
    /* not explained, but among tasks of a set that waited and only have each other's slots: which
     * of equal tasks goes first hangs on turns of RADICAL's loop that no session records */
    size_t n_exchanged;
    /* of all: explained, and within in_time_s of the measured instant */
    size_t n_equal_in_time;
    double period_s;                     /* of its loop, the best of those tried; 0: it has none */
    /* tried; of which explain as many placements as the best */
    size_t n_periods, n_periods_as_good;
    /* mean |replayed - measured| of the instants of placement; NAN: none placed */
    double start_error_s;
};

/* name: of the generation */
struct replay_told { const char *name; struct replay_steps steps; };

struct replay {
    size_t n_placements;                 /* with measured slots, arrival and instant */
    size_t n_left_out;                   /* records without one of these */
    size_t n_waited;                     /* placed more than 0.5 s after their arrival */
    size_t n_differ;                     /* on which candidates differ */
    /* of another tool: a placement is a node and an instant (validation/plain_view.h) */
    bool plain;
    /* instants closer than that are equal: 0.25; plain: as far as its least latencies say */
    double in_time_s;
    /* something waited, and candidates of one placement differ by order */
    bool order_identifiable;
    size_t n_candidates;
    size_t n_told;
    struct replay_told told[REPLAY_TOLD_MOST];           /* polling generations, the best first */
    /* best first: where they differ, then in time, then in the order of `dagcast list` */
    struct replay_candidate *candidates;
};
/* An error: nothing to replay (no arrivals, no slots). */
struct replay *replay_session(const struct session *s, struct error *err);
void replay_free(struct replay *r);

/* The candidate that decides as this preset of another tool's scheduler does; NULL: the preset is
 * none, or was not tried. */
const struct replay_candidate *replay_find_preset(const struct replay *r,
                                                  const struct scheduler_preset *p);

/* For people: candidates of equal figures as ranges ("any order + none/easy, first_fit"), each with
 * how many candidates it is; at most n_most rows, the best ones; *n_left_out: candidates of the
 * others. */
struct table *replay_table(const struct replay *r, size_t n_most, size_t *n_left_out);

#endif
