/* core/extrapolation.h - whether a scenario lies outside of what its middleware's profile was
 * fitted on: the only rule.
 *
 * It does on another machine, through another launcher, under another version or client, with
 * another window of a generator (core/likeness.h; of what is not known: no), and from ten times the
 * nodes or the tasks on. Stations are then drawn as differently as such sessions were measured to
 * differ (core/transfer.h, sim/session_means.h). Ten times the scale counts as another generation:
 * assumed, not measured. */
#ifndef DAGCAST_CORE_EXTRAPOLATION_H
#define DAGCAST_CORE_EXTRAPOLATION_H

#include <stdbool.h>

#include "base/str.h"
#include "core/scenario.h"
#include "core/transfer.h"

#define EXTRAPOLATION_SCALE 10

/* "platform lassen, the profile's is summit; 43 tasks, the profile saw 4"; false, nothing added: it
 * is covered. */
bool extrapolation_add_reasons(struct str *text, const struct scenario *s);
/* The widest that applies; TRANSFER_KIND if the profile covers the scenario, or has no spread
 * between sessions at all. */
enum transfer extrapolation_transfer(const struct scenario *s);
/* The reasons and what the interval is widened by, as every text output prints them. */
bool extrapolation_add(struct str *text, const struct scenario *s);

#endif
