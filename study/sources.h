/* study/sources.h - the files that a study's points are made of, each read once; and a point as the
 * scenario that runs.
 *
 * Everything that is wrong with a file is found on opening, not after a night of running; what only
 * a combination makes impossible is found by point_open(). After opening nothing changes: threads
 * share it. */
#ifndef DAGCAST_STUDY_SOURCES_H
#define DAGCAST_STUDY_SOURCES_H

#include <stdint.h>

#include "base/error.h"
#include "core/variant.h"
#include "study/grid.h"

struct source { /* one of the three, under the name in the study; NULL: ideal middleware, not said
                 */
    const char *name;
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    /* of "auto", the profile closest to a run of this there (core/closest_profile.h); else NULL */
    const struct workflow *of_workflow;
    const struct platform *of_platform;
};

struct sources {
    const struct grid *grid;             /* not owned */
    document_fn *document_of;
    size_t n;
    struct source *at;                   /* no name twice among those of a kind */
};

/* Paths are relative to the study's file; `document_of` opens workflows (core/scenario.h).
 * -1: a file that cannot be read or is refused, a task set that no workflow has. */
int sources_open(struct sources *s, const struct grid *g, const char *const *data_dirs,
                 document_fn *document_of, struct error *err);
void sources_clear(struct sources *s);

/* Names all that the rows depend on: points, replicas, and what the files say (not how they are
 * laid out). */
uint64_t sources_hash(const struct sources *s);

/* One point; its own is only what differs from the files. -1: this point cannot run, and why.
 * variant_clear() it. */
int point_open(const struct sources *s, size_t point, struct variant *out, struct error *err);
/* The profile that "auto" took at a point; NULL: the point says another middleware, or none. */
const char *point_profile(const struct sources *s, size_t point);

#endif
