/* validation/leave_one_out.h - each session predicted by a profile calibrated on its peers among
 * the others (validation/peers.h): nothing of it is known but what the level of information says.
 * Of a whole generation or machine left out: what transfers. */
#ifndef DAGCAST_VALIDATION_LEAVE_ONE_OUT_H
#define DAGCAST_VALIDATION_LEAVE_ONE_OUT_H

#include <stddef.h>

#include "base/error.h"
#include "validation/peers.h"
#include "validation/validate.h"

/* of a session that could not be predicted: no peer, no makespan, ... */
struct left_out { char *name, *why; };

struct leave_one_out {
    size_t n, n_skipped, skipped_room;
    struct validation *of;               /* in the order of the sessions */
    struct left_out *skipped;
};

/* `q`: level (-1: each session's best), scheduler, seed; its session and middleware are ignored.
 * The baseline with one constant a gap takes it from the same peers. A session that cannot be
 * predicted is skipped; -1, nothing to clear: none could be. */
int leave_one_out(struct leave_one_out *out, const struct session *const *sessions, size_t n,
                  const struct session_question *q, const struct validate_options *o,
                  struct error *err);
/* Notes that a session is skipped. */
void leave_one_out_skip(struct leave_one_out *l, const char *name, const char *why);
void leave_one_out_clear(struct leave_one_out *l);

#endif
