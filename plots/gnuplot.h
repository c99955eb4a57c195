/* plots/gnuplot.h - runs gnuplot on a script: the only place that knows how it is called.
 *
 * A script holds no `set terminal` and no `set output`: those follow from the path. Texts from users' files go into a script only
 * through gnuplot_add_quoted(). FONT(14) is the name of a font 14 pixels high. */
#ifndef DAGCAST_PLOTS_GNUPLOT_H
#define DAGCAST_PLOTS_GNUPLOT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

bool gnuplot_knows(const char *path);                    /* ends in .svg, .png or .pdf */

/* Draws `script` on width x height pixels (96 a inch). The file appears complete or not at all. -1: unknown extension; gnuplot
 * is not installed; gnuplot failed (the error holds all it said); the file cannot be written. */
int gnuplot_draw(const char *script, int width, int height, const char *path, struct error *err);

/* Whether a character begins here that turns the direction of all text behind it (U+202A to 202E, U+2066 to 2069; three bytes): in a
 * title it would turn what stands around a name. */
bool gnuplot_turns(const char *c);

/* Adds `text` as a gnuplot string in single quotes, nothing in it special: quotes doubled, control characters to blanks, left out
 * what gnuplot_turns(). */
void gnuplot_add_quoted(struct str *script, const char *text);

#endif
