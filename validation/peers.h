/* validation/peers.h - which sessions a session may be predicted from: the closest of the others.
 *
 * Closeness is likeness_compare() (core/likeness.h). Never peers: sessions with and without EnTK, of RADICAL-Pilot and not, executed
 * by dagcast and not; the stations between are not the same ones. Of the rest those of its kind (generation and launcher) are peers;
 * of unlike kinds only if there is none of its own, and then those whose kind differs least. Among these the same version and
 * machine come first; others join while there are fewer than CALIBRATE_FEWEST, since fewer give no interval.
 *
 * Of plain sessions (session_is_plain()) only those that differ least are peers (one that names its machine differs from one that
 * does not), and of these the PEERS_NEAREST nearest in time: runs of one campaign share settings that no trace records. */
#ifndef DAGCAST_VALIDATION_PEERS_H
#define DAGCAST_VALIDATION_PEERS_H

#include <stddef.h>

#include "core/likeness.h"
#include "traces/session.h"

struct likeness session_likeness(const struct session *s);

enum { PEERS_NEAREST = 5 };

/* Writes the peers of sessions[of] to `out` (room for n), in the order given; returns how many. *differences: all in which any of
 * them differs (enum difference); 0: in nothing. */
size_t peers_find(const struct session *const *sessions, size_t n, size_t of, const struct session **out, unsigned *differences);

#endif
