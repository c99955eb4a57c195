/* plots/picture.h - what the pictures of timelines have in common: panels one above the other on
 * one time axis.
 *
 * One panel a timeline: simulated, imported and measured ones look the same. Time counts from each
 * timeline's first start, so that panels compare; all panels share the range of the longest and,
 * where it has a scale, of the fullest. Sets are coloured by their label (iterations share a
 * colour) and labels keep their colour in every panel; so the timelines should stem from one
 * workflow. */
#ifndef DAGCAST_PLOTS_PICTURE_H
#define DAGCAST_PLOTS_PICTURE_H

#include <stddef.h>

#include "base/error.h"
#include "core/timeline.h"

struct picture_panel {
    const char *name;                    /* "asynchronous", "measured" ...; NULL: none */
    const struct timeline *timeline;
};
struct picture {
    /* what is shown, for people; NULL: derived from workflow and platform */
    const char *title;
    const struct picture_panel *panels;
    size_t n_panels;                     /* >= 1 */
};

/* Each draws one file: SVG, PNG or PDF by the extension of `path`. -1: unknown extension, no task
 * ever started, gnuplot absent or failed (its own words in the error), or the file cannot be
 * written. */
/* nodes; lanes of cores and GPUs; by set */
int plot_gantt(const struct picture *p, const char *path, struct error *err);
/* cores and GPUs in use, stacked by set */
int plot_utilisation(const struct picture *p, const char *path, struct error *err);
/* running tasks, stacked by set */
int plot_concurrency(const struct picture *p, const char *path, struct error *err);
/* how many tasks wait in each, and how long */
int plot_stations(const struct picture *p, const char *path, struct error *err);
/* Gantt, utilisation, running tasks of all */
int plot_comparison(const struct picture *p, const char *path, struct error *err);

/* What `dagcast compare --plot DIR` writes: comparison, gantt, utilisation and concurrency, each as
 * .svg and .png. Makes the folder. */
int plot_all(const struct picture *p, const char *folder, struct error *err);

#endif
