/* doc/fit.h - a table for people, no wider than their terminal: cells fold at blanks, then columns
 * are left out or follow below. */
#ifndef DAGCAST_DOC_FIT_H
#define DAGCAST_DOC_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/table.h"

struct fit_options {
    size_t indent, width;                /* in characters; no line is longer than `width` */
    const bool *keep;                    /* by column: left out after the others; NULL: none */
    bool repeat;                         /* columns without room follow below, beside the first */
};

/* Aligned, a rule under the head. Without `repeat` the names of the columns that were left out are
 * added to `left_out`, separated by ", ". The first column always stays, and one more: if those
 * have no room, lines are longer. O(cells + columns * width). */
void fit_table(struct str *out, const struct table *t, const struct fit_options *o,
               struct str *left_out);

/* Words up to column `width`, further lines indented by `indent`; the first begins at column `at`.
 * Each word is shown escaped; longer ones are not broken. Ends with a new line. */
void fit_words(struct str *out, const char *words, size_t at, size_t indent, size_t width);

#endif
