/* traces/archive.h - the files of a folder or an archive as streams of bytes: nothing is written, nothing is held.
 *
 * Reads folders, .tar, .tgz, .tar.gz, .tar.bz2, .tar.xz, .tar.zst and .zip through libarchive (what gzip packed is unpacked by ISA-L
 * where that was found), and archives inside them (by their names) to a depth of ARCHIVE_MAX_DEPTH. Links, devices, names that
 * climb out and archives nested deeper are skipped and counted. An archive that is cut off gives what stands before the cut. */
#ifndef DAGCAST_TRACES_ARCHIVE_H
#define DAGCAST_TRACES_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define ARCHIVE_MAX_DEPTH 3              /* an archive in an archive in an archive */

struct archive_visitor {                 /* called for each plain file, files of a folder in order of their names */
    bool (*begin)(void *context, const char *name);      /* path inside, '/' between; false: not of interest */
    void (*data)(void *context, const char *bytes, size_t size);
    void (*end)(void *context);          /* after begin() was true */
    void *context;
};

struct archive_limits {
    uint64_t free_bytes;                 /* so much may come out whatever went in, */
    uint64_t max_ratio;                  /* and beyond that this many times the size of what was opened */
    uint64_t max_bytes;                  /* never more than this */
    size_t max_files;
};
extern const struct archive_limits archive_default_limits;                 /* 256 MiB, 200, 64 GiB, 4 million */

struct archive_counts {
    size_t files, archives;              /* plain files; archives inside */
    size_t links, special, unsafe_names; /* skipped: links; devices, pipes, sockets; absolute or with ".." */
    size_t too_deep, broken;             /* skipped: nested too deep; archives that end early or are none */
    uint64_t bytes;                      /* given to the visitor */
};

/* 0, or -1 when there is no such thing, it is no archive, or it is beyond the limits (NULL: the default ones). */
int archive_walk(const char *path, const struct archive_visitor *visitor, const struct archive_limits *limits,
                 struct archive_counts *counts, struct error *err);

bool archive_name_is_archive(const char *name);          /* by its ending */

#endif
