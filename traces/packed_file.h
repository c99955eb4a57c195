/* traces/packed_file.h - a whole file as it was before gzip, bzip2, xz or zstd packed it; of any
 * other file, its bytes.
 *
 * A byte order mark is removed, and UTF-16 behind one becomes UTF-8, as some editors and shells
 * save text. Packing is known by the first bytes, whatever the file is called. Of a file that was
 * cut off or damaged, what precedes the damage is read. Nothing is unpacked to disk. At most 4 GiB
 * come out, and of more than 256 MiB at most 200 times what was packed. */
#ifndef DAGCAST_TRACES_PACKED_FILE_H
#define DAGCAST_TRACES_PACKED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"

bool packed_file_is_packed(const char *path);            /* false too if there is no such file */
/* The bytes with a NUL behind them (not counted in *size); free() them. NULL: no such file, or
 * larger than that. */
char *packed_file_load(const char *path, size_t *size, struct error *err);
/* The same as JSON of our own kinds (json_load()). */
struct json_document *packed_file_load_json(const char *path, struct error *err);
/* With long lists set apart, as json_load_apart() says. */
struct json_document *packed_file_load_json_apart(const char *path, const char *lists,
                                                  struct error *err);
/* Fills head[0 .. room) with the first bytes, and returns how many there are; those of the packed
 * file if nothing can be unpacked. */
size_t packed_file_head(const char *path, char *head, size_t room);
/* Why the file could not be unpacked to its end, and how many bytes precede that; NULL: it could,
 * or is not packed. Costs unpacking it. */
const char *packed_file_damage(const char *path, uint64_t *bytes);
/* The path itself, or, if there is only that, the one with ".gz", ".bz2", ".xz" or ".zst" behind
 * it; of neither, the path. Free it. */
char *packed_file_find(const char *path);
/* The same of a file in a folder, which may end with '/'. NULL: it has no such file, or is none. */
char *packed_file_in(const char *folder, const char *name);
bool packed_file_is_in(const char *folder, const char *name);
/* The length of a file's name without ".gz", ".bz2", ".xz" or ".zst" at its end. */
size_t packed_file_name_length(const char *name);

#endif
