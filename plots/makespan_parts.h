/* plots/makespan_parts.h - what makespans consist of: a bar a mode, stacked by part. */
#ifndef DAGCAST_PLOTS_MAKESPAN_PARTS_H
#define DAGCAST_PLOTS_MAKESPAN_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Zero-initialised except n_bars. */
struct makespan_parts { size_t n, room, n_bars; struct part *at; };
struct makespan_part {
    char *name; /* taken; parts of the same name are added */
    const char *class;
    int label; /* of the set that it concerns, as in style_labels_of(); -1: none */
    bool executes; /* in the set's own colour, not in what is lost to it */
};
/* `class` says what it is merged with if it is
 * small: "middleware"; NULL: with others without a class. Seconds that are not finite count as
 * none. */
void makespan_parts_add(struct makespan_parts *p, const struct makespan_part *part, size_t bar,
                        double seconds);
/* Sorts the parts, largest first, and merges slivers class by class. -1: no part, or as in
 * plots/series.h. */
int makespan_parts_draw(struct makespan_parts *p, const char *const *bars, const char *title,
                        const char *path, struct error *err);
void makespan_parts_clear(struct makespan_parts *p);

#endif
