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

/* Adding one: a row here, and a file. `dagcast plot` takes each by its name.
 *
 * Each draws one file: SVG, PNG or PDF by the extension of `path`. -1: unknown extension, no task
 * ever started, gnuplot absent or failed (its own words in the error), or the file cannot be
 * written. */
#define TIMELINE_PICTURES(ROW)                                                                     \
    ROW(gantt, "tasks on nodes and lanes, coloured by set")                                        \
    ROW(utilisation, "cores and GPUs busy, blocked and free")                                      \
    ROW(concurrency, "running tasks")                                                              \
    ROW(stations, "tasks waiting in each station of the middleware, and how long")                 \
    ROW(comparison, "Gantt chart, utilisation and running tasks on one page")
#define PICTURE_DECLARE(name, summary)                                                             \
    int plot_##name(const struct picture *p, const char *path, struct error *err);
TIMELINE_PICTURES(PICTURE_DECLARE)

/* What `dagcast compare --plot DIR` writes: comparison, gantt, utilisation and concurrency, each as
 * .svg and .png. Makes the folder. */
int plot_all(const struct picture *p, const char *folder, struct error *err);

#endif
