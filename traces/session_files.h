/* traces/session_files.h - the files that tasks of a recorded run read and wrote, and how large
 * they are. */
#ifndef DAGCAST_TRACES_SESSION_FILES_H
#define DAGCAST_TRACES_SESSION_FILES_H

#include <stddef.h>
#include <stdint.h>

struct session_file {
    const char *id;      /* the session's text */
    double bytes;        /* NAN: not recorded */
};

struct session_files {
    size_t n;
    struct session_file *at;
    /* Task i, as the workflow numbers it, reads the files ids[first[2 i]] to ids[first[2 i + 1] -
     * 1], and writes those from there to ids[first[2 i + 2] - 1]. */
    size_t *first; /* 2 n_tasks + 1 */
    uint32_t *ids;
};

/* What a task reads (side 0) or writes (1); NAN: no file, or none of known size. */
double session_files_bytes(const struct session_files *f, size_t task, int side);
/* Of all tasks together; files of unknown size count as nothing. */
double session_files_total(const struct session_files *f, size_t n_tasks, int side);
/* NULL allowed. The ids are not its own. */
void session_files_free(struct session_files *f);

#endif
