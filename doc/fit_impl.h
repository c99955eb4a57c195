/* doc/fit_impl.h - how a text folds, for the cells of a table. */
#ifndef DAGCAST_DOC_FIT_IMPL_H
#define DAGCAST_DOC_FIT_IMPL_H

#include "doc/fit.h"

enum { FIT_HANG = 2 };                   /* characters: by how much further lines of names hang */

/* How many characters the first `bytes` bytes are. */
size_t fit_characters(const char *s, size_t bytes);
/* The bytes of the next line of `text`, at most `width` characters; a longer piece is cut. */
size_t fit_line_length(const char *text, size_t width);
/* Characters of the longest piece that does not fold, a hanging indent included. */
size_t fit_longest_piece(const char *text);
void fit_add_blanks(struct str *out, size_t n);

#endif
