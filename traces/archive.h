/* traces/archive.h - the files of a folder or an archive as streams of bytes: nothing is written,
 * nothing is held.
 *
 * Reads folders, tar (plain, or packed by gzip, bzip2, xz or zstd) and zip through libarchive (gzip
 * through traces/gunzip.h), and archives inside them to a depth of ARCHIVE_MAX_DEPTH. An archive is
 * known by its first bytes, whatever it is called; a file that was packed alone ("a.prof.gz") is
 * read as the file that it was ("a.prof"). Links, devices, names that climb out and archives nested
 * deeper are skipped and counted. A damaged archive (cut off, wrong checksum, garbage) gives what
 * precedes the damage, and the first damage is kept in words. */
#ifndef DAGCAST_TRACES_ARCHIVE_H
#define DAGCAST_TRACES_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define ARCHIVE_MAX_DEPTH 3              /* an archive in an archive in an archive */

struct archive_visitor { /* called for each plain file, files of a folder in order of their names */
    /* path inside, '/' between; false: not of interest */
    bool (*begin)(void *context, const char *name);
    void (*data)(void *context, const char *bytes, size_t size);
    void (*end)(void *context);          /* after begin() was true */
    void *context;
};

struct archive_limits {
    uint64_t free_bytes;                 /* so much may come out whatever went in, */
    /* and beyond that this many times the size of what was opened */
    uint64_t max_ratio;
    uint64_t max_bytes;                  /* never more than this */
    size_t max_files;
};
/* 256 MiB, 200, 64 GiB, 4 million */
extern const struct archive_limits archive_default_limits;

struct archive_counts {
    size_t files, archives;              /* plain files; archives inside */
    /* skipped: links; devices, pipes, sockets; absolute or with ".." */
    size_t links, special, unsafe_names;
    /* nested too deep: skipped; damaged archives, files that cannot be read */
    size_t too_deep, broken;
    uint64_t bytes;                      /* given to the visitor */
    /* the archive itself is packed by gzip, and was read to the checksum at its end */
    bool checked;
    /* "inner.tgz: truncated gzip input": the first archive in `broken`, and why; "" without any */
    char damage[256];
    size_t files_before_damage;
    uint64_t bytes_before_damage;
};

/* 0, or -1 when there is no such thing, it is no archive, or it is beyond the limits (NULL: the
 * default ones). */
int archive_walk(const char *path, const struct archive_visitor *visitor,
                 const struct archive_limits *limits, struct archive_counts *counts,
                 struct error *err);

bool archive_name_is_archive(const char *name);          /* by its ending */
size_t archive_name_length(const char *name);            /* without that ending */
enum { ARCHIVE_HEAD_BYTES = 512 };       /* so many first bytes tell: */
bool archive_bytes_are_packed(const void *bytes, size_t n);      /* by gzip, bzip2, xz or zstd */
/* tar, zip, or packed, whatever is inside */
bool archive_bytes_are_archive(const void *bytes, size_t n);

#endif
