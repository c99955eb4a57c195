/* traces/archive_impl.h - what the parts of the archive walk share: its state, and the bytes of one
 * entry of libarchive's. */
#ifndef DAGCAST_TRACES_ARCHIVE_IMPL_H
#define DAGCAST_TRACES_ARCHIVE_IMPL_H

#include <archive.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "traces/archive.h"

struct walk {
    const char *path;
    const struct archive_visitor *visitor;
    const struct archive_limits *limits;
    struct archive_counts *counts;
    struct error *err;
    uint64_t bytes_in, bytes_out;
    bool stopped;                        /* beyond a limit: err is set */
};

enum { ARCHIVE_BLOCK_BYTES = 1 << 16 };

/* false: more files than the limit */
bool archive_count_file(struct walk *w);
/* An archive that is a file; a folder. `name`, `prefix`: within the walk; NULL: it is the walk's
 * own. */
void archive_walk_file(struct walk *w, const char *path, const char *name, int depth);
void archive_walk_folder(struct walk *w, const char *path, const char *prefix, int depth);

/* counts what came out of an archive; false if that is too much */
bool archive_account(struct walk *w, size_t size);
/* Counts an archive or a file that cannot be read on; the first is kept in words. `name` and `why`
 * may be NULL. */
void archive_note_damage(struct walk *w, const char *name, const char *why);

/* The bytes of an entry in hand: first those that were looked at to tell what it is, then the
 * others. */
struct archive_entry_data {
    struct walk *walk;
    struct archive *archive;
    const char *name;
    char head[ARCHIVE_HEAD_BYTES];
    size_t n_head, head_given;
    const char *rest;                    /* of the block in which the head ends */
    size_t n_rest;
    bool failed;                         /* beyond a limit, or damaged */
};

void archive_entry_look(struct archive_entry_data *d);   /* reads the head; before anything else */
/* 0 at the end, -1: cannot be read on */
ptrdiff_t archive_entry_read(struct archive_entry_data *d, const void **block);
/* all that is left; false: as -1 */
bool archive_entry_pass(struct walk *w, struct archive_entry_data *d, bool wanted);

/* gunzip's way to an entry: copies, since it fills its own buffer. */
struct archive_entry_filler { struct archive_entry_data *data; const char *at; size_t left; };
size_t archive_entry_fill(void *filler, void *room, size_t size);

#endif
