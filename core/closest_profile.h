/* core/closest_profile.h - the shipped middleware profile closest to a run, for users who name
 * none.
 *
 * Of all profiles in the data folders that were fitted on sessions, the one at the least
 * likeness_distance() (core/likeness.h: client, launcher, release, machine); at a tie the newest
 * release, then the first by name. Profiles that say nothing of a launcher or release ("ideal"),
 * published figures, and those of another tool than the run's are no candidates. Opens every
 * profile: about 10 ms. */
#ifndef DAGCAST_CORE_CLOSEST_PROFILE_H
#define DAGCAST_CORE_CLOSEST_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/likeness.h"
#include "core/middleware.h"

#define PROFILE_AUTO "auto"              /* in place of a profile's name: choose */

struct closest_question {
    struct likeness run;
    /* may not be taken; NULL: all may */
    bool (*barred)(const struct middleware *m, const void *context);
    const void *context;
};

struct closest_profile {                 /* zeroed: there is none */
    struct middleware *profile;          /* owned */
    size_t n_candidates;
    /* of its sessions from the run (enum difference); 0: in nothing known */
    unsigned differences;
    /* the closest barred one, if it is closer; NULL: none is */
    char *passed_over;
};
/* -1: a profile cannot be read. Without candidates `profile` is NULL. */
int closest_profile_find(struct closest_profile *out, const struct closest_question *q,
                         const char *const *data_dirs, struct error *err);
void closest_profile_clear(struct closest_profile *c);
/* "the closest of 14 shipped profiles; differs in machine, version" */
void closest_profile_add(struct str *text, const struct closest_profile *c);

/* The same, and where no client is known EnTK for a workflow with dependencies, RADICAL-Pilot alone
 * for a bag of tasks. */
struct likeness assumed_likeness(const struct workflow *w, const struct platform *p);

#endif
