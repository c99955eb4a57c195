/* tests/support/imported.h - sessions of files that a test writes, and what they hold. */
#ifndef DAGCAST_TESTS_SUPPORT_IMPORTED_H
#define DAGCAST_TESTS_SUPPORT_IMPORTED_H

#include "traces/importer.h"

/* Imports `text` as a file of that name in the folder. NULL: it is refused. */
struct session *imported_or(const char *folder, const char *name, const char *text,
                            struct error *err);
struct session *imported(const char *folder, const char *name, const char *text);   /* not NULL */
/* How often the session's notes give a reason that holds these words. */
size_t noted(const struct session *s, const char *why);
/* The count of the first note of this subject whose reason holds these words; 0: none. */
size_t noted_count(const struct session *s, const char *what, const char *why);
const struct task_set *set_named(const struct session *s, const char *name);        /* not NULL */
const struct demand *demand_named(const struct session *s, const char *name);       /* of that */
double duration_in(const struct task_set *set, uint32_t task);   /* its own, or the set's mean */

#endif
