/* doc/way.h - where in the JSON of a result a block is: the open objects and lists. */
#ifndef DAGCAST_DOC_WAY_H
#define DAGCAST_DOC_WAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "doc/doc_impl.h"

struct way {                             /* zero-initialised: the root */
    struct str pointer;                  /* a JSON Pointer; NULL at first; the caller clears it */
    struct level {
        size_t length;
        size_t next;
        bool list;
    } open[DOC_DEEPEST];
    size_t depth;
};

/* Into the member `key`, or the next element of the open list, which is an object or a list. */
void way_enter(struct way *w, const char *key, bool list);
void way_leave(struct way *w);

#endif
