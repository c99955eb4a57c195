/* core/transfer.h - how much a station's session mean differs between sessions: of one kind, and
 * between kinds.
 *
 * Measured by validation/transfer on 32 public sessions of 19 kinds (RADICAL-Pilot 0.42 to 1.60,
 * with and without EnTK; nine machines, seven launchers): the station means of each session less
 * those of its own kind's others, and of every other kind's with the same client, without the
 * sampling noise of means. The likeliest scales of Student's t, with the likeliest degrees of 3, 5
 * and 8 within a kind; between kinds averages over the likelihood. docs/validation.md has the
 * table. Latencies differ by seconds whatever their mean, rates by a share of it.
 *
 * The prior of few sessions: the scale within a kind counts as much as transfer_degrees() sessions
 * more. So one session gives Student's t with 3 degrees (or 5, or 8), four sessions with 6, and
 * many sessions outvote it. */
#ifndef DAGCAST_CORE_TRANSFER_H
#define DAGCAST_CORE_TRANSFER_H

#include "core/middleware.h"

enum transfer { /* from the sessions behind a profile to a run */
                TRANSFER_KIND, /* same client, launcher, release and machine */
                /* another machine, or release of the same generation (core/likeness.h) */
                TRANSFER_NEAR,
                TRANSFER_SCALE, /* ten times the nodes or tasks: as another generation, assumed */
                TRANSFER_LAUNCHER, /* another launcher, the same generation */
                TRANSFER_GENERATION, /* another generation, the same launcher */
                TRANSFER_FARTHEST, /* another launcher and generation; or client, assumed */
                TRANSFERS
};
/* Which sessions' differences apply: "machine or release" "generation" "launcher" "launcher and
 * generation"; NULL within a kind. */
const char *transfer_name(enum transfer t);

enum { TRANSFER_DEGREES = 3 };

/* What is left when a session is predicted by its own profile, beyond the noise of one draw, as a
 * share of what lies over its critical path: at most this (0.02 % is the likeliest). All stations
 * of a replica are moved together by that (scale of t with TRANSFER_DEGREES; calibrated profiles of
 * RADICAL hold it as `unexplained`). */
#define TRANSFER_UNEXPLAINED 0.001

/* Scale (of t, below: sd) of a station's mean about transfer_mean(): a share of that, and seconds;
 * their squares add. Of profiles that do not name their client no such sessions were measured: 30 %
 * within a kind, 96 % beyond. */
struct transfer_spread { double share, seconds, keeps; };
struct transfer_spread transfer_spread(enum client client, enum station_parameter p,
                                       enum transfer t);
/* degrees of freedom of t within a kind */
int transfer_degrees(enum client client, enum station_parameter p);
/* What to expect, s: of another generation keeps x the profile's mean + (1 - keeps) x the median of
 * all kinds with that client. A mean that is far from all others is an accident of its generation,
 * and the next one is not as far out. */
double transfer_mean(enum client client, enum station_parameter p, enum transfer t, double mean);
/* s; `mean`: the profile's */
double transfer_sd(enum client client, enum station_parameter p, enum transfer t, double mean);

#endif
