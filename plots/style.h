/* plots/style.h - one look for every picture: colours, patterns, axes, and which colour a task set has.
 *
 * Colours are Okabe & Ito's (2008), darkened or lightened and ordered so that neighbours differ in lightness too: they can be told apart by the
 * colour-blind and in grey. Beyond eight, the colours return with a hatch. */
#ifndef DAGCAST_PLOTS_STYLE_H
#define DAGCAST_PLOTS_STYLE_H

#include <stddef.h>

#include "base/str.h"
#include "core/workflow.h"

#define STYLE_COLOURS 8
const char *style_colour(size_t i);                      /* "#0072B2"; i modulo 8 */
/* "fillstyle solid 1.0 noborder fillcolor rgb '#0072B2'", from 8 on a hatch: for areas and boxes. */
void style_add_fill(struct str *script, size_t i);
/* "linecolor rgb '#0072B2' dashtype 1 linewidth 2": for lines. */
void style_add_line(struct str *script, size_t i);
/* Fonts, grid, borders, tics, key: the head of every script. */
void style_add_head(struct str *script);

/* The distinct labels of a workflow's sets in file order: sets of one label (iterations) share its colour. */
struct style_labels {
    size_t n;
    const char **names;                  /* borrowed from the workflow */
    size_t *of_set;                      /* set -> label */
};
struct style_labels style_labels_of(const struct workflow *w);
void style_labels_clear(struct style_labels *l);

#endif
