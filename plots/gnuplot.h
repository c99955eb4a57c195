/* plots/gnuplot.h - runs gnuplot on a script: the only place that knows how it is called; and the
 * only one that starts processes for pictures (dot is the other).
 *
 * A script holds no `set terminal` and no `set output`: those follow from the path. Texts from
 * users' files go into a script only through escape_gnuplot() (base/escape.h). FONT(14) is the name
 * of a font 14 pixels high. */
#ifndef DAGCAST_PLOTS_GNUPLOT_H
#define DAGCAST_PLOTS_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

bool gnuplot_knows(const char *path);                    /* ends in .svg, .png or .pdf */

/* Draws `script` on width x height pixels (96 a inch). The file appears complete or not at all. -1:
 * unknown extension; gnuplot is not installed; gnuplot failed (the error holds all it said); the
 * file cannot be written. */
int gnuplot_draw(const char *script, int width, int height, const char *path, struct error *err);

struct program {                         /* that draws */
    /* argv, NULL-terminated; [0] is its name, looked for in PATH */
    char *const *arguments;
    const char *package;                 /* the Debian package to install where it is absent */
};
/* Waits for its end. It reads `input`, from the start, and writes to `output`. -1: it is not
 * installed, cannot be started, or failed: then the error holds all that it said on standard error.
 */
int program_run(const struct program *p, FILE *input, FILE *output, struct error *err);

/* A temporary stream that holds this text, at its start. NULL: no room. */
FILE *program_input(const char *text);

#endif
