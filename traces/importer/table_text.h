/* traces/importer/table_text.h - the separator of a table, and tables for people (aligned with
 * blanks) made separable in place. */
#ifndef DAGCAST_TRACES_IMPORTER_TABLE_TEXT_H
#define DAGCAST_TRACES_IMPORTER_TABLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"
#include "base/str.h"

/* The most frequent of , | ; and tab in the first line that is not empty; NUL: none of them is
 * there. */
char table_text_separator(const char *text);

/* Rewrites a table whose columns are aligned with blanks, each row a line separated by
 * TABLE_TEXT_SEPARATOR. Columns are where a second line of dashes has them; without one a row of as
 * many words as headings has one a column, and others begin where the headings do. false: the first
 * line has fewer than 2 words. O(size). */
#define TABLE_TEXT_SEPARATOR '\x1f'
bool table_text_align(const char *text, struct str *out);

/* Makes a table separable by what is returned: one aligned with blanks is put in place of *text,
 * lines that end in \r alone end in \n. */
char table_text_separate(char **text, size_t *size);
/* The same and opens it, without the blanks around its fields; csv_close(). */
void table_text_open(struct csv *c, char **text, size_t *size);

#endif
