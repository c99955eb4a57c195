/* traces/notes.h - what is not there, could not be used, or was inferred, with how often: "12 tasks
 * without schedule_ok". */
#ifndef DAGCAST_TRACES_NOTES_H
#define DAGCAST_TRACES_NOTES_H

#include <stddef.h>

#include "base/arena.h"

struct note {
    const char *what, *why;
    size_t count;
};

struct notes { /* zero-initialised = none */
    size_t n;
    struct note *at;
    struct arena texts;
};
void notes_clear(struct notes *n);

/* One more; the same what and why are added up. Nothing when count is 0. Copies the texts. O(n). */
void notes_add(struct notes *n, size_t count, const char *what, const char *why);
void notes_add_all(struct notes *n, const struct notes *others);

#endif
