/* plots/makespan_parts.h - what makespans consist of: a bar a mode, stacked by part. */
#ifndef DAGCAST_PLOTS_MAKESPAN_PARTS_H
#define DAGCAST_PLOTS_MAKESPAN_PARTS_H

#include <stddef.h>

#include "base/error.h"

/* Zero-initialised except n_bars. */
struct makespan_parts { size_t n, room, n_bars; struct part *at; };
/* Takes `name`; parts of the same name are added. `class` says what it is merged with if it is
 * small: "middleware"; NULL: with others without a class. Seconds that are not finite count as none. */
void makespan_parts_add(struct makespan_parts *p, char *name, const char *class, size_t bar, double seconds);
/* Sorts the parts, largest first, and merges slivers class by class. -1: no part, or as in
 * plots/series.h. */
int makespan_parts_draw(struct makespan_parts *p, const char *const *bars, const char *title,
                        const char *path, struct error *err);
void makespan_parts_clear(struct makespan_parts *p);

#endif
