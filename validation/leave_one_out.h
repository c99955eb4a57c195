/* validation/leave_one_out.h - each session predicted by a profile calibrated on the others of its kind: nothing of it is known but what
 * the level of information says.
 *
 * Of a kind are sessions with the same events (generation), with or without EnTK, through the same launcher. */
#ifndef DAGCAST_VALIDATION_LEAVE_ONE_OUT_H
#define DAGCAST_VALIDATION_LEAVE_ONE_OUT_H

#include <stddef.h>

#include "base/error.h"
#include "validation/validate.h"

/* `out`: n entries, each to be cleared with validation_clear(). `q`: level (-1: each session's best), scheduler, seed; its session and
 * middleware are ignored. The baseline with one constant a gap takes it from the same other sessions. -1: a session without
 * another of its kind; what calibrate() or validate_session() refuse; nothing is left in `out`. */
int leave_one_out(const struct session *const *sessions, size_t n, const struct session_question *q, const struct validate_options *o,
                  struct validation *out, struct error *err);

#endif
