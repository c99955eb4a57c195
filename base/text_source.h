/* base/text_source.h - a long text that is read in pieces, from anywhere in it and more than once:
 * a file, a stream that can be read once, or memory; and a window on it.
 *
 * Of a file nothing is held. What a stream gives is held in packed blocks (base/text_pack.h), since
 * a pipe cannot be read again. A file that is changed while it is read fails from there on. */
#ifndef DAGCAST_BASE_TEXT_SOURCE_H
#define DAGCAST_BASE_TEXT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct text_source;
/* NULL: it cannot be opened, or is a file of more than `limit` bytes. A pipe is read as a stream.
 */
struct text_source *text_source_open(const char *path, uint64_t limit, struct error *err);

/* A stream: `read` fills at most `room` bytes and returns how many, 0 at the end, -1 and a sentence
 * if it failed. It is called once the bytes are asked for; `close` (NULL: nothing to do) when it
 * has ended, or with the source. */
struct text_stream {
    ptrdiff_t (*read)(void *context, char *out, size_t room, struct error *err);
    void (*close)(void *context);
    void *context;
};
struct text_source *text_source_of_stream(struct text_stream stream);

/* Takes `bytes` (to be freed with free()); or borrows them, which must outlive the source. */
struct text_source *text_source_take(char *bytes, size_t size);
struct text_source *text_source_borrow(const char *bytes, size_t size);
/* The bytes taken are the caller's again, if all of the source are in memory and its own; else
 * NULL. */
char *text_source_release(struct text_source *s, size_t *size);
void text_source_free(struct text_source *s);            /* NULL allowed */

/* Skips these first bytes (a byte order mark): offsets count from behind them. Before reading. */
void text_source_skip(struct text_source *s, size_t bytes);
/* Copies the bytes from `offset` on; returns how many, less than `room` at the end only. */
size_t text_source_get(struct text_source *s, uint64_t offset, char *out, size_t room);
/* -1 and why, once something could not be read: the text seems to end there. */
int text_source_check(const struct text_source *s, struct error *err);

/* A piece of the text as bytes in memory. Begins with all members zero but the source. A text that
 * is in memory is not copied. */
enum { TEXT_WINDOW_BYTES = 1 << 18 };
struct text_window {
    struct text_source *source;
    /* set by the caller, 0: TEXT_WINDOW_BYTES; so many are read ahead */
    size_t window_bytes;
    /* private, as what follows: the bytes from `begin` on */
    char *bytes;
    uint64_t begin;
    size_t n, room;
    bool at_end;                         /* the text ends with them */
};
/* The bytes from `offset` on, valid until the next call: *n of them, at least `need` unless the
 * text ends before. */
const char *text_window_at(struct text_window *w, uint64_t offset, size_t need, size_t *n);
void text_window_clear(struct text_window *w);

/* Line and column (in characters) of a place in the text, both from 1: one pass over what precedes
 * it. */
struct text_place { size_t line, column; };
struct text_place text_source_place(struct text_source *s, uint64_t offset);
/* Ends of lines in [from, to). */
size_t text_source_lines(struct text_source *s, uint64_t from, uint64_t to);

#endif
