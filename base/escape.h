/* base/escape.h - names and other text from outside, made harmless for whatever reads them: one
 * function a sink.
 *
 * A text may hold anything but NUL: control characters, characters that turn the direction of text,
 * quotes, bytes that are not UTF-8. Each function keeps every harmless character as it is. Callers
 * compose with these; nothing else writes such texts. */
#ifndef DAGCAST_BASE_ESCAPE_H
#define DAGCAST_BASE_ESCAPE_H

#include <stddef.h>

#include "base/compiler.h"
#include "base/str.h"

/* For people, within a line: hidden characters as \n, \t, \r, \u001b, \u202e, other bytes as \xff.
 */
void escape_terminal(struct str *out, const char *text);
/* The same for whole texts: line ends and tabs stay. */
void escape_terminal_lines(struct str *out, const char *text);
/* As str_addf(), each %s through escape_terminal(). Conversions: %s, %.40s, %.*s (of so many bytes
 * at most), %d, %zu, %%. */
void escape_addf(struct str *out, const char *format, ...) PRINTF_LIKE(2, 3);

/* The inside of a JSON string, without its quotes; hidden characters as \u001b, bytes that are not
 * UTF-8 as the text \xff. */
void escape_json(struct str *out, const char *text);

/* A field of a CSV row (RFC 4180), quoted if need be. A text that a spreadsheet would take for a
 * formula (it begins with = + - @, a tab or a carriage return, and is not a number) gets an
 * apostrophe before it, which spreadsheets hide; so does one that begins with apostrophes before
 * those. escape_csv_undo() returns the text as it was: into `field`. */
void escape_csv(struct str *out, const char *text);
const char *escape_csv_undo(const char *field);

/* A word of a command line for bash: as it is, in single quotes, or as $'...' if it holds hidden
 * characters. */
void escape_shell(struct str *out, const char *text);

/* A string of gnuplot, with its quotes: hidden characters as blanks (those that turn are left out),
 * bytes that are not UTF-8 as U+FFFD; all that gnuplot or its SVG terminal could take for its own
 * is given by number, "]]>" gets a blank. */
void escape_gnuplot(struct str *out, const char *text);

/* The inside of a string of graphviz in double quotes, hidden characters and others as for gnuplot;
 * cut behind `most` characters. */
void escape_dot(struct str *out, const char *text, size_t most);

/* Text of XML and HTML, also within quoted attributes: markup by name; hidden characters but line
 * ends and tabs, and bytes that are not UTF-8, as U+FFFD. */
void escape_xml(struct str *out, const char *text);

#endif
