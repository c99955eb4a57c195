/* plots/style.h - one look for every picture: colours, patterns, and which colour a task set has.
 *
 * Colours are Okabe & Ito's (2008), darkened or lightened and ordered so that neighbours differ in
 * lightness too: they can be told apart by the colour-blind and in grey. Beyond eight the colours
 * return hatched; number STYLE_LABELS - 1, "others", is grey. */
#ifndef DAGCAST_PLOTS_STYLE_H
#define DAGCAST_PLOTS_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "core/workflow.h"

#define STYLE_COLOURS 8
/* the fill of what is held, but does not execute: light grey, hatched */
#define STYLE_HELD 1000
/* What a task does, hatched over the colour of its set; as fills of a legend: over grey. */
enum style_doing { STYLE_COMPUTES, STYLE_MOVES_DATA = 1001, STYLE_LOADS, STYLE_LOST_WORK };
/* Fills of pictures whose colours mean sets: time that is lost to the set of label i, the k-th such
 * fill (its colour, paled and hatched), and the k-th of what concerns no set (greys). */
#define STYLE_LOST(i, k) (2000 + 100 * (k) + (i))
#define STYLE_GREY(k) (10000 + (k))

/* "#0067A3"; i modulo 8, but for "others" */
const char *style_colour(size_t i);
/* Adds "fillstyle solid 1.0 noborder fillcolor rgb '#0067A3'": for areas, boxes and rectangles. */
void style_add_fill(struct str *script, size_t i);
/* From 8 on, and for STYLE_HELD, STYLE_LOST and the fifth grey, a hatch is drawn over the fill:
 * adds "fillstyle transparent pattern ..." and returns true; else false. */
bool style_add_hatch(struct str *script, size_t i);
/* Adds a data block's boxes in that fill, hatch included: "$part3 using 1:2:... with boxxyerror
 * ...". `boxes` goes up to "with". */
void style_add_boxes(struct str *script, const char *boxes, size_t i);
/* The same, hatched over that. */
void style_add_doing(struct str *script, const char *boxes, size_t i, enum style_doing doing);
/* The same without colour, for pictures whose colours mean sets. */
void style_add_grey_line(struct str *script, size_t i);
/* Adds "linecolor rgb '#0067A3' dashtype 1 linewidth 2": for lines; they differ in dashes too. */
void style_add_line(struct str *script, size_t i);

/* A label without the number at its end: "md" of "md.3", "md_12" or "md #4"; free() it. */
char *style_family(const char *label);

/* The labels of a workflow's sets, in file order: sets of one label (iterations) share one; if
 * there are more than STYLE_LABELS, so do those of one family. Beyond STYLE_LABELS, those with the
 * least expected work (tasks x duration x slots and GPUs) are one, the last: "12 other labels". */
#define STYLE_LABELS 16
struct style_labels {
    size_t n;
    char **names;
    size_t *of_set;                      /* set -> label */
};
struct style_labels style_labels_of(const struct workflow *w);
/* The labels of another workflow's sets, by their names: of a panel beside the first, whose session
 * was decided otherwise. A name that `l` lacks is its last one. New, n_sets entries. */
size_t *style_labels_for(const struct style_labels *l, const struct workflow *w);
void style_labels_clear(struct style_labels *l);
/* Which of them a set of this label or name has; -1: NULL, or none. */
int style_label_place(const struct style_labels *l, const char *label);
const char *style_label_of(const struct task_set *set); /* its label, else its name */

#endif
