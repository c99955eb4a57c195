/* core/extrapolation.h - whether a scenario lies outside of what its middleware's profile was fitted on: the only rule.
 *
 * It does on another machine, through another launcher, under another version, with another window of a generator (core/likeness.h; of
 * what is not known: no), and from
 * ten times the nodes or the tasks on. The spread between sessions is then EXTRAPOLATION_SPREAD times as wide, and before that at
 * least EXTRAPOLATION_LEAST of the mean: the profile's sessions were alike, and say little of others (sim/session_means.h).
 *
 * The figure: station means of eight kinds of sessions (RADICAL-Pilot 0.70 to 1.33 on Summit and Lassen, jsrun and PRRTE, with and
 * without EnTK; 17 public sessions) against those of every other kind's profile, in units of that spread, are within 3.2 in 68 % of
 * 285 cases, as a normal deviate is within 1 (docs/validation.md). For ten times the scale it is assumed, not measured. */
#ifndef DAGCAST_CORE_EXTRAPOLATION_H
#define DAGCAST_CORE_EXTRAPOLATION_H

#include <stdbool.h>

#include "base/str.h"
#include "core/scenario.h"

#define EXTRAPOLATION_SPREAD 3.2
#define EXTRAPOLATION_LEAST 0.3          /* of the mean; what is assumed of few sessions, too */
#define EXTRAPOLATION_SCALE 10

/* "platform lassen, the profile's is summit; 43 tasks, the profile saw 4"; false, nothing added: it is covered. */
bool extrapolation_add_reasons(struct str *text, const struct scenario *s);
/* EXTRAPOLATION_SPREAD; 1 if the profile covers the scenario, or has no spread between sessions at all. */
double extrapolation_spread(const struct scenario *s);
/* The reasons and the factor, as every text output prints them. */
bool extrapolation_add(struct str *text, const struct scenario *s);

#endif
