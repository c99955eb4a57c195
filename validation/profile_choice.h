/* validation/profile_choice.h - the shipped profile closest to a session, for users who name none
 * (core/closest_profile.h).
 *
 * For a session of another system there is none: "ideal" is taken, whose middleware costs no time.
 */
#ifndef DAGCAST_VALIDATION_PROFILE_CHOICE_H
#define DAGCAST_VALIDATION_PROFILE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "core/middleware.h"
#include "traces/session.h"

struct profile_choice {
    struct middleware *profile;
    size_t n_candidates;                 /* 0: the user named the profile, nothing was chosen */
    /* of its sessions from this one (enum difference); 0: in nothing known */
    unsigned differences;
    bool ideal;                          /* none is for such a session */
    /* a closer one that was fitted on this session; NULL: none is */
    char *passed_over;
};

/* `said`: a name or path that the user gave; NULL or "auto": chosen. -1: it cannot be read. */
int profile_choose(struct profile_choice *out, const struct session *s, const char *said,
                   const char *const *data_dirs, struct error *err);
/* The same among profiles that were not fitted on the session, if none is named: the honest one to
 * predict it by. */
int profile_choose_unseen(struct profile_choice *out, const struct session *s, const char *said,
                          const char *const *data_dirs, struct error *err);
void profile_choice_clear(struct profile_choice *c);
/* "chosen: the closest of 14 shipped profiles; differs in machine, version", or that none is for
 * such a session; nothing if the user named it. */
void profile_choice_add(struct str *text, const struct profile_choice *c);

#endif
