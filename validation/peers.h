/* validation/peers.h - which sessions a session may be predicted from: the closest of the others.
 *
 * Closeness is likeness_distance() (core/likeness.h). Never peers: sessions with and without EnTK,
 * of RADICAL-Pilot and not, executed by dagcast and not; the stations between are not the same
 * ones. Of the rest those of its kind (generation of events and launcher) are peers; of unlike
 * kinds only if there is none of its own, and then the closest's kind. The closest is one, and so
 * are all that are at most PEERS_REACH farther: other machines and releases nearby, not other
 * generations. To see what transfers, all sessions of its generation (core/likeness.h) or machine
 * can be left out too.
 *
 * Of plain sessions (session_is_plain()) only those that differ least are peers (one that names its
 * machine differs from one that does not), and of these the PEERS_NEAREST nearest in time: runs of
 * one campaign share settings that no trace records. */
#ifndef DAGCAST_VALIDATION_PEERS_H
#define DAGCAST_VALIDATION_PEERS_H

#include <stddef.h>

#include "core/likeness.h"
#include "traces/session.h"

#define PEERS_REACH 10.0
enum { PEERS_NEAREST = 5 };

enum leave_out { LEAVE_OUT_SESSION, LEAVE_OUT_GENERATION, LEAVE_OUT_MACHINE, LEAVE_OUTS };
const char *leave_out_name(enum leave_out l);            /* "session" "generation" "machine" */

struct likeness session_likeness(const struct session *s);

/* Writes the peers of sessions[of] to `out` (room for n), in the order given; returns how many.
 * *differences: all in which any of them differs (enum difference); 0: in nothing. */
size_t peers_find(const struct session *const *sessions, size_t n, size_t of,
                  enum leave_out leave_out, const struct session **out, unsigned *differences);

#endif
