/* study/grid.h - a study's file: which settings vary, over what, and so the points to run;
 * docs/formats.md has the format.
 *
 * A point gives each axis a value, or none (the scenario's default). Points are numbered from 0:
 * the entries of `points` in file order, and within each the product of `grid`, its last member
 * fastest. */
#ifndef DAGCAST_STUDY_GRID_H
#define DAGCAST_STUDY_GRID_H

#include <stddef.h>

#include "base/error.h"
#include "core/setting.h"

struct axis {
    enum setting_id id;
    const char *name;                    /* as written, "tasks.simulation" */
    const char *part;                    /* "simulation", into `name`; NULL: every set */
};

struct grid {
    struct json_document *document;      /* all other texts point into it */
    char *name;                          /* NULL: none */
    size_t replicas;                     /* a point, or at most */
    /* of the mean, as in struct replicate_options; 0: all replicas run */
    double precision;
    size_t n_axes;
    /* what the file speaks of, varied or not: in the order of enum setting_id, then as written */
    struct axis *axes;
    size_t n_points;
    struct setting_value *values;           /* row-major, point * n_axes + axis */
};

/* A study file's fields, for docs and editors. */
void grid_add_markdown(struct str *out);
cJSON *grid_json_schema(void);

struct grid *grid_load(const char *path, struct error *err);
struct grid *grid_parse(const char *text, size_t size, const char *name, struct error *err);
void grid_free(struct grid *g);

const struct setting_value *grid_at(const struct grid *g, size_t point, size_t axis);

/* What the point says of `id`, of every set. */
struct setting_value grid_find(const struct grid *g, size_t point, enum setting_id id);
/* All that the point says; `out` has room for n_axes. Returns how many. */
size_t grid_changes(const struct grid *g, size_t point, struct setting_change *out);

#endif
