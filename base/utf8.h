/* base/utf8.h - is it UTF-8, and if not, the same text with its stray bytes as \xNN. */
#ifndef DAGCAST_BASE_UTF8_H
#define DAGCAST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* The bytes of the well-formed character at p (left > 0 bytes), 0 if none begins there: no overlong
 * form, no surrogate, nothing beyond U+10FFFF. */
size_t utf8_length(const char *p, size_t left);
bool utf8_is_valid(const char *text, size_t n);

/* Adds the text, each byte that is no part of a character as "\xff". What is valid is added as it
 * is: to escape twice changes nothing. */
void utf8_add_escaped(struct str *out, const char *text, size_t n);

/* Text as other programs save it, in place: a byte order mark is removed, and UTF-16 behind one
 * becomes UTF-8 (half a pair: U+FFFD). Returns the new size, for which *text may be moved; a NUL
 * stays behind it. */
size_t utf8_from_marked(char **text, size_t size);

#endif
