/* plots/program.h - runs a program that draws (gnuplot, dot) on a script: the only place that
 * starts processes for pictures. */
#ifndef DAGCAST_PLOTS_PROGRAM_H
#define DAGCAST_PLOTS_PROGRAM_H

#include <stdio.h>

#include "base/error.h"

struct program {
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
