/* plots/gnuplot.h - runs gnuplot on a script: the only place that knows how it is called.
 *
 * A script holds no `set terminal` and no `set output`: those follow from the path. Texts from
 * users' files go into a script only through escape_gnuplot() (base/escape.h). FONT(14) is the name
 * of a font 14 pixels high. */
#ifndef DAGCAST_PLOTS_GNUPLOT_H
#define DAGCAST_PLOTS_GNUPLOT_H

#include <stdbool.h>

#include "base/error.h"

bool gnuplot_knows(const char *path);                    /* ends in .svg, .png or .pdf */

/* Draws `script` on width x height pixels (96 a inch). The file appears complete or not at all. -1:
 * unknown extension; gnuplot is not installed; gnuplot failed (the error holds all it said); the
 * file cannot be written. */
int gnuplot_draw(const char *script, int width, int height, const char *path, struct error *err);

#endif
