/* base/str.h - text that grows, and the few string questions that C does not answer. */
#ifndef DAGCAST_BASE_STR_H
#define DAGCAST_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct str { /* zero-initialised = empty; clear with str_clear() */
    /* NUL-terminated, or NULL while nothing was added */
    char *text;
    size_t length, room;
};
void str_clear(struct str *s);
void str_add(struct str *s, const char *text);
void str_add_n(struct str *s, const char *text, size_t n);
void str_addf(struct str *s, const char *format, ...) PRINTF_LIKE(2, 3);
/* the text (never NULL), now the caller's to free(); s is empty */
char *str_take(struct str *s);

char *str_format(const char *format, ...) PRINTF_LIKE(1, 2);    /* a new string, free() it */
char *str_format_args(const char *format, va_list args) PRINTF_LIKE(1, 0);
bool str_equal(const char *a, const char *b);            /* NULL allowed: NULL equals NULL only */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

const char *str_file_name(const char *path);            /* behind the last slash, into `path` */
/* The file's name without `ending`, if it has that: a new string, free() it. */
char *str_stem(const char *path, const char *ending);
/* A NULL-terminated list and its texts; NULL allowed. */
void str_free_texts(char **texts);

/* Of UTF-8: every byte but continuation bytes begins a character. */
static inline bool str_begins_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}
size_t str_characters(const char *s);
/* Of a text longer than `most` characters the beginning and the end, which tell names with a common
 * prefix apart, with an ellipsis between; free() it. */
char *str_shortened(const char *text, int most);

/* The nearest of `names` (NULL-terminated) to a misspelt `word` by edit distance, at most a third
 * of its length away; else the only name that begins with it, of three characters or more; else
 * NULL. Used as "unknown field 'taks'; did you mean 'tasks'?". */
const char *str_nearest(const char *word, const char *const *names);

/* Seconds, rounded up, as "1:30:00". */
void str_add_clock(struct str *s, double seconds);

/* A double as the shortest text that reads back to the same double ("0.1", "340", "1e-09"). */
void str_add_double(struct str *s, double x);

/* A text to a number: the whole text must be a finite decimal number. false: it is not one. */
bool str_to_double(const char *text, double *x);
bool str_to_int64(const char *text, int64_t *x);

/* 64-bit FNV-1a; stable for ever: random streams are named by it */
uint64_t str_hash(const char *s);

#endif
