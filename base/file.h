/* base/file.h - whole files in, whole files out: what is written is complete or not there at all.
 */
#ifndef DAGCAST_BASE_FILE_H
#define DAGCAST_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* Opens a file to read; NULL on failure. Takes an open pipe (/dev/stdin, /dev/fd/63) too, and a
 * named pipe that something writes into within half a second; refuses devices. */
FILE *file_open(const char *path, struct error *err);
bool file_is_pipe(const char *path);     /* it can be read once only */
/* The file's bytes with a NUL behind them (not counted in *size); free() them. NULL on failure. At
 * most `limit` bytes. */
char *file_load(const char *path, size_t limit, size_t *size, struct error *err);
/* The first bytes of a file, `room` at most; how many, 0 if it cannot be read, or only once. */
size_t file_start(const char *path, void *bytes, size_t room);
/* through a temporary file and rename() */
int file_save(const char *path, const void *bytes, size_t size, struct error *err);
/* like mkdir -p */
int file_make_dirs(const char *path, struct error *err);
/* -1: a new file of that size could not be written there. Tries it: costs as much. */
int file_check_room(const char *folder, size_t bytes, struct error *err);
bool file_exists(const char *path);
/* The names in a folder but "." and "..", sorted; NULL and 0 if it has none, or cannot be read.
 * Free each and the list. */
char **file_names_in(const char *folder, size_t *n);
/* `path` as written in `file`: relative to its folder, or to the working directory if `file` is
 * open already (/dev/fd/63). New string, free() it */
char *file_beside(const char *file, const char *path);

/* A file written piece by piece and put in place only at the end. `path` "-" is standard output
 * (commit flushes it). */
struct file_writer { FILE *stream; char *path, *temporary; };
int file_writer_open(struct file_writer *w, const char *path, struct error *err);
/* reports a full disk; then cleared */
int file_writer_commit(struct file_writer *w, struct error *err);
/* removes what was written; fine after commit */
void file_writer_abandon(struct file_writer *w);
/* Removes the temporary files of all writers that this process has open, found in /proc/self/fd:
 * for a program that ends at once, from any of its threads. They must not be committed afterwards.
 * Without /proc, nothing. */
void file_abandon_open(void);

/* A file that came with the program ("platforms/summit.json"): the first of `dirs`
 * (NULL-terminated) that holds it. New string, free() it; NULL if none does. */
char *file_find_data(const char *const *dirs, const char *name);

#endif
