/* base/json_find.h - where in a text is a value, once an error about it is to be made: cJSON keeps
 * no positions. */
#ifndef DAGCAST_BASE_JSON_FIND_H
#define DAGCAST_BASE_JSON_FIND_H

#include <stddef.h>

/* Where the value is that is reached from the root by taking child way[0] of it, then child way[1]
 * of that, ...; in an object its key. The text must have passed json_scan() and hold such a child.
 * Linear in what precedes it. */
const char *json_find(const char *text, const size_t *way, size_t depth);
/* The same as a line, from 1. */
size_t json_find_line(const char *text, const size_t *way, size_t depth);

#endif
