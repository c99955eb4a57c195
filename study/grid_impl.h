/* study/grid_impl.h - the product of a study's lists. */
#ifndef DAGCAST_STUDY_GRID_IMPL_H
#define DAGCAST_STUDY_GRID_IMPL_H

#include "base/json.h"
#include "study/grid.h"

enum { GRID_MOST_POINTS = 1000000 };

struct grid_factor {                     /* a member of `grid` */
    size_t axis, n;
    struct setting_value *values;
};

struct grid_product { size_t n_factors, n_rows; struct grid_factor *factors; };

/* The axis of that name; n_axes: none. */
size_t grid_axis(const struct grid *g, const char *name);

/* Of a study whose axes are known; without "grid" it has one row. To be cleared even after -1. */
int grid_product_read(const struct grid *g, const struct json *root, struct grid_product *p,
                      struct error *err);
/* Row number k of the product, the last factor fastest, over `row`. */
void grid_product_fill(const struct grid_product *p, size_t k, struct setting_value *row);
void grid_product_clear(struct grid_product *p);

#endif
