/* scheduling/overtake.h - may a task pass another that goes first but does not fit? Adding a rule:
 * a file in scheduling/overtake/ and a row in overtake.c. */
#ifndef DAGCAST_SCHEDULING_OVERTAKE_H
#define DAGCAST_SCHEDULING_OVERTAKE_H

#include <stddef.h>

enum { CONSERVATIVE_DEPTH = 64 };       /* the tasks that a pass of `conservative` reserves for */

struct overtake_ops;
/* NULL: none of that name */
const struct overtake_ops *overtake_find(const char *name);
const struct overtake_ops *overtake_at(size_t i);                        /* NULL past the end */

#endif
