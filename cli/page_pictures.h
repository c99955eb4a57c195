/* cli/page_pictures.h - pictures of timelines as blocks of a doc, for all commands that show some.
 * What they show must live until the doc is rendered. */
#ifndef DAGCAST_CLI_PAGE_PICTURES_H
#define DAGCAST_CLI_PAGE_PICTURES_H

#include "doc/doc.h"
#include "doc/render.h"
#include "plots/picture.h"

/* A Gantt chart to zoom into, unless there are more records than a browser holds. */
void page_add_gantt(struct doc *d, const struct picture *p);
/* Gantt chart, utilisation and running tasks. `caption` NULL: one that says so. */
void page_add_comparison(struct doc *d, const char *caption, const struct picture *p);
void page_add_utilisation(struct doc *d, const struct picture *p);
/* The section "Task by task": the chart, of the last panel where all are too many, and pictures. */
void page_add_timelines(struct doc *d, const struct picture *p);

/* What draws those of page_add_timelines() in a stored page (doc_load()): writes up to
 * PAGE_DRAWINGS of them, returns how many. */
enum { PAGE_DRAWINGS = 3 };
size_t page_drawings(const struct picture *p, struct doc_drawing out[static PAGE_DRAWINGS]);

#endif
