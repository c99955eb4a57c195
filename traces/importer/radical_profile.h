/* traces/importer/radical_profile.h - RADICAL's profiles: lines of comma-separated fields, split in
 * place, no memory per line.
 *
 *     time,event,comp,thread,uid,state,msg                 since 2017
 *     time,name:thread,uid,state,event,msg                 before
 *
 * A header may name the older order above rows of the newer: each row is judged by itself. Times
 * below 1e8 are relative to the sync_abs record of their file. Before 0.46 all are. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_PROFILE_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "traces/importer/radical_records.h"

struct radical_profile { /* zero-initialised; one for a session, begun again for each file */
    struct radical_records *records;
    struct str carry;                    /* an unfinished line */
    bool skipping;                       /* inside a line that is too long */
    bool old_header;
    double offset_s;                     /* added to times below 1e8 */
    uint64_t lines, torn, bad_times;     /* over all files */
};
void radical_profile_begin(struct radical_profile *p);
void radical_profile_feed(struct radical_profile *p, const char *bytes, size_t size);
void radical_profile_end(struct radical_profile *p);
void radical_profile_clear(struct radical_profile *p);

/* One line without its newline: 1 a record, 0 nothing to see (a comment, an empty line), -1 torn.
 * For tests and fuzzing too. */
int radical_profile_split(const char *line, size_t length, bool old_header,
                          struct radical_row *row);

#endif
