/* traces/importer/radical_uids.h - the uids of a session's profiles as numbers 0, 1, ... in the
 * order in which they appeared. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_UIDS_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_UIDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define RADICAL_UIDS_NONE SIZE_MAX

struct radical_uid { const char *text; uint32_t length; };               /* NUL-terminated */

struct radical_uids {                    /* of radical_uids_init() */
    size_t n;
    struct radical_uid *at;              /* by number */
    /* private */
    size_t room, last;                   /* last: the one that was asked for last */
    struct radical_uid_entry *table;
    size_t table_size;
    struct arena texts;
};
void radical_uids_init(struct radical_uids *u);
void radical_uids_clear(struct radical_uids *u);         /* frees */

/* The uid's number; RADICAL_UIDS_NONE: it has not appeared. Costs least where it is the last that
 * was asked for, or the next. */
size_t radical_uids_find(struct radical_uids *u, const char *text, size_t length);
/* one that has not appeared; copied */
size_t radical_uids_add(struct radical_uids *u, const char *text, size_t length);

#endif
