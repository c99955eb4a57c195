/* base/csv.h - separated values (RFC 4180 with any separator) from a text in memory; works in place
 * and copies nothing.
 *
 * Quoted fields may hold separators, line ends and doubled quotes. Lines end in \n or \r\n; empty
 * ones and a byte order mark are skipped. Memory: eight bytes for each field of the longest row. */
#ifndef DAGCAST_BASE_CSV_H
#define DAGCAST_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

/* Private but for what csv_next() gives and the caller sets. Many members: those of the text, of
 * its dialect and of the row in hand. */
struct csv {
    char *at, *end;
    char separator;
    /* set after csv_open(): quotes are characters like any other */
    bool literal;
    bool trims;                          /* likewise: blanks around a field are no part of it */
    /* Likewise: reads the next piece of the text to where `end` is, puts a NUL behind it, and moves
     * `end`. At the end of the text it does nothing. NULL: all of the text is there already. */
    void (*more)(struct csv *c);
    size_t next_line, room;
    bool stops[256];                     /* characters that may end a field, or spoil it */

    size_t n;                            /* the row: fields, each ended by NUL, into the text, */
    char **fields;
    size_t line;                         /* the line it begins in, from 1, */
    /* and whether it is not sound: a quote left open or in the wrong place, a NUL byte */
    bool torn;
    bool quoted;                         /* a field of this row was in quotes */
};

/* `text` has text[size] == '\0', outlives the fields, and is changed by reading. Free with
 * csv_close(). */
void csv_open(struct csv *c, char *text, size_t size, char separator);
void csv_close(struct csv *c);
bool csv_next(struct csv *c);            /* false: no more rows */
/* The last column of this row that holds just that; -1: none does. */
int csv_find(const struct csv *c, const char *text);
const char *csv_at(const struct csv *c, int column);     /* "": the row has no such column */

#endif
